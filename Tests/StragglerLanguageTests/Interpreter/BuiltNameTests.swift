// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// Names and texts that are put together, what `echo` takes, and seeds at both ends.
@Suite final class BuiltNameTests {
  private let folder = NSTemporaryDirectory() + "straggler-names-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static let run = "workers 2 tau=i; method minibatch gamma=0.1; run steps=3"

  @Test func pathsAreExpressions() throws {
    let script =
      "let f = \"\(folder)/a\"; let k = 7; \(Self.run); save f+\".csv\"; plot f+k+\".svg\"; "
      + "checkpoint f+\".ck\"; log f+\"-log.csv\"; report (f+\".html\"); restore f+\".ck\"; "
      + "save \"\(folder)/\"+k+\".json\""
    let session = Session(script)
    #expect(session.error == "")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names == ["7.json", "a-log.csv", "a.ck", "a.csv", "a.html", "a7.svg"])
    // A variable that is missing is an error, and no file of such a name is made.
    #expect(Session(Self.run + "; save g+\".csv\"").error.contains("there is no variable 'g'"))
    // What is no expression is a path.
    #expect(Session("let a = 1; source a-b.straggler").error.contains("a-b.straggler: cannot be read"))
  }

  @Test func variablesAreBuilt() {
    let compare = "workers 2 tau=i; compare minibatch hero steps=5; "
    #expect(
      Session(compare + "let m = \"hero\"; let x = value(m+\"_time\"); expect x == hero_time; echo x")
        .transcript.text.hasSuffix("\n5\n"))
    #expect(Session("echo value(\"none\")").error.contains("there is no variable 'none'"))
    #expect(Session("let a = value(3)").error.contains("value() needs the name of a variable"))
    #expect(Session("let a = 2; workers 2 tau=value(\"a\")").error.contains("no place in what is known"))
    let loop = Session("for m in methods(\"rennala\", \"ringmaster\") { echo m }")
    #expect(loop.transcript.text == "rennala\nringmaster\n")
    #expect(Session("for m in methods(\"renala\") { echo m }").error.contains("did you mean rennala?"))
    let all = Session("let n = 0; for m in methods() { let n = n+1 }; echo n")
    #expect(Int(all.transcript.text.dropLast()) ?? 0 > 30)
  }

  @Test func theBestIsKept() {
    let sweep = "\(Self.run); sweep gamma in [0.1,0.2] "
    let session = Session(
      sweep
        + "steps=5; expect best_gamma == 0.2 and best_time == 10 and best_gap < 100; expect best_reached >= 0"
    )
    #expect(session.outcome == .done, "\(session.error)")
    #expect(Session(sweep + "gap<1e-30 steps=5; expect best_time == inf").outcome == .done)
  }

  @Test func echoTakesNoUnknownNames() {
    #expect(Session("echo nothing").error.contains("there is no variable 'nothing'"))
    #expect(Session("let a = 2; echo \"nothing\" a (a+1) x=3").transcript.text == "nothing 2 3 x=3\n")
    // Backslashes are literal but before a quotation mark, a backslash, n and t.
    #expect(Session(#"echo "a\d\\e\"f""#).transcript.text == #"a\d\e"f"# + "\n")
  }

  @Test(arguments: [
    ("0", "0"), ("18446744073709551615", "18446744073709551615"), ("2^63", "9223372036854775808"),
    ("9007199254740993", "9007199254740993"),
  ])
  func seedsHaveSixtyFourBits(_ written: String, _ shown: String) {
    let session = Session("seed \(written); show; \(Self.run); compare minibatch steps=2 seeds=3; stats")
    #expect(session.error == "")
    #expect(session.transcript.text.contains("seed \(shown)\n"))
  }

  @Test(arguments: ["18446744073709551616", "-1", "0.5", "2^64", "inf", "nan"])
  func otherSeedsAreRefused(_ written: String) {
    #expect(
      Session("seed \(written)").error.contains("an integer from 0 to 18446744073709551615"), "\(written)")
  }

  @Test func seedsAtTheEndsDiffer() {
    let losses = ["0", "1", "18446744073709551614", "18446744073709551615"].map { seed in
      Session("seed \(seed); problem quadratic noise=1; \(Self.run); stats", json: true).objects.last?["loss"]
        as? Double
    }
    #expect(Set(losses.compactMap(\.self)).count == 4)
  }

  /// Every point of a run is in the file when it is taken, and one that the run takes back is replaced.
  @Test func pointsAreStreamed() throws {
    let path = "\(folder)/points.jsonl"
    func points() throws -> [[String: Any]] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
    }
    let session = Session(
      "trace every=1; workers 2 tau=i; method minibatch gamma=0.1; trace stream=\"\(path)\"; run steps=3")
    #expect(session.error == "")
    #expect(try points().map { $0["iteration"] as? Int } == [0, 1, 2, 3])
    #expect(try points().allSatisfy { $0["method"] as? String == "minibatch" && $0["seed"] as? Int == 1 })
    #expect(try points().last?["loss"] is Double)
    // The file is written at once, and not when the session ends.
    _ = session.interpreter.execute(SourceText(name: "<command>", "step 2"))
    #expect(try points().count == 6)
    _ = session.interpreter.execute(SourceText(name: "<command>", "trace stream=none; step"))
    #expect(try points().count == 6)
    #expect(
      Session("workers 2; method minibatch gamma=0.1; trace stream=\"\(folder)/no/x\"").error.contains("no/x")
    )
    // Where a condition is looked for closely, what remains of the points is the trace.
    let closely = Session(
      "problem quadratic dim=50; workers 2 tau=i; method minibatch gamma=0.5; trace stream=\"\(path)\"; "
        + "run gap<0.1; save \"\(folder)/t.csv\"")
    #expect(closely.error == "")
    var kept: [Int] = []
    for iteration in try points().compactMap({ $0["iteration"] as? Int }) {
      while let last = kept.last, last >= iteration { kept.removeLast() }
      kept.append(iteration)
    }
    let rows = try String(contentsOfFile: "\(folder)/t.csv", encoding: .utf8).split(separator: "\n")
      .dropFirst()
    let saved = rows.compactMap { Int($0.split(separator: ",", omittingEmptySubsequences: false)[3]) }
    #expect(!saved.isEmpty && Set(saved).isSubset(of: kept))
  }

  /// Journals, checkpoints and what is saved depend on what files hold, and not on their names.
  @Test func contentsOfFilesCount() throws {
    let data = "\(folder)/A.csv"
    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: data)) }
    try write("2,1\n1,2\n")
    let setUp = "problem quadratic A=\"\(data)\"; workers 2 tau=i; method minibatch gamma=0.1; "
    let sweep = setUp + "sweep gamma in [0.1,0.2] steps=5 resume=\"\(folder)/j\""
    #expect(Session(sweep).error == "" && Session(sweep).error == "")
    #expect(Session(setUp + "run steps=3; save \"\(folder)/t.json\"; checkpoint \"\(folder)/c\"").error == "")
    let saved = try String(contentsOfFile: "\(folder)/t.json", encoding: .utf8)
    #expect(saved.contains("8 bytes, content "))
    #expect(Session("restore \"\(folder)/c\"; step").error == "")
    // As long as before.
    try write("3,1\n1,2\n")
    #expect(Session(sweep).error.contains("holds points of a sweep with another configuration"))
    #expect(Session("restore \"\(folder)/c\"").error.contains("A.csv is not what it was when the checkpoint"))
    // The recorded durations of a fleet count as well.
    let trace = "\(folder)/d.csv"
    try Data("duration\n1\n2\n".utf8).write(to: URL(filePath: trace))
    let fleet =
      "workers 2 tau=0 delay=trace(\"\(trace)\"); method minibatch gamma=0.1; "
      + "sweep gamma in [0.1,0.2] steps=5 resume=\"\(folder)/k\""
    #expect(Session(fleet).error == "")
    try Data("duration\n1\n3\n".utf8).write(to: URL(filePath: trace))
    #expect(Session(fleet).error.contains("with another configuration"))
  }
}
