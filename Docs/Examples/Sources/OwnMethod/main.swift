import Straggler
import StragglerCore

/// An own method: Asynchronous SGD whose stepsize falls with the delay, γ_k = γ / (1 + δ)^p.
struct PolynomialDecay: Method {
  static var name: StaticText { "asgd-polynomial" }
  static var summary: StaticText { "Asynchronous SGD with stepsizes γ / (1 + δ)^p" }

  var gamma: Parameter<Double> = 0.1
  var power = 0.5
  private var sum = Slot()

  init() {}

  mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.number(
      "p", &power, atLeast: 0, "power p", standard: "0.5", expected: "a number that is not negative")
  }

  mutating func prepare(_ setup: inout Setup) throws(SetupError) { sum = setup.slot() }

  mutating func begin(_ server: inout Server) { server.assignAll() }

  mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    server.step(along: sum, by: gamma.value / Elementary.pow(1 + Double(arrival.delay), power))
    server.assign(arrival.worker)
  }
}

// By name it is a method like every other: in comparisons here, and in `Interpreter(catalogue:)` also in
// commands.
var catalogue = Catalogue()
catalogue.add(PolynomialDecay.self)

let workers = (1...50).map { Worker(tau: Double($0)) }
var experiments: [Experiment] = []
for (name, settings) in [("asgd", ["gamma": 0.01]), ("asgd-polynomial", ["gamma": 0.1])]
  as [(String, [String: SettingValue])]
{
  guard let method = try catalogue.method(name)?.choose(settings) else { continue }
  experiments.append(
    Experiment(problem: ProblemChoice(Quadratic<Double>(dimension: 100)), workers: workers, method: method))
}
let rows = try Comparison(experiments, until: Stop(time: 500), seeds: [1, 2, 3], threads: 2).run()
print(ComparisonReport(rows).table.text())
