import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct TheoryCommandTests {
  private static let setting =
    "problem quadratic dim=20 noise=0.01; workers 9 tau=sqrt(i); target epsilon=1e-3; "

  @Test func sortsByTime() throws {
    let session = Session(Self.setting + "theory", json: true)
    #expect(session.outcome == .done)
    let times = session.objects.map { $0["time"] as? Double ?? .infinity }
    #expect(times.count > 12 && times == times.sorted())
    for object in session.objects {
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
          guard let number = value as? Double, let known = entry.keys.first(where: { $0.name == key }),
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

  /// m* is the place of the last worker that helps in the order of τ + t, also where trials of faster ones never succeed.
  @Test func workersWhoseTrialsFailHavePlaces() throws {
    let session = Session(
      "problem quadratic dim=2; workers 4; workers 1..1 tau=1 delay=infbernoulli(1); workers 2..2 tau=2; "
        + "workers 3..3 tau=2 delay=infbernoulli(1); workers 4..4 tau=100; target epsilon=1 sigma2=3 L=1 Delta=1; "
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
        "problem quadratic dim=2; workers 2; workers 1..1 tau=1e-12; target epsilon=1e-9 sigma2=5 L=1 Delta=1; "
          + "method \(method) clip=0; theory \(method)")
      #expect(session.error.contains("the theory's are more than 1e9"), "\(session.error)")
    }
  }

  @Test func saysWhatIsTheoremAndWhatEstimate() throws {
    let fleet =
      "problem quadratic dim=4; workers 4 tau=1 delay=exponential(1); target epsilon=1 sigma2=2; theory"
    for row in Session(fleet, json: true).objects {
      let (name, notes) = (row["method"] as? String ?? "", row["notes"] as? [String] ?? [])
      let expected =
        switch name {
        case "mindflayer", "vecna": "a bound for every run"
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
