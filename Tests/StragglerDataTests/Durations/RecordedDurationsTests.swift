// SPDX-License-Identifier: Apache-2.0

import Foundation
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
      ("inf\nINF\n+Infinity\n0\n", [.infinity, .infinity, .infinity, 0]),
      ("\"1.5\"\n\"2\"", [1.5, 2]), ("duration\n1\n2", [1, 2]), ("seconds\n1\n2", [1, 2]),
      ("+1\n.5\n5.\n-0", [1, 0.5, 5, 0]), ("ms\n1200\n5", [1.2, 0.005]),
      ("job,Duration,note\n1,0.5,x\n2,0.25,y y\n", [0.5, 0.25]), ("1e-999", [0]),
      ("4.9e-324", [.leastNonzeroMagnitude]), ("12ms\n3s\n", [0.012, 3]),
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
    #expect(byName.workers == [1, 0, 1])
    #expect(byName.workerNames == ["a", "b"])
    #expect(byName.byWorker == [[2], [1, 3]])
    // Numbers come in their order, from wherever they count, and names in natural order.
    let byNumber = try parse("duration;worker\n1;10\n2;9\n3;10\n4;1")
    #expect(byNumber.workerNames == ["1", "9", "10"])
    #expect(byNumber.workers == [2, 1, 2, 0])
    #expect(byNumber.gap == [2, 3, 4, 5, 6, 7])
    #expect(try parse("name,time\ngpu-10,1\ngpu-2,1\ngpu-9,1\n").workerNames == ["gpu-2", "gpu-9", "gpu-10"])
    #expect(try parse("worker time\n1 5").values == [5])
  }

  @Test(
    arguments: [
      // Titles, in any order and case, with units.
      (
        "host,queue,DURATION_MS,status\na,x,1500,OK\nb,y,20,FAILED\n",
        "2 workers (by \"host\"), 2 durations (by \"DURATION_MS\", milliseconds), 1 failed (by \"status\"), "
          + "not used: queue"
      ),
      (
        "Worker-ID;compute time (us)\n1;5\n",
        "1 worker (by \"Worker-ID\"), 1 duration (by \"compute time (us)\", "
          + "microseconds)"
      ),
      ("ClientId,ElapsedMin\n1,5\n", "1 worker (by \"ClientId\"), 1 duration (by \"ElapsedMin\", minutes)"),
      (
        "node,start,finish\na,2026-03-01 12:00:00+02:00,2026-03-01T10:00:01.5Z\n",
        "1 worker (by \"node\"), 1 duration (by \"start\" and \"finish\", dates)"
      ),
      (
        "node,start_ms,end_s\na,500,2\n",
        "1 worker (by \"node\"), 1 duration (by \"start_ms\" and \"end_s\", milliseconds and seconds)"
      ),
      (
        "JobID|NodeList|Start|End|Elapsed|State|\n"
          + "1|n1|2026-03-01T12:00:00|2026-03-01T12:01:30|00:01:30|COMPLETED|\n"
          + "2|n1|2026-03-01T12:00:00|Unknown|1-00:00:00|CANCELLED by 1000|\n",
        "1 worker (by \"NodeList\"), 2 durations (by \"Elapsed\", hh:mm:ss), 1 failed (by \"State\"), "
          + "not used: Start, End, JobID"
      ),
      // Without titles.
      ("1,2\n2,inf\n", "2 workers (by column 1), 2 durations (by column 2, seconds), 1 failed (by inf)"),
      ("1\n2\n", "2 durations (by column 1, seconds); no column names the worker"),
      // Comments, and what is not one.
      (
        "worker,duration\ngpu#1,1 # slow\ngpu#2,2\n",
        "2 workers (by \"worker\"), 2 durations (by \"duration\", seconds); comments behind 1 row left out"
      ),
      (
        "id,rank,time\n7,0,1\n8,1,2\n",
        "2 workers (by \"rank\"), 2 durations (by \"time\", seconds), not used: id"
      ),
      (
        "worker,duration\n1,1\n01,2\nA,1\na,3\n",
        "3 workers (by \"worker\"), 4 durations (by \"duration\", seconds); ids 1 and 01 are taken for "
          + "the same worker; \"A\" and \"a\" are taken for different workers, although they differ in case "
          + "or leading zeros only"
      ),
      (
        "worker,duration\n\"a \"\"b\"\", c\",12 ms\n\"x\",3 ms\n",
        "2 workers (by \"worker\"), 2 durations (by \"duration\", milliseconds)"
      ),
    ]) func saysWhatItTook(_ text: String, _ line: String) throws
  {
    #expect(try parse(text).reading?.line == line)
  }

  /// Units are converted, and differences taken, before anything is rounded.
  @Test func convertsExactly() throws {
    #expect(try parse("duration_ms\n1200\n0.1\n").values == [1.2, 0.0001])
    #expect(
      try parse("start,end\n10.0,11.2\n1700000000.123456,1700000000.623457\n").values == [1.2, 0.500001])
    #expect(
      try parse("start_ns,end_ns\n1700000000123456789,1700000000123456790\n").values == [1e-9])
    #expect(try parse("elapsed\n1-02:03:04.5\n100:00:00\n").values == [93784.5, 360_000])
    #expect(
      try parse("start,end\n2024-02-28T23:59:59.9Z,2024-03-01T00:00:00.1Z\n").values == [86400.2])
    #expect(try parse("elapsed_h\n1.5\n").values == [5400])
    #expect(try parse("elapsed [d]\n2\n").values == [172_800])
  }

  @Test func keysSayWhatTitlesDoNot() throws {
    var options = RecordOptions()
    options.columns = ["duration": "forward_ms", "worker": "trainer", "outcome": "none"]
    let text = [UInt8]("trainer,forward_ms,backward_ms,status\n0,5,6,hot\n1,7,8,cold\n".utf8)
    let record = try RecordedDurations.parse(text, options)
    #expect(record.values == [0.005, 0.007] && record.workerNames == ["0", "1"])
    #expect(record.reading?.unused == ["backward_ms", "status"])
    options.columns = ["worker": "2", "duration": "3"]
    options.unit = .minutes
    let plain = try RecordedDurations.parse([UInt8]("9,a,1\n9,b,2\n".utf8), options)
    #expect(plain.values == [60, 120] && plain.workerNames == ["a", "b"])
    options.columns = ["worker": "nobody"]
    #expect(throws: DataError.self) { try RecordedDurations.parse(text, options) }
  }

  @Test func missingCellsMayBeLeftOut() throws {
    var options = RecordOptions()
    options.skipsMissing = true
    let text = "worker,duration,status\n1,1,OK\n1,,OK\n2,NA,OK\n2,3,\n2,-1,OK\n2,4,ok\n,5,ok\n1,nan,FAILED\n"
    let record = try RecordedDurations.parse([UInt8](text.utf8), options)
    #expect(record.values == [1, 4])
    #expect(record.reading?.line.contains("6 rows skipped") == true, "\(record.reading?.line ?? "")")
    #expect(throws: DataError.self) { try parse(text) }
    // A worker that has no row left is no worker that was never there.
    #expect(throws: DataError.self) {
      try RecordedDurations.parse([UInt8]("worker,duration\n1,1\n2,NA\n".utf8), options)
    }
  }

  @Test func matrices() throws {
    var options = RecordOptions()
    func read(_ text: String, _ matrix: RecordOptions.Matrix) throws -> RecordedDurations {
      options.matrix = matrix
      return try RecordedDurations.parse([UInt8](text.utf8), options)
    }
    let columns = try read("1.0,4.0,16.0\n1.2,5.0,14.0\n", .worker)
    #expect(columns.byWorker == [[1, 1.2], [4, 5], [16, 14]] && columns.workerNames == ["1", "2", "3"])
    let rows = try read("1.0,4.0,16.0\n1.2,5.0,14.0\n", .samples)
    #expect(rows.byWorker == [[1, 4, 16], [1.2, 5, 14]])
    let titled = try read("step,gpu-10 (ms),gpu-2 (ms)\n1,1000,2000\n2,3000,inf\n", .worker)
    #expect(titled.workerNames == ["gpu-2", "gpu-10"])
    #expect(titled.byWorker == [[2, .infinity], [1, 3]])
    #expect(
      titled.reading?.line
        == "2 workers, 4 durations (milliseconds), 1 failed (by inf), not used: step; columns are workers")
    #expect(try read("a,1.0,2.0\nb,3.0,4.0\n", .samples).byWorker == [[1, 2], [3, 4]])
    #expect(throws: DataError.self) { try read("1,1.0\n2,2.0\n3,3.0\n", .worker) }
    #expect(throws: DataError.self) { try read("1,1.0\n2,2.0\n3,3.0\n", .samples) }
    #expect(throws: DataError.self) { try read("1.0,2.0\n1.5,\n", .worker) }
  }

  @Test(arguments: [
    ("", 0, 0, "holds no durations"), ("# nothing\n\n", 0, 0, "holds no durations"),
    ("duration\n", 0, 0, "holds no durations"), ("1\nabc\n", 2, 1, "\"abc\" is not a duration"),
    ("1\n\n# x\n  2x\n", 4, 3, "\"2x\" is not a duration"), ("a,2\n3,\n", 2, 3, "an empty cell"),
    ("1,,2\n", 1, 1, "without titles"), ("1\n-1\n", 2, 1, "cannot be negative: \"-1\""),
    ("-inf", 1, 1, "negative"), ("1.0,4.0\n1.2,5.0\n", 1, 1, "without titles"),
    ("1,2\n1.5,3\n", 2, 1, "without titles"), ("1.0,4.0,16.0\n", 1, 1, "without titles"),
    ("1,nan", 1, 3, "cannot be nan"), ("NaN", 1, 1, "cannot be nan"),
    ("1e999", 1, 1, "too large for a number"), ("0x10", 1, 1, "\"0x10\" is not a duration"),
    ("1,2\n3\n", 2, 1, "this row has 1 cell, that of line 1 has 2"),
    ("1 2\n3 4 5\n", 2, 5, "this row has 3 cells, that of line 1 has 2"),
    ("a,b\n1,2", 1, 1, "no column gives durations"), ("worker,x\n1,2", 1, 1, "there are \"worker\", \"x\""),
    ("duration,seconds\n1,2", 1, 10, "two columns fit duration: \"duration\" and \"seconds\""),
    ("rank,host,time\n1,2,3", 1, 6, "two columns fit worker: \"rank\" and \"host\""),
    ("worker,time,duration\n1,2,3", 1, 8, "two columns fit duration"),
    ("worker,duration,state,exit_code\n1,2,OK,0", 1, 23, "two columns fit outcome"),
    ("worker,timestamp\n1,1700000000\n", 1, 8, "\"timestamp\" are instants"),
    ("worker,time\n1,1700000000\n2,1700000001\n", 1, 1, "look like instants"),
    ("worker,time\n1,1\n1,2\n1,3\n1,4\n1,5\n", 1, 1, "like those of a clock"),
    ("1,1700000000\n2,1700000001\n", 1, 1, "look like instants"),
    ("rank,time\n0,0.5\n1,0.6\n0,1.5\n1,1.6\n0,2.5\n1,2.6\n0,3.5\n1,3.6\n", 1, 1, "like those of a clock"),
    ("worker,time (cycles)\n1,1\n", 1, 8, "the unit \"cycles\""),
    ("worker,duration_ms\n1,12us\n", 2, 3, "has a unit of its own"),
    ("worker,duration\n1,12ms\n1,3\n", 3, 3, "has no unit, and the time on line 2 has a unit"),
    ("worker,elapsed\n1,1:30\n", 2, 3, "not a duration"),
    ("worker,start,end\n1,10,9\n", 2, 6, "before the start"),
    ("worker,start,end\n1,2026-03-01T12:00:00,2026-03-01T12:00:01Z\n", 2, 23, "in different ways"),
    ("worker,start,end\n1,2026-02-30T12:00:00,2026-03-01T12:00:01\n", 2, 3, "is not an instant"),
    ("worker,start,end,duration\n1,10,11,1000\n", 2, 9, "differ"),
    ("worker,duration,status\n1,1,OK\n2,1,MAYBE\n", 3, 5, "the column has \"OK\", \"MAYBE\""),
    ("worker,duration,status\n1,1,\n", 2, 5, "the outcome is missing"),
    ("worker,duration,status\n1,1,0\n2,1,1:30\n", 3, 5, "the outcome \"1:30\" is not known"),
    ("worker,elapsed\n1,1-002:03:04\n", 2, 3, "not a duration"),
    ("gpu-1,1\ninf,4\n", 2, 1, "a worker cannot be \"inf\""),
    ("worker,duration\n-inf,4\n", 2, 1, "a worker cannot be \"-inf\""),
    ("worker,duration\n1,4\nTotal,4\n", 3, 1, "\"Total\" looks like a summary"),
    ("JobID|Node|Elapsed\n7.batch|a|00:00:01\n7|a|00:00:01\n", 3, 1, "is a job whose steps"),
    ("JobID|Node|Elapsed\n7.batch|a|00:00:01\n7.extern|a|00:00:01\n", 3, 1, "is a second row"),
    ("JobID|Node|Elapsed\n7.0|a|00:00:01\n7.batch|a|00:00:01\n", 3, 1, "is a second row"),
    ("pod,duration\na,1\n", 1, 1, "looks like a worker"),
    ("duration,instance_id\n1,a\n", 1, 10, "looks like a worker"),
    ("rank_id,duration\n1,1\n", 1, 1, "looks like a worker"),
    ("worker,duration,job_status\n1,1,OK\n", 1, 17, "looks like an outcome"),
    ("# worker,duration_ms\n1,1000\n", 1, 1, "behind #"),
    ("worker,7\n1,1\n", 1, 1, "is a title, and there are numbers"),
    ("JobID|Node|Elapsed\n7|a|00:00:01\n7.batch|a|00:00:01\n", 3, 1, "is a step of a job"),
    ("worker,duration\n\"a,1\n", 2, 1, "not closed"), ("worker,duration\n1,\"a\"\"\n", 2, 3, "not closed"),
    ("worker,duration\n\"a\"b,1\n", 2, 1, "follows"), ("worker,duration\n\"a\" 1500\n", 2, 1, "follows"),
    ("worker,duration\n,1", 2, 1, "the worker is missing"),
    ("worker\n1\n", 1, 1, "no column gives durations"), ("é,1,x", 1, 1, "without titles"),
    ("1,\u{7}\u{1B}[31m", 1, 3, "\"??[31m\" is not a duration"),
    ("note,duration\nééé,x\n", 2, 5, "\"x\" is not a duration"),
    ("1\r\n2\r\n\r\nx", 4, 1, "\"x\" is not a duration"),
    ("<html>", 0, 0, "is a web page"), ("1..2", 1, 1, "not a duration"), ("1e", 1, 1, "not a duration"),
    ("-", 1, 1, "not a"), ("a;1,5", 1, 3, "\"1,5\" is not a duration"),
  ]) func faults(_ text: String, _ line: Int, _ column: Int, _ words: String) {
    let error = #expect(throws: DataError.self, "\(text)") { try parse(text) }
    #expect(error?.problem.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.place == (line == 0 ? .whole : .text(line: line, column: column)), "\(text) \(words)")
    #expect(error?.remedy.isEmpty == false)
  }

  @Test func otherEncodingsAreRefused() {
    for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .isoLatin1] {
      let bytes = [UInt8]("worker,duration\nmüller,1\nmöller,2\n".data(using: encoding) ?? Data())
      let error = #expect(throws: DataError.self) { try RecordedDurations.parse(bytes) }
      #expect(error?.remedy.contains("UTF-8") == true, "\(error?.description ?? "")")
    }
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
        == "\(bad):2:1: \"x\" is not a duration; write a number, in seconds or with a unit "
        + "(ns, us, ms, s, min, h or d), hh:mm:ss, or inf for a failure")
    #expect(throws: DataError.self) { try RecordedDurations.read(folder.path) }
  }

  @Test func survivesDamage() {
    var random = SplitMix(seed: 23)
    let samples = [
      "worker,duration\n1,0.5\n2,inf\n1,1e-3\n", "# c\r\n1\r\n2.25\r\n\r\n3e4\r\n", "a 1\nb 2\na 3\n",
      "\u{FEFF}host;duration\n\"x\";\"2\"",
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
    var options = RecordOptions()
    options.matrix = .worker
    let path = SharedData.path("delays/PIAG_Adaptive1_MNIST.csv")
    #expect(throws: DataError.self) { try RecordedDurations.read(path) }
    let durations = try RecordedDurations.read(path, options)
    #expect(durations.workerNames.count == 8)
    #expect(durations.values.count == 1500 * 8)
    #expect(durations.values.prefix(8).allSatisfy { $0 == 0 })
    #expect(durations.values.max() == 27)
    // The mean that the data's description gives.
    let mean = durations.values.reduce(0, +) / 12_000
    #expect(abs(mean - 9.57) < 0.005)
  }
}
