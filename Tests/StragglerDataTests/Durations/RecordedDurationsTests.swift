// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

@Suite struct RecordedDurationsTests {
  private func parse(_ text: String) throws -> RecordedDurations {
    try RecordedDurations.parse([UInt8](text.utf8))
  }

  @Test(
    arguments: [
      ("1\n2.5\n3e-2\n", [1, 2.5, 0.03]), ("1\r\n2\r\n3", [1, 2, 3]), ("1\r2\r3", [1, 2, 3]),
      ("\u{FEFF}1\n2", [1, 2]), ("# seconds\n\n1 # first\n  \n\t2\n#\n", [1, 2]),
      ("inf\nINF\n+Infinity\n0\n", [.infinity, .infinity, .infinity, 0]), ("1,2\n3,4\n", [1, 2, 3, 4]),
      (" 1 ; 2\n3;4", [1, 2, 3, 4]), ("1 2  3\n4\t5 6 \n", [1, 2, 3, 4, 5, 6]), ("1\t2\n3\t4", [1, 2, 3, 4]),
      ("\"1.5\",\"2\"", [1.5, 2]), ("duration\n1\n2", [1, 2]), ("seconds\n1\n2", [1, 2]),
      ("+1\n.5\n5.\n-0", [1, 0.5, 5, 0]),
      ("job,Duration,note\n1,0.5,x\n2,0.25,y y\n", [0.5, 0.25]), ("1e-999", [0]),
      ("4.9e-324", [.leastNonzeroMagnitude]),
      ("1.7976931348623157e308", [.greatestFiniteMagnitude]), ("0.1\n", [0.1]),
    ] as [(String, [Double])]) func values(_ text: String, _ expected: [Double]) throws
  {
    let durations = try parse(text)
    #expect(durations.values == expected)
    #expect(durations.workers == nil)
    #expect(durations.byWorker == [expected])
    #expect(durations.values.allSatisfy { $0.sign == .plus })
  }

  @Test func workers() throws {
    let byName = try parse("worker,duration\nb,1\na,2\nb,3\n")
    #expect(byName.values == [1, 2, 3])
    #expect(byName.workers == [0, 1, 0])
    #expect(byName.workerNames == ["b", "a"])
    #expect(byName.byWorker == [[1, 3], [2]])
    // Numbers come in their order, from wherever they count.
    let byNumber = try parse("duration;worker\n1;10\n2;9\n3;10\n4;1")
    #expect(byNumber.workerNames == ["1", "9", "10"])
    #expect(byNumber.workers == [2, 1, 2, 0])
    // The only other column holds the durations, whatever its name.
    #expect(try parse("worker time\n1 5").values == [5])
  }

  @Test(arguments: [
    ("", 0, 0, "holds no durations"), ("# nothing\n\n", 0, 0, "holds no durations"),
    ("duration\n", 0, 0, "holds no durations"), ("1\nabc\n", 2, 1, "\"abc\" is not a number"),
    ("1\n\n# x\n  2x\n", 4, 3, "\"2x\" is not a number"), ("1,2\n3,\n", 2, 3, "an empty cell"),
    ("1,,2\n", 1, 3, "an empty cell"), ("1\n-1\n", 2, 1, "cannot be negative: \"-1\""),
    ("-inf", 1, 1, "negative"),
    ("1,nan", 1, 3, "cannot be nan"), ("NaN", 1, 1, "cannot be nan"),
    ("1e999", 1, 1, "too large for a number"),
    ("0x10", 1, 1, "\"0x10\" is not a number"),
    ("1,2\n3\n", 2, 1, "this row has 1 cell, that of line 1 has 2"),
    ("1 2\n3 4 5\n", 2, 5, "this row has 3 cells, that of line 1 has 2"), ("1,5;2,5", 1, 1, "\"1,5\" is not"),
    ("a,b\n1,2", 1, 1, "no column is named duration; there are \"a\", \"b\""),
    ("12ms\n", 1, 1, "\"12ms\" is not"),
    ("duration,duration\n1,2", 1, 10, "a second column named duration"),
    ("a,1", 1, 1, "\"a\" is not a number"),
    ("worker,duration\n,1", 2, 1, "the worker is missing"),
    ("worker\n1\n", 1, 1, "no column is named duration"),
    ("é,1,x", 1, 1, "\"é\" is not a number"), ("1,\u{7}\u{1B}[31m", 1, 3, "\"??[31m\" is not a number"),
    ("note,duration\nééé,x\n", 2, 5, "\"x\" is not a number"),
    ("1\r\n2\r\n\r\nx", 4, 1, "\"x\" is not a number"),
    ("<html>", 0, 0, "is a web page"), ("1..2", 1, 1, "not a number"), ("1e", 1, 1, "not a number"),
    ("-", 1, 1, "not a"),
  ]) func faults(_ text: String, _ line: Int, _ column: Int, _ words: String) {
    let error = #expect(throws: DataError.self) { try parse(text) }
    #expect(error?.problem.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.place == (line == 0 ? .whole : .text(line: line, column: column)))
  }

  @Test func bytesThatAreNoText() {
    for bytes in [[0xFF, 0xFE, 0x31, 0], [0], [0x31, 0, 0x32], [0x80]] as [[UInt8]] {
      #expect(throws: DataError.self) { try RecordedDurations.parse(bytes) }
    }
  }

  @Test func filesPlainAndCompressed() throws {
    let folder = try TemporaryFolder()
    let text = [UInt8]("1\n2\n".utf8)
    #expect(try RecordedDurations.read(folder.write(text, to: "a.csv")).values == [1, 2])
    #expect(try RecordedDurations.read(folder.write(Bytes.storedGzip(text), to: "a.gz")).values == [1, 2])
    let bad = try folder.write([UInt8]("1\nx".utf8), to: "bad.csv")
    let error = #expect(throws: DataError.self) { try RecordedDurations.read(bad) }
    #expect(
      error?.description
        == "\(bad):2:1: \"x\" is not a number; write a duration in seconds, or inf for a failure")
    #expect(throws: DataError.self) { try RecordedDurations.read(folder.path) }
  }

  @Test func survivesDamage() {
    var random = SplitMix(seed: 23)
    let samples = [
      "worker,duration\n1,0.5\n2,inf\n1,1e-3\n", "# c\r\n1\r\n2.25\r\n\r\n3e4\r\n", "1 2 3\n4 5 6\n",
      "\u{FEFF}a;duration\n\"x\";\"2\"",
    ].map { [UInt8]($0.utf8) }
    var accepted = 0
    for round in 0..<4000 {
      guard let durations = try? RecordedDurations.parse(random.mutated(samples[round % 4])) else { continue }
      accepted += 1
      let isSound =
        !durations.values.isEmpty && durations.values.allSatisfy { $0 >= 0 }
        && (durations.workers?.count ?? durations.values.count) == durations.values.count
      if !isSound { Issue.record("\(durations)") }
    }
    #expect(accepted > 0)
  }

  @Test(.enabled(if: SharedData.isPresent, "the shared data are not beside the package"))
  func recordedDelays() throws {
    let durations = try RecordedDurations.read(SharedData.path("delays/PIAG_Adaptive1_MNIST.csv"))
    #expect(durations.values.count == 1500 * 8)
    #expect(durations.values.prefix(8).allSatisfy { $0 == 0 })
    #expect(durations.values.max() == 27)
    // The mean that the data's description gives.
    let mean = durations.values.reduce(0, +) / 12_000
    #expect(abs(mean - 9.57) < 0.005)
  }
}
