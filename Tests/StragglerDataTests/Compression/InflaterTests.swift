// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerData

@Suite struct InflaterTests {
  @Test(arguments: GzipSample.all) func decodesWhatZlibMade(_ sample: GzipSample) throws {
    let input = sample.bytes
    var output: [UInt8] = []
    // Without header and trailer, and with a hint that is far off.
    for hint in [0, 1, 1 << 40] {
      output = []
      let end = try inflate(input, at: 10, into: &output, hint: hint)
      #expect(output == sample.content.bytes)
      #expect(end == input.count - 8)
    }
  }

  /// Streams made by hand, each with one fault (RFC 1951, section 3.2).
  @Test(arguments: [
    ("07", "unknown kind"), ("01 0100 0000", "stored block"), ("01 0500 FAFF 61", "too early"),
    // Fixed code: end of block missing.
    ("4B", "too early"),
    // Fixed code: the first symbol is a match.
    ("03 02", "beyond the beginning"),
    // 287 literals and lengths; then 31 distances.
    ("F5 00 00 00", "too many symbols"), ("05 1E 00 00", "too many symbols"), ("", "too early"),
  ]) func refusesFaults(_ hexadecimal: String, _ words: String) {
    var output: [UInt8] = []
    let error = #expect(throws: DataError.self) {
      try inflate(Bytes.fromHexadecimal(hexadecimal), into: &output)
    }
    #expect(error?.problem.contains(words) == true, "\(hexadecimal): \(error?.description ?? "")")
  }

  /// A block's references must not reach into what stood in the output before its stream.
  @Test func refusesReferencesBeforeItsStream() {
    var output = [UInt8](repeating: 7, count: 100)
    #expect(throws: DataError.self) { try inflate([0x03, 0x02], into: &output) }
  }

  @Test func stopsAtTheLimit() throws {
    let zeros = try #require(GzipSample.all.first { $0.name == "a run of zeros" })
    let (input, count) = (zeros.bytes, zeros.content.bytes.count)
    var output: [UInt8] = []
    _ = try inflate(input, at: 10, into: &output, limit: count)
    #expect(output.count == count)
    for limit in [0, 1, 300, count - 1] {
      output = []
      let error = #expect(throws: DataError.self) { try inflate(input, at: 10, into: &output, limit: limit) }
      #expect(error?.problem.contains("more than \(limit) bytes") == true)
    }
  }

  /// Without check sums nothing hides what damaged streams decode to: anything but a trap or more than the
  /// limit.
  @Test func survivesDamage() {
    var random = SplitMix(seed: 20)
    let samples = GzipSample.all.filter { $0.bytes.count < 200 && $0.content.bytes.count < 1000 }
    let streams = samples.map { [UInt8]($0.bytes.dropFirst(10).dropLast(8)) }
    var decoded = 0
    for round in 0..<4000 {
      var output: [UInt8] = []
      let end = try? inflate(random.mutated(streams[round % streams.count]), into: &output, limit: 2000)
      if end != nil {
        decoded += 1
        #expect(output.count <= 2000)
      }
    }
    #expect(decoded > 0)
  }

  @discardableResult
  private func inflate(
    _ bytes: [UInt8], at position: Int = 0, into output: inout [UInt8], limit: Int = 1 << 20, hint: Int = 0
  ) throws -> Int {
    try Inflater.inflate(bytes.span, at: position, into: &output, limit: limit, sizeHint: hint)
  }
}
