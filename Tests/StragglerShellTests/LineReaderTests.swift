// SPDX-License-Identifier: Apache-2.0

import CProcess
import Foundation
import Testing

@testable import StragglerShell

@Suite struct LineReaderTests {
  /// The events of a text, which fits into a pipe.
  private func events(_ text: String) throws -> [LineReader.Event] {
    var ends: [Int32] = [-1, -1]
    try #require(support_pipe(&ends) == 0)
    defer { close(ends[0]) }
    try System.write(Array(text.utf8), to: ends[1])
    close(ends[1])
    var reader = LineReader(descriptor: ends[0])
    var events: [LineReader.Event] = []
    while true {
      events.append(reader.next())
      guard case .line = events.last else { return events }
    }
  }

  @Test func linesComeWhole() throws {
    #expect(try events("a\nbc\n") == [.line(Array("a".utf8)), .line(Array("bc".utf8)), .end(rest: [])])
    #expect(try events("ab\nc") == [.line(Array("ab".utf8)), .end(rest: Array("c".utf8))])
    #expect(try events("") == [.end(rest: [])])
    #expect(try events("\n\n") == [.line([]), .line([]), .end(rest: [])])
  }

  @Test func longLinesAreNotCut() throws {
    let line = String(repeating: "x", count: 30_000)
    #expect(try events(line + "\n" + line) == [.line(Array(line.utf8)), .end(rest: Array(line.utf8))])
  }
}
