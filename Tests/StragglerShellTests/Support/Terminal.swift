// SPDX-License-Identifier: Apache-2.0

import CProcess
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program at a pseudo-terminal: a user who types keys and reads the screen.
///
///     let terminal = try Terminal([])
///     try terminal.expect("straggler> ")
///     terminal.type("echo hi\n")
///     try terminal.expect("\nhi\n")
///     terminal.type(.controlD)
///     #expect(try terminal.finish().status == 0)
final class Terminal {
  /// Keys that are no text.
  enum Key: String {
    case tab = "\t"
    case controlC = "\u{3}"
    case controlD = "\u{4}"
    case up = "\u{1B}[A"
    case backspace = "\u{7F}"
    case enter = "\r"
  }

  let spawned: Spawned
  private let master: Int32
  /// What the program has written, without carriage returns.
  private var unread: [UInt8] = []
  private var isOver = false
  private var hasEnded = false

  /// Starts the program, or another, at a terminal of the given width. Unless told otherwise it
  /// keeps no history and uses no colours.
  init(
    program: String? = nil, _ arguments: [String] = [], environment: [String: String] = [:],
    withoutHistory: Bool = true, folder: String? = nil, columns: Int = 80
  ) throws {
    var name = [CChar](repeating: 0, count: 64)
    master = support_open_terminal(&name, name.count)
    guard master >= 0 else {
      throw Spawned.Failure.notStarted("no pseudo-terminal: \(String(cString: strerror(errno)))")
    }
    let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    var standard = ["TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1"]
    if withoutHistory { standard["STRAGGLER_HISTORY"] = "" }
    spawned = try Spawned(
      try program ?? Program.path(), arguments, .terminal(path: path),
      environment: standard.merging(environment) { $1 }, folder: folder)
  }

  deinit {
    if !hasEnded {
      spawned.send(SIGKILL)
      _ = spawned.wait()
    }
    close(master)
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  func type(_ key: Key) { type(key.rawValue) }

  /// Waits until the screen shows `wanted`, and returns what came before it. What follows is left to the next
  /// call.
  @discardableResult
  func expect(_ wanted: String, seconds: Double = 60) throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    let wanted = Array(wanted.utf8)
    while true {
      if let place = Self.find(wanted, in: unread) {
        let before = String(decoding: unread[..<place], as: UTF8.self)
        unread.removeFirst(place + wanted.count)
        return before
      }
      guard try take(until: deadline) else {
        throw Spawned.Failure.late(output: "the end after: " + String(decoding: unread, as: UTF8.self))
      }
    }
  }

  /// Waits until the program has ended by itself: its exit status, and the rest of the screen.
  func finish(seconds: Double = 60) throws -> (status: Int32, rest: String) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try take(until: deadline) {}
    hasEnded = true
    return (spawned.wait(), String(decoding: unread, as: UTF8.self))
  }

  /// Reads what there is; false once the program has closed the terminal.
  private func take(until deadline: ContinuousClock.Instant) throws -> Bool {
    if isOver { return false }
    var request = [pollfd(fd: master, events: Int16(POLLIN), revents: 0)]
    guard waitFor(&request, until: deadline) else {
      throw Spawned.Failure.late(output: String(decoding: unread, as: UTF8.self))
    }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = read(master, &buffer, buffer.count)
    // Linux reports EIO once the other end is closed.
    if count > 0 { unread += buffer[..<count].filter { $0 != UInt8(ascii: "\r") } } else { isOver = true }
    return count > 0
  }

  private static func find(_ wanted: [UInt8], in text: [UInt8]) -> Int? {
    guard wanted.count <= text.count else { return nil }
    return (0...(text.count - wanted.count)).first { text[$0...].starts(with: wanted) }
  }
}
