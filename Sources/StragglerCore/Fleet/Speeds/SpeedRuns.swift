// SPDX-License-Identifier: Apache-2.0

/// The times on of a worker without a break, each with the work that it has room for, and a tree of the
/// largest of them, by which the next one with room enough is found in O(log n).
struct SpeedRuns: BitwiseCopyable, Sendable {
  /// Pieces without a break, the last of them excluded.
  struct Run: BitwiseCopyable, Sendable {
    var first: Int32
    var end: Int32
    /// Infinite for one that never ends.
    var work: Double
  }

  let runs: Table<Run>
  /// How many are in the prefix.
  let prefix: Int
  /// The leaves are the runs in order, from `leaves` on; the children of node p are 2p and 2p + 1.
  private let most: Table<Double>
  private let leaves: Int

  /// The runs of `pieces`, of which those from `prefix` on repeat. `work` gives that of a run's pieces, which
  /// is infinite where it never ends.
  init(
    _ pieces: Table<SpeedPiece>, prefix: Int, arena: inout Arena, work: (Range<Int>) -> Double
  ) throws(SetupError) {
    var (count, before) = (0, 0)
    Self.visit(pieces, prefix: prefix) { run in
      count += 1
      if run.lowerBound < prefix { before += 1 }
    }
    var leaves = 1
    while leaves < count { leaves *= 2 }
    let runs = try arena.table(of: Run.self, count: count)
    let most = try arena.table(of: Double.self, count: 2 * leaves)
    most.fill(-1)
    if !runs.isEmpty {
      var index = 0
      Self.visit(pieces, prefix: prefix) { run in
        let capacity = work(run)
        runs[index] = Run(
          first: Int32(truncatingIfNeeded: run.lowerBound), end: Int32(truncatingIfNeeded: run.upperBound),
          work: capacity)
        most[leaves + index] = capacity
        index += 1
      }
      for node in (1..<leaves).reversed() { most[node] = max(most[2 * node], most[2 * node + 1]) }
    }
    (self.runs, self.most, self.leaves, self.prefix) = (runs, most, leaves, before)
  }

  /// Shows the pieces of each run. A run goes from the prefix into a loop only where that has no break.
  private static func visit(_ pieces: Table<SpeedPiece>, prefix: Int, _ body: (Range<Int>) -> Void) {
    var index = 0
    while index < pieces.count {
      guard pieces[index].factor > 0 else {
        index += 1
        continue
      }
      let first = index
      while index < pieces.count, pieces[index].factor > 0 { index += 1 }
      body(first..<index)
    }
  }

  /// The last run that begins at the piece or before; nil if none does. O(log n).
  func index(at piece: Int) -> Int? {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(runs[middle].first) <= piece { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// The first run from number `first` on with room for `work`. O(log n).
  func next(from first: Int, for work: Double) -> Int? {
    guard first < runs.count else { return nil }
    var node = leaves + first
    while most[node] < work {
      // To the next subtree on the right.
      while node & 1 == 1 { node >>= 1 }
      guard node > 0 else { return nil }
      node += 1
    }
    while node < leaves {
      node *= 2
      if most[node] < work { node += 1 }
    }
    return node - leaves
  }
}
