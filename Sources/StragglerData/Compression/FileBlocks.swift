// SPDX-License-Identifier: Apache-2.0

/// The bytes of a file, one block after another, decompressed where they are gzip.
///
/// A plain file is never in memory as a whole; a compressed one is.
struct FileBlocks: ~Copyable {
  private static let blockSize = 1 << 20

  private let path: String
  private let descriptor: Descriptor
  /// How many bytes may still come.
  private var allowance: Int
  private var isFirst = true

  /// Opens the file, pipe or device at `path`, of which more than `limit` bytes are refused.
  init(_ path: String, limit: Int) throws(DataError) {
    self.path = path
    allowance = limit
    descriptor = try Self.open(path)
  }

  private static func open(_ path: String) throws(DataError) -> Descriptor {
    try Files.check(path)
    let descriptor = try Files.attempt("read", path) { () throws(SystemError) in
      try Files.open(path, for: .reading)
    }
    let status = try Files.attempt("read", path) { () throws(SystemError) in try descriptor.status() }
    guard status.kind != .folder else { throw Files.folderInPlaceOfFile(path) }
    return descriptor
  }

  /// The next bytes; none at the end. O(size of the block).
  mutating func next() throws(DataError) -> [UInt8] {
    var block = try read()
    guard isFirst else { return block }
    isFirst = false
    guard Gzip.isGzip(block) else { return block }
    var part = block
    while !part.isEmpty {
      part = try read()
      guard block.makeRoom(for: part.count) else { throw DataError.outOfMemory.about(path) }
      block += part
    }
    do throws(DataError) { return try Gzip.decompress(block) } catch { throw error.about(path) }
  }

  private mutating func read() throws(DataError) -> [UInt8] {
    let part = try Files.attempt("read", path) { () throws(SystemError) in
      try descriptor.read(atMost: Self.blockSize)
    }
    allowance -= part.count
    guard allowance >= 0 else {
      throw DataError("the file is too large", remedy: "check that it is the file you mean", path: path)
    }
    return part
  }
}
