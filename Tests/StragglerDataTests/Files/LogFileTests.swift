// SPDX-License-Identifier: Apache-2.0

import CProcess
import Foundation
import StragglerData
import Testing

@Suite struct LogFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func gathersLines() throws {
    let path = try folder.write([1, 2, 3], to: "log")
    let log = try LogFile(path)
    var expected = ""
    for index in 0..<20_000 {
      try log.appendLine("line \(index)")
      expected += "line \(index)\n"
    }
    try log.append("no end")
    try log.close()
    #expect(folder.bytes(of: "log") == [UInt8]((expected + "no end").utf8))
    #expect(throws: DataError.self) { try log.appendLine("more") }
  }

  @Test func continuesAFile() throws {
    let path = try folder.write([UInt8]("a\n".utf8), to: "log")
    do {
      let log = try LogFile(path, append: true)
      try log.appendLine("b")
    }
    // Closed with its owner.
    #expect(folder.bytes(of: "log") == [UInt8]("a\nb\n".utf8))
  }

  @Test func reportsFullDisksOnceAndForAll() throws {
    let log = try LogFile("/dev/full")
    try log.appendLine("a")
    let first = #expect(throws: DataError.self) { try log.flush() }
    #expect(first?.problem == "cannot be written: No space left on device")
    let second = #expect(throws: DataError.self) { try log.appendLine("b") }
    #expect(first == second)
  }

  @Test func reportsClosedPipes() throws {
    signal(SIGPIPE, SIG_IGN)
    // Closed in children that other tests start meanwhile: one that kept the end for reading would keep the
    // pipe open.
    var ends: [Int32] = [-1, -1]
    try #require(support_pipe(&ends) == 0)
    defer { close(ends[1]) }
    let log = try LogFile("/dev/fd/\(ends[1])")
    close(ends[0])
    try log.appendLine("a")
    let error = #expect(throws: DataError.self) { try log.close() }
    #expect(error?.problem == "cannot be written: Broken pipe")
  }

  @Test func refusesFolders() {
    #expect(throws: DataError.self) { try LogFile(folder.path) }
    #expect(throws: DataError.self) { try LogFile("") }
    #expect(throws: DataError.self) { try LogFile(folder.file("none/log")) }
  }
}
