// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// Records and topologies from files that others made, from the file to what is advised and shown.
@Suite struct RecordTests {
  static let control = [
    (1, 1.0), (2, 4.0), (3, 16.0), (1, 1.2), (2, 5.0), (3, 14.0), (1, 0.9), (2, 3.6), (3, 15.0), (1, 1.1),
    (2, 4.4), (3, 17.0),
  ]
  private static let advise =
    "problem quadratic dim=10 noise=0.1; target epsilon=0.1; advise trace \"FILE\" samples=10 gradients=2000 "

  /// Calls `body` with the path of a file that holds `text`.
  static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  /// The advised method, its seconds to four digits, and the number of workers.
  private func advice(_ path: String, _ keys: String = "") -> String {
    let session = Session(Self.advise.replacing("FILE", with: path) + keys, json: true)
    guard session.outcome == .done, let advice = session.objects.last, let time = advice["time"] as? Double
    else { return "refused" }
    let workers = session.objects.count { $0["report"] as? String == "fit" }
    #expect(session.objects.first?["report"] as? String == "reading")
    return "\(advice["method"] as? String ?? "") \(String(format: "%.4g", time)) \(workers)"
  }

  private static func table(_ title: String, _ row: (Int, Double) -> String) -> String {
    ([title] + control.map { row($0.0, $0.1) }).joined(separator: "\n") + "\n"
  }

  /// The same durations in other forms give the same advice.
  @Test(arguments: [
    (table("worker,duration") { "\($0),\($1)" }, ""), (table("rank,duration") { "\($0),\($1)" }, ""),
    (table("duration_ms|RANK") { "\(Int($1 * 10) * 100)|\($0 - 1)" }, ""),
    (table("duration,worker") { "\($1),gpu#\($0)" }, ""),
    (table("host;compute time [min];queue") { "\"rack \($0), node 7\";\($1 / 60);q" }, ""),
    (table("Worker\tstart\tend") { "\($0)\t10.0\t\(10 + $1)" }, ""),
    (table("client,elapsed") { "\($0),\(Int($1 * 1000))ms" }, ""),
    (table("trainer,phase,cost_ms") { "\($0),x,\($1 * 1000)" }, "worker=trainer duration=cost_ms"),
    (control.map { "\($0.0),\($0.1)\n" }.joined(), ""),
    ("1.0,4.0,16.0\n1.2,5.0,14.0\n0.9,3.6,15.0\n1.1,4.4,17.0\n", "columns=worker"),
    ("1.0,1.2,0.9,1.1\n4.0,5.0,3.6,4.4\n16.0,14.0,15.0,17.0\n", "columns=samples"),
  ]) func sameDurationsGiveTheSameAdvice(_ text: String, _ keys: String) throws {
    try Self.withFile(text) { path in #expect(advice(path, keys) == "rennala 6.698 3", "\(text)") }
  }

  /// Failures by status are failures by inf.
  @Test func outcomesAreFailures() throws {
    let words = [
      "OK", "FAILED", "OK", "OK", "OK", "CANCELLED by 1000", "OK", "OK", "OK", "TIMEOUT", "OK", "OK",
    ]
    let status = zip(Self.control, words).map { "\($0.0),\($0.1),\($1)\n" }.joined()
    let infinite = zip(Self.control, words).map { "\($0.0),\($1 == "OK" ? "\($0.1)" : "inf")\n" }.joined()
    try Self.withFile("worker,duration,status\n" + status) { one in
      try Self.withFile("worker,duration\n" + infinite) { other in
        let (first, second) = (advice(one), advice(other))
        #expect(first == second && first != "refused")
        #expect(advice(one, "outcome=none") == "rennala 6.698 3")
      }
    }
  }

  /// What must not be guessed, in `advise` and in `delay=trace(…)`.
  @Test(
    arguments: [
      ("worker,duration\n1,1\n3,9\n", 3, "have a gap", "workers 2"),
      ("worker,duration\n1,1\n2,5\n3,9\n", 5, "3 workers (1, 2, 3), and the fleet has 5", "workers 3"),
      ("worker,timestamp\n1,1700000000\n", 1, "\"timestamp\" are instants", "start and end"),
      ("1.0,4.0\n1.2,5.0\n", 2, "without titles", "columns=worker"),
    ] as [(String, Int, String, String)])
  func refusesWhatIsNotCertain(_ text: String, _ workers: Int, _ what: String, _ remedy: String) throws {
    try Self.withFile(text) { path in
      for command in [
        "workers \(workers); advise trace \"\(path)\"", "workers \(workers) delay=trace(\"\(path)\")",
      ] {
        let session = Session(command)
        #expect(session.outcome == .failed, "\(command)")
        #expect(session.error.contains(what) && session.error.contains(remedy), "\(session.error)")
      }
    }
  }

  @Test func theWaysOutAreWaysOut() throws {
    try Self.withFile("worker,duration\n1,1\n3,9\n") { path in
      let two = Session(
        "workers 2 tau=0 delay=trace(\"\(path)\"); method minibatch; log \(path).log; run steps=2; show")
      #expect(two.outcome == .done, "\(two.error)")
      #expect(two.transcript.text.contains("2 durations (by \"duration\", seconds); the numbers have a gap"))
      #expect(two.transcript.text.contains("# worker 2 is \"3\""))
      let log = try String(contentsOfFile: path + ".log", encoding: .utf8).split(separator: "\n")
      try FileManager.default.removeItem(atPath: path + ".log")
      #expect(
        log.first?.hasSuffix(",name") == true && log.contains { $0.contains(",2,") && $0.hasSuffix(",3") })
      let five = Session("workers 5 tau=0 delay=trace(\"\(path)\",spread=true); show")
      #expect(five.outcome == .done, "\(five.error)")
      #expect(five.transcript.text.contains("delay=trace(\"\(path)\",replay,spread=1)"))
      for keys in ["workers=2", "spread=true"] { #expect(advice(path, keys) != "refused") }
    }
  }

  @Test func namesAreShown() throws {
    try Self.withFile("host,time\ngpu-10,1\ngpu-2,2\n\"a b\",3\n") { path in
      let session = Session(
        "workers 3 tau=0 delay=trace(\"\(path)\"); method minibatch; run steps=3; gantt", json: true)
      #expect(session.outcome == .done, "\(session.error)")
      #expect(session.objects.last?["names"] as? [String] == ["a b", "gpu-2", "gpu-10"])
      let reading = try #require(session.objects.first)
      #expect(reading["command"] as? String == "workers" && reading["report"] as? String == "reading")
      #expect((reading["workers"] as? [String: Any])?["count"] as? Int == 3)
      #expect((reading["durations"] as? [String: Any])?["unit"] as? String == "seconds")
      let text = Session("workers 3 tau=0 delay=trace(\"\(path)\"); method minibatch; run steps=3; gantt")
      #expect(text.transcript.text.contains("gpu-10 │"))
    }
  }

  @Test(arguments: [
    ("delay=trace(\"f\",worker=1,worker=2)", "given twice"), ("delay=trace(\"f\",rank=1)", "no key 'rank'"),
    ("delay=trace(\"f\",unit=m)", "does not take 'm'"), ("delay=trace(\"f\",replay,bootstrap)", "then keys"),
    ("delay=trace(\"f\",worker=)", "has no value"),
  ]) func refusesKeys(_ delay: String, _ what: String) {
    let session = Session("workers 2 \(delay)")
    #expect(session.outcome == .failed && session.error.contains(what), "\(session.error)")
  }

  @Test func topologiesAreReadByTitles() throws {
    try Self.withFile("to,from,ms\n2,1,1000\n3,2,1000\n1,3,5000\n") { path in
      let script = "workers 3; topology file \"\(path)\" directed=true; method fragile; run steps=1"
      let session = Session(script)
      #expect(session.outcome == .done, "\(session.error)")
      #expect(
        session.transcript.text.hasPrefix(
          "\(path): 3 nodes (by \"from\" and \"to\"), 3 links (by \"ms\", milliseconds)\n"))
      let given = Session(
        "workers 3; topology file \"\(path)\" directed=true from=to to=from unit=s; show topology")
      #expect(given.outcome == .done, "\(given.error)")
      #expect(given.transcript.text.contains("from=\"to\" to=\"from\" unit=s"))
    }
  }

