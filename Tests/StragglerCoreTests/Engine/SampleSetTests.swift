// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct SampleSetTests {
  @Test func shrinksToNothing() throws {
    try withArena { arena in
      var set = try SampleSet(samples: 50, arena: &arena)
      var stream = RandomStream(seed: 1, purpose: .method)
      for _ in 0..<2 {
        set.fill()
        var left = Set(0..<50)
        while set.count > 0 {
          let sample = set.draw(&stream)
          #expect(left.contains(sample))
          let (first, second) = (set.remove(sample), set.remove(sample))
          #expect(first && !second)
          left.remove(sample)
          #expect(set.count == left.count)
        }
        #expect(left.isEmpty)
      }
    }
  }

  @Test func drawsUniformly() throws {
    try withArena { arena in
      var set = try SampleSet(samples: 10, arena: &arena)
      _ = set.remove(3)
      _ = set.remove(9)
      var stream = RandomStream(seed: 2, purpose: .method)
      var counts = [Int](repeating: 0, count: 10)
      let draws = 40_000
      for _ in 0..<draws { counts[set.draw(&stream)] += 1 }
      let band = 5 * (Double(draws) / 8 * 7 / 8).squareRoot()
      for sample in 0..<10 {
        let expected = sample == 3 || sample == 9 ? 0 : Double(draws) / 8
        #expect(abs(Double(counts[sample]) - expected) <= (expected == 0 ? 0 : band))
      }
    }
  }
}

@Suite struct SubsetDrawTests {
  private func draw(_ choice: SubsetDraw, _ count: Int, seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: .message)
    var drawn: [Int] = []
    choice.draw(count, from: &stream) { drawn.append($0) }
    return drawn
  }

  @Test func drawsDifferentCoordinatesThatDependOnTheStreamAlone() throws {
    try withArena { arena in
      let choice = try SubsetDraw(count: 20, arena: &arena)
      for count in 0...20 {
        let first = draw(choice, count, seed: 5)
        #expect(first.count == count)
        #expect(Set(first).count == count)
        #expect(first.allSatisfy { (0..<20).contains($0) })
        _ = draw(choice, 11, seed: 6)
        #expect(draw(choice, count, seed: 5) == first)
      }
    }
  }

  @Test func everySetIsEquallyLikely() throws {
    try withArena { arena in
      let choice = try SubsetDraw(count: 5, arena: &arena)
      var counts: [Set<Int>: Int] = [:]
      let draws = 20_000
      for seed in 0..<draws { counts[Set(draw(choice, 2, seed: UInt64(seed))), default: 0] += 1 }
      #expect(counts.count == 10)
      let band = 5 * (Double(draws) * 0.1 * 0.9).squareRoot()
      for count in counts.values { #expect(abs(Double(count) - Double(draws) / 10) < band) }
    }
  }
}
