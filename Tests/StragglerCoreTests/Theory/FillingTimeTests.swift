// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct FillingTimeTests {
  /// min over m of (Σ_{i≤m} p/c)⁻¹(S + Σ_{i≤m} p) over the sorted workers: the definition.
  private func slow(_ workers: [(weight: Double, cost: Double)], _ demand: Double) -> Double {
    var (weights, rates, best) = (demand, 0.0, Double.infinity)
    for worker in workers.sorted(by: { $0.cost < $1.cost }) {
      weights += worker.weight
      rates += worker.weight / worker.cost
      best = min(best, weights / rates)
    }
    return best
  }

  @Test func agreesWithDefinition() {
    var stream = RandomStream(seed: 11, purpose: .data)
    for n in [1, 2, 3, 10, 100, 3_000] {
      for demand in [1e-3, 1, 10, 1e4] {
        let workers = (0..<n).map { _ in
          (weight: stream.uniform(), cost: Elementary.exp(3 * stream.normal()))
        }
        let fast = Theory.fillingTime(demand: demand, count: n) { workers[$0] }
        #expect((fast / slow(workers, demand) - 1).magnitude < 1e-13, "n = \(n), S = \(demand)")
        // It is a root: the sum over the active workers gives S.
        let sum = workers.reduce(0) { $0 + $1.weight * max(0, fast / $1.cost - 1) }
        #expect((sum / demand - 1).magnitude < 1e-9)
      }
    }
  }

  @Test func edgeCases() {
    func time(_ demand: Double, _ workers: [(weight: Double, cost: Double)]) -> Double {
      Theory.fillingTime(demand: demand, count: workers.count) { workers[$0] }
    }
    #expect(time(1, []) == .infinity)
    #expect(time(1, [(0, 1)]) == .infinity && time(1, [(1, .infinity)]) == .infinity)
    #expect(time(1, [(1, 2)]) == 4 && time(1, [(1, 2), (1, .infinity), (0, 0.1)]) == 4)
    #expect(time(1, [(1, 0), (1, 1)]) == 0)
    #expect(time(.infinity, [(1, 1)]) == .infinity && time(.nan, [(1, 1)]).isNaN)
    // A worker exactly at T counts nothing.
    #expect(time(1, [(1, 2), (1, 4)]) == 4)
    // Ten equal workers: T = c(1 + S/10).
    #expect(time(5, Array(repeating: (1, 2), count: 10)) == 3)
  }
}
