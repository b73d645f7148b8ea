import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct TuneTests {
  static let small = """
    problem quadratic dim=8 noise=0.01; workers 4 tau=i delay=exponential(1); trace every=3
    method rennala gamma=77 batch=2; method mindflayer trials=1

    """

  @Test func theWinnerIsTheBestOfTheGrid() throws {
    let tuned = Session(
      Self.small + "compare rennala asgd mindflayer gap<0.1 steps=400 seeds=3 tune; plot y=gap", json: true
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
        let session = Session(
          Self.small
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
    let session = Session(Self.small + "compare rennala time=30 tune=[0.01,0.3,0.02]", json: true)
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
