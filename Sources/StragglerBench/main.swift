import StragglerCore

var best = 0.0
let clock = ContinuousClock()
for n in [100, 10_000, 1_000_000] {
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: n * 32 + 100_000, alignment: 64)
  var arena = unsafe Arena(memory)
  let queue = try EventQueue(workers: n, arena: &arena)
  for i in 0..<n { queue.stage(i, at: Double(i + 1).squareRoot()) }
  queue.rebuild()
  let taus = (0..<n).map { Double($0 + 1).squareRoot() }
  let events = 5_000_000
  var sum = 0.0
  let t = clock.measure {
    for _ in 0..<events {
      let w = queue.worker
      let now = queue.time
      queue.update(w, to: now + taus[w])
      sum += now
    }
  }
  print(n, Double(events) / (Double(t.components.attoseconds) * 1e-18 + Double(t.components.seconds)) / 1e6, "M/s", sum)
}
