// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Synchronization
import Testing

@testable import StragglerLab

/// Ranks that are threads of this process.
private final class ThreadLine: RankLine {
  typealias Mail = Mutex<[[(message: [UInt8], rank: Int)]]>
  final class Post: Sendable {
    let mail: Mail
    init(_ count: Int) { mail = Mutex(Array(repeating: [], count: count)) }
  }

  let rank: Int
  let count: Int
  var isOwnThread: Bool { true }
  private let post: Post

  init(_ rank: Int, of count: Int, _ post: Post) { (self.rank, self.count, self.post) = (rank, count, post) }

  func send(_ message: [UInt8], to rank: Int) throws(LabError) {
    post.mail.withLock { $0[rank].append((message, self.rank)) }
  }

  func receive() throws(LabError) -> (message: [UInt8], rank: Int)? {
    post.mail.withLock { $0[rank].isEmpty ? nil : $0[rank].removeFirst() }
  }

  func rest(after looks: Int) { usleep(20) }
}

/// What `body` comes to on each of `count` ranks.
private func onRanks<Result: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Crew) -> Result
) -> [Result] {
  let post = ThreadLine.Post(count)
  let results = Mutex<[Int: Result]>([:])
  let group = DispatchGroup()
  for rank in 0..<count {
    group.enter()
    Thread.detachNewThread {
      let result = body(Crew(ThreadLine(rank, of: count, post)))
      results.withLock { $0[rank] = result }
      group.leave()
    }
  }
  group.wait()
  return results.withLock { results in (0..<count).compactMap { results[$0] } }
}

@Suite(.timeLimit(.minutes(1))) struct CrewTests {
  @Test(arguments: 1...4) func allRanksKnowWhatCameOfAllPieces(_ count: Int) {
    let all = onRanks(count) { crew in
      try? crew.map(
        [3, 1, 2, 0, 4], news: { $0 == 2 ? nil : [UInt8($0)] }, body: { [UInt8($0 * 10)] + $1 },
        interrupted: { false })
    }
    let expected: [Int: [UInt8]] = [0: [0, 0], 1: [10, 1], 3: [30, 3], 4: [40, 4]]
    #expect(all.count == count && all.allSatisfy { $0 == expected })
  }

  @Test func whatFailsOnTheFirstRankFailsOnAll() {
    let all = onRanks(3) { crew -> String in
      do {
        return "\(try crew.onFirst { () throws(LabError) -> Int in throw LabError("no room") } ?? 0)"
      } catch {
        return "\(error)"
      }
    }
    #expect(all == ["no room", "no room", "no room"])
  }

  @Test func aRankThatFailsAloneEndsAll() {
    let all = onRanks(3) { crew -> String in
      if crew.rank == 2 {
        _ = try? crew.end(status: 1, message: "no such file", clock: { 0 })
        return "ended"
      }
      do {
        _ = try crew.map([0, 1], news: { _ in [] }, body: { _, _ in [] }, interrupted: { false })
        return "done"
      } catch {
        if crew.isFirst { _ = try? crew.end(status: 1, message: "", seconds: 0, clock: { 1 }) }
        return "\(error)"
      }
    }
    #expect(all == ["rank 2 has failed: no such file", "interrupted", "ended"])
  }

  /// The outcomes of a sweep in which points are given up.
  private static func outcomes(_ crew: Crew?) -> String {
    let points = [0.5, 0.25, 0.125, 0.0625, 0.03125, 3].map { gamma in
      var method = Asynchronous()
      method.gamma.given = gamma
      return Sweep.Point(
        Experiment(
          Quadratic<Double>(dimension: 8), workers: (1...3).map { Worker(tau: Double($0)) }, method: method))
    }
    var sweep = Sweep(
      points, until: Stop(updates: 300), or: [Stop.Condition(.gap, .below, 1e-2)], seeds: [1, 2])
    sweep.patience = 1.5
    sweep.keptTraces = 2
    sweep.crew = crew
    do {
      return try sweep.run().map { outcome in
        "\(outcome.index) \(outcome.rank ?? -1) \(outcome.row.runs.map { $0.json.line })"
      }.joined(separator: "\n")
    } catch { return "\(error)" }
  }

  @Test(arguments: 1...4) func aSweepOverRanksIsThatOfOneThread(_ count: Int) {
    let alone = Self.outcomes(nil)
    #expect(alone.contains("0 "))
    for outcomes in onRanks(count, { Self.outcomes($0) }) { #expect(outcomes == alone) }
  }
}
