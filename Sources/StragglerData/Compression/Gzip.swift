// SPDX-License-Identifier: Apache-2.0

/// Reads gzip files (Deutsch, RFC 1952), also of several members.
///
/// Sizes and check sums are verified. Nothing may follow the last member.
public enum Gzip {
  static let fetchAgain = "the file is damaged or not complete: fetch it again"

  /// Whether `bytes` begin as a gzip file does.
  public static func isGzip(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// The content of the file at `path`, decompressed where its content, whatever its name, is gzip.
  public static func contents(
    of path: String, limit: Int = Files.standardLimit
  ) throws(DataError) -> [UInt8] {
    let bytes = try Files.read(path, limit: limit)
    guard isGzip(bytes) else { return bytes }
    do throws(DataError) { return try decompress(bytes, limit: limit) } catch { throw error.about(path) }
  }

  /// What the gzip file `bytes` holds; more than `limit` bytes are refused. O(input + output).
  ///
  /// Errors carry the offset in `bytes`.
  public static func decompress(
    _ bytes: [UInt8], limit: Int = Files.standardLimit
  ) throws(DataError) -> [UInt8] {
    let input = bytes.span
    var output: [UInt8] = []
    var position = 0
    repeat {
      position = try skipHeader(input, at: position)
      let start = output.count
      // The last four bytes of a single member give its decompressed size.
      let hint = start == 0 && input.count >= 4 ? number(input, at: input.count - 4) : 0
      position = try Inflater.inflate(
        input, at: position, into: &output, limit: max(0, limit), sizeHint: hint)
      guard input.count - position >= 8 else {
        throw DataError(
          "the compressed data end before their check sum", remedy: fetchAgain, place: .byte(input.count))
      }
      let content = output.span.extracting(start..<output.count)
      guard number(input, at: position) == Int(CRC32.checksum(content)) else {
        throw DataError("the check sum is wrong", remedy: fetchAgain, place: .byte(position))
      }
      guard number(input, at: position + 4) == content.count & 0xFFFF_FFFF else {
        throw DataError("the size is wrong", remedy: fetchAgain, place: .byte(position + 4))
      }
      position += 8
    } while position < input.count
    return output
  }

  /// The position after the member's header at `position`.
  private static func skipHeader(_ input: Span<UInt8>, at start: Int) throws(DataError) -> Int {
    let truncated = DataError(
      "the file ends within its gzip header", remedy: fetchAgain, place: .byte(input.count))
    guard input.count - start >= 2 else {
      throw start == 0 ? truncated : trailing(at: start)
    }
    guard input[start] == 0x1F, input[start + 1] == 0x8B else {
      throw start == 0 ? DataError("is not a gzip file", place: .byte(0)) : trailing(at: start)
    }
    guard input.count - start >= 10 else { throw truncated }
    guard input[start + 2] == 8 else {
      throw DataError("an unknown method of compression", remedy: fetchAgain, place: .byte(start + 2))
    }
    let flags = input[start + 3]
    guard flags & 0xE0 == 0 else {
      throw DataError("unknown flags in the gzip header", remedy: fetchAgain, place: .byte(start + 3))
    }
    var position = start + 10
    if flags & 4 != 0 {
      guard input.count - position >= 2 else { throw truncated }
      position += 2 + Int(input[position]) + Int(input[position + 1]) << 8
    }
    // The original name and a comment end with a zero byte.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while position < input.count && input[position] != 0 { position += 1 }
      position += 1
    }
    if flags & 2 != 0 {
      guard input.count - position >= 2 else { throw truncated }
      let check = Int(CRC32.checksum(input.extracting(start..<position))) & 0xFFFF
      guard Int(input[position]) + Int(input[position + 1]) << 8 == check else {
        throw DataError(
          "the check sum of the gzip header is wrong", remedy: fetchAgain, place: .byte(position))
      }
      position += 2
    }
    guard position <= input.count else { throw truncated }
    return position
  }

  private static func trailing(at position: Int) -> DataError {
    DataError(
      "something else follows the compressed data", remedy: "the file is damaged: fetch it again",
      place: .byte(position))
  }

  /// The little-endian number of four bytes at `offset`.
  private static func number(_ bytes: Span<UInt8>, at offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}
