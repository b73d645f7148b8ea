// SPDX-License-Identifier: Apache-2.0

extension ScriptParser {
  /// The commands of `text` on one line, without comments, as a history keeps a block. O(length)
  ///
  /// Lines become statements separated by `;`, except where a line is continued or a block opens.
  public static func onOneLine(_ text: String) -> String {
    let source = SourceText(name: "", text)
    var scanner = Scanner(source.all)
    var line: [UInt8] = []
    while let byte = scanner.byte {
      let start = scanner.position
      if scanner.isAtString {
        // One without an end ends with its line.
        try? scanner.skipString()
        line += source.bytes[start..<scanner.position]
      } else if byte.isNewline || byte == UInt8(ascii: ";") {
        scanner.skipSeparators()
        while line.last?.isBlank == true { line.removeLast() }
        let isWithin = line.isEmpty || line.last == UInt8(ascii: "{") || scanner.byte == UInt8(ascii: "{")
        if !scanner.isAtEnd { line += (isWithin ? " " : "; ").utf8 }
      } else if byte.isBlank || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "#") {
        scanner.skipBlanks()
        if scanner.position == start {
          line.append(byte)
          scanner.position += 1
        } else if !line.isEmpty, !scanner.isAtEnd, line.last?.isBlank != true {
          line.append(UInt8(ascii: " "))
        }
      } else {
        line.append(byte)
        scanner.position += 1
      }
    }
    while line.last?.isBlank == true { line.removeLast() }
    return String(decoding: line.drop(while: \.isBlank), as: UTF8.self)
  }
}
