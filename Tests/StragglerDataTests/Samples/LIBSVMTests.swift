// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

@Suite struct LIBSVMTests {
  private func parse(_ text: String) throws -> SparseSamples { try LIBSVM.parse([UInt8](text.utf8)) }

  @Test(arguments: [
    "-1 1:2 3:0.5\n+1 2:1\n", "-1 1:2 3:0.5\r\n+1 2:1", "-1  1:2\t3:.5 \r\n1 2:1. \r\n",
    "0 1:2 3:0.5\n1 2:1\n",
    "\u{FEFF}-1 1:2 3:5e-1\n\n \n# nothing\n1 2:+1 # a comment 7:8\n", "-1.0 1:2 2:0 3:0.50\n+1.0 2:1 3:0\n",
    "0 1:2 3:0.5#\r\n1e0 2:1\r\n\r\n",
  ]) func forms(_ text: String) throws {
    let samples = try parse(text)
    #expect(samples.starts == [0, 2, 3])
    #expect(samples.columns == [0, 2, 1])
    #expect(samples.values == [2, 0.5, 1])
    #expect(samples.classes == [0, 1])
    #expect(samples.width == 3)
    #expect(samples.count == 2)
  }

  @Test func rowsWithoutFeatures() throws {
    let samples = try parse("-1 \n+1 1:1\n-1\n-1 5:0\n1")
    #expect(samples.starts == [0, 0, 1, 1, 1, 1])
    #expect(samples.classes == [0, 1, 0, 0, 1])
    // A zero that is named makes a feature all the same.
    #expect(samples.width == 5)
  }

  @Test func numbersAreRoundedCorrectly() throws {
    let texts = [
      "0.18257", "1", "123456789012345", "1234567890123456789", "0.1", "3.14159265358979", "9007199254740993",
      "2.2250738585072014e-308", "4.9e-324", "1.7976931348623157e308", "-0.25", "+7", "000000000000000000012",
      "0.000000000000001", "0.0000000000000000000000000001", "5.", ".5", "1E3",
    ]
    for text in texts {
      #expect(try parse("1 1:\(text)\n0").values == [#require(Double(text))], "\(text)")
    }
  }

  @Test(arguments: [
    ("", 0, 0, "holds no rows"), ("# 1 1:1\n\n", 0, 0, "holds no rows"),
    ("1\n-1\n", 0, 0, "holds no features"),
    ("<html>", 0, 0, "is a web page"), ("abc 1:1", 1, 1, "\"abc\" is not a label"),
    ("1:1\n", 1, 1, "\"1:1\" is not a label"), ("1,3 1:1\n", 1, 1, "\"1,3\" is not a label"),
    ("2 1:1\n2 1:3", 0, 0, "has one label only, 2,"), ("nan 1:1", 1, 1, "is not a label"),
    ("inf 1:1", 1, 1, "is not a label"), ("1e999 1:1", 1, 1, "is not a label"),
    ("1 5\n", 1, 3, "\"5\" has no colon"),
    ("1 1:1 qid", 1, 7, "\"qid\" has no colon"), ("1 qid: 1:1", 1, 3, "\"qid\" is not an index"),
    ("1 qid:x 1:1", 1, 3, "\"qid\" is not an index"), ("1 -1:1", 1, 3, "\"-1\" is not an index"),
    ("1 1.5:1", 1, 3, "\"1.5\" is not an index"), ("1 :1", 1, 3, "\"\" is not an index"),
    ("1 2147483648:1", 1, 3, "too large"), ("1 99999999999999999999:1", 1, 3, "too large"),
    ("-1 3:1 2:1 3:5", 1, 12, "the index 3 comes twice"), ("-1 3:1 3:1", 1, 8, "the index 3 comes twice"),
    (
      "1 1:1\n0 9000000:1", 2, 1,
      "the index 9000000 is in this row alone, and the largest of the other rows is 1"
    ),
    ("1 1: 2", 1, 5, "no value after \"1:\""), ("1 1:x\n", 1, 5, "\"x\" is not a number"),
    ("1 1:nan", 1, 5, "\"nan\" is not a number"), ("1 1:inf", 1, 5, "not a number"),
    ("1 1:1e999", 1, 5, "too large"), ("1 1:-1e999", 1, 5, "too large"), ("1 1:0x1", 1, 5, "not a number"),
    ("1 1:1\r\n1 é:1\r\n", 2, 3, "\"é\" is not an index"), ("1 1:1\n1 1:é 2:x", 2, 5, "\"é\" is not a"),
    ("1 1:1:1", 1, 5, "\"1:1\" is not a number"), ("1 1:.", 1, 5, "not a number"),
    ("1 1:1 \u{7}", 1, 7, "\"?\" has no colon"), ("1 1:1\r1 1:1\n", 1, 7, "\"1\" has no colon"),
  ]) func faults(_ text: String, _ line: Int, _ column: Int, _ words: String) {
    let error = #expect(throws: DataError.self) { try parse(text) }
    #expect(error?.problem.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.place == (line == 0 ? .whole : .text(line: line, column: column)))
    #expect(error?.remedy.isEmpty == false)
  }

