// SPDX-License-Identifier: Apache-2.0

@testable import StragglerData
import Testing

@Suite struct CRC32Tests {
  /// The check value that catalogues of checks give for CRC-32.
  @Test func knownValue() {
    #expect(CRC32.checksum([UInt8]("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.checksum([UInt8]()) == 0)
  }

  @Test func agreesWithDefinitionForAllLengths() {
    var random = SplitMix(seed: 1)
    for count in 0...67 {
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(CRC32.checksum(bytes) == Bytes.bitwiseChecksum(bytes))
    }
  }
}