  /// The small files beside the package, where they are.
  @Test(
    .enabled(if: SharedFolder.cases != nil, "the shared cases are not beside the package"),
    arguments: [
      ("D0-control", "", "rennala 6.698 3"), ("D1-rank-column", "", "rennala 6.698 3"),
      ("D2-no-header", "", "rennala 6.698 3"), ("D3-hash-in-name", "", "rennala 6.698 3"),
      ("D5-ms-title", "", "rennala 6.698 3"), ("D7-padded-ids", "", "rennala 6.698 3"),
      ("D8-matrix-no-header", "columns=worker", "rennala 6.698 3"),
      ("D9-quoted-comma", "", "rennala 6.698 3"),
      ("D10-start-end", "", "rennala 6.698 3"), ("D4-status-column", "", "mindflayer 14.41 3"),
      ("D4c-status-as-inf", "", "mindflayer 14.41 3"), ("D11-slurm", "", "rennala 4.699 3"),
      ("D6-timestamp-title", "", "refused"), ("D8-matrix-no-header", "", "refused"),
      ("D12-missing-worker-number", "", "refused"), ("D13-three-of-five", "workers=5", "refused"),
    ]) func sharedCases(_ name: String, _ keys: String, _ expected: String)
  {
    #expect(advice("\(SharedFolder.cases ?? "")/durations/\(name).csv", keys) == expected, "\(name)")
  }

  @Test(.enabled(if: SharedFolder.cases != nil, "the shared cases are not beside the package"))
  func sharedTopologies() {
    func time(_ name: String) -> Double? {
      let path = "\(SharedFolder.cases ?? "")/topologies/\(name).csv"
      let session = Session(
        "problem quadratic dim=4; workers 4; topology file \"\(path)\" directed=true; method fragile; "
          + "run updates=3; stats", json: true)
      return session.objects.last?["time"] as? Double
    }
    #expect(time("T1-reversed-titles") != nil && time("T1-reversed-titles") == time("T1c-control"))
    #expect(time("T2-id-column") == nil)
    // Four links of a second, as the control has three and one of five.
    #expect(time("T3-ms").map { $0 < 100 } == true)
  }
}

extension SharedFolder {
  /// The folder of small files of all kinds.
  static let cases: String? = path.map { $0 + "/cases" }.flatMap {
    FileManager.default.fileExists(atPath: $0) ? $0 : nil
  }
}
