// SPDX-License-Identifier: Apache-2.0

// A sweep over ranks: rank 0 has the board and the journal, and tells each rank with a piece of work what has
// become known meanwhile. In the end all boards are alike, and so is what is reported.

extension Sweep {
  /// What the journal, on ranks that of rank 0, knows of `own` points.
  func known(_ own: [Int], _ journal: SweepJournal?) throws(Failure) -> [Int: SweepJournal.Entry] {
    var entries: [Int: SweepJournal.Entry] = [:]
    for index in own {
      entries[index] = journal?.entry(of: index, seeds: seeds, method: points[index].experiment.method.name)
    }
    guard let crew else { return entries }
    let shared = try failing { () throws(LabError) in
      try crew.share { [UInt8](joining: entries.mapValues(\.bytes)) }
    }
    if crew.isFirst { return entries }
    for (index, bytes) in shared.pieces ?? [:] where points.indices.contains(index) {
      entries[index] = SweepJournal.Entry(bytes, method: points[index].experiment.method.name)
    }
    return entries
  }

  /// Runs `batch` on the ranks, and says of each unit whether it needs more events.
  func divide(
    _ batch: [Unit], _ board: SweepBoard, events: Int, _ crew: Crew, _ interrupted: @Sendable () -> Bool,
    _ clock: (@Sendable () -> Double)?, _ enter: (UnitEnd, Unit) -> Bool
  ) throws(Failure) -> [Bool] {
    var unfinished = batch.map { _ in false }
    func take(_ number: Int, _ bytes: [UInt8]) {
      let unit = batch[number]
      guard let end = UnitEnd(bytes, method: points[unit.point].experiment.method.name) else { return }
      unfinished[number] = enter(end, unit)
    }
    let results = try failing { () throws(LabError) in
      try crew.map(
        order(of: batch),
        news: { number in board.isOver(batch[number].point) ? nil : board.news(of: batch[number].point) },
        body: { number, news in
          let spent = board.learn(news)
          return run(batch[number], board, events: events, spent: spent, interrupted, clock).bytes
        }, arrived: take, interrupted: { interrupted() || board.hasFailed })
    }
    if !crew.isFirst {
      for (number, bytes) in results.sorted(by: { $0.key < $1.key }) { take(number, bytes) }
    }
    return unfinished
  }

  /// The units with the most workers first; where points are given up for others, those that are first in the
  /// grid.
  private func order(of batch: [Unit]) -> [Int] {
    if patience != nil { return Array(batch.indices) }
    return Handout.largestFirst(batch.map { Double(points[$0.point].experiment.workers.count) })
  }

  /// What came of `count` runs, on threads or ranks.
  func runAll(
    _ count: Int, _ interrupted: @escaping @Sendable () -> Bool, _ body: @escaping @Sendable (Int) -> UnitEnd
  ) throws(Failure) -> [UnitEnd] {
    guard let crew else { return parallelMap(count: count, threads: threads, body) }
    let results = try failing { () throws(LabError) in
      try crew.map(
        Array(0..<count), news: { _ in [] }, body: { number, _ in body(number).bytes },
        interrupted: interrupted)
    }
    return (0..<count).map { number in
      results[number].flatMap { UnitEnd($0, method: "") } ?? .interrupted
    }
  }

  private func failing<Result>(
    _ body: () throws(LabError) -> Result
  ) throws(Failure) -> Result {
    do throws(LabError) { return try body() } catch { throw Failure(index: nil, error: error) }
  }
}

extension SweepJournal.Entry {
  fileprivate var bytes: [UInt8] {
    switch self {
    case .givenUp: []
    case .finished(let trials): Array(JSONValue.array(trials.map(\.json)).line.utf8)
    }
  }

  fileprivate init?(_ bytes: [UInt8], method: String) {
    if bytes.isEmpty {
      self = .givenUp
      return
    }
    guard case .array(let values)? = JSONValue(parsing: bytes) else { return nil }
    let trials = values.compactMap { Trial($0, method: method) }
    guard trials.count == values.count else { return nil }
    self = .finished(trials)
  }
}
