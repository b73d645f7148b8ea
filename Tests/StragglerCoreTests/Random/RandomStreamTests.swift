// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

@Suite struct RandomStreamTests {
  @Test func drawsAreTheWordsOfTheBlocksInOrder() {
    var stream = RandomStream(seed: 0x1234_5678_9abc_def0, purpose: .sample, worker: 7, job: 5 << 32 | 9)
    for block in 0..<3 as Range<UInt32> {
      let words = Philox.block(
        counter: SIMD4(block, 7, 9, 5 << 8 | 1), key: SIMD2(0x9abc_def0, 0x1234_5678))
      #expect(stream.next() == UInt64(words[1]) << 32 | UInt64(words[0]))
      #expect(stream.next() == UInt64(words[3]) << 32 | UInt64(words[2]))
    }
  }

  @Test func theFreshBlockHasNotBeenBegun() {
    var stream = RandomStream(seed: 1, purpose: .delay)
    #expect(stream.freshCounter[0] == 0)
    _ = stream.next()
    #expect(stream.freshCounter[0] == 1)
    _ = stream.next()
    #expect(stream.freshCounter[0] == 1)
  }

  @Test func uniformsHaveTheRightMomentsAndNeverTouchTheEnds() {
    var stream = RandomStream(seed: 2, purpose: .data)
    let n = 100_000
    var sum = 0.0, squares = 0.0
    for _ in 0..<n {
      let u = stream.uniform()
      #expect(u > 0 && u < 1)
      sum += u
      squares += (u - 0.5) * (u - 0.5)
    }
    // Var u = 1/12; Var (u − ½)² = 1/80 − 1/144.
    #expect(abs(sum / Double(n) - 0.5) < 5 * sqrt(1 / 12.0 / Double(n)))
    #expect(abs(squares / Double(n) - 1 / 12.0) < 5 * sqrt((1 / 80.0 - 1 / 144.0) / Double(n)))
  }

  @Test func integersAreUniform() {
    var stream = RandomStream(seed: 3, purpose: .data)
    let n = 70_000, bound = 7
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<n { counts[stream.integer(below: bound)] += 1 }
    let expected = Double(n) / Double(bound)
    let deviation = sqrt(expected * (1 - 1 / Double(bound)))
    for count in counts { #expect(abs(Double(count) - expected) < 5 * deviation) }
    #expect((0..<100).allSatisfy { _ in stream.integer(below: 1) == 0 })
    #expect(stream.integer(below: 1 << 32) >= 0)
  }
}
