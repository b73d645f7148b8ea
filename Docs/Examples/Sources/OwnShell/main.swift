import Straggler
import StragglerShell

/// A method of one's own: each gradient counts as much as its delay leaves of it, γ_k = γ / (1 + δ).
struct Discounted: Method {
  static var name: StaticText { "discounted" }
  static var summary: StaticText { "Asynchronous SGD with stepsizes γ / (1 + δ)" }

  var gamma: Parameter<Double> = 0.01
  private var sum = Slot()

  init() {}
  mutating func keys(_ keys: inout Keys) throws(SetupError) { try keys.gamma(&gamma) }
  mutating func prepare(_ setup: inout Setup) throws(SetupError) { sum = setup.slot() }
  mutating func begin(_ server: inout Server) { server.assignAll() }
  mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    server.step(along: sum, by: gamma.value / Double(1 + arrival.delay))
    server.assign(arrival.worker)
  }
}

/// A problem of one's own: f(x) = Σ (1 − x_j)² + b (x_{j+1} − x_j²)², Rosenbrock's valley, flat and bent.
struct Valley: Problem {
  static var name: StaticText { "valley" }
  static var summary: StaticText { "the Rosenbrock function, whose valley is flat and bent" }

  private var d: Int? = nil
  private var steepness = 100.0

  init() {}
  mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.count("dim", &d, "d, the dimension", standard: "2")
    try keys.number(
      "b", &steepness, atLeast: 0, "how steep the walls are", standard: "100", expected: "a number from 0 on")
  }
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {
    if dimension < 2 { throw .invalid(key: "dim", expected: "an integer from 2 on") }
  }
  var dimension: Int { d ?? 2 }
  var conditions: Conditions {
    var conditions = Conditions()
    conditions.variance = 0
    conditions.optimum = 0
    return conditions
  }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) {
    for j in x.indices { x[j] = j.isMultiple(of: 2) ? -1.2 : 1 }
  }
  mutating func value(at x: Span<Double>) -> Double {
    (1..<x.count).reduce(0) { sum, j in
      let (side, wall) = (1 - x[j - 1], x[j] - x[j - 1] * x[j - 1])
      return sum + side * side + steepness * wall * wall
    }
  }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    Double.fill(&g, with: 0)
    addGradient(1, at: x, to: &g)
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    addGradient(weight, at: x, to: &g)
  }
  private func addGradient(_ weight: Double, at x: Span<Double>, to g: inout MutableSpan<Double>) {
    for j in 1..<x.count {
      let wall = x[j] - x[j - 1] * x[j - 1]
      g[j - 1] -= weight * (2 * (1 - x[j - 1]) + 4 * steepness * x[j - 1] * wall)
      g[j] += weight * 2 * steepness * wall
    }
  }
}

// The whole of `straggler`, in which `method discounted` and `problem valley` can be said.
var catalogue = Catalogue()
catalogue.add(Discounted.self)
catalogue.add(Valley.self)
Shell(catalogue: catalogue).main()
