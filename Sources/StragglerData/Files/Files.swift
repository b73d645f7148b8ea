// SPDX-License-Identifier: Apache-2.0

/// Whole files, in and out.
///
/// Paths are as the system takes them. `/dev/stdin`, `/dev/stdout`, `/dev/stderr` and `/dev/fd/N` mean the
/// descriptors that the process has open, at their present position, also where they are redirected to files.
public enum Files {
  /// Larger files than this are refused unless the caller says otherwise: 1 GiB.
  public static let standardLimit = 1 << 30

  /// What is at a path, symbolic links followed.
  public enum Kind: Sendable {
    /// Nothing, or nothing that can be accessed.
    case missing
    /// A plain file.
    case file
    /// A folder.
    case folder
    /// A pipe, a device or a socket.
    case other
  }

  /// What is at `path`, symbolic links followed; `missing` also where it cannot be accessed.
  public static func kind(_ path: String) -> Kind {
    guard (try? check(path)) != nil, let status = try? FileStatus.of(path) else { return .missing }
    return switch status.kind {
    case .file: .file
    case .folder: .folder
    case .other: .other
    }
  }

  /// What is in a folder, in no order, `.` and `..` among it; nothing where it cannot be read.
  package static func names(in folder: String) -> [String] { POSIX.names(in: folder) }

  /// `path` without symbolic links, `.` and `..`, so that a file has one name; unchanged where there is no
  /// file.
  public static func resolved(_ path: String) -> String {
    (try? check(path)) == nil ? path : (try? POSIX.resolved(path)) ?? path
  }

  /// All bytes of the file, pipe or device at `path`. O(size).
  ///
  /// A signal that interrupts the waiting for a pipe ends the reading with an error.
  public static func read(_ path: String, limit: Int = standardLimit) throws(DataError) -> [UInt8] {
    try check(path)
    let limit = max(0, min(limit, Int.max - 1))
    let descriptor = try attempt("read", path) { () throws(SystemError) in try open(path, for: .reading) }
    let status = try attempt("read", path) { () throws(SystemError) in try descriptor.status() }
    guard status.kind != .folder else { throw folderInPlaceOfFile(path) }
    // Reading one byte more than expected shows the end of the file, or that it is larger than reported.
    var bytes: [UInt8] = []
    var wanted = min(max(status.size, 4095), limit) + 1
    while wanted > 0 {
      guard AvailableMemory.has(wanted) else { throw DataError.outOfMemory.about(path) }
      let part = try attempt("read", path) { () throws(SystemError) in try descriptor.read(atMost: wanted) }
      guard bytes.isEmpty || bytes.makeRoom(for: part.count) else { throw DataError.outOfMemory.about(path) }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      if part.count < wanted { return bytes }
      wanted = min(max(bytes.count, 65536), limit + 1 - bytes.count)
    }
    throw DataError(
      "the file is larger than \(limit) bytes", remedy: "check that it is the file you mean", path: path)
  }

  /// Makes `bytes` the whole content of the file at `path`, or leaves what was there. O(size).
  ///
  /// The bytes go to a new file in the same folder, which takes the old one's place when it is complete and
  /// on the disk: no reader ever sees a part of it. An old file's permissions are kept, a symbolic link stays
  /// and its target is replaced, and a device or pipe is written to as it is. Where writing fails the new
  /// file is removed; the file left by a killed process is removed with the next write.
  public static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
    try check(path)
    if try streams(path) {
      let descriptor = try attempt("written", path) { () throws(SystemError) in try open(path, for: .writing)
      }
      return try attempt("written", path) { () throws(SystemError) in try descriptor.write(bytes) }
    }
    try attempt("written", path) { () throws(SystemError) in
      var target = path
      var permissions: UInt32?
      do throws(SystemError) {
        permissions = try FileStatus.of(path).permissions
        target = try POSIX.resolved(path)
        try POSIX.checkWritable(target)
      } catch {
        // A new file; but where a link leads to nothing, its right place is unknown.
        guard error.isMissing, !FileStatus.isLink(path) else { throw error }
      }
      try replace(target, with: bytes, permissions: permissions)
    }
  }

  /// Makes `text`, in UTF-8, the whole content of the file at `path`. See `write(_:to:)` for bytes.
  public static func write(_ text: String, to path: String) throws(DataError) {
    try write([UInt8](text.utf8), to: path)
  }

  private static func replace(
    _ target: String, with bytes: [UInt8], permissions: UInt32?
  ) throws(SystemError) {
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
    TemporaryFile.removeAbandoned(in: folder)
    let temporary = try TemporaryFile(in: folder)
    do throws(SystemError) {
      if let permissions { try temporary.descriptor.set(permissions: permissions) }
      try temporary.descriptor.write(bytes)
      try temporary.descriptor.synchronize()
      try POSIX.rename(temporary.path, to: target)
    } catch {
      POSIX.remove(temporary.path)
      throw error
    }
  }

  /// Whether writing to `path` goes straight to a device, pipe or open descriptor. Folders are refused.
  static func streams(_ path: String) throws(DataError) -> Bool {
    if openDescriptor(path) != nil { return true }
    switch kind(path) {
    case .folder: throw folderInPlaceOfFile(path)
    case .other: return true
    case .file, .missing: return false
    }
  }

  /// Opens `path`, or shares the descriptor that it stands for.
  static func open(_ path: String, for purpose: Descriptor.Purpose) throws(SystemError) -> Descriptor {
    if let number = openDescriptor(path) { return try Descriptor(sharing: number) }
    return try Descriptor(opening: path, for: purpose)
  }

  /// The descriptor that `path` is a name of. Opening such a name anew would start at the beginning of a
  /// redirected file, and fail for a socket.
  private static func openDescriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdin": return 0
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default:
      for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
        return Int32(path.dropFirst(prefix.count))
      }
      return nil
    }
  }

  /// Refuses paths that the system would take for another one, or for none.
  static func check(_ path: String) throws(DataError) {
    if path.isEmpty { throw DataError("the name is empty", remedy: "name a file or folder") }
    if path.utf8.contains(0) {
      throw DataError("the name holds a NUL character", remedy: "leave it out")
    }
  }

  static func folderInPlaceOfFile(_ path: String) -> DataError {
    DataError("is a folder, not a file", remedy: "name a file", path: path)
  }

  /// Runs `body` and says of its failure that `path` cannot be `verb` ("read", "written").
  static func attempt<Value: ~Copyable>(
    _ verb: String, _ path: String, _ body: () throws(SystemError) -> Value
  ) throws(DataError) -> Value {
    do throws(SystemError) { return try body() } catch {
      throw DataError("cannot be \(verb): \(error.words)", remedy: error.remedy, path: path)
    }
  }
}
