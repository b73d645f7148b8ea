// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct EventQueueTests {
  /// The earliest time and its worker, found by looking at all of them.
  private func naiveTop(_ times: [Double]) -> (time: Double, worker: Int) {
    var best = 0
    for worker in times.indices where times[worker] < times[best] { best = worker }
    return (times[best], best)
  }

  @Test(arguments: [1, 2, 3, 7, 16, 17, 100, 1_000])
  func agreesWithLookingAtAllTimes(workers: Int) throws {
    try withArena { arena in
      let queue = try EventQueue(workers: workers, arena: &arena)
      #expect(queue.time == .infinity)
      var times = [Double](repeating: .infinity, count: workers)
      var stream = RandomStream(seed: 7, purpose: .data, worker: workers)
      for round in 0..<2_000 {
        let worker = stream.integer(below: workers)
        // Few different times, so that ties are common; now and then a cancellation.
        let time = stream.integer(below: 10) == 0 ? Double.infinity : Double(stream.integer(below: 20))
        times[worker] = time
        if round % 100 == 99 {
          for other in times.indices {
            times[other] = Double(stream.integer(below: 20))
            queue.stage(other, at: times[other])
          }
          queue.rebuild()
        } else {
          queue.update(worker, to: time)
        }
        let (top, winner) = naiveTop(times)
        #expect(queue.time == top)
        if top < .infinity { #expect(queue.worker == winner) }
      }
    }
  }

  @Test func equalTimesComeInTheOrderOfTheWorkers() throws {
    try withArena { arena in
      let queue = try EventQueue(workers: 50, arena: &arena)
      for worker in (0..<50).reversed() { queue.update(worker, to: 3) }
      for worker in 0..<50 {
        #expect(queue.worker == worker)
        queue.update(worker, to: .infinity)
      }
      #expect(queue.time == .infinity)
    }
  }
}
