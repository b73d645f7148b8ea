// SPDX-License-Identifier: Apache-2.0

/// Whose turn it is where only C of the workers are at work at a time: a queue of the others, first in,
/// first out, in random order at the start. 10 bytes a worker.
///
/// A worker that has delivered goes to the back, and the first one is at work in its place, so that the
/// queue is always as long.
@usableFromInline
struct Turns: BitwiseCopyable, Sendable {
  /// Who may work; all workers where it is empty.
  private let candidates: Table<Int32>
  private let order: Table<Int32>
  private let waits: Table<Bool>
  private let seed: UInt64
  private let limit: Int
  /// The queue: `length` places of `order` from the one that is `limit`, a ring that begins at `first`.
  private let length: Int
  private var first = 0

  /// A queue of all but `limit` of those that may work, all workers where `candidates` is empty.
  fileprivate init(
    _ setup: inout Setup, _ candidates: Table<Int32>, count: Int, limit: Int
  ) throws(SetupError) {
    self.candidates = candidates
    (self.limit, length) = (limit, count - limit)
    seed = setup.seed
    order = try setup.table(of: Int32.self)
    waits = try setup.table(of: Bool.self)
  }

  /// A new random order, of which the first C are at work.
  mutating func reset() {
    let count = limit + length
    for index in 0..<count {
      order[index] = candidates.isEmpty ? Int32(truncatingIfNeeded: index) : candidates[index]
    }
    var stream = RandomStream(seed: seed, purpose: .participation, worker: 1)
    for index in 0..<count {
      let other = index + stream.integer(below: count - index)
      (order[index], order[other]) = (order[other], order[index])
    }
    waits.fill(false)
    for index in limit..<count { waits[Int(order[index])] = true }
    first = 0
  }

  /// Whether `worker` waits for its turn.
  func isWaiting(_ worker: Int) -> Bool { waits[worker] }

  /// Puts `worker` at the back of the queue, and takes its first one out.
  mutating func pass(_ worker: Int) -> Int {
    // The back is where the front has been.
    let place = limit + first
    let next = Int(order[place])
    order[place] = Int32(truncatingIfNeeded: worker)
    (waits[worker], waits[next]) = (true, false)
    first = first + 1 == length ? 0 : first + 1
    return next
  }
}

extension Setup {
  /// The queue of the workers that wait; empty where all are at work.
  mutating func turns() throws(SetupError) -> Table<Turns> {
    let candidates = workersInTurn
    let count = candidates.isEmpty ? workers : candidates.count
    guard let limit = modifiers.active, limit < count else { return Table() }
    let table = try arena.table(of: Turns.self, count: 1)
    let turns = try Turns(&self, candidates, count: count, limit: limit)
    if !table.isEmpty { table[0] = turns }
    return table
  }
}

extension Server {
  /// Who gets the job that `worker` is to be given where only some are at work: the first of the queue for
  /// one that has delivered, nil for one that waits.
  ///
  /// Mutating like the two of `Server+LocalWork`: of a server that is not, a call out of line gets a copy.
  @usableFromInline @inline(never)
  mutating func turn(of worker: Int) -> Int? {
    if turns[0].isWaiting(worker) { return nil }
    let holdsPlace = jobs[worker].state != .idle || orderOf[worker] != 0 || jobs[worker].number == 0
    return holdsPlace ? worker : turns[0].pass(worker)
  }
}
