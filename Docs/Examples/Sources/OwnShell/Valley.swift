import StragglerCore

/// Rosenbrock's valley, flat and bent: f(x) = Σ (1 − x_j)² + b (x_{j+1} − x_j²)².
public struct Valley<Number: Scalar>: Problem {
  public typealias Scalar = Number
  public static var name: StaticText { "valley" }
  public static var summary: StaticText { "the Rosenbrock function, whose valley is flat and bent" }

  private var d: Int?
  private var steepness = 100.0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.count("dim", &d, "d, the dimension", standard: "2")
    try keys.number(
      "b", &steepness, atLeast: 0, "how steep the walls are", standard: "100", expected: "a number from 0 on")
  }

  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {
    if dimension < 2 { throw .invalid(key: "dim", expected: "an integer from 2 on") }
  }

  public var dimension: Int { d ?? 2 }

  /// Gradients are exact, and f* = 0 at (1, …, 1); no L holds everywhere.
  public var conditions: Conditions {
    var conditions = Conditions()
    conditions.variance = 0
    conditions.optimum = 0
    return conditions
  }

  public mutating func start(_ x: inout MutableSpan<Number>, seed: UInt64) {
    for j in x.indices { x[j] = j.isMultiple(of: 2) ? -1.2 : 1 }
  }

  public mutating func value(at x: Span<Number>) -> Double {
    var sum = 0.0
    for j in 1..<x.count {
      let (left, right) = (Double(x[j - 1]), Double(x[j]))
      let (side, wall) = (1 - left, right - left * left)
      sum += side * side + steepness * wall * wall
    }
    return sum
  }

  public mutating func gradient(at x: Span<Number>, into g: inout MutableSpan<Number>) {
    Number.fill(&g, with: 0)
    add(1, at: x, to: &g)
  }

  public mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Number>, into g: inout MutableSpan<Number>
  ) {
    add(weight, at: x, to: &g)
  }

  /// g += weight ∇f(x).
  private func add(_ weight: Double, at x: Span<Number>, to g: inout MutableSpan<Number>) {
    for j in 1..<x.count {
      let (left, right) = (Double(x[j - 1]), Double(x[j]))
      let wall = right - left * left
      g[j - 1] -= Number(weight * (2 * (1 - left) + 4 * steepness * left * wall))
      g[j] += Number(weight * 2 * steepness * wall)
    }
  }
}
