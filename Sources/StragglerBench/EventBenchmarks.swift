// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// The event queue alone: take the earliest completion, draw the next duration, put it back. Beside it C++'s
/// std::priority_queue, and the program's whole simulation.
func benchmarkEvents(_ benchmark: Benchmark) throws {
  guard benchmark.includes("events") else { return }
  for n in benchmark.options.isQuick ? [100] : [100, 10_000, 1_000_000] {
    let durations = (0..<n).map { Double($0 + 1).squareRoot() }
    let own = OwnQueue(n)
    defer { withExtendedLifetime(own) {} }
    var queue = try own.queue()
    func restart() {
      for worker in 0..<n { queue.stage(worker, at: durations[worker]) }
      queue.rebuild()
    }
    func run(_ events: Int) {
      for _ in 0..<events {
        let worker = queue.worker
        queue.update(worker, to: queue.time + durations[worker])
      }
      consume(queue.time)
    }
    restart()
    // Beyond the first round, whose events come in the order of the workers.
    run(2 * n)
    let tournament = benchmark.secondsPerCall(run)
    restart()
    let complaint = try firstDifference(&queue, durations, events: min(4 * n, 100_000))
    report(
      benchmark, tournament, "tournament tree", n, program: try rate(benchmark, n, isRandom: false), complaint
    )

    let standard = try StandardQueue(durations)
    standard.run(2 * n)
    let heap = benchmark.secondsPerCall { times in
      standard.run(times)
      consume(standard.next.time)
    }
    report(benchmark, heap, "std::priority_queue", n, program: nil, nil)
  }

  let n = benchmark.options.isQuick ? 100 : 10_000
  let delay = Delay.lognormal(mu: 0, sigma: 1)
  let own = OwnQueue(n)
  defer { withExtendedLifetime(own) {} }
  let queue = try own.queue()
  for worker in 0..<n { queue.update(worker, to: Double(worker)) }
  var (job, sum) = (0, 0.0)
  let lognormal = benchmark.secondsPerCall { times in
    for _ in 0..<times {
      job &+= 1
      let worker = queue.worker
      var stream = RandomStream(seed: 1, purpose: .delay, worker: worker, job: job)
      let duration = delay.sample(&stream, job: job)
      sum += duration
      queue.update(worker, to: queue.time + duration)
    }
  }
  // The mean of so many is within ten standard errors.
  let mean = Elementary.exp(0.5)
  let tolerance = 10 * (Elementary.exp(1) - 1).squareRoot() / Double(job).squareRoot()
  report(
    benchmark, lognormal, "lognormal durations", n, program: try rate(benchmark, n, isRandom: true),
    Judgement.result(sum / Double(job), mean, tolerance: tolerance))
}

/// Arrivals a second of the program where most gradients are discarded: events are what there is to do.
private func rate(_ benchmark: Benchmark, _ n: Int, isRandom: Bool) throws -> Pace {
  try benchmark.pace(
    SimulatedWork(
      problemSettings: ["dim": 10, "noise": 0], workers: n, isRandom: isRandom,
      method: MethodEntry(Ringmaster.self), settings: ["gamma": 1e-6, "threshold": 1]), DataLibrary())
}

/// A whole simulation does more for an event than the queue, but not ten times as much.
private func report(
  _ benchmark: Benchmark, _ timing: Benchmark.Timing, _ name: String, _ n: Int, program pace: Pace?,
  _ complaint: String?
) {
  let limit = benchmark.machine.doubleOperations / max(1, log2(n))
  var rates = [Judgement.limit(1 / timing.best, limit, "events/s")]
  if let pace {
    rates.append(Judgement.agreement(library: 1 / timing.best, program: 1 / pace.program.best, factor: 10))
  }
  benchmark.report(
    Figure(
      table: "events", row: name, column: "n = \(n)", value: 1e-6 / timing.median, unit: "million/s",
      program: pace.map { 1e-6 / $0.program.median }), results: [complaint] + (pace?.complaints ?? []),
    rates: rates)
}

/// The queue against the standard one, event by event.
private func firstDifference(
  _ queue: inout EventQueue, _ durations: [Double], events: Int
) throws(BenchmarkError) -> String? {
  let standard = try StandardQueue(durations)
  for event in 0..<events {
    let (time, worker) = standard.next
    guard queue.worker == worker, queue.time == time else {
      return
        "event \(event) is worker \(queue.worker)'s at \(queue.time), and worker \(worker)'s at \(time) is "
        + "right"
    }
    standard.run(1)
    queue.update(worker, to: time + durations[worker])
  }
  return nil
}
