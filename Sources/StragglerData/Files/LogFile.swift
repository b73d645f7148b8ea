// SPDX-License-Identifier: Apache-2.0

/// A text file that grows line by line, for logs that are too long to keep.
///
/// Lines are gathered and written in blocks. The first failure (the disk is full, the reader of the pipe has
/// gone) is remembered: every later call throws it again and writes nothing. A process that needs a closed
/// pipe as an error and not as its end must ignore SIGPIPE.
public final class LogFile {
  /// The file's path as it was given.
  public let path: String
  private var descriptor: Descriptor?
  private var buffer: [UInt8] = []
  private var failure: DataError?

  private static let blockSize = 1 << 16

  /// Opens the file at `path`, or makes it; `append` keeps what it holds. Throws where it cannot be written.
  public init(_ path: String, append: Bool = false) throws(DataError) {
    try Files.check(path)
    let purpose: Descriptor.Purpose = try Files.streams(path) ? .writing : append ? .appending : .replacing
    self.path = path
    descriptor = try Files.attempt("written", path) { () throws(SystemError) in
      try Files.open(path, for: purpose)
    }
    buffer.reserveCapacity(Self.blockSize + 1024)
  }

  /// Keeps the file for this process until it is closed. Throws where another process has it.
  public func claim() throws(DataError) {
    do throws(Descriptor.Holder) { try descriptor?.claim() } catch {
      throw DataError(
        "is in use by \(error.process > 0 ? "process \(error.process)" : "another process")",
        remedy: "wait until that has ended, or name another file", path: path)
    }
  }

  /// Lets a process that cannot have the file say which one has it. The file is not to be read afterwards.
  public func sign() { descriptor?.sign() }

  deinit {
    // A caller that needs the error calls `close`.
    try? flush()
  }

  /// Adds `text` as it is. Amortised O(count of `text`).
  public func append(_ text: String) throws(DataError) {
    try check()
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.blockSize { try flush() }
  }

  /// Adds `text` and the end of a line.
  public func appendLine(_ text: String) throws(DataError) {
    try check()
    buffer.append(contentsOf: text.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.blockSize { try flush() }
  }

  /// Hands everything to the system.
  public func flush() throws(DataError) {
    try check()
    guard !buffer.isEmpty else { return }
    do throws(DataError) {
      try Files.attempt("written", path) { () throws(SystemError) in try descriptor?.write(buffer) }
      buffer.removeAll(keepingCapacity: true)
    } catch {
      failure = error
      buffer = []
      throw error
    }
  }

  /// Hands everything to the system and waits until it is on the disk.
  public func synchronize() throws(DataError) {
    try flush()
    try Files.attempt("written", path) { () throws(SystemError) in try descriptor?.synchronize() }
  }

  /// Writes what is left and closes the file. Later calls of `append` throw.
  public func close() throws(DataError) {
    defer {
      descriptor = nil
      failure = failure ?? DataError("is closed already", path: path)
    }
    try flush()
  }

  private func check() throws(DataError) {
    if let failure { throw failure }
  }
}
