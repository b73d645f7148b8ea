// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

@Suite struct SourceTextTests {
  @Test func readsEveryKindOfLineEnd() throws {
    for text in ["seed 1\nstats\n", "seed 1\r\nstats\r\n", "seed 1\nstats", "\n\n seed 1 \n\t\nstats # end"] {
      #expect(try shapes(text) == ["seed ‹1›", "stats"])
    }
  }

  @Test func skipsAByteOrderMarkAndAShebang() throws {
    let error = try #require(diagnostic("\u{FEFF}sead 1"))
    #expect(error.position == (1, 1))
    #expect(try shapes("#!/usr/bin/env straggler\nstats") == ["stats"])
  }

  @Test func knowsLinesAndColumns() {
    let text = SourceText(name: "", "ab\ncd\n")
    #expect(text.position(of: 0) == (1, 1))
    #expect(text.position(of: 2) == (1, 3))
    #expect(text.position(of: 3) == (2, 1))
    #expect(text.position(of: 6) == (3, 1))
    #expect(text[text.line(at: 4)] == "cd")
    #expect(text[text.line(at: 6)] == "")
    #expect(SourceText(name: "", "").position(of: 0) == (1, 1))
  }

  @Test(
    arguments: [
      ([UInt8]("stats\nseed \0".utf8), 2, 6), ([0xFF, 0xFE, 0x73, 0x00], 1, 1),
      (Array("echo ä".utf8) + [0xE4, 0x20], 1, 7), ([0x7F, 0x45, 0x4C, 0x46, 0], 1, 5),
    ] as [([UInt8], Int, Int)])
  func refusesWhatIsNoText(_ bytes: [UInt8], _ line: Int, _ column: Int) {
    var parser = table.parser(of: SourceText(name: "a.out", bytes: bytes))
    let error = #expect(throws: Diagnostic.self) { while try parser.next() != nil {} }
    #expect(error?.message == "this is not text in UTF-8")
    #expect(error?.position.line == line)
    #expect(error?.position.column == column)
  }

  @Test func toleratesOtherBytesInComments() throws {
    var parser = table.parser(
      of: SourceText(name: "", bytes: Array("seed 1 # gr".utf8) + [0xF6, 0xDF] + Array("e\nstats".utf8)))
    #expect(try parser.next() != nil)
    #expect(try parser.next() != nil)
    #expect(try parser.next() == nil)
  }
}
