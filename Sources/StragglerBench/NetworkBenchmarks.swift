import StragglerCore
import StragglerLab

/// Stochastic gradients a second of the 784–32–10 network in Float, at batch 1, 32 and 128, on drawn digits.
func benchmarkNetwork(_ benchmark: Benchmark) throws(LabError) {
  guard benchmark.includes("network") else { return }
  guard let entry = Catalogue().problem("network") else { return }
  let library = DataLibrary()
  for batch in [1, 32, 128] {
    let problem = try entry.choose(["batch": .number(Double(batch))], library: library)
    var hero = Hero()
    hero.stepsize = 1e-6
    let experiment = Experiment(
      problem: problem, workers: [Worker(tau: 1)], method: MethodChoice(hero),
      interval: .seconds(.greatestFiniteMagnitude))
    let run = try experiment.start()
    run.run(until: Stop(steps: 10))
    var steps = 10
    let seconds = benchmark.secondsPerCall { times in
      steps += times
      run.run(until: Stop(steps: steps))
    }
    benchmark.report("network", "784-32-10, float, batch \(batch)", 1 / seconds, "gradients/s")
  }
}