  @Test(arguments: [
    ("-1 1:2 3:1\n1 2:1", "2 rows of 3 features"),
    ("1 1:0.5 2:1\n2 1:1 3:0.2\n1 2:0.3\n", "3 rows of 3 features, labels 1 and 2 taken as -1 and +1"),
    ("2 1:0.5\n4 1:1 3:0.2\n2 2:0.3\n", "3 rows of 3 features, labels 2 and 4 taken as -1 and +1"),
    (
      "1 qid:1 1:0.5 2:1\n0 qid:1 1:1 3:0.2\n",
      "2 rows of 3 features, labels 0 and 1 taken as -1 and +1, not used: qid"
    ),
    ("1 0:0.5 1:1\n-1 0:1 2:0.2\n", "2 rows of 3 features, indices from 0"),
    ("1 1:1\n-1 3:1 2:5\n", "2 rows of 3 features, indices sorted in 1 row"),
    ("0.5 1:1\n-2 1:1\n7 1:3\n0.5 1:1", "4 rows of 1 feature, 3 classes (-2, 0.5, 7)"),
  ]) func saysWhatItTook(_ text: String, _ reading: String) throws {
    #expect(try parse(text).reading == reading)
  }

  @Test func labelsAreClassesInAscendingOrder() throws {
    #expect(try parse("7 1:1\n-2 1:1\n0.5 1:1\n7 1:1").classes == [2, 0, 1, 2])
    #expect(try parse("+1 1:1\n2 1:1").classes == [0, 1])
    let many = (0..<256).map { "\($0) 1:1" }.joined(separator: "\n")
    #expect(try parse(many).labels.count == 256)
    let error = #expect(throws: DataError.self) { try parse(many + "\n256 1:1") }
    #expect(error?.problem == "the label \"256\" is one of more than 256")
  }

  @Test func indicesFromZeroAndUnsorted() throws {
    let zero = try parse("1 2:5 0:3\n-1 1:4")
    #expect(zero.columns == [0, 2, 1] && zero.values == [3, 5, 4] && zero.width == 3)
    let one = try parse("1 4:5 1:0 2:3\n-1 1:4")
    #expect(one.columns == [1, 3, 0] && one.values == [3, 5, 4] && one.width == 4)
    // A wide file is no typing error where several rows are as wide, or memory is not what it takes.
    #expect(try parse("1 9000000:5\n-1 9000000:4").width == 9_000_000)
    #expect(try parse("1 100000:5\n-1 1:4").width == 100_000)
  }

