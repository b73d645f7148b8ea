// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Synchronization
import Testing

@testable import StragglerLanguage

/// Sessions that are served: every statement of a text ends with one answer.
@Suite struct ServedAnswerTests {
  private static func serve(_ script: String, world: World = World()) -> Session {
    Session(script, json: true, world: world) { $0.isAnswering = true }
  }

  /// The first key of each line.
  private static func keys(_ session: Session) -> [String] {
    session.transcript.text.split(separator: "\n").map { line in
      String(line.dropFirst(2).prefix { $0 != "\"" })
    }
  }

  @Test func reportsComeBeforeTheAnswer() {
    let session = Self.serve("echo 1; let a = 2\nworkers 2; compare asgd hero updates=2")
    #expect(
      Self.keys(session) == ["command", "ok", "ok", "ok", "command", "command", "ok"], "\(session.answers)")
    #expect(session.answers.last?["command"] as? String == "compare")
  }

  @Test func statementsWithinAnotherHaveNoAnswerOfTheirOwn() {
    let session = Self.serve("for i in 1..2 { let b = i; echo b }; if 1 { echo 3 }")
    #expect(Self.keys(session) == ["command", "command", "ok", "command", "ok"])
  }

  @Test(arguments: [
    ("method renala", "failed"), ("for i in 1..3 { echo 'x'; method renala }", "failed"),
    ("for i in 1..3 { expect 1 > 2 }", "unmet"), ("echo 'open", "failed"), ("for i in 1..2 {", "failed"),
    ("source \"/no/such/file\"", "failed"), ("run updates=3", "failed"),
  ])
  func anErrorIsTheOneAnswer(_ script: String, _ outcome: String) throws {
    let session = Self.serve("echo 1; " + script + "\necho 'unreached'")
    let answers = session.answers
    #expect(answers.count { $0["error"] != nil } == 1)
    let error = try #require(answers.last?["error"] as? [String: Any])
    #expect(error["outcome"] as? String == outcome)
    #expect((error["line"] as? Int ?? 0) >= 1 || script.hasPrefix("for"))
    #expect(!session.transcript.text.contains("unreached"))
    // What a terminal shows is the same as ever.
    #expect(session.transcript.diagnostics.count == 1)
  }

  @Test func notesAreObjectsBeforeTheAnswer() {
    let fleet = "problem quadratic dim=5; workers 2 tau=i; "
    let session = Self.serve(fleet + "compare rennala tune(batch in [1,2]) gap<1e-1")
    #expect(Self.keys(session).contains("note"))
    #expect(Self.keys(session).last == "ok")
  }

  @Test func anInterruptionIsAnAnswer() throws {
    let looks = Atomic<Int>(0)
    let world = World(interrupted: { looks.add(1, ordering: .relaxed).newValue > 50 })
    let session = Self.serve("workers 2; method asgd gamma=1e-9; run updates=1e9", world: world)
    #expect(session.outcome == .interrupted)
    let error = try #require(session.answers.last?["error"] as? [String: Any])
    #expect(error["outcome"] as? String == "interrupted")
  }

  /// A problem that fails at some evaluation.
  private struct Failing: Problem {
    static var name: StaticText { "failing" }
    static var summary: StaticText { "fails" }
    let state: State
    var dimension: Int { 3 }
    var conditions: Conditions { Conditions(smoothness: 1, variance: 0, optimum: 0, dimension: 3) }

    final class State: Sendable {
      let left: Atomic<Int>
      init(_ left: Int) { self.left = Atomic(left) }
      var hasFailed: Bool { left.load(ordering: .relaxed) < 0 }
      func count() { left.subtract(1, ordering: .relaxed) }
    }

    init() { state = State(0) }
    init(_ state: State) { self.state = state }
    mutating func keys(_ keys: inout Keys) throws(SetupError) {}
    mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
    mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) {
      for index in x.indices { x[index] = 1 }
    }
    mutating func value(at x: Span<Double>) -> Double {
      state.count()
      return Double.squaredNorm(x) / 2
    }
    mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
      state.count()
      Double.copy(x, to: &g)
    }
    mutating func accumulate(
      _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
    ) {
      state.count()
      Double.add(weight, x, to: &g)
    }
  }

  /// Wherever the objective fails, the command fails with its sentence, reports nothing and leaves nothing
  /// behind, in no journal either.
  @Test(arguments: [
    "run updates=200", "compare rennala asgd updates=200", "sweep gamma in [0.1, 0.2] updates=200 resume=@",
    "compare rennala tune updates=50",
  ])
  func nothingComesOfAnObjectiveThatFails(_ command: String) throws {
    let journal = NSTemporaryDirectory() + "straggler-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: journal) }
    for left in [0, 1, 2, 5, 30, 199, 200, 201, 203] {
      let state = Failing.State(left)
      let world = World(
        interrupted: { state.hasFailed }, fault: { state.hasFailed ? "the objective is tired" : nil })
      let transcript = Transcript()
      var options = Options()
      (options.isJSON, options.isAnswering) = (true, true)
      let interpreter = Interpreter(output: transcript, options: options, world: world)
      interpreter.catalogue.add(
        Failing(state), named: "tired", summary: "an objective", hasFailed: { state.hasFailed })
      let script = "problem tired; workers 2 tau=i; method rennala gamma=0.1 batch=2; "
      let outcome = interpreter.execute(
        SourceText(name: "<test>", script + command.replacing("@", with: "\"\(journal)\"")))
      guard state.hasFailed else {
        #expect(outcome == .done)
        continue
      }
      #expect(outcome == .failed)
      let lines = transcript.text.split(separator: "\n")
      #expect(lines.last?.contains("the objective is tired") == true, "\(left): \(transcript.text)")
      #expect(!lines.contains { $0.contains("\"gap\"") })
      #expect(interpreter.columns("traces") == nil && interpreter.columns("model") == nil)
      let entries = (try? String(contentsOfFile: journal, encoding: .utf8)) ?? ""
      #expect(!entries.contains("\"gap\"") || left > 100)
    }
  }

  @Test func anAddedProblemHasItsNameEverywhere() {
    var catalogue = Catalogue()
    catalogue.add(Failing(Failing.State(1_000)), named: "mine", summary: "an objective of mine")
    catalogue.add(Failing(Failing.State(1_000)), named: "mine", summary: "another objective")
    #expect(catalogue.problems.count { $0.name == "mine" } == 1)
    #expect(catalogue.problem("mine")?.summary == "another objective")
    let session = Session("", json: true)
    session.interpreter.catalogue = catalogue
    let text = "help mine; problem mine; workers 2; method asgd gamma=0.1; run updates=3; show"
    #expect(session.interpreter.execute(SourceText(name: "<test>", text)) == .done)
    #expect(session.transcript.text.contains("problem mine"))
    #expect(session.interpreter.columns("model")?.rows.count == 3)
    // Another problem of the name: the run is one of before.
    session.interpreter.catalogue.add(Failing(Failing.State(9)), named: "mine", summary: "a third")
    #expect(session.interpreter.columns("model") == nil)
  }

  @Test func resultsAreColumns() throws {
    let session = Session("problem quadratic dim=4; workers 2; compare asgd hero updates=3 seeds=2")
    let results = try #require(session.interpreter.columns("results"))
    #expect(results.names.first == "method" && results.rows.count == 2)
    let traces = try #require(session.interpreter.columns("traces"))
    #expect(traces.names.prefix(2) == ["method", "seed"] && traces.rows.count == 16)
    #expect(session.interpreter.columns("own") == nil && session.interpreter.columns("model") == nil)
  }
}
