import StragglerCore

/// The event queue alone: take the earliest completion, draw the next duration, put it back. Beside it a binary
/// heap of (time, worker), the textbook's queue.
func benchmarkEvents(_ benchmark: Benchmark) throws(SetupError) {
  guard benchmark.includes("events") else { return }
  for n in [100, 10_000, 1_000_000] {
    let durations = (0..<n).map { Double($0 + 1).squareRoot() }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 * n + 256, alignment: 64)
    defer { unsafe memory.deallocate() }
    var arena = unsafe Arena(memory)
    let queue = try EventQueue(workers: n, arena: &arena)
    for worker in 0..<n { queue.stage(worker, at: durations[worker]) }
    queue.rebuild()
    let tournament = benchmark.secondsPerCall { times in
      for _ in 0..<times {
        let worker = queue.worker
        queue.update(worker, to: queue.time + durations[worker])
      }
    }
    benchmark.report("events", "fixed durations, n = \(n)", 1e-6 / tournament, "million events/s")

    var heap = BinaryHeap(durations)
    let textbook = benchmark.secondsPerCall { times in
      for _ in 0..<times {
        let (time, worker) = heap.pop()
        heap.push(time + durations[worker], worker)
      }
    }
    benchmark.report("events", "the same with a binary heap, n = \(n)", 1e-6 / textbook, "million events/s")
  }

  let n = 10_000
  let delay = Delay.lognormal(mu: 0, sigma: 1)
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 * n + 256, alignment: 64)
  defer { unsafe memory.deallocate() }
  var arena = unsafe Arena(memory)
  let queue = try EventQueue(workers: n, arena: &arena)
  for worker in 0..<n { queue.update(worker, to: Double(worker)) }
  var job = 0
  let lognormal = benchmark.secondsPerCall { times in
    for _ in 0..<times {
      job &+= 1
      let worker = queue.worker
      var stream = Stream(seed: 1, purpose: .delay, worker: worker, job: job)
      queue.update(worker, to: queue.time + delay.sample(&stream, job: job))
    }
  }
  benchmark.report("events", "lognormal durations, n = \(n)", 1e-6 / lognormal, "million events/s")
}

/// A binary min-heap of (time, worker), as a yardstick.
struct BinaryHeap {
  private var items: [(time: Double, worker: Int)] = []

  init(_ times: [Double]) { for (worker, time) in times.enumerated() { push(time, worker) } }

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
