// SPDX-License-Identifier: Apache-2.0

/// What a file holds, told apart by its size and a hash of it.
public struct FileContent: Equatable, Sendable {
  /// The file, as it was named.
  public let path: String
  /// How many bytes it has.
  public let size: Int
  /// A hash of them (64 bits, FNV-1a over words of eight bytes), in hexadecimal.
  public let hash: String

  /// A content that was noted down.
  public init(path: String, size: Int, hash: String) {
    (self.path, self.size, self.hash) = (path, size, hash)
  }

  /// What the plain file at `path` holds now; nil where there is none or it cannot be read. O(size).
  public init?(of path: String) {
    guard Files.kind(path) == .file, let bytes = try? Files.read(path, limit: Int.max) else { return nil }
    self.init(path: path, size: bytes.count, hash: Self.hash(bytes))
  }

  static func hash(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var (word, filled) = (UInt64(0), UInt64(0))
    for byte in bytes {
      word = word << 8 | UInt64(byte)
      filled += 1
      guard filled == 8 else { continue }
      hash = (hash ^ word) &* 0x100_0000_01B3
      // The multiplication carries upwards only.
      hash ^= hash >> 32
      (word, filled) = (0, 0)
    }
    hash = (hash ^ word ^ filled << 56) &* 0x100_0000_01B3
    hash ^= hash >> 32
    let figures = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - figures.count) + figures
  }
}

/// When a file was written last, and its size: where both are as they were, so is the content.
public struct FileStamp: Equatable, Sendable {
  private let size: Int
  private let modified: Int

  /// The stamp of what is at `path`; nil where nothing is.
  public init?(of path: String) {
    guard let status = try? FileStatus.of(path) else { return nil }
    (size, modified) = (status.size, status.modified)
  }
}
