// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLab

@Suite struct HandoutTests {
  @Test func theLargestComeFirstAndEqualOnesInOrder() {
    #expect(Handout.largestFirst([1, 3, 2, 3, 1]) == [1, 3, 2, 0, 4])
    #expect(Handout.largestFirst([]).isEmpty)
  }

  @Test func aRankThatIsDoneGetsTheNextPiece() {
    var handout = Handout([2, 0, 1])
    #expect(handout.next(for: 1) == 2 && handout.next(for: 2) == 0)
    #expect(!handout.isOver)
    #expect(handout.finish(2) == 0 && handout.next(for: 2) == 1)
    #expect(handout.finish(2) == 1 && handout.next(for: 2) == nil)
    #expect(handout.idle == [2] && !handout.isOver)
    #expect(handout.finish(1) == 2)
    #expect(handout.isOver)
  }

  @Test func nobodyBringsBackWhatItDoesNotHave() {
    var handout = Handout([0])
    #expect(handout.finish(3) == nil)
    #expect(!handout.isOver)
  }

  @Test func nothingIsHandedOutAfterAStop() {
    var handout = Handout([0, 1, 2])
    #expect(handout.next(for: 1) == 0)
    handout.stop()
    #expect(handout.next(for: 2) == nil && !handout.isOver)
    #expect(handout.finish(1) == 0)
    #expect(handout.isOver)
  }
}

@Suite struct RankMessageTests {
  @Test func messagesComeBackAsTheyWent() {
    let message = RankMessage(.piece, work: .max - 1, number: -7, content: [1, 2, 255])
    #expect(RankMessage(message.bytes) == message)
    #expect(RankMessage([]) == nil)
    #expect(RankMessage([99] + message.bytes.dropFirst()) == nil)
  }

  @Test func piecesComeBackAsTheyWent() {
    let pieces: [Int: [UInt8]] = [7: [1, 2], 0: [], 123_456: Array(repeating: 9, count: 300)]
    let bytes = [UInt8](joining: pieces)
    #expect(bytes.pieces == pieces)
    #expect([UInt8](bytes.dropLast()).pieces == nil)
    #expect([UInt8]().pieces == [:])
  }
}
