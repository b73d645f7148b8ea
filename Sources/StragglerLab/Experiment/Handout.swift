// SPDX-License-Identifier: Apache-2.0

/// Pieces of work and who has them, while one rank hands them out to others: a state machine, without
/// messages.
///
/// A rank that asks gets the next piece of the order, so that a long piece keeps no one waiting but at the
/// end; therefore the largest come first.
struct Handout {
  /// The pieces that nobody has had yet, the next one last.
  private var left: [Int]
  /// The pieces at hand, by rank.
  private(set) var atHand: [Int: Int] = [:]
  /// Ranks that have asked when nothing was left.
  private(set) var idle: Set<Int> = []

  /// Hands out the pieces of `order`, the first one first.
  init(_ order: [Int]) { left = order.reversed() }

  /// Numbers of pieces of these sizes, the largest first and equal ones in order.
  static func largestFirst(_ sizes: [Double]) -> [Int] {
    sizes.indices.sorted { a, b in sizes[a] > sizes[b] || sizes[a] == sizes[b] && a < b }
  }

  /// Whether all pieces have come back.
  var isOver: Bool { left.isEmpty && atHand.isEmpty }

  /// `rank` asks for work: its piece, or nil where nothing is left.
  mutating func next(for rank: Int) -> Int? {
    precondition(atHand[rank] == nil, "a rank that has a piece asks for another")
    guard let piece = left.popLast() else {
      idle.insert(rank)
      return nil
    }
    atHand[rank] = piece
    return piece
  }

  /// `rank` has brought its piece back; which it was, or nil where it had none.
  mutating func finish(_ rank: Int) -> Int? { atHand.removeValue(forKey: rank) }

  /// Nothing more is handed out.
  mutating func stop() { left = [] }
}
