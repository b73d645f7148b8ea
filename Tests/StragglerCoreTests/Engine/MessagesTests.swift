// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct MessagesTests {
  @Test func comeByTimeThenChannel() throws {
    try withArena { arena in
      var messages = try Messages(channels: 5, arena: &arena)
      messages.removeAll()
      for (channel, time) in [(3, 2.0), (1, 2.0), (4, 1.0), (0, 7.0)] {
        messages.send(channel, at: time, now: 0)
      }
      #expect(messages.isBusy(3) && !messages.isBusy(2))
      var order: [Int] = []
      while messages.time < .infinity { order.append(messages.takeNext()) }
      #expect(order == [4, 1, 3, 0])
      #expect(!messages.isBusy(0))
    }
  }

  @Test func whatTakesNoTimeComesInOrder() throws {
    try withArena { arena in
      var messages = try Messages(channels: 4, arena: &arena)
      messages.removeAll()
      for channel in [2, 0, 3, 0] { messages.send(channel, at: 1, now: 1) }
      messages.cancel(0)
      #expect(messages.isConsistent)
      #expect(messages.takeImmediate() == 2)
      messages.send(2, at: 1, now: 1)
      #expect(messages.takeImmediate() == 3)
      #expect(messages.takeImmediate() == 2)
      #expect(messages.takeImmediate() == nil)
      #expect(messages.time == .infinity)
    }
  }

  @Test func aNewerMessageTakesThePlaceOfTheOlder() throws {
    try withArena { arena in
      var messages = try Messages(channels: 2, arena: &arena)
      messages.removeAll()
      messages.send(0, at: 5, now: 0)
      messages.send(0, at: 3, now: 1)
      #expect(messages.time == 3)
      messages.send(0, at: 2, now: 2)
      #expect(messages.time == .infinity)
      // Off the ring and onto the clock within one event.
      messages.send(0, at: 9, now: 2)
      #expect(messages.takeImmediate() == nil)
      #expect(messages.isBusy(0) && messages.time == 9)
      #expect(messages.isConsistent)
      messages.cancel(0)
      #expect(!messages.isBusy(0) && messages.time == .infinity)
    }
  }
}
