// SPDX-License-Identifier: Apache-2.0

/// The forms in which a model is saved, by the ending of the file's name.
public enum SavedModel: String, CaseIterable, Sendable {
  /// A number a line, which reads back exactly; no header.
  case csv
  /// NumPy's array format, version 1.0: a vector of little-endian doubles.
  case npy

  /// What the names of their files end in.
  public static let endings = allCases.map { ".\($0.rawValue)" }

  /// The form of the file `name`; nil where its ending is of none.
  public static func of(_ name: String) -> Self? { allCases.first { name.hasSuffix(".\($0.rawValue)") } }

  /// The content of the file.
  public func bytes(_ model: [Double]) -> [UInt8] {
    switch self {
    case .csv:
      var bytes: [UInt8] = []
      for number in model { bytes += Array((Cell.number(number).exact + "\n").utf8) }
      return bytes
    case .npy:
      var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(model.count),), }"
      // The numbers begin at a multiple of 64 bytes.
      let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
      header += String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
      var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
      bytes += Array(header.utf8)
      bytes.reserveCapacity(bytes.count + 8 * model.count)
      for number in model {
        let bits = number.bitPattern
        for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte))) }
      }
      return bytes
    }
  }
}
