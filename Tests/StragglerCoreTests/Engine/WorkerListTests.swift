// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct WorkerListTests {
  @Test func agreesWithAnArray() throws {
    try withArena { arena in
      let workers = try arena.table(of: Worker.self, count: 9)
      workers.fill(Worker(tau: 1))
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 64)
      defer { memory.deallocate() }
      var setup = Setup(fleet: Fleet(workers), conditions: Conditions(), arena: Arena(memory))
      var list = try WorkerList(&setup)
      #expect(list.first == -1)
      var naive: [Int] = []
      var stream = RandomStream(seed: 3, purpose: .data)
      for _ in 0..<1_000 {
        let worker = stream.integer(below: 9)
        naive.removeAll { $0 == worker }
        naive.append(worker)
        list.moveToBack(worker)
        #expect(Int(list.first) == naive.first)
      }
      list.removeAll()
      #expect(list.first == -1)
    }
  }
}
