// SPDX-License-Identifier: Apache-2.0

/// An array of bytes in the IDX format of the MNIST files (LeCun, Cortes and Burges).
///
/// Two zero bytes, the type of the elements, the number of dimensions, every dimension as a big-endian
/// 32-bit number, then the elements in row-major order.
public struct IDX: Equatable, Sendable {
  /// The array's shape, the slowest dimension first: pictures, rows, columns.
  public let dimensions: [Int]
  /// The product of the dimensions many elements, row-major.
  public let elements: [UInt8]

  private static let types: [UInt8: String] = [
    0x08: "bytes", 0x09: "signed bytes", 0x0B: "16-bit integers", 0x0C: "32-bit integers",
    0x0D: "single-precision numbers", 0x0E: "double-precision numbers",
  ]

  /// Reads `bytes`, which must be exactly one array of unsigned bytes. O(count).
  public init(_ bytes: [UInt8]) throws(DataError) {
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, let type = Self.types[bytes[2]] else {
      throw Self.foreign(bytes)
    }
    guard bytes[2] == 0x08 else {
      throw DataError(
        "holds \(type), not unsigned bytes", remedy: "images and labels are bytes", place: .byte(2))
    }
    let header = 4 + 4 * Int(bytes[3])
    guard bytes[3] > 0 else { throw DataError("is an array without dimensions", place: .byte(3)) }
    guard bytes.count >= header else {
      throw DataError("the file ends within its header", remedy: Gzip.fetchAgain, place: .byte(bytes.count))
    }
    var dimensions: [Int] = []
    var count = 1
    for offset in stride(from: 4, to: header, by: 4) {
      let dimension = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      dimensions.append(dimension)
      let product = count.multipliedReportingOverflow(by: dimension)
      // More than any file holds; the message about the size comes below.
      count = product.overflow ? 1 << 62 : min(product.partialValue, 1 << 62)
    }
    let shape = dimensions.map(String.init).joined(separator: "×")
    guard bytes.count - header >= count else {
      throw DataError(
        "the file is truncated: its header says \(shape) bytes, and there are \(bytes.count - header)",
        remedy: Gzip.fetchAgain, place: .byte(bytes.count))
    }
    guard bytes.count - header == count else {
      throw DataError(
        "the file holds \(bytes.count - header - count) bytes more than the \(shape) that its header says",
        remedy: Gzip.fetchAgain, place: .byte(header + count))
    }
    self.dimensions = dimensions
    elements = Array(bytes[header...])
  }

  /// The error for a file that is not IDX.
  private static func foreign(_ bytes: [UInt8]) -> DataError {
    if bytes.isEmpty { return DataError("the file is empty", remedy: "fetch it again") }
    if let kind = FileKind.recognise(bytes) {
      return DataError("is \(kind.name), not an IDX file", remedy: kind.remedy)
    }
    if bytes.count < 4 {
      return DataError(
        "the file ends within its header", remedy: Gzip.fetchAgain, place: .byte(bytes.count))
    }
    return DataError(
      "is not an IDX file: such a file begins with the bytes 0, 0, 8", remedy: "give MNIST's own files",
      place: .byte(0))
  }
}
