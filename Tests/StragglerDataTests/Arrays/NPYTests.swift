// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

/// `array` as NumPy writes it.
enum NPYWriter {
  static func header(_ text: String, version: UInt8 = 1) -> [UInt8] {
    let width = version == 1 ? 2 : 4
    var padded = Array(text.utf8)
    while (8 + width + padded.count + 1) % 64 != 0 { padded.append(0x20) }
    padded.append(0x0A)
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + Bytes.littleEndian(padded.count).prefix(width)
      + padded
  }

  static func bytes(
    _ type: String, _ shape: [Int], fortran: Bool = false, version: UInt8 = 1, _ elements: [UInt8]
  ) -> [UInt8] {
    let lengths = shape.map { "\($0)," }.joined(separator: " ")
    return header(
      "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(lengths)), }",
      version: version) + elements
  }

  /// A matrix of doubles, rows first.
  static func doubles(_ shape: [Int], _ values: [Double]) -> [UInt8] {
    bytes("<f8", shape, values.flatMap { raw($0.bitPattern, 8, big: false) })
  }

  static func raw(_ bits: UInt64, _ size: Int, big: Bool) -> [UInt8] {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    return big ? bytes.reversed() : bytes
  }
}

@Suite struct NPYTests {
  private static let values = [-3.0, 0, 1, 2, 100, 7]

  private func encoded(_ type: String) -> [UInt8] {
    let (size, big) = (Int(String(type.last ?? "8")) ?? 8, type.hasPrefix(">"))
    return Self.values.flatMap { value -> [UInt8] in
      let value = type.contains("u") ? abs(value) : value
      switch type.dropFirst() {
      case "f8": return NPYWriter.raw(value.bitPattern, 8, big: big)
      case "f4": return NPYWriter.raw(UInt64(Float(value).bitPattern), 4, big: big)
      default: return NPYWriter.raw(UInt64(bitPattern: Int64(value)), size, big: big)
      }
    }
  }

  @Test(arguments: ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])
  func everyTypeOrderAndVersion(_ type: String) throws {
    let values = type.hasPrefix("u") ? Self.values.map(abs) : Self.values
    for order in type.hasSuffix("1") ? ["|", "<"] : ["<", ">", "="] {
      for version in [1, 2, 3] as [UInt8] {
        let bytes = NPYWriter.bytes(order + type, [2, 3], version: version, encoded(order + type))
        let array = try NPY.parse(bytes)
        #expect(array.shape == [2, 3] && array.values == values && array.titles.isEmpty)
        // The columns of the transposed array, one after another.
        let other = try NPY.parse(
          NPYWriter.bytes(order + type, [3, 2], fortran: true, encoded(order + type)))
        #expect(other.values == [0, 3, 1, 4, 2, 5].map { values[$0] })
      }
    }
  }

  @Test func vectorsAndHeadersOfOtherWriters() throws {
    #expect(try NPY.parse(NPYWriter.doubles([3], [1, 2, 3])).shape == [3])
    #expect(try NPY.parse(NPYWriter.doubles([0, 4], [])).values.isEmpty)
    let header = NPYWriter.header("{\"shape\":(1L,2L),\"fortran_order\":False,\"descr\":\"<i2\"}")
    #expect(try NPY.parse(header + [1, 0, 255, 255]).values == [1, -1])
  }

  @Test func everythingElseIsRefused() {
    let one = NPYWriter.raw(1.0.bitPattern, 8, big: false)
    let cases: [([UInt8], String)] = [
      ([1, 2, 3], "is not a NumPy array"), ([0x93] + Array("NUMPY".utf8), "ends within its header"),
      (NPYWriter.bytes("<c16", [1], one + one), "the type \"<c16\""),
      (NPYWriter.bytes("<f2", [1], [0, 0]), "the type \"<f2\""),
      (NPYWriter.bytes("|O", [1], one), "the type \"|O\""),
      (NPYWriter.bytes("|f8", [1], one), "the type \"|f8\""),
      (NPYWriter.bytes("|b1", [1], [1]), "the type \"|b1\""),
      (NPYWriter.bytes("<U5", [1], one), "the type \"<U5\""),
      (NPYWriter.bytes("<f8", [1, 1, 1], one), "3 dimensions"), (NPYWriter.bytes("<f8", [], one), "0 dim"),
      (NPYWriter.bytes("<f8", [2], one), "truncated: its header says 2 numbers of 8 bytes"),
      (NPYWriter.bytes("<f8", [1 << 40, 1 << 40], one), "truncated"),
      (NPYWriter.bytes("<f8", [1], one + [0]), "1 bytes more"),
      (NPYWriter.bytes("<f8", [1], NPYWriter.raw(Double.nan.bitPattern, 8, big: false)), "holds nan"),
      (NPYWriter.bytes("<f8", [1], NPYWriter.raw(Double.infinity.bitPattern, 8, big: false)), "holds inf"),
      (NPYWriter.bytes("<i8", [1], NPYWriter.raw(1 << 62, 8, big: false)), "which a double does not"),
      (NPYWriter.bytes("<u8", [1], NPYWriter.raw(.max, 8, big: false)), "which a double does not"),
      (NPYWriter.header("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}"), "structured"),
      (NPYWriter.header("{'descr': '<f8', 'shape': (1,)}"), "no descr, fortran_order or shape"),
      (NPYWriter.header("{'descr': '<f8', 'descr': '<f8'}"), "twice"),
      (NPYWriter.header("{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}"), "neither True nor False"),
      (NPYWriter.header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}"), "no tuple"),
      (
        NPYWriter.header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x"), "behind the dictionary"
      ),
      (NPYWriter.header("descr"), "missing"), (NPYWriter.header("{'descr"), "has no end"),
      ([0x93] + Array("NUMPY".utf8) + [4, 0, 10, 0], "version 4.0"),
    ]
    for (bytes, words) in cases {
      do throws(DataError) {
        let array = try NPY.parse(bytes)
        Issue.record("\(words): \(array)")
      } catch { #expect(error.description.contains(words), "\(words): \(error)") }
    }
  }

  /// Whatever is in a file, it is read or refused.
  @Test func mutationsNeverTrap() {
    var random = SplitMix(seed: 11)
    let original = NPYWriter.doubles([3, 4], (0..<12).map { Double($0) })
    var refused = 0
    for _ in 0..<20_000 {
      if (try? NPY.parse(random.mutated(original))) == nil { refused += 1 }
    }
    #expect(refused > 5_000)
  }
}
