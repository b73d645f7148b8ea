// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct SampleSplitTests {
  private let labels = (0..<200).map { ($0 * $0 + $0 / 7) % 10 }

  private func split(
    _ kind: SampleSplit.Kind, count: Int = 200, workers: Int, seed: UInt64 = 1, _ memory: TestMemory
  ) throws -> SampleSplit {
    var arena = Arena(memory.bytes(1 << 14))
    return try SampleSplit(
      kind, count: count, workers: workers, seed: seed, arena: &arena
    ) { labels[$0 % 200] }
  }

  private func list(_ table: Table<UInt32>) -> [Int] { table.indices.map { Int(table[$0]) } }

  @Test(arguments: [
    SampleSplit.Kind.contiguous, .shuffled, .dirichlet(0.1), .dirichlet(1e-6), .dirichlet(1e6),
  ])
  func blocksPartitionTheSamples(_ kind: SampleSplit.Kind) throws {
    let memory = TestMemory()
    for workers in [1, 3, 7, 100, 200] {
      let parts = try split(kind, workers: workers, memory)
      let block = 200 / workers
      #expect(parts.block == block && parts.used == block * workers && parts.order.count == parts.used)
      let blocks = (0..<workers).map { list(parts.samples(of: $0)) }
      #expect(blocks.allSatisfy { $0.count == block })
      #expect(blocks.flatMap { $0 } == list(parts.order))
      let all = Set(list(parts.order))
      #expect(all.count == parts.used && all.allSatisfy { (0..<200).contains($0) })
    }
  }

  @Test func sharedAndContiguous() throws {
    let memory = TestMemory()
    let shared = try split(.shared, count: 5, workers: 9, memory)
    #expect(shared.block == 5 && shared.used == 5)
    #expect(list(shared.samples(of: 8)) == [0, 1, 2, 3, 4])
    let contiguous = try split(.contiguous, count: 11, workers: 3, memory)
    #expect((0..<3).map { list(contiguous.samples(of: $0)) } == [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
  }

  @Test func shufflingIsUniformAndSeeded() throws {
    let memory = TestMemory()
    #expect(
      list(try split(.shuffled, workers: 4, seed: 2, memory).order)
        == list(try split(.shuffled, workers: 4, seed: 2, memory).order))
    #expect(
      list(try split(.shuffled, workers: 4, seed: 2, memory).order)
        != list(try split(.shuffled, workers: 4, seed: 3, memory).order))
    // Each of the 24 orders of 4 samples, 2,400 times: a χ² with 23 degrees of freedom.
    var counts: [[Int]: Int] = [:]
    for seed in 1...2400 {
      counts[
        list(try split(.shuffled, count: 4, workers: 1, seed: UInt64(seed), memory).order), default: 0] += 1
    }
    #expect(counts.count == 24)
    let statistic = counts.values.reduce(0) { $0 + Double(($1 - 100) * ($1 - 100)) / 100 }
    #expect(abs(statistic - 23) < 5 * 46.0.squareRoot())
  }

  /// The largest share of a class in a worker's block, averaged over workers.
  private func concentration(_ parts: SampleSplit, workers: Int) -> Double {
    (0..<workers).reduce(0) { sum, worker in
      var counts = [Int](repeating: 0, count: 10)
      for sample in list(parts.samples(of: worker)) { counts[labels[sample]] += 1 }
      return sum + Double(counts.max() ?? 0) / Double(parts.block) / Double(workers)
    }
  }

  private func classes(_ parts: SampleSplit, of worker: Int) -> Set<Int> {
    Set(list(parts.samples(of: worker)).map { labels[$0 % 200] })
  }

  @Test(arguments: [1, 2, 3, 10]) func byClassGivesEachWorkerItsClasses(_ k: Int) throws {
    let memory = TestMemory()
    let sizes = Dictionary(grouping: labels, by: \.self).mapValues(\.count)
    let present = sizes.count
    for workers in [1, 4, 10, 17] where k <= present && (k < 10 || workers < 10) {
      let parts = try split(.byClass(k), workers: workers, memory)
      let all = list(parts.order)
      #expect(Set(all).count == all.count && parts.used == parts.block * workers)
      var holders: [Int: Int] = [:]
      for worker in 0..<workers {
        let own = classes(parts, of: worker)
        #expect(own.count == k)
        for label in own { holders[label, default: 0] += 1 }
        // A block is filled evenly as far as its classes go, in any order.
        #expect(parts.samples(of: worker).count == parts.block)
      }
      // All classes are dealt equally often, but for one.
      #expect((holders.values.max() ?? 0) - (holders.count < present ? 0 : holders.values.min() ?? 0) <= 1)
      #expect(list(try split(.byClass(k), workers: workers, memory).order) == all)
      #expect(list(try split(.byClass(k), workers: workers, seed: 2, memory).order) != all)
    }
  }

  @Test func byClassRefusesWhatCannotBe() throws {
    let memory = TestMemory()
    let present = Set(labels).count
    #expect(throws: SetupError.self) { try split(.byClass(present + 1), workers: 3, memory) }
    #expect(throws: SetupError.self) { try split(.byClass(0), workers: 3, memory) }
    #expect(throws: SetupError.self) { try split(.byClass(3), workers: 150, memory) }
  }

  @Test func dirichletRunsFromOneClassToAlike() throws {
    let memory = TestMemory()
    let few = concentration(try split(.dirichlet(0.01), workers: 10, memory), workers: 10)
    let middle = concentration(try split(.dirichlet(1), workers: 10, memory), workers: 10)
    let alike = concentration(try split(.dirichlet(1000), workers: 10, memory), workers: 10)
    let shuffled = concentration(try split(.shuffled, workers: 10, memory), workers: 10)
    #expect(few > middle && middle > alike)
    #expect(few > 2 * alike)
    #expect(abs(alike - shuffled) < 0.1)
  }

  @Test func moreWorkersThanSamplesAreRefused() {
    let memory = TestMemory()
    #expect(throws: SetupError.self) { try split(.contiguous, count: 3, workers: 4, memory) }
    #expect(throws: SetupError.self) { try split(.shared, count: 3, workers: 0, memory) }
  }
}
