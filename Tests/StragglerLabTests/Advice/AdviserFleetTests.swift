// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData
import Testing

@testable import StragglerLab

/// Whether the advice from a record of a fleet is what simulation of the fleet itself shows to be fastest.
@Suite struct AdviserFleetTests {
  private static let epsilon = 3e-3
  private static let dimension = 10

  /// A fleet with the problem to be solved on it.
  private struct Case {
    let fleet: RandomFleet
    let problem: ProblemChoice
    let conditions: Conditions

    init(seed: UInt64) throws {
      fleet = try RandomFleet(seed: seed)
      let noise = (fleet.noise * epsilon / Double(dimension)).squareRoot()
      problem = ProblemChoice(Quadratic<Double>(dimension: dimension, noise: noise))
      let experiment = Experiment(
        problem: problem, workers: fleet.workers, method: MethodChoice(Hero()), epsilon: epsilon,
        owners: fleet.owners)
      conditions = try experiment.situation().conditions
    }

    func advice(tunes: Bool = false) throws -> Advice {
      var adviser = Adviser(
        try AdviceFleet(fleet.record), problem: problem, conditions: conditions)
      (adviser.replicates, adviser.events, adviser.gradients) = (0, 5_000, 5_000)
      (adviser.tunes, adviser.threads) = (tunes, 2)
      return try #require(try adviser.advise())
    }

    /// Seconds to ε on the fleet itself in twenty runs that the advice has not seen; infinite for those that
    /// do not get there within `limit`.
    func seconds(_ candidate: AdviceCandidate, gamma: Double? = nil, limit: Double) throws -> [Double] {
      var experiment = Experiment(
        problem: problem, workers: fleet.workers, method: try candidate.choice(Catalogue(), gamma: gamma),
        epsilon: epsilon)
      experiment.owners = fleet.owners
      let stop = Stop(time: limit < .infinity ? limit : nil, events: 10_000)
      let rows = try Comparison(
        [experiment], until: stop, or: [.init(.gradnorm2, .below, epsilon)],
        seeds: Array(1_000..<1_020), threads: 2
      ).run()
      return rows[0].runs.map { run in
        let point = run.statistics.point
        return point.gradnorm2 < epsilon ? point.time : .infinity
      }
    }
  }

  /// Whether simulation shows `others` to be less than `own`, which have the same seeds: in the typical time,
  /// and by more than two standard errors of the mean logarithm of their ratio.
  private static func isBeaten(_ own: [Double], by others: [Double]) -> Bool {
    guard others.typical < own.typical else { return false }
    let ratios = zip(own, others).map { Elementary.log($0 / $1) }.filter(\.isFinite)
    let count = Double(ratios.count)
    let mean = ratios.reduce(0, +) / count
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return mean > 2 * (variance / count).squareRoot()
  }

  @Test func namesTheFastestMethodOfRandomFleets() throws {
    let count = 10
    var (hits, near) = (0, 0)
    var misses: [String] = []
    for seed in 1...UInt64(count) {
      let test = try Case(seed: seed)
      let advice = try test.advice()
      let best = try #require(advice.best, "\(test.fleet)")
      let own = try test.seconds(best.candidate, limit: .infinity)
      var fastest = (seconds: own.typical, method: best.candidate.method)
      var isBeaten = false
      for candidate in AdviceCandidate.all(
        of: Catalogue(), fleet: test.fleet.workers, test.conditions, stops: false, timeout: nil)
      {
        // Those that cannot run on the fleet cannot win.
        guard let others = try? test.seconds(candidate, limit: 4 * own.typical) else { continue }
        if others.typical < fastest.seconds { fastest = (others.typical, candidate.method) }
        if candidate.method != best.candidate.method, Self.isBeaten(own, by: others) { isBeaten = true }
      }
      let isNear = own.typical <= 1.1 * fastest.seconds
      hits += isBeaten ? 0 : 1
      near += isNear ? 1 : 0
      if isBeaten || !isNear {
        misses.append("\(test.fleet): \(best.candidate.method) \(own.typical), not \(fastest)")
      }
    }
    #expect(10 * hits >= 9 * count, "\(misses)")
    #expect(10 * near >= 9 * count, "\(misses)")
  }

  @Test func tunedAdviceIsFasterOnTheFleetItself() throws {
    for seed in 1...2 as ClosedRange<UInt64> {
      let test = try Case(seed: seed)
      let (plain, tuned) = (
        try #require(try test.advice().best), try #require(try test.advice(tunes: true).best)
      )
      let slow = try test.seconds(plain.candidate, limit: .infinity).typical
      let fast = try test.seconds(tuned.candidate, gamma: tuned.gamma, limit: .infinity).typical
      #expect(fast < 0.9 * slow, "\(test.fleet): \(plain.candidate.method), \(tuned.candidate.method)")
    }
  }
}
