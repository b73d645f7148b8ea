import StragglerCore
import StragglerRuntime

/// Updates a second of methods and of HOGWILD! on real threads.
func benchmarkThreads(_ benchmark: Benchmark) throws {
  guard benchmark.includes("threads") else { return }
  let stop = RealStop(seconds: max(0.2, benchmark.seconds))
  for dimension in [10, 1_000] {
    let origin = [Double](repeating: 1, count: dimension)
    for workers in [1, 2, 8] {
      let run = try ThreadedRun(method(), model: origin.span, workers: workers)
      let seconds = try benchmark.measure {
        _ = try run.run(until: stop, clock: ContinuousClock()) { _, x, gradient in
          Double.add(1, x, to: &gradient)
        }
      }
      let name = "asgd, \(workers) threads, d = \(dimension), gradient x"
      benchmark.report("threads", name, Double(run.iteration) / seconds, "updates/s")
    }
  }
  for (dimension, nonzeros) in [(100_000, 10), (100_000, 100), (10_000_000, 100), (1_000, 1_000)] {
    let origin = [Double](repeating: 0, count: dimension)
    let values = [Double](repeating: 0.5, count: nonzeros)
    for workers in [1, 2, 4] {
      let run = HogwildRun(model: origin.span, workers: workers)
      let seconds = try benchmark.measure {
        _ = try run.run(until: stop, clock: ContinuousClock()) { job, x in
          try update(job, x, values, dimension)
        }
      }
      let name = "HOGWILD!, \(workers) threads, \(nonzeros) of \(dimension) coordinates"
      benchmark.report("threads", name, Double(run.updates) / seconds, "updates/s")
    }
  }
}

private func method() -> Asynchronous {
  var method = Asynchronous()
  method.stepsize = 1e-9
  return method
}

/// A step on a row whose features stand at random places, as in logistic regression.
private func update(_ job: HogwildJob, _ x: SharedModel, _ values: [Double], _ dimension: Int) throws {
  var stream = Stream(seed: 1, purpose: .sample, job: job.number)
  let first = stream.integer(below: dimension)
  var margin = 0.0
  for index in values.indices { margin += values[index] * x[place(first, index, dimension)] }
  let slope = 1 / (1 + Elementary.exp(margin))
  for index in values.indices { x.add(1e-3 * slope * values[index], at: place(first, index, dimension)) }
}

/// Far apart for indices that follow one another; all places for as many indices as there are.
private func place(_ first: Int, _ index: Int, _ dimension: Int) -> Int {
  (first + index * 7_919) % dimension
}
