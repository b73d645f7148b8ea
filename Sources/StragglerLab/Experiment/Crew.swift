// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Processes that carry out the same script together, each a rank: they read the same commands and come to
/// the same results, and what takes long is divided among them.
///
/// Rank 0 leads: it hands out the pieces of a work, tells the others what came of all of them, and alone
/// writes. The others carry out pieces and know in the end what rank 0 knows, so that all go on alike. Where
/// one comes to an end alone, or rank 0 is asked to stop, all end.
///
/// All calls but `isHalted` are made on the thread that the line belongs to.
package final class Crew: Sendable {
  private let line: any RankLine
  private struct State {
    /// How many works have been begun.
    var works: UInt64 = 0
    /// How ranks have ended that have, by rank.
    var ends: [Int: RankMessage] = [:]
    /// What has come before it was asked for.
    var early: [RankMessage] = []
  }
  private let state = Mutex(State())
  private let halted = Atomic<Bool>(false)

  /// The crew at the ends of `line`.
  package init(_ line: any RankLine) { self.line = line }

  /// The number of this process, from 0.
  package var rank: Int { line.rank }
  /// How many processes there are.
  package var count: Int { line.count }
  /// Whether this is rank 0, which alone writes.
  package var isFirst: Bool { rank == 0 }
  /// How many ranks carry out pieces.
  package var workers: Int { max(1, count - 1) }

  /// Whether all are to end. Looks for messages that say so, where the caller is on the line's thread.
  package var isHalted: Bool {
    if !isFirst, line.isOwnThread, !halted.load(ordering: .relaxed) {
      // What cannot be received now is told by what waits for it.
      while let message = try? next() {
        if message.kind == .halt { break }
        state.withLock { $0.early.append(message) }
      }
    }
    return halted.load(ordering: .relaxed)
  }

  // MARK: - Messages

  private func send(_ message: RankMessage, to rank: Int) throws(LabError) {
    try line.send(message.bytes, to: rank)
  }

  private func toAll(_ message: RankMessage) throws(LabError) {
    for rank in 1..<max(1, count) { try send(message, to: rank) }
  }

  /// The next message for this rank, which is not rank 0.
  private func next() throws(LabError) -> RankMessage? {
    guard let (bytes, _) = try line.receive() else { return nil }
    guard let message = RankMessage(bytes) else { throw Self.misunderstanding }
    if message.kind == .halt { halted.store(true, ordering: .relaxed) }
    return message
  }

  /// Waits for the next message of rank 0.
  private func wait() throws(LabError) -> RankMessage {
    var looks = 0
    while true {
      if let early = state.withLock({ $0.early.isEmpty ? nil : $0.early.removeFirst() }) { return early }
      if halted.load(ordering: .relaxed) { throw .interrupted }
      if let message = try next() { return message }
      looks += 1
      line.rest(after: looks)
    }
  }

  private static let misunderstanding = LabError(
    "a rank sent what is no message",
    remedy: "start the same program with the same arguments on all ranks")

  private func begin() -> UInt64 {
    state.withLock { state in
      state.works += 1
      return state.works
    }
  }

  // MARK: - Works

  /// Carries out the pieces of `order` on the other ranks and gives what came of each; all ranks call it
  /// alike.
  ///
  /// On rank 0 `news` gives what the rank should know that is to carry out a piece, or nil where the piece is
  /// not needed any more, and `arrived` takes what came of one. `body` carries one out, from its number and
  /// news. Where `interrupted` holds on rank 0, all end, and it throws `LabError.interrupted` on the others.
  func map(
    _ order: [Int], news: (Int) -> [UInt8]?, body: (Int, [UInt8]) -> [UInt8],
    arrived: (Int, [UInt8]) -> Void = { _, _ in }, interrupted: () -> Bool
  ) throws(LabError) -> [Int: [UInt8]] {
    let work = begin()
    guard isFirst else { return try carryOut(work, body) }
    if count == 1 {
      var results: [Int: [UInt8]] = [:]
      for piece in order where !interrupted() {
        guard let news = news(piece) else { continue }
        let result = body(piece, news)
        results[piece] = result
        arrived(piece, result)
      }
      return results
    }
    return try lead(work, order, news, arrived, interrupted)
  }

  private func lead(
    _ work: UInt64, _ order: [Int], _ news: (Int) -> [UInt8]?, _ arrived: (Int, [UInt8]) -> Void,
    _ interrupted: () -> Bool
  ) throws(LabError) -> [Int: [UInt8]] {
    try checkEnds()
    var handout = Handout(order)
    var results: [Int: [UInt8]] = [:]
    var looks = 0
    while !handout.isOver {
      if interrupted() {
        try halt()
        return results
      }
      guard let (message, rank) = try receive() else {
        looks += 1
        line.rest(after: looks)
        continue
      }
      looks = 0
      // One that asked when all was handed out already.
      if message.kind == .ready, message.work < work { continue }
      guard message.work == work, message.kind == .ready || message.kind == .done else {
        throw Self.difference(rank)
      }
      if message.kind == .done, let piece = handout.finish(rank) {
        results[piece] = message.content
        arrived(piece, message.content)
      }
      while let piece = handout.next(for: rank) {
        if let news = news(piece) {
          try send(RankMessage(.piece, work: work, number: piece, content: news), to: rank)
          break
        }
        _ = handout.finish(rank)
      }
    }
    try toAll(RankMessage(.news, work: work, content: [UInt8](joining: results)))
    return results
  }

  /// The next message for rank 0 that is no end; throws where a rank has failed.
  private func receive() throws(LabError) -> (RankMessage, Int)? {
    guard let (bytes, rank) = try line.receive() else { return nil }
    guard let message = RankMessage(bytes) else { throw Self.misunderstanding }
    guard message.kind == .bye else { return (message, rank) }
    state.withLock { $0.ends[rank] = message }
    try checkEnds()
    return nil
  }

  /// Throws where a rank has come to its end while others are at work.
  private func checkEnds() throws(LabError) {
    let ends = state.withLock { $0.ends }
    guard let (rank, end) = ends.min(by: { $0.key < $1.key }) else { return }
    if end.number == Self.interrupted {
      try halt()
      throw .interrupted
    }
    let text = String(decoding: end.content, as: UTF8.self)
    throw text.isEmpty ? Self.difference(rank) : LabError("rank \(rank) has failed: \(text)")
  }

  private static func difference(_ rank: Int) -> LabError {
    LabError(
      "rank \(rank) carries out other commands than rank 0",
      remedy: "let nothing in the script depend on the machine or on wall")
  }

  private func carryOut(_ work: UInt64, _ body: (Int, [UInt8]) -> [UInt8]) throws(LabError) -> [Int: [UInt8]]
  {
    try send(RankMessage(.ready, work: work), to: 0)
    while true {
      let message = try wait()
      guard message.work == work || message.kind == .halt else { throw Self.difference(rank) }
      switch message.kind {
      case .piece:
        let result = body(message.number, message.content)
        if halted.load(ordering: .relaxed) { throw .interrupted }
        try send(RankMessage(.done, work: work, number: message.number, content: result), to: 0)
      case .news:
        guard let pieces = message.content.pieces else { throw Self.misunderstanding }
        return pieces
      case .halt: throw .interrupted
      case .ready, .done, .bye: throw Self.misunderstanding
      }
    }
  }

  /// Gives all ranks what rank 0 has; all call it alike.
  package func share(_ bytes: () -> [UInt8]) throws(LabError) -> [UInt8] {
    let work = begin()
    if isFirst {
      let bytes = bytes()
      try toAll(RankMessage(.news, work: work, content: bytes))
      return bytes
    }
    let message = try wait()
    if message.kind == .halt { throw .interrupted }
    guard message.kind == .news, message.work == work else { throw Self.difference(rank) }
    return message.content
  }

  /// Carries out `body` on rank 0 alone, while the others wait; an error is one on all ranks. Gives nil on
  /// the others.
  package func onFirst<Result>(_ body: () throws(LabError) -> Result) throws(LabError) -> Result? {
    var result: Result?
    var failure: LabError?
    let shared = try share {
      do throws(LabError) { result = try body() } catch {
        failure = error
        return Array(error.description.utf8)
      }
      return []
    }
    if let failure { throw failure }
    if !isFirst, !shared.isEmpty { throw LabError(String(decoding: shared, as: UTF8.self)) }
    return result
  }

  // MARK: - The end

  private static let interrupted = 130

  /// On rank 0, has all others end.
  private func halt() throws(LabError) {
    guard !halted.exchange(true, ordering: .relaxed) else { return }
    try toAll(RankMessage(.halt))
  }

  /// This rank has come to its end, with the status of a process and the words of its error, if it has one.
  ///
  /// On rank 0 it waits until all others have, for no longer than `seconds` on `clock`, and gives what went
  /// wrong on one of them alone; nil where they have not ended by then. What the others get is empty.
  package func end(
    status: Int32, message: String, seconds: Double = 5, clock: () -> Double
  ) throws(LabError) -> String? {
    guard isFirst else {
      let text = Array(message.utf8.prefix(2_000))
      try send(RankMessage(.bye, number: Int(status), content: text), to: 0)
      var looks = 0
      while !isHalted {
        looks += 1
        line.rest(after: looks)
      }
      return ""
    }
    try halt()
    let start = clock()
    var looks = 0
    while state.withLock({ $0.ends.count }) < count - 1 {
      guard clock() - start < seconds else { return nil }
      guard let (bytes, rank) = try line.receive() else {
        looks += 1
        line.rest(after: looks)
        continue
      }
      guard let message = RankMessage(bytes) else { throw Self.misunderstanding }
      if message.kind == .bye { state.withLock { $0.ends[rank] = message } }
    }
    let failed = state.withLock { $0.ends }.filter { ![0, Self.interrupted].contains($0.value.number) }
    guard status == 0, let (rank, end) = failed.min(by: { $0.key < $1.key }) else { return "" }
    return "rank \(rank) has failed: \(String(decoding: end.content, as: UTF8.self))"
  }
}
