// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerRuntime

/// Updates a second of a method and of HOGWILD! on real threads. The program only simulates these, so that
/// there is nothing to compare with: what must hold is that no update is lost.
func benchmarkThreads(_ benchmark: Benchmark) throws {
  guard benchmark.includes("threads") else { return }
  let isQuick = benchmark.options.isQuick
  for dimension in isQuick ? [10] : [10, 1_000] {
    for workers in isQuick ? [2] : [1, 2, 8] { try server(benchmark, dimension, workers) }
  }
  let sizes = isQuick ? [(1_000, 10)] : [(100_000, 10), (100_000, 100), (10_000_000, 100), (1_000, 1_000)]
  for (dimension, nonzeros) in sizes {
    for workers in isQuick ? [2] : [1, 2, 4] { try hogwild(benchmark, dimension, nonzeros, workers) }
  }
}

private func server(_ benchmark: Benchmark, _ dimension: Int, _ workers: Int) throws {
  var method = Asynchronous()
  method.gamma = 1e-9
  let origin = [Double](repeating: 1, count: dimension)
  let run = try ThreadedRun(method, model: origin.span, workers: workers)
  let samples = try secondsPerUpdate(benchmark, updates: { run.iteration }) { stop in
    _ = try run.run(until: stop, clock: ContinuousClock()) { _, x, gradient in
      Double.add(1, x, to: &gradient)
    }
  }
  // Every update takes γx off: what is left says how many there were. A gradient a few updates old changes
  // 10⁻¹⁵.
  let left = Elementary.exp(-1e-9 * Double(run.iteration))
  let worst = run.model.max { abs($0 - left) < abs($1 - left) } ?? .nan
  report(
    benchmark, Benchmark.Timing(samples), "ThreadedRun, d = \(dimension)", workers,
    operations: 3 * Double(dimension),
    Judgement.result(1 - worst, 1 - left, tolerance: 1e-4))
}

/// The seconds that an update takes in each of some calls of `run`, which goes on where it was and takes a
/// bound on the seconds of all calls. Throws where a hundred calls make no update.
private func secondsPerUpdate(
  _ benchmark: Benchmark, updates: () -> Int, run: (Stop) throws -> Void
) throws -> [Double] {
  var samples: [Double] = []
  var total = 0.0
  for _ in 0..<benchmark.options.runs {
    let before = updates()
    var elapsed = 0.0
    // On a busy machine threads can be kept from the processor for the whole of a short run.
    for _ in 0..<100 where updates() == before {
      elapsed += try measure { try run(Stop(time: total + elapsed + benchmark.options.seconds)) }
    }
    guard updates() > before else { throw BenchmarkError("no thread made an update in \(elapsed) s") }
    total += elapsed
    samples.append(elapsed / Double(updates() - before))
  }
  return samples
}

private func hogwild(_ benchmark: Benchmark, _ dimension: Int, _ nonzeros: Int, _ workers: Int) throws {
  let origin = [Double](repeating: 0, count: dimension)
  let values = [Double](repeating: 0.5, count: nonzeros)
  // What each thread has added, in cells that no two threads have in one line of their caches.
  let tallies = SharedModel([Double](repeating: 0, count: 16 * workers).span)
  let run = HogwildRun(model: origin.span, workers: workers)
  let samples = try secondsPerUpdate(benchmark, updates: { run.updates }) { stop in
    _ = try run.run(until: stop, clock: ContinuousClock()) { job, x in
      tallies.add(update(job, x, values, dimension), at: 16 * job.worker)
    }
  }
  let (sum, added) = (run.model.values.reduce(0, +), tallies.values.reduce(0, +))
  report(
    benchmark, Benchmark.Timing(samples), "HogwildRun, \(nonzeros) of \(dimension)", workers,
    operations: 4 * Double(nonzeros), Judgement.result(sum, added, tolerance: 1e-9))
}

/// A step on a row whose features are at random places, as in logistic regression: what it adds to all
/// together.
private func update(_ job: HogwildJob, _ x: SharedModel, _ values: [Double], _ dimension: Int) -> Double {
  var stream = RandomStream(seed: 1, purpose: .sample, job: job.number)
  let first = stream.integer(below: dimension)
  var margin = 0.0
  for index in values.indices { margin += values[index] * x[place(first, index, dimension)] }
  let slope = 1 / (1 + Elementary.exp(margin))
  for index in values.indices { x.add(1e-3 * slope * values[index], at: place(first, index, dimension)) }
  return 1e-3 * slope * 0.5 * Double(values.count)
}

/// Far apart for indices that follow one another; all places for as many indices as there are.
private func place(_ first: Int, _ index: Int, _ dimension: Int) -> Int {
  (first + index * 7_919) % dimension
}

private func report(
  _ benchmark: Benchmark, _ timing: Benchmark.Timing, _ name: String, _ workers: Int, operations: Double,
  _ complaint: String?
) {
  let limit = benchmark.machine.doubleOperations * Double(workers) / operations
  benchmark.report(
    Figure(
      table: "threads", row: name, column: workers == 1 ? "1 thread" : "\(workers) threads",
      value: 1e-6 / timing.median,
      unit: "million/s"), results: [complaint],
    rates: [Judgement.limit(1 / timing.best, limit, "updates/s")])
}
