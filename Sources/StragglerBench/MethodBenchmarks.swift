import StragglerCore
import StragglerLab

/// Arrivals a second of every method, with d = 10 so that vectors hardly count, and of Rennala SGD on the papers'
/// scale.
func benchmarkMethods(_ benchmark: Benchmark) throws(LabError) {
  guard benchmark.includes("methods") else { return }
  for n in [100, 10_000, 1_000_000] {
    let workers = (1...n).map { Worker(tau: Double($0).squareRoot()) }
    for entry in Catalogue().methods where !entry.needsNetwork {
      let problem = Quadratic<Double>(dimension: 10, noise: 0)
      var experiment = Experiment(
        problem: ProblemChoice(problem), workers: workers,
        method: try entry.choose(settings(of: entry.name)), interval: .seconds(.greatestFiniteMagnitude))
      experiment.epsilon = 1
      if (try? experiment.start()) == nil {
        // A method for finite sums.
        var sum = Quadratic<Double>(dimension: 10, noise: 0)
        sum.samples = 10_000
        experiment.problem = ProblemChoice(sum)
      }
      try report(benchmark, experiment, "\(entry.name), n = \(n), d = 10")
    }
  }
  let rennala = Experiment(
    problem: ProblemChoice(Quadratic<Double>(dimension: 1_000)),
    workers: (1...10_000).map { Worker(tau: Double($0).squareRoot()) },
    method: try Catalogue().method("rennala")?.choose(["batch": 100, "gamma": 0.1])
      ?? MethodChoice(Rennala()),
    interval: .seconds(.greatestFiniteMagnitude))
  try report(benchmark, rennala, "rennala, batch 100, n = 10000, d = 1000, noise")
}

/// Small stepsizes, so that nothing diverges.
private func settings(of method: String) -> Settings {
  switch method {
  case "rennala": ["gamma": 1e-6, "batch": 100]
  case "ringmaster": ["gamma": 1e-6, "R": 100]
  case "msync": ["gamma": 1e-6, "m": 10]
  case "asgd-naive": ["gamma": 1e-6, "m": 100]
  case "freya-page", "freya-sgd", "synthesis": ["gamma": 1e-6, "batch": 100]
  case "shadowheart": ["gamma": 1e-6, "k": 10, "ratio": 100]
  case "mindflayer": ["gamma": 1e-6, "trials": 4]
  case "mindflayer-mod", "ata": ["gamma": 1e-6, "batch": 10_000]
  default: ["gamma": 1e-6]
  }
}

private func report(_ benchmark: Benchmark, _ experiment: Experiment, _ name: String) throws(LabError) {
  let run = try experiment.start()
  let start = ContinuousClock.now
  let deadline = start.advanced(by: .seconds(benchmark.seconds))
  run.run(until: Stop(), interrupted: { ContinuousClock.now > deadline })
  let elapsed = (ContinuousClock.now - start).components
  let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  let statistics = run.statistics
  benchmark.report("methods", name, Double(statistics.point.arrivals) / seconds, "arrivals/s")
  let bytes = statistics.memory + run.workers * MemoryLayout<Worker>.stride
  if run.workers == 1_000_000 {
    benchmark.report("memory", name, Double(bytes) / Double(run.workers), "bytes/worker")
  }
}
