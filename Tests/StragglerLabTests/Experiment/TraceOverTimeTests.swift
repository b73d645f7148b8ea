// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// Points of a trace at multiples of a time.
@Suite struct TraceOverTimeTests {
  private func run(
    _ interval: TraceInterval, seed: UInt64 = 1, method: String = "ringmaster",
    _ settings: Settings = ["gamma": 0.05, "threshold": 4]
  ) throws -> Run {
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 6, noise: 0.2)),
      workers: [
        Worker(tau: 0.3, delay: .exponential(rate: 2)), Worker(tau: 1, delay: .lognormal(mu: 0, sigma: 1)),
        Worker(tau: 2.5),
      ],
      method: try #require(Catalogue().method(method)).choose(settings), seed: seed)
    experiment.interval = interval
    return try experiment.start()
  }

  /// Each point is the state after all events up to its time, by a run that stops there.
  @Test(arguments: [0.25, 1, 7.3]) func pointsAreTheStateAtTheirTime(seconds: Double) throws {
    for end in [30.0, 33.3] {
      let traced = try run(.seconds(seconds))
      #expect(traced.run(until: Stop(time: end)) == .time)
      let other = try run(.end)
      for point in traced.trace {
        if point.time > 0 { other.run(until: Stop(time: point.time)) }
        let expected = other.statistics.point
        #expect(point.loss == expected.loss && point.gradnorm2 == expected.gradnorm2)
        #expect(point.iteration == expected.iteration && point.arrivals == expected.arrivals)
        #expect(expected.time <= point.time)
      }
      #expect(traced.trace.last?.time == end)
      for point in traced.trace.dropLast() {
        #expect(((point.time / seconds).rounded() * seconds) == point.time)
      }
      // What a trace evaluates changes nothing.
      other.run(until: Stop(time: end))
      #expect(traced.statistics.point == other.statistics.point && traced.model == other.model)
    }
  }

  /// Energy and the share of busy time go on between events.
  @Test func costsAreThoseAtTheTime() throws {
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 2, noise: 0)),
      workers: [Worker(tau: 10, power: 3), Worker(tau: 10, power: 2)],
      method: try #require(Catalogue().method("minibatch")).choose(["gamma": 0.1]))
    experiment.interval = .seconds(1)
    let run = try experiment.start()
    run.run(until: Stop(time: 12.5))
    // Of the times between two events the first and the last.
    #expect(run.trace.map(\.time) == [0, 1, 9, 10, 11, 12.5])
    #expect(run.trace.map(\.energy) == [0, 5, 45, 50, 55, 62.5])
    #expect(run.trace.dropFirst().allSatisfy { $0.busy == 1 })
    #expect(run.trace.map(\.iteration) == [0, 0, 0, 1, 1, 1])
  }

  /// In one go or in pieces, and with a condition, the points of the grid are the same.
  @Test func piecesMakeNoDifference() throws {
    let whole = try run(.seconds(0.5))
    whole.run(until: Stop(time: 20))
    let pieces = try run(.seconds(0.5))
    for events in [1, 7, 8, 30] { pieces.run(until: Stop(time: 20, events: events)) }
    pieces.run(until: Stop(time: 20))
    func grid(_ run: Run) -> [TracePoint] { run.trace.filter { ($0.time / 0.5).rounded() * 0.5 == $0.time } }
    #expect(Set(grid(whole).map(\.time)).isSubset(of: grid(pieces).map(\.time)))
    for point in grid(whole) { #expect(grid(pieces).contains(point)) }

    let stopped = try run(.seconds(0.5))
    let bound = whole.trace[20].loss
    let reason = stopped.run(until: Stop(time: 20), or: [Stop.Condition(.loss, .atMost, bound)])
    #expect(reason == .condition && stopped.statistics.point.loss <= bound)
    for (point, expected) in zip(stopped.trace.dropLast(), whole.trace) { #expect(point == expected) }
    #expect(zip(stopped.trace, stopped.trace.dropFirst()).allSatisfy { $0.time <= $1.time })
  }

  /// Times so near each other that they cannot be told apart come to an end, too.
  @Test func finestTimes() throws {
    let run = try run(.seconds(1e-300))
    #expect(run.run(until: Stop(updates: 20)) == .updates)
    #expect(run.trace.count <= 3 * (run.statistics.point.arrivals + 1))
    let coarse = try self.run(.seconds(1e300))
    coarse.run(until: Stop(time: 3))
    #expect(coarse.trace.map(\.time) == [0, 3])
  }
}
