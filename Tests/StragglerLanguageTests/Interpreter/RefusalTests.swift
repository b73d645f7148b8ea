// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// Configurations that make no sense are refused before the run, with what would be right.
@Suite struct RefusalTests {
  @Test(arguments: [
    ("workers 3; method freya-page", "freya-page", "samples="),
    ("workers 3; method soviet-gd", "soviet-gd", "samples="),
    ("workers 3; method mindflayer gamma=0.1 trials=0", "no trial can succeed", "raise trials="),
    ("workers 3; method vecna gamma=0.1 trials=0", "trials=", "from 1 to 1e9"),
    ("workers 3; method ringmaster R=0", "R=", "positive integer or inf"),
    ("workers 3; method rennala batch=-3", "batch=", "positive integer"),
    ("workers 3; method rennala batch=2.5", "batch=", "positive integer"),
    ("problem quadratic samples=20; workers 3; method freya-page p=0", "p=", "above 0 and at most 1"),
    ("workers 3; method mindflayer-mod p=0", "p=", "above 0 and at most 1"),
    ("workers 3; method mindflayer gamma=0", "gamma=", "positive number"),
    ("workers 3; method msync m=4", "m=", "workers"),
    ("workers 3; method hero worker=4", "worker=", "1 to"),
    ("workers 3; method qsgd k=1001", "k=", "1 to d"),
  ]) func valuesOutOfRange(_ script: String, _ subject: String, _ remedy: String) {
    let session = Session(script + "; run steps=1")
    #expect(session.error.contains(subject), "\(session.error)")
    #expect(session.error.contains(remedy), "\(session.error)")
    #expect(session.transcript.text == "")
  }

  static let homogeneous = [
    "hero", "msync m=2", "rennala", "ringmaster", "asgd-adaptive", "asgd-naive", "rennala-accelerated",
    "mindflayer trials=2", "mindflayer-mod batch=3 p=1", "ata batch=3", "shadowheart",
  ]

  @Test(arguments: homogeneous) func oneObjectiveForAll(_ method: String) {
    let fleet = "problem quadratic dim=10 heterogeneity=1; workers 4 tau=i; method \(method) gamma=0.01"
    let refused = Session(fleet + "; run steps=5")
    #expect(refused.error.contains("heterogeneous data"), "\(refused.error)")
    #expect(refused.error.contains("force=true"), "\(refused.error)")
    let forced = Session(fleet + " force=true; run steps=5")
    #expect(forced.error == "")
    // One worker has the objective f itself.
    let alone = fleet.replacingOccurrences(of: "workers 4", with: "workers 1").replacingOccurrences(
      of: "m=2", with: "m=1")
    #expect(Session(alone + "; run steps=5").error == "")
  }

  @Test(arguments: [
    "minibatch", "malenia", "ringleader", "vecna trials=2", "asgrad", "fedbuff", "piag", "qsgd", "asgd",
  ]) func objectivesOfTheirOwn(_ method: String) {
    let script =
      "problem quadratic dim=10 heterogeneity=1; workers 4 tau=i; method \(method) gamma=0.01; run steps=5"
    #expect(Session(script).error == "")
  }

  @Test func dataThatAreSplitAreHeterogeneous() {
    for split in ["contiguous", "shuffled", "dirichlet(0.1)"] {
      let session = Session("problem logistic split=\(split); workers 4; method rennala; run steps=1")
      #expect(session.error.contains("heterogeneous data"), "\(split)")
    }
    #expect(Session("problem logistic; workers 4; method rennala gamma=0.1 batch=4; run steps=1").error == "")
  }

  /// Forced, Rennala goes to the minimum of those that answer first; methods for heterogeneous data to that
  /// of all.
  @Test func forcedMethodsAreBiased() throws {
    func gap(_ method: String) throws -> Double {
      let session = Session(
        "problem quadratic dim=10 noise=0 heterogeneity=1; workers 5 tau=2^i; \(method); run steps=4000; "
          + "stats",
        json: true)
      return try #require(session.objects.last?["gap"] as? Double, "\(session.error)")
    }
    #expect(try gap("method rennala batch=5 gamma=0.5 force=true") > 1e-3)
    #expect(try gap("method malenia S=5 gamma=0.5") < 1e-9)
    #expect(try gap("method ringleader gamma=0.3") < 1e-9)
    #expect(try gap("method vecna trials=2 gamma=0.5") < 1e-9)
  }

