// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Synchronization
import Testing

@testable import StragglerLanguage

/// What has to be known before anything runs: f* for the gap, a test set for the accuracy.
@Suite struct KnownQuantitiesTests {
  private static let fleet = "; workers 4 tau=i; method rennala gamma=0.3 batch=2; "
  private static let convex = "problem logistic regularizer=l2 lambda=1e-6" + fleet
  private static let nonconvex = "problem logistic" + fleet

  @Test func unknownQuantitiesAreRefusedBeforeAnythingRuns() throws {
    for command in [
      "run gap<1e-3 steps=5", "compare rennala asgd gap<1e-3 steps=5",
      "compare rennala gap<1e-3 steps=5 tune",
      "sweep gamma in [0.1,0.2] gap<1e-3 steps=5",
    ] {
      let session = Session(Self.nonconvex + command)
      #expect(session.outcome == .failed && session.transcript.text.isEmpty, "\(command)")
      #expect(session.error.contains("error: the gap f(x) − f* is not known, since f* is not"))
      #expect(session.error.contains("target fstar=VALUE"))
      // The caret is under the condition.
      let condition = try #require(command.range(of: "gap")).lowerBound
      let column = Self.nonconvex.count + command.distance(from: command.startIndex, to: condition)
      #expect(session.error.hasPrefix("<command>:1:\(column + 1):"), "\(session.error)")
    }
    let accuracy = Session(Self.convex + "run accuracy>0.5 steps=5")
    #expect(accuracy.error.contains("the accuracy is not known, since there is no test set"))
    #expect(accuracy.interpreter.environment["iteration"] == nil)
  }

  @Test func aSweepSaysWhichOfItsProblemsIsToBlame() {
    let session = Session(Self.convex + "sweep regularizer in [l2,none] gap<1e-3 steps=5")
    #expect(session.outcome == .failed && session.transcript.text.isEmpty)
    #expect(session.error.contains("is not known, since f* is not, at regularizer=none"), "\(session.error)")
  }

  @Test func axesOfWhatIsNotKnownAreRefused() {
    let run = "run steps=5; "
    #expect(Session(Self.nonconvex + run + "plot y=gap").error.contains("the gap f(x) − f* is not known"))
    #expect(Session(Self.nonconvex + run + "plot x=accuracy").error.contains("the accuracy is not known"))
    #expect(Session(Self.nonconvex + run + "plot").outcome == .done)
    #expect(Session(Self.convex + run + "plot y=gap").outcome == .done)
  }

  @Test func targetGivesWhatTheProblemDoesNotKnow() {
    let session = Session(
      Self.nonconvex + "target fstar=0.25; run steps=5; expect gap == loss - 0.25; show", json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let shown = Session("target fstar=0.25; show; target fstar=auto; show").transcript.text
    #expect(
      shown
        == "problem quadratic\ntarget epsilon=0.0001 fstar=0.25\nseed 1\nproblem quadratic\ntarget "
        + "epsilon=0.0001\nseed 1\n"
    )
    // Δ = f(x⁰) − f*, and x⁰ = 0.
    let theory = Session(Self.nonconvex + "target fstar=0.25; theory minibatch", json: true)
    let given = Session(Self.nonconvex + "target Delta=0.44314718055994530942; theory minibatch", json: true)
    #expect(theory.objects.last?["time"] as? Double == given.objects.last?["time"] as? Double)
    #expect(theory.objects.last?["time"] is Double)
    #expect(
      Session(Self.nonconvex + "target fstar=2; run steps=5").error.contains("a value of f* above f(x⁰)"))
    #expect(Session("target fstar=inf").error.contains("takes a finite number"))
    // What is given counts more than what would be found.
    let other = Session(Self.convex + "target fstar=0; run steps=5; expect gap == loss")
    #expect(other.outcome == .done, "\(other.error)")
  }

  @Test func gapsOfStronglyConvexProblemsAreKnownWhateverLambdaIs() {
    let session = Session(
      Self.convex
        + "run steps=3; for l in [0.1,1e-3,1e-9] { problem logistic regularizer=l2 lambda=l batch=full; "
        + "method hero gamma=auto; run steps=300; expect gap >= 0 and gap < loss }"
    )
    #expect(session.outcome == .done, "\(session.error)")
    // Close to the minimum, where rounding shows.
    let end = Session(
      "problem logistic regularizer=l2 lambda=1 batch=full; workers 1; method hero; run steps=4000; expect "
        + "gap >= 0 and gap < 1e-12"
    )
    #expect(end.outcome == .done, "\(end.error)")
  }

  @Test func anInterruptedSearchLeavesNothingHalfSet() {
    let looks = Atomic<Int>(0)
    let isCounting = Atomic<Bool>(false)
    let world = World(interrupted: {
      isCounting.load(ordering: .relaxed) && looks.add(1, ordering: .relaxed).newValue > 3
    })
    let session = Session(
      "problem logistic regularizer=l2 lambda=1e-6; workers 2; method rennala gamma=0.3 batch=2", world: world
    )
    isCounting.store(true, ordering: .relaxed)
    let source = { (text: String) in SourceText(name: "<command>", text) }
    #expect(session.interpreter.execute(source("run steps=5")) == .interrupted)
    #expect(session.error.contains("warning: the search for f* was interrupted before anything ran"))
    #expect(session.interpreter.workspace.current.run == nil && session.interpreter.environment["gap"] == nil)
    isCounting.store(false, ordering: .relaxed)
    #expect(session.interpreter.execute(source("run steps=5; expect gap > 0")) == .done)
    #expect(session.transcript.progress.contains { $0.what == "f*" })
    // It is searched for once in a session.
    session.transcript.progress = []
    #expect(
      session.interpreter.execute(source("reset; seed 5; run steps=5; compare asgd steps=5 seeds=3")) == .done
    )
    #expect(!session.transcript.progress.contains { $0.what == "f*" })
  }

  @Test func aSweepKeepsItsOptimaInTheJournal() throws {
    let path = NSTemporaryDirectory() + "straggler-optima-\(ProcessInfo.processInfo.processIdentifier).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let script = Self.convex + "sweep lambda in [1e-2,1e-4] gap<1e-1 steps=200 resume=\"\(path)\""
    let first = Session(script, json: true)
    #expect(first.outcome == .done, "\(first.error)")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let optima = lines.filter { $0.contains("\"optimum\"") }
    #expect(optima.count == 2 && lines.count == 4)
    // Without the points, but with f* of both: another one proves that it is taken from the file.
    try optima.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    let second = Session(script, json: true)
    #expect(second.transcript.text == first.transcript.text)
    #expect(!second.transcript.progress.contains { $0.what == "f*" })
  }
}
