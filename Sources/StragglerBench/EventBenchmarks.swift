// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// The event queue alone: take the earliest completion, draw the next duration, put it back. Beside it a
/// binary heap of (time, worker), the textbook's queue, and the program's whole simulation.
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
    restart()
    let tournament = benchmark.secondsPerCall { times in
      for _ in 0..<times {
        let worker = queue.worker
        queue.update(worker, to: queue.time + durations[worker])
      }
      consume(queue.time)
    }
    restart()
    let complaint = firstDifference(&queue, durations, events: min(4 * n, 100_000))
    report(
      benchmark, tournament, "tournament tree", n, program: try rate(benchmark, n, isRandom: false), complaint
    )

    var heap = BinaryHeap(durations)
    let textbook = benchmark.secondsPerCall { times in
      for _ in 0..<times {
        let (time, worker) = heap.pop()
        heap.push(time + durations[worker], worker)
      }
      consume(heap.pending)
    }
    report(benchmark, textbook, "binary heap", n, program: nil, nil)
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

/// Arrivals a second of the program with a method that does next to nothing else.
private func rate(_ benchmark: Benchmark, _ n: Int, isRandom: Bool) throws -> Pace {
  try benchmark.pace(
    SimulatedWork(
      problemSettings: ["dim": 1, "noise": 0], workers: n, isRandom: isRandom,
      method: MethodEntry(Rennala.self),
      settings: ["gamma": 1e-6, "batch": 100]), DataLibrary())
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

/// The queue against the heap, event by event.
private func firstDifference(_ queue: inout EventQueue, _ durations: [Double], events: Int) -> String? {
  var heap = BinaryHeap(durations)
  for event in 0..<events {
    let (time, worker) = heap.pop()
    guard queue.worker == worker, queue.time == time else {
      return
        "event \(event) is worker \(queue.worker)'s at \(queue.time), and worker \(worker)'s at \(time) is "
        + "right"
    }
    heap.push(time + durations[worker], worker)
    queue.update(worker, to: time + durations[worker])
  }
  return nil
}

/// A binary min-heap of (time, worker), as a yardstick.
struct BinaryHeap {
  private var items: [(time: Double, worker: Int)] = []

  init(_ times: [Double]) { for (worker, time) in times.enumerated() { push(time, worker) } }

  /// The earliest time.
  var pending: Double { items[0].time }

  mutating func push(_ time: Double, _ worker: Int) {
    items.append((time, worker))
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> (time: Double, worker: Int) {
    items.swapAt(0, items.count - 1)
    let top = items.removeLast()
    var parent = 0
    while 2 * parent + 1 < items.count {
      var child = 2 * parent + 1
      if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
      guard items[child] < items[parent] else { break }
      items.swapAt(parent, child)
      parent = child
    }
    return top
  }
}
