// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct TuneTests {
  static let small = """
    problem quadratic dim=8 noise=0.01; workers 4 tau=i delay=exponential(1); trace every=3
    method rennala gamma=77 batch=2; method mindflayer trials=1

    """

  /// Whether the gap stays below 0.1 at nine of the ten updates after the first at which it is, at every
  /// seed.
  private func lasts(_ configuration: String) -> Bool {
    (1...3).allSatisfy { seed in
      let session = Session(
        "seed \(seed)\n" + configuration
          + "\nrun gap<0.1 steps=400; let k = iteration; for j in 1..10 { run steps=k+j }", json: true)
      let gaps = session.objects.suffix(10).compactMap { $0["gap"] as? Double }
      return session.objects.count == 11 && gaps.count { $0 < 0.1 } >= 9
    }
  }

  @Test func theWinnerIsTheBestOfTheGrid() throws {
    // Little noise, but delayed steps that are too long overshoot.
    let small = Self.small.replacing("noise=0.01", with: "noise=1e-4")
    let tuned = Session(
      small + "compare rennala asgd mindflayer gap<0.1 steps=400 seeds=3 tune; plot y=gap", json: true
    ) {
      $0.threads = 2
    }
    #expect(tuned.outcome == .done, "\(tuned.error)")
    let rows = tuned.objects.dropLast()
    #expect(rows.map { $0["method"] as? String } == ["rennala", "asgd", "mindflayer"])
    for row in rows {
      let method = try #require(row["method"] as? String)
      let keys = ["rennala": " batch=2", "mindflayer": " trials=1"][method] ?? ""
      var best: [String: Any]?
      for exponent in stride(from: 3, through: -6, by: -1) {
        guard lasts(small + "method \(method) gamma=2^\(exponent)\(keys)") else { continue }
        let session = Session(
          small
            + "method \(method) gamma=2^\(exponent)\(keys)\ncompare \(method) gap<0.1 steps=400 seeds=3",
          json: true)
        let object = try #require(session.objects.last)
        guard object["reached"] as? Double == 1 else { continue }
        if object["time"] as? Double ?? .infinity < best?["time"] as? Double ?? .infinity { best = object }
      }
      let wanted = try #require(best)
      for key in ["gamma", "time", "time_min", "time_max", "loss", "loss_max", "reached", "iteration"] {
        #expect(row[key] as? Double == wanted[key] as? Double, "\(method) \(key)")
      }
    }
    // A curve for each method, with the band over the seeds.
    let series = try #require(tuned.objects.last?["series"] as? [[String: Any]])
    #expect(series.map { $0["name"] as? String } == ["rennala", "asgd", "mindflayer"])
    for curve in series {
      let points = try #require(curve["points"] as? [[Double]])
      #expect(points.contains { $0[2] < $0[1] && $0[1] < $0[3] })
    }
  }

  @Test func stepsizesOfOnesOwn() {
    let session = Session(
      Self.small + "compare rennala time=30 tune=[0.01,0.3,0.02] fixed-grid", json: true)
    #expect(session.objects.last?["gamma"] as? Double == 0.3)
    // The largest of them: perhaps a larger one is better still.
    #expect(session.transcript.diagnostics.map(\.severity) == [.warning])
    #expect(session.error.contains("the best stepsize of rennala is the largest that was tried, 0.3"))
    let inside = Session(Self.small + "compare rennala time=30 tune=[0.01,0.3,50]", json: true)
    #expect(inside.objects.last?["gamma"] as? Double == 0.3 && inside.transcript.diagnostics.isEmpty)
    for wrong in ["[1,-1]", "[0]", "[]", "[x]", "0..1", "[\"a\"]"] {
      #expect(Session(Self.small + "compare rennala steps=3 tune=\(wrong)").outcome == .failed, "\(wrong)")
    }
  }

  @Test func aGridWhoseEdgeWinsIsExtendedOnce() {
    let script = Self.small + "compare rennala time=30 tune=[0.02,0.1]"
    let session = Session(script, json: true)
    let one = Session(script.replacing("0.1]", with: "0.1,0.5,2.5,12.5,62.5,312.5]"), json: true)
    #expect(session.objects.last?["gamma"] as? Double == one.objects.last?["gamma"] as? Double)
    #expect(session.objects.last?["time"] as? Double == one.objects.last?["time"] as? Double)
    #expect(session.transcript.diagnostics.map(\.severity) == [.note])
    #expect(session.error.contains("lies beyond the grid, which ended at 0.1 and was extended"))
    // As an option of the program.
    let fixed = Session(script, json: true) { $0.isGridFixed = true }
    #expect(fixed.objects.last?["gamma"] as? Double == 0.1)
    #expect(fixed.error.contains("is the largest that was tried, 0.1"))
    // Where all diverge, smaller ones are tried.
    let below = Session(Self.small + "compare rennala time=30 tune=[3,30]", json: true)
    #expect((below.objects.last?["gamma"] as? Double ?? 30) < 3)
  }

  @Test func keysAreTunedTogetherWithTheStepsize() throws {
    let fleet = "problem quadratic dim=8 noise=0.05; workers 4 tau=i delay=exponential(1); trace every=1; "
    let stop = " gap<0.1 steps=400 seeds=2"
    let tuned = Session(
      fleet
        + "compare rennala ringmaster\(stop) tune(gamma in [0.1,0.4,1.6], batch in [1,3,9] R in 2..6 by 2) "
        + "fixed-grid; echo rennala_batch",
      json: true)
    #expect(tuned.outcome == .done, "\(tuned.error)")
    for (index, (method, key, values)) in [("rennala", "batch", [1, 3, 9]), ("ringmaster", "R", [2, 4, 6])]
      .enumerated()
    {
      var best: [String: Any]?
      var winner = 0
      for gamma in [1.6, 0.4, 0.1] {
        for value in values {
          let session = Session(
            fleet + "method \(method) gamma=\(gamma) \(key)=\(value); compare \(method)\(stop)", json: true)
          let object = try #require(session.objects.last)
          guard object["reached"] as? Double == 1 else { continue }
          if object["time"] as? Double ?? .infinity < best?["time"] as? Double ?? .infinity {
            (best, winner) = (object, value)
          }
        }
      }
      let row = tuned.objects[index]
      #expect(row["time"] as? Double == best?["time"] as? Double)
      #expect(row["gamma"] as? Double == best?["gamma"] as? Double)
      // Each method those that it has.
      #expect(
        row["tuned"] as? [String: Double] == ["gamma": row["gamma"] as? Double ?? 0, key: Double(winner)])
    }
    let table = Session(fleet + "compare rennala ringmaster steps=9 tune(batch in [3])").transcript.text
    #expect(table.split(separator: "\n")[0].contains("gamma  batch"))
  }

  @Test(arguments: [
    ("tune(bach in [1])", "no method here has a key 'bach' to tune"),
    ("tune(batch in [])", "the list for batch is empty"),
    ("tune(batch in [1], batch in [2])", "batch is tuned twice"),
    ("tune(batch)", "tune(…) takes KEY in LIST"),
    ("tune()", "tune(…) takes KEY in LIST"), ("tune(batch in 3)", "a list is expected here"),
    ("tune(batch in [0,1])", "the value of batch= is out of range"),
    ("tune(gamma in [-1])", "numbers above 0"),
    ("tune(gamma in [1]) tune=[2]", "the stepsizes are given twice"),
    ("tune(gamma in [])", "there are 0 stepsizes"),
    ("tune(batch in 1..1e6)", "the grid has more than"),
  ]) func listsThatMakeNoSenseAreRefused(_ words: String, _ message: String) {
    let session = Session(Self.small + "compare rennala asgd steps=3 \(words)")
    #expect(session.outcome == .failed && session.error.contains(message), "\(words): \(session.error)")
  }

  @Test func nothingDependsOnTheNumberOfThreads() {
    let script = Self.small + "compare rennala asgd gap<0.1 steps=300 seeds=2 tune; show"
    let results = [1, 2, 6].map { threads in
      Session(script, json: true) { $0.threads = threads }.objects.map { object in
        object.filter { !["wall", "events_per_second"].contains($0.key) }.mapValues { "\($0)" }
      }
    }
    #expect(results[0] == results[1] && results[1] == results[2])
    // The configuration keeps its own stepsize.
    #expect(results[0].last?["commands"]?.contains("gamma=") == false)
  }
}
