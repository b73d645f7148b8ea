// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct TaskAllocationTests {
  private func allocate(
    _ count: Int, _ scores: [Double], known: [Bool]? = nil, seed: UInt64 = 1
  ) throws -> [Int] {
    try withArena { arena in
      let workers = try arena.table(of: Worker.self, count: scores.count)
      workers.fill(Worker(tau: 1))
      let table = try arena.table(of: Double.self, count: scores.count)
      let tasks = try arena.table(of: Int32.self, count: scores.count)
      for index in scores.indices { table[index] = scores[index] }
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
      defer { memory.deallocate() }
      var setup = Setup(fleet: Fleet(workers), conditions: Conditions(), arena: Arena(memory))
      let allocation = try TaskAllocation(&setup)
      var stream = RandomStream(seed: seed, purpose: .method)
      allocation.allocate(
        count, scores: table, isKnown: { known?[$0] ?? true }, &stream, into: tasks)
      return tasks.indices.map { Int(tasks[$0]) }
    }
  }

  private func value(_ tasks: [Int], _ scores: [Double]) -> Double {
    zip(tasks, scores).map { $0 == 0 ? 0 : Double($0) * $1 }.max()!
  }

  /// Every way to give `count` tasks to `workers` workers.
  private func allocations(_ count: Int, _ workers: Int) -> [[Int]] {
    if workers == 1 { return [[count]] }
    return (0...count).flatMap { first in allocations(count - first, workers - 1).map { [first] + $0 } }
  }

  @Test func isOptimalAgainstBruteForce() throws {
    var stream = RandomStream(seed: 4, purpose: .data)
    for round in 0..<60 {
      let scores = (0..<4).map { _ in
        round % 3 == 0 ? Double(1 + stream.integer(below: 4)) : 0.1 + stream.uniform()
      }
      for count in [1, 3, 6, 9] {
        let tasks = try allocate(count, scores, seed: UInt64(round))
        #expect(tasks.reduce(0, +) == count)
        let best = allocations(count, 4).map { value($0, scores) }.min()!
        #expect(abs(value(tasks, scores) - best) < 1e-12 * best)
      }
    }
  }

  @Test func largeBatchesAreTheSmallestMultiples() throws {
    var stream = RandomStream(seed: 9, purpose: .data)
    let scores = (0..<30).map { _ in 0.01 + stream.uniform() }
    for count in [100, 5_000] {
      let tasks = try allocate(count, scores)
      #expect(tasks.reduce(0, +) == count)
      let multiples = scores.flatMap { score in (1...count).map { Double($0) * score } }.sorted()
      #expect(abs(value(tasks, scores) - multiples[count - 1]) < 1e-9)
    }
    #expect(try allocate(1_000_000_000, [1, 3]).reduce(0, +) == 1_000_000_000)
    #expect(
      try allocate(1_000_000_000, [.leastNonzeroMagnitude, 1e300, .infinity]).reduce(0, +) == 1_000_000_000)
    #expect(try allocate(7, [.infinity, .infinity]).reduce(0, +) == 7)
  }

  @Test func referenceCases() throws {
    guard TheoryReference.isPresent else { return }
    for test in try TheoryReference.cases(of: "ras") {
      let mu = try #require(test.inputs["mu"] as? [Double])
      let batch = try #require(test.inputs["B"] as? Int)
      let tasks = try allocate(batch, mu)
      #expect(tasks.reduce(0, +) == batch)
      #expect(abs(value(tasks, mu) - test.number("value")) < 1e-12 * test.number("value"))
    }
    for test in try TheoryReference.cases(of: "ata_conf") {
      func input(_ key: String) -> Double { test.inputs[key] as? Double ?? .nan }
      let (count, mean) = (Int(input("K_i")), input("mu_hat"))
      for (scale, isRelative, key) in [
        (2 * input("alpha"), false, "lcb_poster"), (2 * input("eta"), true, "lcb_empirical_poster_eta1"),
      ] {
        var bound = ConfidenceBound(scale: scale, isRelative: isRelative)
        bound.enter(round: Int(input("k")))
        #expect(abs(bound.score(mean: mean, count: count) - test.number(key)) < 1e-12)
      }
      var bound = ConfidenceBound(scale: 2 * input("alpha"), isRelative: false)
      bound.enter(round: Int(input("k")))
      #expect(abs(1e4 - bound.score(mean: 1e4, count: count) - test.number("conf_poster_2alpha")) < 1e-8)
    }
  }

  @Test func workersWithScoreZeroShareAll() throws {
    #expect(try allocate(9, [0, 5, 0, 0]).enumerated().allSatisfy { $1 == ($0 == 1 ? 0 : 3) })
    let tasks = try allocate(11, [0, 5, 0, 0])
    #expect(tasks[1] == 0 && tasks.reduce(0, +) == 11 && tasks.max() == 4)
    // Those of which nothing is known come first.
    #expect(try allocate(1, [0, 1, 0], known: [true, true, false]) == [0, 0, 1])
    #expect(try allocate(5, [0, 1, 0, 0], known: [true, true, false, false]) == [1, 0, 2, 2])
  }

  /// Ties are decided at random, each worker with the same probability: |z| < 4.5.
  @Test func tiesAreFair() throws {
    var counts = Array(repeating: 0.0, count: 5)
    for seed in 0..<2_000 {
      for (worker, tasks) in try allocate(2, [1, 1, 1, 1, 1], seed: UInt64(seed)).enumerated() {
        counts[worker] += Double(tasks)
      }
    }
    for count in counts { #expect(abs(count - 800) < 4.5 * (2_000 * 0.4 * 0.6).squareRoot()) }
  }
}
