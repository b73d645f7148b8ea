// SPDX-License-Identifier: Apache-2.0

/// What is on its way between the nodes of a network: one channel or more with at most one message each.
///
/// Messages are ordered by (time, channel). One that takes no time does not wait in the queue: it is
/// delivered in the event that sends it, first in, first out.
@usableFromInline
struct Messages: Sendable {
  /// How many channels there are.
  @usableFromInline let count: Int
  /// The node at which the model is updated, for the log; nil where that is the one that has delivered.
  @usableFromInline var home: Int?
  private let queue: EventQueue
  /// The channels whose message takes no time, a ring of `waiting` from `first`.
  private let ring: Table<Int32>
  private let isListed: Table<Bool>
  private let states: Table<State>
  private var first = 0
  private var waiting = 0

  private enum State: UInt8, BitwiseCopyable { case free, pending, immediate }

  init(channels: Int, arena: inout Arena) throws(SetupError) {
    count = channels
    queue = try EventQueue(workers: channels, arena: &arena)
    ring = try arena.table(of: Int32.self, count: channels)
    isListed = try arena.table(of: Bool.self, count: channels)
    states = try arena.table(of: State.self, count: channels)
  }

  @usableFromInline var time: Double { queue.time }

  mutating func removeAll() {
    queue.removeAll()
    states.fill(.free)
    isListed.fill(false)
    (first, waiting) = (0, 0)
  }

  func isBusy(_ channel: Int) -> Bool { states[channel] != .free }

  /// Puts a message on `channel` that arrives at `time`; it replaces one that is on the channel.
  mutating func send(_ channel: Int, at time: Double, now: Double) {
    if time > now {
      queue.update(channel, to: time)
      states[channel] = .pending
      return
    }
    if states[channel] == .pending { queue.update(channel, to: .infinity) }
    states[channel] = .immediate
    // A message that was taken off the channel has left its place in the ring.
    guard !isListed[channel] else { return }
    isListed[channel] = true
    ring[(first + waiting) % count] = Int32(truncatingIfNeeded: channel)
    waiting += 1
  }

  /// Takes the message off `channel`, if there is one.
  mutating func cancel(_ channel: Int) {
    if states[channel] == .pending { queue.update(channel, to: .infinity) }
    states[channel] = .free
  }

  /// The channel whose message comes next by time.
  @usableFromInline
  mutating func takeNext() -> Int {
    let channel = queue.worker
    queue.update(channel, to: .infinity)
    states[channel] = .free
    return channel
  }

  /// The channel whose message takes no time and has waited longest; nil without one.
  @usableFromInline
  mutating func takeImmediate() -> Int? {
    while waiting > 0 {
      let channel = Int(ring[first])
      first = first + 1 == count ? 0 : first + 1
      waiting -= 1
      isListed[channel] = false
      if states[channel] == .immediate {
        states[channel] = .free
        return channel
      }
    }
    return nil
  }
}

extension Messages {
  /// Whether nothing but messages that take time is in the queue, and the others are in the ring.
  /// O(channels).
  var isConsistent: Bool {
    guard queue.isConsistent else { return false }
    var listed = 0
    for channel in 0..<count {
      guard states[channel] == .pending || queue.time(of: channel) == .infinity,
        states[channel] != .immediate || isListed[channel]
      else { return false }
      if isListed[channel] { listed += 1 }
    }
    return listed == waiting
  }
}