  @Test func filesPlainAndCompressedInBlocks() throws {
    let folder = try TemporaryFolder()
    // Larger than a block, so that lines are cut.
    var random = SplitMix(seed: 3)
    var text = ""
    for _ in 0..<45_000 {
      text += random.below(2) == 0 ? "-1" : "+1"
      var index = 0
      for _ in 0..<random.below(8) {
        index += 1 + random.below(50)
        text += " \(index):\(random.below(1000))"
      }
      text += "\r\n"
    }
    let bytes = [UInt8](text.utf8)
    #expect(bytes.count > 1 << 20)
    let whole = try LIBSVM.parse(bytes)
    #expect(whole.count == 45_000)
    #expect(try LIBSVM.read(folder.write(bytes, to: "plain")) == whole)
    #expect(try LIBSVM.read(folder.write(Bytes.storedGzip(bytes), to: "packed")) == whole)

    let bad = try folder.write([UInt8]("1 1:1\n1 x".utf8), to: "bad")
    let error = #expect(throws: DataError.self) { try LIBSVM.read(bad) }
    #expect(error?.description == "\(bad):2:3: \"x\" has no colon; write a feature as index:value")
    #expect(throws: DataError.self) { try LIBSVM.read(folder.path) }
    #expect(throws: DataError.self) { try LIBSVM.read(folder.file("missing")) }
    #expect(throws: DataError.self) { try LIBSVM.read(bad, limit: 5) }
  }

  @Test func survivesDamage() {
    var random = SplitMix(seed: 29)
    let samples = [
      "-1 1:2 3:0.5 7:1e-3\n+1 2:1\n", "0 1:2 \r\n1 \r\n0 4:0.18257", "\u{FEFF}1 2147483647:1 # x\n-1\n",
    ].map { [UInt8]($0.utf8) }
    var accepted = 0
    for round in 0..<4000 {
      guard let samples = try? LIBSVM.parse(random.mutated(samples[round % 3])) else { continue }
      accepted += 1
      if !isSound(samples) { Issue.record("\(samples)") }
    }
    #expect(accepted > 0)
  }

  private func isSound(_ samples: SparseSamples) -> Bool {
    let (starts, columns) = (samples.starts, samples.columns)
    guard starts.count == samples.count + 1, starts.last == columns.count, samples.count > 0 else {
      return false
    }
    for row in 0..<samples.count {
      guard starts[row] <= starts[row + 1] else { return false }
      let part = columns[starts[row]..<starts[row + 1]]
      guard zip(part, part.dropFirst()).allSatisfy({ $0 < $1 }) else { return false }
    }
    return columns.count == samples.values.count && columns.allSatisfy { $0 < samples.width }
      && samples.values.allSatisfy { $0.isFinite && $0 != 0 }
      && samples.classes.allSatisfy { $0 < samples.labels.count } && samples.labels.count > 1
      && zip(samples.labels, samples.labels.dropFirst()).allSatisfy { $0 < $1 }
  }
}

@Suite(.enabled(if: SharedData.isPresent, "the shared data are not beside the package"))
struct LIBSVMFilesTests {
  // The facts that the data's description gives.
  @Test func webPages() throws {
    let samples = try LIBSVM.read(SharedData.path("libsvm/w7a"))
    #expect(samples.count == 25_057)
    #expect(samples.width == 300)
    #expect(samples.columns.count == 291_438)
    #expect(samples.values.allSatisfy { $0 == 1 })
    #expect(samples.classes.count { $0 == 1 } == 739)
    #expect((0..<samples.count).count { samples.starts[$0] == samples.starts[$0 + 1] } == 2_157)
    #expect(Set(samples.columns).count == 300)
  }

  @Test func phishing() throws {
    let samples = try LIBSVM.read(SharedData.path("libsvm/phishing"))
    #expect(samples.count == 11_055)
    #expect(samples.width == 68)
    #expect(samples.columns.count == 331_650)
    #expect(samples.values.allSatisfy { $0 == 0.18257 })
    #expect(samples.classes.count { $0 == 0 } == 4_898)
    #expect(samples.classes.count { $0 == 1 } == 6_157)
    #expect((0..<samples.count).allSatisfy { samples.starts[$0 + 1] == 30 * ($0 + 1) })
  }
}
