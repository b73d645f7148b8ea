// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Synchronization
import Testing

@testable import StragglerLanguage

@Suite struct TheoryCommandTests {
  private static let setting =
    "problem quadratic dim=20 noise=0.01; workers 9 tau=sqrt(i); target epsilon=1e-3; "

  @Test func sortsByTable() throws {
    let session = Session(Self.setting + "theory", json: true)
    #expect(session.outcome == .done)
    let rows = session.objects.filter { $0["method"] != nil }
    // Another goal has another table.
    let tables = rows.filter { $0["guarantee"] as? String != "gap" }.map {
      $0["table"] as? Double ?? .infinity
    }
    #expect(tables.count > 12 && tables == tables.sorted())
    for object in rows {
      for key in ["method", "gamma", "iterations", "time", "table", "lower_bound", "constants"] {
        #expect(object[key] != nil, "\(key)")
      }
    }
    let text = Session(Self.setting + "theory rennala msync").transcript.text
    #expect(text.contains("rennala") && text.contains("lower bound"))
  }

  /// γ of a run that leaves it out is the predicted one, to the last bit.
  @Test func automaticParametersAreThePredictedOnes() throws {
    let workers = "workers 6 tau=i delay=exponential(1); "
    for (problem, needs) in [
      ("quadratic dim=12 noise=0.02", ""), ("quadratic dim=12 samples=30", "sigma2=0.01"),
    ] {
      let script = "problem \(problem); \(workers) target epsilon=1e-2 \(needs); "
      for entry in Catalogue().methods {
        let predicted = Session(script + "theory \(entry.name)", json: true)
        guard predicted.outcome == .done else { continue }
        let run = Session(script + "compare \(entry.name) steps=1", json: true)
        #expect(run.outcome == .done, "\(entry.name): \(run.error)")
        #expect(
          predicted.objects[0]["gamma"] as? Double == run.objects.last?["gamma"] as? Double, "\(entry.name)")
        for (key, value) in predicted.objects[0] {
          guard let number = value as? Double,
            let known = entry.keys.first(where: { $0.name == key || $0.former == key }),
            known.kind == .integer || known.kind == .number, key != "gamma"
          else { continue }
          // Given as they are predicted, the parameters change nothing.
          let given = Session(
            script + "method \(entry.name) \(key)=\(number); compare \(entry.name) steps=1", json: true)
          #expect(given.outcome == .done, "\(entry.name) \(key): \(given.error)")
          #expect(
            given.objects.last?["time"] as? Double == run.objects.last?["time"] as? Double,
            "\(entry.name) \(key)=\(number)")
        }
      }
    }
  }

  @Test func saysWhatIsMissing() throws {
    let session = Session("problem network hidden=4; workers 3; theory", json: true)
    #expect(session.outcome == .done)
    let row = try #require(session.objects.first { $0["method"] as? String == "rennala" })
    #expect(row["time"] is NSNull)
    #expect(
      (row["notes"] as? [String])?.first?.contains("target sigma2=… L=… Delta=…") == true
        || (row["notes"] as? [String])?.first?.contains("L=… sigma2=… Delta=…") == true)
    let given = Session(
      "problem network hidden=4; workers 3; target L=10 sigma2=1 Delta=2 epsilon=0.1; theory rennala",
      json: true)
    #expect(given.objects.first?["iterations"] as? Double == 24 * 10 * 2 / 0.1)
    let text = Session("problem network hidden=4; workers 3; theory").transcript.text
    #expect(text.contains("give target") && !text.contains("nan"))
  }

  @Test func targetsAreShownAndGivenBack() {
    let session = Session("target epsilon=0.01 L=2 L_pm=3; show; target L=auto; show")
    #expect(session.outcome == .done)
    #expect(session.transcript.text.contains("target epsilon=0.01 L=2 L_pm=3"))
    #expect(session.transcript.text.contains("target epsilon=0.01 L_pm=3"))
    #expect(Session("target").outcome == .failed)
  }

  /// A method that cannot run has a row with the reason, and the others keep theirs.
  @Test func oneMethodOutOfRangeDoesNotSilenceTheOthers() throws {
    let setting = Self.setting + "method msync m=20; "
    let session = Session(setting + "theory rennala freya-page msync", json: true)
    #expect(session.outcome == .done)
    let rows = Dictionary(uniqueKeysWithValues: session.objects.map { ($0["method"] as? String ?? "", $0) })
    #expect(rows["rennala"]?["time"] is Double && rows["rennala"]?["reason"] == nil)
    #expect((rows["freya-page"]?["reason"] as? String)?.contains("no finite sum") == true)
    #expect(rows["msync"]?["reason"] is String && rows["msync"]?["time"] is NSNull)
    let text = Session(setting + "theory rennala freya-page").transcript.text
    #expect(text.contains("freya-page: a finite-sum method on a problem that is no finite sum"))
    #expect(Session(setting + "theory freya-page msync").outcome == .failed)
  }

  /// Every method of the catalogue is either told of or left out for a reason.
  @Test func namesWhatItLeavesOut() throws {
    let session = Session(Self.setting + "theory", json: true)
    let told = session.objects.compactMap { $0["method"] as? String }
    let left = try #require(session.objects.last?["left_out"] as? [[String: String]])
    #expect(Set(told + left.compactMap { $0["method"] }) == Set(Catalogue().methods.map(\.name)))
    #expect(left.allSatisfy { !($0["reason"] ?? "").isEmpty })
    let text = Session(Self.setting + "theory").transcript.text
    #expect(text.contains("left out:\nrennala-mvr: a= is missing") && text.contains("\nmindflayer-mod: "))
  }

  /// Under outages MindFlayer's trials succeed in the state that the worker is in, and a step of minibatch
  /// waits for all that are off.
  @Test func outages() throws {
    let session = Session(
      "workers 10 tau=1 delay=markov(10,200); target sigma2=1 epsilon=0.1 Delta=1 L=1; theory mindflayer "
        + "minibatch",
      json: true)
    for row in session.objects {
      #expect(row["durations"] as? String == "dependent" && row["constants"] is NSNull)
      #expect(row["table"] is NSNull && row["lower_bound"] is NSNull && row["guarantee"] is NSNull)
    }
    let rows = Dictionary(uniqueKeysWithValues: session.objects.map { ($0["method"] as? String ?? "", $0) })
    let p = try #require(rows["mindflayer"]?["p"] as? [Double])
    // 10/210 of the time on, and on until the end of the trial.
    #expect(p.count == 10 && p.allSatisfy { abs($0 - exp(-0.1) * 10 / 210) < 0.03 }, "\(p)")
    let minibatch = try #require(rows["minibatch"]?["iteration_time"] as? Double)
    let error = try #require(rows["minibatch"]?["iteration_time_error"] as? Double)
    // The longest of ten residual outages, 200 (1 + 1/2 + … + 1/10) = 586 if all are off, and what comes
    // after.
    #expect(minibatch > 500 && minibatch < 700 && error < 30, "\(minibatch) \(error)")
    let text = session.transcript.text
    for word in ["theorem", "published", "a bound"] { #expect(!text.contains(word)) }
  }

  @Test func outagesNeedTheWorkOfAJob() {
    #expect(Session("law markov(10,200)").error.contains("how long outages hold up a job depends on"))
    let law = Session("law markov(10,200) tau=1 t=0", json: true)
    #expect(
      law.objects.first?["mean"] as? Double == 20
        && abs((law.objects.first?["cdf"] as? Double ?? 0) - exp(-0.1)) < 1e-12)
    #expect(Session("law exponential(1) tau=1").outcome == .failed)
  }

  /// Work that is interrupted ends soon.
  @Test func heedsInterruptions() {
    let asked = Mutex(0)
    let world = World(interrupted: {
      asked.withLock { calls in
        calls += 1
        return calls > 40
      }
    })
    let session = Session(
      "workers 3 delay=lognormal(0,2); target sigma2=100; theory rennala; "
        + "workers 30 tau=1 delay=markov(10,200); theory", world: world)
    #expect(session.outcome == .interrupted)
    #expect(asked.withLock { $0 } < 200)
  }

  @Test func methodsThatDoNotFit() {
    #expect(Session(Self.setting + "theory freya-page").outcome == .failed)
    let rows = Session(Self.setting + "theory", json: true).objects.compactMap { $0["method"] as? String }
    #expect(!rows.contains("freya-page"))
    let different = "problem quadratic dim=20 heterogeneity=1; workers 4 tau=i; target epsilon=1e-2; theory "
    let suitable = Session(different, json: true).objects.compactMap { $0["method"] as? String }
    #expect(suitable.contains("malenia") && !suitable.contains("rennala"))
    let named = Session(different + "rennala", json: true).objects.first
    #expect((named?["notes"] as? [String])?.contains { $0.contains("shared data") } == true)
  }

  /// m* is the place of the last worker that helps in the order of τ + t, also where trials of faster ones
  /// never succeed.
  @Test func workersWhoseTrialsFailHavePlaces() throws {
    let session = Session(
      "problem quadratic dim=2; workers 4; workers 1..1 tau=1 delay=infbernoulli(1); workers 2..2 tau=2; "
        + "workers 3..3 tau=2 delay=infbernoulli(1); workers 4..4 tau=100; target epsilon=1 sigma2=3 L=1 "
        + "Delta=1; "
        + "method mindflayer clip=0; theory mindflayer", json: true)
    let row = try #require(session.objects.last)
    // t(1) = ∞, t(2) = t(3) = 2(3 + 1) = 8, t(4) = 5/(1/2 + 1/100).
    #expect(row["t_star"] as? Double == 8 && row["m_star"] as? Int == 2)
    #expect(row["trials"] as? [Int] == [0, 3, 0, 0])
  }

  /// A fleet that is never complete has no finite times, and no times that are not numbers.
  @Test func workersThatNeverDeliver() throws {
    let session = Session(
      "problem quadratic dim=2; workers 2; workers 2..2 tau=inf; target epsilon=0.1 sigma2=0 L=1 Delta=1; "
        + "theory malenia ringleader", json: true)
    #expect(session.objects.count == 2)
    for row in session.objects { #expect(row["table"] as? String == "inf", "\(row)") }
  }

  @Test func saysThatTheTheorysTrialsAreTooMany() {
    for method in ["mindflayer", "vecna"] {
      let session = Session(
        "problem quadratic dim=2; workers 2; workers 1..1 tau=1e-12; target epsilon=1e-9 sigma2=5 L=1 "
          + "Delta=1; "
          + "method \(method) clip=0; theory \(method)")
      #expect(
        session.error.contains("trials= was left to the theory, whose value is above 1e9"), "\(session.error)"
      )
    }
  }

  @Test func saysWhatIsTheoremAndWhatEstimate() throws {
    let fleet =
      "problem quadratic dim=4; workers 4 tau=1 delay=exponential(1); target epsilon=1 sigma2=2; theory"
    for row in Session(fleet, json: true).objects {
      let (name, notes) = (row["method"] as? String ?? "", row["notes"] as? [String] ?? [])
      let expected =
        switch name {
        case "mindflayer", "vecna": "no run's updates take longer"
        case "hero", "minibatch", "msync": "the mean for so many steps"
        default: "an estimate, no bound"
        }
      if row["time"] as? Double != nil {
        #expect(notes.contains { $0.contains(expected) }, "\(name): \(notes)")
      }
    }
    #expect(Session(fleet).transcript.text.contains("lower bound: none is known for random durations"))
  }

  @Test func randomDurations() throws {
    let fleet =
      "problem quadratic dim=4; workers 4 tau=1 delay=exponential(1); target epsilon=1 L=1 Delta=1 sigma2=2; "
    let session = Session(fleet + "theory minibatch rennala mindflayer", json: true)
    let rows = Dictionary(uniqueKeysWithValues: session.objects.map { ($0["method"] as? String ?? "", $0) })
    // τ + (1 + 1/2 + 1/3 + 1/4), K = 8(1 + 2/4).
    let minibatch = try #require(rows["minibatch"]?["time"] as? Double)
    #expect(abs(minibatch - 12 * (1 + 25.0 / 12)) < 1e-6)
    let quantiles = ["time_q10", "time_median", "time_q90"].map { rows["rennala"]?[$0] as? Double ?? .nan }
    #expect(quantiles == quantiles.sorted() && quantiles[0] > 24)
    #expect(rows["mindflayer"]?["lower_bound"] is NSNull)
  }
}
