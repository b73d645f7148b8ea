// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

@Suite struct GzipTests {
  @Test(arguments: GzipSample.all) func decompresses(_ sample: GzipSample) throws {
    #expect(try Gzip.decompress(sample.bytes) == sample.content.bytes)
  }

  @Test func severalMembers() throws {
    let bytes = GzipSample.all.flatMap(\.bytes)
    #expect(try Gzip.decompress(bytes) == GzipSample.all.flatMap(\.content.bytes))
  }

  @Test func skipsEverythingThatAHeaderCanHold() throws {
    let plain = Bytes.storedGzip([1, 2, 3])
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0b1_1111, 1, 2, 3, 4, 0, 3]
    bytes += [3, 0, 9, 9, 9] + [UInt8]("name".utf8) + [0] + [UInt8]("comment".utf8) + [0]
    let check = Bytes.littleEndian(Int(Bytes.bitwiseChecksum(bytes))).prefix(2)
    #expect(try Gzip.decompress(bytes + check + plain.dropFirst(10)) == [1, 2, 3])
    let wrong = check.map { $0 ^ 1 }
    let error = #expect(throws: DataError.self) { try Gzip.decompress(bytes + wrong + plain.dropFirst(10)) }
    #expect(error?.place == .byte(bytes.count))
    // Cut off anywhere, the header is an error.
    for count in 0..<bytes.count + 2 {
      #expect(throws: DataError.self) { try Gzip.decompress(Array((bytes + check).prefix(count))) }
    }
  }

  @Test(
    arguments: [
      ([0x00], "something else follows", 0), ([0x1F], "something else follows", 0),
      ([0x1F, 0x8B], "within its gzip header", 2),
      ([0, 0, 0, 0, 0, 0, 0, 0, 0], "something else follows", 0),
    ] as [([UInt8], String, Int)]) func refusesTrailingBytes(_ tail: [UInt8], _ words: String, _ offset: Int)
  {
    let bytes = Bytes.storedGzip([1, 2, 3])
    let error = #expect(throws: DataError.self) { try Gzip.decompress(bytes + tail) }
    #expect(error?.problem.contains(words) == true)
    #expect(error?.place == .byte(bytes.count + offset))
  }

  @Test func namesWrongChecks() {
    let bytes = Bytes.storedGzip([1, 2, 3])
    for (offset, words) in [(8, "check sum"), (4, "size")] {
      var damaged = bytes
      damaged[bytes.count - offset] ^= 0x40
      let error = #expect(throws: DataError.self) { try Gzip.decompress(damaged) }
      #expect(error?.problem.contains(words) == true)
      #expect(error?.place == .byte(bytes.count - offset))
    }
  }

  @Test func refusesMoreThanTheLimit() throws {
    let zeros = try #require(GzipSample.all.first { $0.name == "a run of zeros" }).bytes
    #expect(try Gzip.decompress(zeros, limit: 10_000).count == 10_000)
    #expect(throws: DataError.self) { try Gzip.decompress(zeros, limit: 9_999) }
    #expect(throws: DataError.self) { try Gzip.decompress(zeros + zeros, limit: 19_999) }
    #expect(throws: DataError.self) { try Gzip.decompress(zeros, limit: -1) }
  }

  static let small = GzipSample.all.filter { $0.bytes.count < 110 }

  @Test(arguments: small) func everyTruncationIsAnError(_ sample: GzipSample) {
    let bytes = sample.bytes
    for count in 0..<bytes.count {
      if (try? Gzip.decompress(Array(bytes.prefix(count)))) != nil {
        Issue.record("\(count) bytes are accepted")
      }
    }
  }

  @Test(arguments: small) func everyChangedByteIsAnErrorOrHarmless(_ sample: GzipSample) {
    let (bytes, content) = (sample.bytes, sample.content.bytes)
    for offset in bytes.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = bytes
        damaged[offset] ^= mask
        // Time, system and the last bits of the last byte do not matter.
        let output = try? Gzip.decompress(damaged)
        if output != nil && output != content { Issue.record("wrong bytes after a change at \(offset)") }
      }
    }
  }

  @Test func survivesDamage() {
    var random = SplitMix(seed: 21)
    let samples = Self.small.filter { $0.content.bytes.count < 1000 }
    let contents = samples.map(\.content.bytes)
    let files = samples.map(\.bytes)
    for round in 0..<4000 {
      let which = round % files.count
      guard let output = try? Gzip.decompress(random.mutated(files[which]), limit: 2000) else { continue }
      #expect(output == contents[which])
    }
  }
}
