// SPDX-License-Identifier: Apache-2.0

/// Reads arrays in NumPy's format, versions 1 to 3.
///
/// The bytes 0x93 `NUMPY`, the version, the length of the header, a header in Python's notation with the keys
/// `descr`, `fortran_order` and `shape`, then the elements. Elements are 32- and 64-bit floating-point
/// numbers and integers of 8 to 64 bits, of either byte order; an array has one or two dimensions, in either
/// order.
///
/// Source: the documentation of `numpy.lib.format`.
public enum NPY {
  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  /// Beyond this, whole numbers are no longer all doubles.
  private static let exact = 1 << 53

  /// Whether `bytes` begin as such a file does.
  static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The array in `bytes`. O(count). Throws for other types and shapes, numbers that are not finite, and a
  /// file with fewer or more bytes than its header says.
  public static func parse(_ bytes: [UInt8]) throws(DataError) -> NumberArray {
    guard isOne(bytes) else {
      throw DataError("is not a NumPy array", remedy: "write it with numpy.save", place: .byte(0))
    }
    let (header, start) = try header(bytes)
    var parser = NPYHeader(header, offset: start - header.count)
    try parser.read()
    let (type, isFortran, shape) = try parser.parts()
    let element = try Element(type, at: start - header.count)
    guard shape.count == 1 || shape.count == 2 else {
      throw DataError(
        "is an array of \(shape.count) dimensions", remedy: "save a vector or a matrix, of one or two",
        place: .byte(start - header.count))
    }
    var count = 1
    for length in shape {
      let product = count.multipliedReportingOverflow(by: length)
      // More than any file holds; the message about the size comes below.
      count = product.overflow ? 1 << 60 : min(product.partialValue, 1 << 60)
    }
    let size = shape.map(String.init).joined(separator: " × ")
    guard (bytes.count - start) / element.size >= count else {
      throw DataError(
        "the file is truncated: its header says \(size) numbers of \(element.size) bytes, and there are "
          + "\(bytes.count - start) bytes",
        remedy: "write it again", place: .byte(bytes.count))
    }
    guard bytes.count - start == count * element.size else {
      throw DataError(
        "the file holds \(bytes.count - start - count * element.size) bytes more than the \(size) numbers "
          + "that its header says",
        remedy: "save one array alone", place: .byte(start + count * element.size))
    }
    var values: [Double] = []
    guard values.makeRoom(for: count) else { throw DataError.outOfMemory }
    let (rows, columns) = (shape[0], shape.count == 2 ? shape[1] : 1)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = start + element.size * (isFortran ? column * rows + row : row * columns + column)
        values.append(try element.value(bytes, at: place))
      }
    }
    return NumberArray(shape: shape, values: values)
  }

  /// The text of the header, and where the elements start.
  private static func header(_ bytes: [UInt8]) throws(DataError) -> (text: ArraySlice<UInt8>, end: Int) {
    let isCut = DataError(
      "the file ends within its header", remedy: "write it again", place: .byte(bytes.count))
    guard bytes.count >= 10 else { throw isCut }
    let version = bytes[6]
    guard (1...3).contains(version), bytes[7] == 0 else {
      throw DataError(
        "is a NumPy array of format version \(version).\(bytes[7]), which is not known",
        remedy: "write it with numpy.save, versions 1.0 to 3.0", place: .byte(6))
    }
    let width = version == 1 ? 2 : 4
    let first = 8 + width
    guard bytes.count >= first else { throw isCut }
    var length = 0
    for index in 0..<width { length |= Int(bytes[8 + index]) << (8 * index) }
    guard bytes.count - first >= length else { throw isCut }
    return (bytes[first..<first + length], first + length)
  }

  /// The type of the elements: `<f8` and the like.
  private struct Element {
    let size: Int
    private let kind: UInt8
    private let isBig: Bool

    init(_ type: String, at offset: Int) throws(DataError) {
      let letters = Array(type.utf8)
      let known = ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
      guard letters.count == 3, "<>=|".utf8.contains(letters[0]), known.contains(String(type.dropFirst())),
        letters[0] != UInt8(ascii: "|") || letters[2] == UInt8(ascii: "1")
      else {
        throw DataError(
          "holds elements of the type \(TableCell.quoted(type))",
          remedy: "save numbers: f4, f8, i1 to i8 or u1 to u8, as with astype('<f8')", place: .byte(offset))
      }
      isBig = letters[0] == UInt8(ascii: ">")
      kind = letters[1]
      size = Int(letters[2] - 0x30)
    }

    func value(_ bytes: [UInt8], at place: Int) throws(DataError) -> Double {
      var bits: UInt64 = 0
      for index in 0..<size {
        let byte = bytes[isBig ? place + index : place + size - 1 - index]
        bits = bits << 8 | UInt64(byte)
      }
      if kind == UInt8(ascii: "f") {
        let value =
          size == 8
          ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        guard value.isFinite else {
          throw DataError("holds \(value)", remedy: "numbers are to be finite", place: .byte(place))
        }
        return value
      }
      let shift = UInt64(64 - 8 * size)
      let isSigned = kind == UInt8(ascii: "i")
      let signed = Int64(bitPattern: bits << shift) >> Int64(shift)
      guard isSigned ? signed.magnitude <= UInt64(exact) : bits <= UInt64(exact) else {
        throw DataError(
          "holds the whole number \(isSigned ? "\(signed)" : "\(bits)"), which a double does not",
          remedy: "whole numbers go up to 2^53", place: .byte(place))
      }
      return isSigned ? Double(signed) : Double(bits)
    }
  }
}

