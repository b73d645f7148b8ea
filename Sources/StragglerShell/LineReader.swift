// SPDX-License-Identifier: Apache-2.0

import StragglerData

/// Reads lines from a descriptor as they arrive.
struct LineReader {
  enum Event: Equatable {
    /// A line without its newline.
    case line([UInt8])
    /// Ctrl-C, or another signal, came while waiting. What has been read of a line is kept.
    case interrupted
    /// The end. `rest` is a last line without newline, or nothing.
    case end(rest: [UInt8])
    case failed(System.Failure)
    /// A line that is longer than the limit.
    case tooLong
  }

  private let descriptor: Int32
  private let limit: Int
  private var buffer: [UInt8] = []
  private var start = 0

  /// Lines of more than `limit` bytes are not taken.
  init(descriptor: Int32, limit: Int = Files.standardLimit) {
    self.descriptor = descriptor
    self.limit = limit
  }

  mutating func next() -> Event {
    var searched = start
    while true {
      if let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[start..<newline])
        start = newline + 1
        return .line(line)
      }
      buffer.removeFirst(start)
      (start, searched) = (0, buffer.count)
      guard Interruption.waitForInput(descriptor) else { return .interrupted }
      do throws(System.Failure) {
        let bytes = try System.read(descriptor)
        guard !bytes.isEmpty else { return .end(rest: takeRest()) }
        guard buffer.count + bytes.count <= limit, buffer.makeRoom(for: bytes.count) else { return .tooLong }
        buffer += bytes
      } catch {
        return error.isInterruption ? .interrupted : .failed(error)
      }
    }
  }

  /// Forgets what has been read of a line.
  mutating func dropLine() { _ = takeRest() }

  private mutating func takeRest() -> [UInt8] {
    defer { (buffer, start) = ([], 0) }
    return Array(buffer[start...])
  }
}
