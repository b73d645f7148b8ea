// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@Suite struct ACEDTests {
  private func aced(_ gamma: Double = 0.1, limit: Int = .max) -> ACED {
    configured(ACED.self) { ($0.gamma.given, $0.limit) = (gamma, limit) }
  }

  @Test func doesWhatTheSlowOneDoes() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let n = workers.count
      let steps = 1 + draw.integer(below: 3)
      return [0, 1, draw.integer(below: 2 * n), draw.integer(below: 4 * n), .max].map { limit in
        var slow = SlowCase(
          "limit \(limit) H=\(steps)",
          MethodChoice(aced(limit: limit), modifiers: Modifiers(localSteps: .same(Double(steps)))),
          .arrivals {
            var table = workers.map { _ in (version: 0, g: [Double]?.none) }
            var isFull = false
            return { arrival in
              let isNew = arrival.delay <= limit
              if isNew { table[arrival.worker] = (arrival.k - arrival.delay, arrival.gradient) }
              isFull = isFull || table.allSatisfy { $0.g != nil }
              guard isFull else { return (nil, true) }
              let kept = table.filter { arrival.k - $0.version <= limit }
              guard !kept.isEmpty else { return (nil, isNew) }
              let x = arrival.x.indices.map { j in
                arrival.x[j] - 0.1 * kept.map { $0.g![j] }.reduce(0, +) / Double(kept.count)
              }
              return (x, isNew)
            }
          })
        slow.local = workers.map { _ in steps }
        return slow
      }
    }
  }

  /// Without a limit, or with one that nothing reaches, it is PIAG in every bit and event.
  @Test(arguments: [Int.max, 10_000]) func withoutLimitItIsPIAG(limit: Int) throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let piag = configured(PIAG.self) { $0.gamma = 0.1 }
    let (a, first) = try MethodLab.run(
      aced(limit: limit), workers, noise: 0.1, heterogeneity: 1, until: Stop(updates: 300))
    let (b, second) = try MethodLab.run(
      piag, workers, noise: 0.1, heterogeneity: 1, until: Stop(updates: 300))
    #expect(a.model == b.model)
    #expect(first.map { "\($0)" } == second.map { "\($0)" })
  }

  /// The mean of all that workers with data of their own send: the fixed point is the minimum.
  @Test func convergesOnDataThatDiffer() throws {
    #expect(try MethodLab.gap(aced(0.2), steps: 4_000) < 1e-9)
  }

  @Test func isRefusedWhereItIsNotRight() throws {
    let entry = try #require(Catalogue().method("aced"))
    for limit in [-1, 1.5, .nan] as [Double] {
      #expect(throws: LabError.self) { try entry.choose(["gamma": 0.1, "limit": .number(limit)]) }
    }
    #expect(throws: LabError.self) { try MethodLab.outcome(ACED()) }
    _ = try entry.choose(["gamma": 0.1, "limit": 0])
    _ = try entry.choose(["gamma": 0.1, "limit": .number(.infinity)])
  }
}
