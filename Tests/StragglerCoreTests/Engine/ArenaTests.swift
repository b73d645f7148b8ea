// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct ArenaTests {
  @Test func measuringCountsWhatTheRealArenaNeeds() throws {
    var counting = Arena.measuring()
    #expect(try counting.table(of: Double.self, count: 5).isEmpty)
    #expect(try counting.table(of: UInt8.self, count: 65).isEmpty)
    #expect(counting.used == 64 + 128)
    let needed = counting.used
    try withArena(bytes: needed) { arena in
      let numbers = try arena.table(of: Double.self, count: 5)
      let bytes = try arena.table(of: UInt8.self, count: 65)
      #expect(numbers.count == 5 && bytes.count == 65)
      #expect(numbers.indices.allSatisfy { numbers[$0] == 0 })
      #expect(throws: SetupError.outOfMemory) { _ = try arena.table(of: UInt8.self, count: 1) }
    }
  }

  @Test(arguments: [-1, Int.max, Int.max / 8, Int.max / 8 + 1])
  func refusesSizesThatMakeNoSense(count: Int) {
    var counting = Arena.measuring()
    #expect(throws: SetupError.outOfMemory) { _ = try counting.table(of: Double.self, count: count) }
    withArena { arena in
      #expect(throws: SetupError.outOfMemory) { _ = try arena.table(of: Double.self, count: count) }
    }
  }
}
