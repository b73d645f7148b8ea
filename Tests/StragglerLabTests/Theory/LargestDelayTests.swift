// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

/// `delay_max` of `theory` against the delays of simulations.
@Suite struct LargestDelayTests {
  /// δ of the oldest gradient in a run, and what theory says of it.
  private func delays(
    _ method: String, _ workers: [Worker], _ settings: Settings = [:], steps: Int
  ) throws -> (seen: Double, bound: Double, notes: [String]) {
    let choice = try #require(Catalogue().method(method)).choose(
      settings.merging(["gamma": 1e-6]) { a, _ in a })
    let experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 1)), workers: workers, method: choice)
    let run = try experiment.start()
    run.run(until: Stop(updates: steps))
    let forecast = try choice.forecast(try experiment.situation())
    let bound = try #require(forecast.parameters.first { $0.name == "delay_max" }?.value)
    return (Double(run.statistics.delayMax), bound, forecast.notes)
  }

  @Test func isAttainedByASlightlyFasterGroup() throws {
    let workers = (1...10).map { Worker(tau: $0 == 10 ? 1 : 0.99) }
    let (seen, bound, _) = try delays("asgd", workers, steps: 2_000)
    #expect(seen == 18)
    #expect(bound == 18)
  }

  /// Durations that divide the longest one, in numbers whose sums are exact.
  @Test func isAttainedWhereDurationsDivideTheLongest() throws {
    for trial in 0..<200 {
      var draw = RandomStream(seed: 3, purpose: .data, worker: trial)
      let divisors =
        [1] + (0..<draw.integer(below: 7)).map { _ in [1, 2, 3, 4, 6, 12][draw.integer(below: 6)] }
      let workers = divisors.map { Worker(tau: 12 / Double($0)) }
      let (seen, bound, _) = try delays("asgd", workers, steps: 300)
      #expect(seen == bound, "\(workers.map(\.tau))")
    }
  }

  @Test func isNeverExceeded() throws {
    for trial in 0..<2_000 {
      var draw = RandomStream(seed: 5, purpose: .data, worker: trial)
      let (unit, kind) = ([1, 0.1, 1 / 3.0, 0.7][draw.integer(below: 4)], draw.integer(below: 4))
      let workers = (0..<(1 + draw.integer(below: 8))).map { index -> Worker in
        let tau =
          switch kind {
          case 0: unit * Double(1 + draw.integer(below: 6))
          case 1: unit * (1 + 1e-3 * Double(draw.integer(below: 3)))
          case 2: Double(index + 1).squareRoot()
          default: 0.1 + 3 * draw.uniform()
          }
        let isBounded = trial % 5 == 4 && draw.uniform() < 0.5
        return Worker(
          tau: tau, delay: isBounded ? .uniform(a: 0, b: 1) : .none,
          upload: trial % 3 == 0 ? unit * Double(draw.integer(below: 3)) : 0)
      }
      let n = workers.count
      var cases: [(String, Settings)] = [("asgd", [:])]
      if trial % 10 == 0 {
        cases += [("hogwild", ["reads": "inconsistent"])]
        for order in ["pure", "random", "shuffled"] {
          let (waiting, active) = (1 + draw.integer(below: 4), 1 + draw.integer(below: n))
          cases.append(
            (
              "asgrad",
              [
                "order": .word(order), "waiting": .number(Double(waiting)), "active": .number(Double(active)),
              ]
            ))
        }
      }
      for (method, settings) in cases {
        let (seen, bound, _) = try delays(method, workers, settings, steps: 400)
        #expect(seen <= bound, "\(method) \(settings) \(workers.map { ($0.tau, $0.upload) })")
      }
    }
  }

  /// An entry of the table is as old as its worker's last two jobs.
  @Test func holdsForTheTableOfPIAG() throws {
    for trial in 0..<300 {
      var draw = RandomStream(seed: 6, purpose: .data, worker: trial)
      let workers = (0..<(1 + draw.integer(below: 6))).map { _ in
        Worker(tau: trial % 2 == 0 ? Double(1 + draw.integer(below: 5)) : 0.1 + 3 * draw.uniform())
      }
      let (run, log) = try MethodLab.run(
        MethodLab.make(PIAG.self) { $0.gamma = 1e-6 }, workers, until: Stop(updates: 300))
      let situation = try Experiment(
        Quadratic<Double>(dimension: 2), workers: workers, method: PIAG()
      ).situation()
      let bound = try #require(
        try Catalogue().method("piag")?.choose().forecast(situation).parameters.first {
          $0.name == "delay_max"
        })
      var entries = workers.map { _ in 0 }
      var oldest = 0
      for entry in log {
        if entry.kind == .arrive { entries[entry.worker] = entry.version }
        if entry.kind == .update { oldest = max(oldest, entry.iteration - 1 - entries.min()!) }
      }
      #expect(Double(oldest) <= bound.value, "\(workers.map(\.tau))")
      _ = run
    }
  }

  @Test func isNotSaidWhereNothingBoundsIt() throws {
    let workers = [Worker(tau: 1), Worker(tau: 1, delay: .exponential(rate: 1))]
    for method in ["asgd", "hogwild", "piag", "asgrad"] {
      let (_, bound, notes) = try delays(method, workers, steps: 10)
      #expect(bound.isNaN, "\(method)")
      #expect(notes.contains { $0.contains("nothing is promised") }, "\(method)")
    }
    let bounded = [Worker(tau: 1), Worker(tau: 1, delay: .infbernoulli(q: 0.5))]
    #expect(try delays("asgd", bounded, steps: 10).bound == 1)
  }
}