  /// The others run, and a row says why one did not.
  @Test func oneMethodThatCannotRunDoesNotSilenceTheOthers() {
    let script =
      "problem quadratic dim=5; workers 3; method msync m=9; compare hero msync freya-page steps=3"
    let session = Session(script, json: true)
    #expect(session.outcome == .done)
    #expect(session.objects.compactMap { $0["method"] as? String } == ["hero", "msync", "freya-page"])
    #expect(session.objects.first?["iteration"] as? Double == 3 && session.objects.first?["reason"] == nil)
    #expect(session.objects.dropFirst().allSatisfy { $0["reason"] is String && $0["time"] == nil })
    #expect(Session(script).transcript.text.contains("freya-page: a finite-sum method on a problem that"))
    #expect(Session("workers 3; compare freya-page hero-gd steps=3").outcome == .failed)
  }

  /// The same with `tune`, in the same words, also where the first is the one, and the goal is the gap.
  @Test func tuningTellsWhoCannotRun() throws {
    let fleet = "problem quadratic dim=5; workers 3; method msync m=9; "
    func reasons(_ session: Session) -> [String] { session.objects.compactMap { $0["reason"] as? String } }
    let plain = Session(fleet + "compare msync hero freya-page gap<0.5 steps=30", json: true)
    let tuned = Session(
      fleet + "compare msync hero freya-page gap<0.5 steps=30 tune=[0.1,0.3] fixed-grid", json: true)
    #expect(tuned.outcome == .done, "\(tuned.error)")
    #expect(reasons(tuned) == reasons(plain) && reasons(plain).count == 2)
    #expect(tuned.objects.compactMap { $0["method"] as? String } == ["hero", "msync", "freya-page"])
    #expect(tuned.objects.first?["gamma"] as? Double == 0.3)
    #expect(Session(fleet + "compare msync freya-page steps=3 tune").outcome == .failed)
    let some = Session(
      "problem quadratic dim=5; workers 3; compare msync hero steps=30 tune(gamma in [0.3] m in [2, 9]) "
        + "fixed-grid"
    )
    #expect(some.outcome == .done, "\(some.error)")
    #expect(some.error.contains("1 of 2 settings of msync cannot run, the first with m=9"), "\(some.error)")
  }

  /// Points of a sweep that cannot run have a row with the reason.
  @Test func sweepsTellWhichPointsCannotRun() {
    let session = Session(
      "problem quadratic dim=5; workers 3; method msync gamma=0.1; sweep m in [1, 9, 3] steps=3",
      json: true)
    #expect(session.outcome == .done, "\(session.error)")
    #expect(session.objects.compactMap { $0["m"] as? Int } == [1, 3, 9])
    #expect(session.objects.map { $0["reason"] is String } == [false, false, true])
    #expect(session.objects.allSatisfy { $0["method"] as? String == "msync" })
    let methods = Session(
      "problem quadratic dim=5; workers 3; sweep method in [freya-page, hero] gamma in [0.1, 0.2] steps=3")
    #expect(methods.outcome == .done)
    #expect(methods.transcript.text.contains("method=freya-page gamma=0.2: a finite-sum method"))
    #expect(
      Session("problem quadratic dim=5; workers 3; method msync; sweep m in [9, 8] steps=3").outcome
        == .failed)
  }

  /// What `run` says of a method before it starts, all commands say that run methods.
  @Test(arguments: [
    ("mindflayer-mod", "delay=infbernoulli(0.7)", "p cannot be attained"),
    ("mindflayer", "delay=markov(5,9)", "the allotted times are a guess"),
  ]) func remarksAreSaidByAllCommands(_ method: String, _ fleet: String, _ remark: String) {
    let start =
      "problem quadratic dim=5 noise=0.1; workers 3 \(fleet); method \(method)"
      + (method == "mindflayer" ? " clip=optimal" : "") + " gamma=0.1; "
    for command in [
      "run steps=2", "compare \(method) steps=2", "compare hero \(method) steps=2",
      "compare hero \(method) steps=2 tune=[0.1,0.2]", "sweep gamma in [0.1,0.2] steps=2",
    ] {
      let said = Session(start + command).transcript.diagnostics.filter { $0.severity == .warning }
      let found = said.filter { $0.message.hasPrefix("\(method): ") && $0.message.contains(remark) }
      #expect(found.count == 1, "\(command): \(said.map(\.message))")
    }
  }
}
