import StragglerCore
import StragglerLab

/// Decentralised methods: Fragile SGD as in the paper's experiment, and what 10,000 nodes cost.
func benchmarkTopologies(_ benchmark: Benchmark) throws(LabError) {
  guard benchmark.includes("topologies") else { return }
  let catalogue = Catalogue()
  for d in [1, 1_000] {
    for link in [0.1, 1, 10] {
      try measure(
        benchmark, catalogue, "fragile", ["gamma": 0.1, "batch": 100], .grid(rows: 10), nodes: 100,
        link: link,
        dimension: d)
    }
  }
  let others = ["amelie", "minibatch-decentralized", "relaysgd", "gradient-tracking", "asgd-decentralized"]
  for method in others {
    try measure(
      benchmark, catalogue, method, ["gamma": 0.01], .grid(rows: 10), nodes: 100, link: 1, dimension: 1_000)
  }
  for method in ["fragile"] + others {
    let settings: Settings = method == "fragile" ? ["gamma": 0.01, "batch": 10_000] : ["gamma": 0.01]
    try measure(
      benchmark, catalogue, method, settings, .torus(rows: 100), nodes: 10_000, link: 1, dimension: 1_000)
  }
}

private func measure(
  _ benchmark: Benchmark, _ catalogue: Catalogue, _ method: String, _ settings: Settings,
  _ shape: Topology.Shape, nodes: Int, link: Double, dimension: Int
) throws(LabError) {
  guard let entry = catalogue.method(method) else { return }
  var experiment = Experiment(
    problem: ProblemChoice(Quadratic<Double>(dimension: dimension)),
    workers: Array(repeating: Worker(tau: 1), count: nodes), method: try entry.choose(settings),
    interval: .seconds(.greatestFiniteMagnitude))
  experiment.epsilon = 1
  experiment.topology = try Topology(shape, nodes: nodes) { _, _ in LinkTime(seconds: link) }
  let clock = ContinuousClock()
  let start = clock.now
  let run = try experiment.start()
  let setUp = clock.now - start
  let deadline = clock.now.advanced(by: .seconds(benchmark.seconds))
  let begun = clock.now
  run.run(until: Stop(), interrupted: { clock.now > deadline })
  let elapsed = seconds(clock.now - begun)
  let statistics = run.statistics
  let name = "\(method), n = \(nodes), link \(NumberText.brief(link)), d = \(dimension)"
  benchmark.report("topologies", name, Double(statistics.point.iteration) / elapsed, "steps/s")
  if nodes > 1_000 {
    benchmark.report("topologies", name + ", set-up", seconds(setUp), "s")
    benchmark.report("topologies", name + ", memory", Double(statistics.memory) / 0x1p20, "MiB")
  }
}

private func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}
