// SPDX-License-Identifier: Apache-2.0

/// Recognises, by their first bytes, files that are often passed by mistake.
enum FileKind {
  /// What `bytes` seem to be, and what to do about it; nil where nothing is recognised.
  static func recognise(_ bytes: [UInt8]) -> (name: String, remedy: String)? {
    if isWebPage(bytes) {
      return ("a web page (HTML)", "the download went wrong: fetch the file itself")
    }
    let beginning = bytes.prefix(64)
    for (magic, name, remedy) in kinds where beginning.starts(with: magic.utf8) { return (name, remedy) }
    for (magic, name, remedy) in binaryKinds where beginning.starts(with: magic) { return (name, remedy) }
    return nil
  }

  private static let kinds = [
    ("PK", "a ZIP archive", "unpack it first"),
    ("version https://git-lfs", "a pointer to the file (Git LFS)", "fetch the file itself with git lfs pull"),
    ("{", "JSON text", "write a table in text, or fetch the file itself"),
    ("BZh", "compressed with bzip2", "decompress it first: bunzip2 FILE"),
  ]

  private static let binaryKinds: [([UInt8], String, String)] = [
    ([0x1F, 0x8B], "compressed twice with gzip", "decompress it once: gunzip FILE"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", "decompress it first: unxz FILE"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "decompress it first: unzstd FILE"),
    ([0x89, 0x50, 0x4E, 0x47], "a PNG picture", "give the data set's own files"),
    ([0xFF, 0xFE], "text in UTF-16", "save it as text in UTF-8: iconv -f UTF-16 -t UTF-8 FILE"),
    ([0xFE, 0xFF], "text in UTF-16", "save it as text in UTF-8: iconv -f UTF-16 -t UTF-8 FILE"),
    (
      [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array",
      "data= takes one for logistic, network and least-squares"
    ),
  ]

  /// Whether the first thing in `bytes`, after a byte-order mark and blanks, is a tag.
  private static func isWebPage(_ bytes: [UInt8]) -> Bool {
    var rest = bytes.prefix(512)
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    guard rest.first == UInt8(ascii: "<"), let next = rest.dropFirst().first else { return false }
    // A letter, or one of "!" and "?".
    return (0x61...0x7A).contains(next | 0x20) || next == 0x21 || next == 0x3F
  }
}
