// SPDX-License-Identifier: Apache-2.0

/// A function of two variables, whose landscape can be drawn with the path of a model in it.
///
///     bowl        f(x) = ½x₁² + 2x₂²
///     rosenbrock  f(x) = (1 − x₁)² + 10(x₂ − x₁²)²
///     valleys     f(x) = (x₁ − 1)²((x₁ + 1)²/4 + (x₁ + 2)/10) + ½x₂²
///
/// f* = 0: at 0 for the bowl, at (1, 1) for Rosenbrock's function, here with 10 in place of its 100, and at
/// (1, 0) for the two valleys, of which the other one has its bottom at (−1, 0), where f = 0.4. The bowl
/// alone is convex and has a smoothness constant, L = 4; for the others the stepsize has to be given. A
/// stochastic gradient has noise·N(0,1) added to both coordinates, σ² = 2·noise².
///
/// Source of Rosenbrock's function: H. H. Rosenbrock, "An automatic method for finding the greatest or least
/// value of a function" (1960).
public struct Landscape<Scalar: StragglerCore.Scalar>: Problem {
  public static var name: StaticText { "landscape" }
  public static var summary: StaticText {
    "a function of two variables: a bowl, Rosenbrock's valley, or two valleys"
  }

  /// Which function it is.
  public enum Shape: Int, Sendable {
    /// A convex quadratic.
    case bowl
    /// A curved valley with steep sides.
    case rosenbrock
    /// Two valleys, one deeper than the other.
    case valleys
  }

  /// The function.
  public var shape = Shape.bowl
  /// Standard deviation of a coordinate of the noise; not negative.
  public var noise = 0.1
  /// The first coordinate of x⁰; nil: that of the shape.
  public var x1: Double?
  /// The second coordinate of x⁰; nil: that of the shape.
  public var x2: Double?

  public init() {}

  /// A landscape with the start of its shape.
  public init(_ shape: Shape, noise: Double = 0.1) { (self.shape, self.noise) = (shape, noise) }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.choice(
      "shape", &shape, of: "bowl rosenbrock valleys", "the function: one minimum, a curved valley, or two",
      standard: "bowl")
    try keys.number(
      "noise", &noise, atLeast: 0, "standard deviation of a coordinate of the noise", standard: "0.1",
      expected: "a number that is not negative")
    try keys.number(
      "x1", &x1, above: -.infinity, "first coordinate of the starting point",
      standard: "-2, for rosenbrock -1.5, for valleys -1.7", expected: "a finite number")
    try keys.number(
      "x2", &x2, above: -.infinity, "second coordinate of the starting point",
      standard: "1.5, for rosenbrock 1.5, for valleys 1.2", expected: "a finite number")
  }

  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}

  public var dimension: Int { 2 }

  /// x⁰ in double precision.
  private var origin: (Double, Double) {
    switch shape {
    case .bowl: (x1 ?? -2, x2 ?? 1.5)
    case .rosenbrock: (x1 ?? -1.5, x2 ?? 1.5)
    case .valleys: (x1 ?? -1.7, x2 ?? 1.2)
    }
  }

  /// Where f is least.
  private var minimum: (Double, Double) {
    switch shape {
    case .bowl: (0, 0)
    case .rosenbrock: (1, 1)
    case .valleys: (1, 0)
    }
  }

  public var conditions: Conditions {
    var conditions = Conditions()
    conditions.smoothness = shape == .bowl ? 4 : .nan
    conditions.variance = 2 * noise * noise
    conditions.optimum = 0
    let (start, end) = (origin, minimum)
    let (across, up) = (start.0 - end.0, start.1 - end.1)
    conditions.distance = (across * across + up * up).squareRoot()
    conditions.isConvex = shape == .bowl
    return conditions
  }

  public mutating func start(_ x: inout MutableSpan<Scalar>, seed: UInt64) {
    let start = origin
    x[0] = Scalar(start.0)
    x[1] = Scalar(start.1)
  }

  /// f(x), from its coordinates.
  public func height(_ u: Double, _ v: Double) -> Double {
    switch shape {
    case .bowl: return u * u / 2 + 2 * v * v
    case .rosenbrock:
      let (along, across) = (1 - u, v - u * u)
      return along * along + 10 * across * across
    case .valleys:
      let (near, far) = (u - 1, u + 1)
      return near * near * (far * far / 4 + (u + 2) / 10) + v * v / 2
    }
  }

  /// ∇f(x), from its coordinates.
  public func slope(_ u: Double, _ v: Double) -> (Double, Double) {
    switch shape {
    case .bowl: return (u, 4 * v)
    case .rosenbrock:
      let across = v - u * u
      return (-2 * (1 - u) - 40 * u * across, 20 * across)
    // (x₁² − 1)(x₁ + 0.3), by the product rule.
    case .valleys: return ((u * u - 1) * (u + 0.3), v)
    }
  }

  public mutating func value(at x: Span<Scalar>) -> Double { height(Double(x[0]), Double(x[1])) }

  public mutating func gradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    let slope = slope(Double(x[0]), Double(x[1]))
    g[0] = Scalar(slope.0)
    g[1] = Scalar(slope.1)
  }

  public mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    let slope = slope(Double(x[0]), Double(x[1]))
    g[0] += Scalar(weight * slope.0)
    g[1] += Scalar(weight * slope.1)
    if noise > 0 { Scalar.addNormals(scale: weight * noise, stream: sample.stream, to: &g) }
  }
}