/// The header of such a file: a dictionary of Python's with three keys.
private struct NPYHeader {
  private let text: ArraySlice<UInt8>
  private var position: Int
  private let offset: Int
  private var type: String?
  private var isFortran: Bool?
  private var shape: [Int]?

  init(_ text: ArraySlice<UInt8>, offset: Int) {
    self.text = text
    position = text.startIndex
    self.offset = offset
  }

  /// What was read of all three keys.
  func parts() throws(DataError) -> (type: String, isFortran: Bool, shape: [Int]) {
    guard let type, let isFortran, let shape else {
      throw fault("has no descr, fortran_order or shape in its header")
    }
    return (type, isFortran, shape)
  }

  mutating func read() throws(DataError) {
    try take("{")
    while !isNext("}") {
      let key = try string()
      try take(":")
      switch key {
      case "descr" where type == nil: type = try descr()
      case "fortran_order" where isFortran == nil: isFortran = try truth()
      case "shape" where shape == nil: shape = try tuple()
      default: throw fault("has the key \(TableCell.quoted(key)) in its header, or has it twice")
      }
      if !isNext(",") { break }
      try take(",")
    }
    try take("}")
    skipBlanks()
    guard position == text.endIndex else { throw fault("has something behind the dictionary in its header") }
  }

  private mutating func descr() throws(DataError) -> String {
    if isNext("[") {
      throw DataError(
        "holds a structured array, of several fields", remedy: "save the numbers of one field alone",
        place: .byte(offset))
    }
    return try string()
  }

  private func fault(_ problem: String) -> DataError {
    DataError(problem, remedy: "write it with numpy.save", place: .byte(offset))
  }

  private mutating func skipBlanks() {
    while position < text.endIndex, text[position] == 0x20 || (0x09...0x0D).contains(text[position]) {
      position += 1
    }
  }

  private mutating func isNext(_ mark: Unicode.Scalar) -> Bool {
    skipBlanks()
    return position < text.endIndex && text[position] == UInt8(ascii: mark)
  }

  private mutating func take(_ mark: Unicode.Scalar) throws(DataError) {
    guard isNext(mark) else { throw fault("has a header in which \(mark) is missing") }
    position += 1
  }

  private mutating func string() throws(DataError) -> String {
    skipBlanks()
    guard position < text.endIndex, [0x22, 0x27].contains(text[position]) else {
      throw fault("has a header in which a text is missing")
    }
    let quote = text[position]
    let start = position + 1
    guard let end = text[start...].firstIndex(of: quote) else {
      throw fault("has a header in which a text has no end")
    }
    position = end + 1
    return String(decoding: text[start..<end], as: UTF8.self)
  }

  private mutating func truth() throws(DataError) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw fault("has a header whose fortran_order is neither True nor False")
  }

  private mutating func tuple() throws(DataError) -> [Int] {
    var lengths: [Int] = []
    try take("(")
    while !isNext(")") {
      let start = position
      var length = 0
      while position < text.endIndex, (0x30...0x39).contains(text[position]), length < 1 << 56 {
        length = length * 10 + Int(text[position] - 0x30)
        position += 1
      }
      guard position > start, lengths.count < 64 else { throw fault("has a header whose shape is no tuple") }
      // As Python 2 wrote it.
      if position < text.endIndex, text[position] == UInt8(ascii: "L") { position += 1 }
      lengths.append(length)
      if !isNext(",") { break }
      try take(",")
    }
    try take(")")
    return lengths
  }
}
