// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@Suite struct RennalaMVRTests {
  private func mvr(_ gamma: Double = 0.1, batch: Int, a: Double, pairCost: Int = 2) -> RennalaMVR {
    configured(RennalaMVR.self) {
      ($0.gamma.given, $0.batch.given, $0.a, $0.pairCost) = (gamma, batch, a, pairCost)
    }
  }

  @Test func doesWhatTheSlowOneDoes() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let batch = 1 + draw.integer(below: 2 * workers.count)
      let a = 0.05 + 0.95 * draw.uniform()
      return [1, 2].map { cost in
        var slow = SlowCase(
          "S=\(batch) cost \(cost)", mvr(batch: batch, a: a, pairCost: cost),
          .arrivals {
            var (pairs, previous, g) = ([(new: [Double], old: [Double])](), [Double]?.none, [Double]())
            return { arrival in
              guard arrival.delay == 0 else { return (nil, false) }
              pairs.append((arrival.gradient, previous.map { MethodLab.gradient($0) } ?? []))
              guard pairs.count == batch else { return (nil, true) }
              func mean(_ vectors: [[Double]]) -> [Double] {
                arrival.x.indices.map { j in vectors.map { $0[j] }.reduce(0, +) / Double(batch) }
              }
              let new = mean(pairs.map(\.new))
              if previous == nil {
                g = new
              } else {
                let old = mean(pairs.map(\.old))
                g = g.indices.map { new[$0] + (1 - a) * (g[$0] - old[$0]) }
              }
              (pairs, previous) = ([], arrival.x)
              return (zip(arrival.x, g).map { $0 - 0.1 * $1 }, true)
            }
          })
        slow.gradients = { $0 == 0 ? 1 : cost }
        return slow
      }
    }
  }

  /// a = 1 forgets the estimate: Rennala in every bit and event, where a pair costs what a gradient does.
  @Test func withoutMemoryItIsRennala() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let rennala = configured(Rennala.self) { ($0.gamma, $0.batch) = (0.1, 5) }
    let (a, first) = try MethodLab.run(
      mvr(batch: 5, a: 1, pairCost: 1), workers, noise: 0.1, until: Stop(updates: 100))
    let (b, second) = try MethodLab.run(rennala, workers, noise: 0.1, until: Stop(updates: 100))
    #expect(a.model == b.model)
    #expect(first.map { "\($0)" } == second.map { "\($0)" })
  }

  /// Both gradients of a pair have one sample: the noise, the same at both points, goes from the difference,
  /// and little of it is left in the estimate.
  @Test func pairsShareTheirSample() throws {
    func spread(_ method: some Method) throws -> Double {
      let steps = try (1...40).map { seed in
        let run = try MethodLab.run(
          method, MethodLab.workers([1]), noise: 0.5, seed: UInt64(seed), until: Stop(updates: 60)
        ).run
        let before = run.model
        run.run(until: Stop(updates: 61))
        return zip(before, run.model).map { ($0 - $1) / 0.02 }
      }
      let mean = steps[0].indices.map { j in steps.map { $0[j] }.reduce(0, +) / 40 }
      return steps.map { squaredNorm(zip($0, mean).map { $0 - $1 }) }.reduce(0, +) / 40
    }
    let rennala = configured(Rennala.self) { ($0.gamma, $0.batch) = (0.02, 1) }
    #expect(try spread(mvr(0.02, batch: 1, a: 0.05)) < 0.25 * spread(rennala))
  }

  @Test func countsPairs() throws {
    let (run, _) = try MethodLab.run(mvr(batch: 3, a: 0.5), MethodLab.workers([1]), until: Stop(updates: 10))
    let statistics = run.statistics
    #expect(statistics.point.arrivals == 30 && statistics.point.used == 30 && statistics.messages == 30)
    #expect(statistics.gradients == 3 + 2 * 27 && statistics.point.time == 57)
  }

  @Test func isRefusedWhereItIsNotRight() throws {
    let entry = try #require(Catalogue().method("rennala-mvr"))
    for settings in [["a": 0], ["a": 1.5], ["pair_cost": 3], ["compress": "sign"]] as [Settings] {
      #expect(throws: LabError.self, "\(settings)") { try entry.choose(settings) }
    }
    #expect(throws: LabError.self) { try MethodLab.outcome(configured(RennalaMVR.self) { $0.a = 0.5 }) }
    #expect(throws: LabError.self) { try MethodLab.outcome(configured(RennalaMVR.self) { $0.gamma = 0.5 }) }
  }
}
