// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// `evaluate=N`: loss, gap, gradnorm2 and accuracy of a sample, said wherever they appear.
@Suite struct EvaluateTests {
  private static let fleet = "workers 4 tau=i; method rennala batch=2 gamma=0.3; "
  private static let note = "note: loss, gap and gradnorm2 are of a fixed sample of 100 of the 1000 rows"

  private func problem(_ evaluate: String, _ rest: String = "regularizer=l2 lambda=0.01") -> String {
    "problem logistic \(rest) \(evaluate); \(Self.fleet)"
  }

  /// The numbers that `stats` has after some updates.
  private func numbers(_ script: String) throws -> [String: Any] {
    let session = Session(script + "; run steps=20; stats", json: true)
    try #require(session.outcome == .done, "\(session.error)")
    var object = try #require(session.objects.last)
    for key in ["wall", "events_per_second", "memory"] { object[key] = nil }
    return object
  }

  @Test func onlyWhatIsMeasuredDiffers() throws {
    let (all, some) = (try numbers(problem("")), try numbers(problem("evaluate=100")))
    #expect(all["evaluated"] == nil && some["evaluated"] as? Int == 100)
    for (name, value) in all where !["loss", "gap", "gradnorm2"].contains(name) {
      #expect("\(value)" == "\(some[name] ?? "")", "\(name)")
    }
    for name in ["loss", "gap", "gradnorm2"] {
      let (x, y) = (all[name] as? Double ?? .nan, some[name] as? Double ?? .nan)
      #expect(x != y && y > 0.3 * x && y < 3 * x, "\(name): \(x) \(y)")
    }
    let theory = ["", "evaluate=100"].map {
      Session(problem($0) + "theory rennala minibatch", json: true).transcript.text
    }
    #expect(theory[0] == theory[1] && !theory[0].isEmpty)
  }

  /// A sample of all rows is the problem itself, to the last bit.
  @Test func allRowsAreTheProblemItself() throws {
    for problem in ["", "evaluate=1000", "evaluate=123456789"].map({ problem($0, "lambda=0.1") }) {
      #expect(
        try NSDictionary(dictionary: numbers(problem))
          == NSDictionary(dictionary: numbers(self.problem("", "lambda=0.1"))))
    }
  }

  @Test func isSaidWhereverTheNumbersAre() throws {
    let folder = NSTemporaryDirectory() + "straggler-evaluate-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }
    for command in [
      "run steps=5", "run steps=5; stats", "compare rennala minibatch steps=5",
      "compare rennala steps=5 tune=[0.1,0.3]", "sweep gamma in [0.1,0.3] steps=5",
    ] {
      let said = Session(problem("evaluate=100") + command).transcript.text
      #expect(said.contains(Self.note), "\(command): \(said)")
      #expect(!Session(problem("") + command).transcript.text.contains("fixed sample"))
    }
    let advice = Session(problem("evaluate=100") + "target epsilon=0.01; advise samples=0 gradients=2000")
    #expect(advice.outcome == .done, "\(advice.error)")
    #expect(
      advice.transcript.text.replacing(/\s+/, with: " ").contains("fixed sample of 100 of the 1000 rows"))
    let saved = Session(
      problem("evaluate=100") + "run steps=5; save \"\(folder)/t.csv\"; plot \"\(folder)/p.svg\"; "
        + "compare rennala steps=5; save \"\(folder)/c.csv\"; save \"\(folder)/c.md\"")
    #expect(saved.outcome == .done, "\(saved.error)")
    for file in ["t.csv", "c.csv"] {
      let lines = try text(file).split(separator: "\n")
      #expect(lines[0].hasSuffix(",evaluated") && lines[1].hasSuffix(",100"), "\(lines[0])")
    }
    #expect(try text("p.svg").contains("evaluate=100"))
    #expect(try text("c.md").contains("fixed sample of 100"))
    let network = Session(
      "problem network evaluate=50 batch=4; workers 2; method hero gamma=0.1; run steps=2")
    #expect(network.transcript.text.contains("accuracy is of a fixed sample of 50 of the"))
  }

  @Test func theGapOfASampleNeedsItsOwnMinimum() {
    let convex = Session(
      problem("evaluate=100") + "run gap<0.2; expect gap < 0.2")
    #expect(convex.outcome == .done, "\(convex.error)")
    for given in ["", "target fstar=0; "] {
      let session = Session(problem("evaluate=100", "lambda=0.1") + given + "run gap<0.2 steps=5")
      #expect(session.outcome == .failed)
      #expect(session.error.contains("the gap on the rows that evaluate= chooses is not known"))
    }
  }

  @Test func numbersOfRowsArePositiveIntegers() {
    for value in ["0", "-3", "1.5", "inf", "nan", "1e300"] {
      let session = Session("problem logistic evaluate=\(value)")
      #expect(session.outcome == .failed && session.error.contains("evaluate"), "\(session.error)")
    }
    #expect(Session("problem quadratic evaluate=3").error.contains("evaluate"))
    #expect(Session("problem logistic evaluate=auto; show").outcome == .done)
  }

  @Test func survivesShowAndCheckpoint() throws {
    let file = NSTemporaryDirectory() + "straggler-evaluate-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    #expect(Session(problem("evaluate=100") + "show").transcript.text.contains("evaluate=100"))
    let whole = Session(
      problem("evaluate=100") + "run steps=7; checkpoint \"\(file)\"; run steps=30; stats", json: true)
    let resumed = Session("restore \"\(file)\"; run steps=30; stats", json: true)
    #expect(whole.outcome == .done && resumed.outcome == .done, "\(whole.error)\(resumed.error)")
    for name in ["loss", "gap", "gradnorm2", "evaluated", "time"] {
      let values = [whole, resumed].map { "\($0.objects.last?[name] ?? "")" }
      #expect(values[0] == values[1] && !values[0].isEmpty, "\(name)")
    }
  }

  /// Every f* that a sweep searched for is kept, that of the sample too.
  @Test func sweepsResume() throws {
    let file = NSTemporaryDirectory() + "straggler-evaluate-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let script =
      problem("") + "sweep evaluate in [50,200] gamma in [0.1,0.3] gap<0.3 steps=50 resume=\"\(file)\""
    let first = Session(script)
    try #require(first.outcome == .done, "\(first.error)")
    let journal = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    // As if the program had been killed once f* was known.
    let optima = journal.filter { $0.contains("\"optimum\"") }
    #expect(optima.count == 3)
    try (optima.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    #expect(Session(script).transcript.text == first.transcript.text)
    #expect(Session(script).transcript.text == first.transcript.text)
  }
}
