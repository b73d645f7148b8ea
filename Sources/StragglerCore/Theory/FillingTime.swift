// SPDX-License-Identifier: Apache-2.0

extension Theory {
  /// The root T of Σᵢ pᵢ (T/cᵢ − 1)₊ = S: when workers that succeed pᵢ times in cᵢ seconds, the first pᵢ of
  /// them not counted, have done S together. It is min over m of (Σ_{i≤m} pᵢ/cᵢ)⁻¹(S + Σ_{i≤m} pᵢ), c
  /// ascending.
  ///
  /// `worker` gives weight pᵢ ≥ 0 and cost cᵢ ≥ 0 (∞ allowed) of worker i; no order is needed. Newton's
  /// method from the right on a convex, piecewise linear function: the workers with cᵢ < T only get fewer,
  /// and when they stay the same T is exact. O(n) a round, about 5 rounds. Infinite where no worker can
  /// succeed.
  @inlinable
  public static func fillingTime(
    demand: Double, count: Int, _ worker: (Int) -> (weight: Double, cost: Double)
  ) -> Double {
    var time = Double.infinity
    while true {
      var (weights, rates) = (CompensatedSum(demand), CompensatedSum(0))
      for index in 0..<count {
        let (weight, cost) = worker(index)
        if weight > 0 && cost < time {
          weights.add(weight)
          rates.add(weight / cost)
        }
      }
      let next = weights.value / rates.value
      if !(next < time) { return demand.isNaN ? demand : time }
      time = next
    }
  }

  /// t(m*) of MindFlayer SGD for allotted times tᵢ and their probabilities of success pᵢ: the filling time
  /// of costs cᵢ = τᵢ + tᵢ, the upload included in τᵢ, with S = `batch`; Bᵢ = ⌈t(m*)/cᵢ − 1⌉ trials follow.
  ///
  /// Source: Maranjyan, Shaikh Omar, Richtárik, "MindFlayer SGD" (2025), Theorem 4.5.
  public static func mindFlayerTime(
    fleet: Fleet, times: Table<Double>, successes: Table<Double>, batch: Double
  ) -> Double {
    let workers = fleet.workers
    let count = min(workers.count, min(times.count, successes.count))
    return fillingTime(demand: batch, count: count) { index in
      (successes[index], workers[index].sureDuration + times[index])
    }
  }
}

/// A sum whose error does not grow with the number of terms. Source: Neumaier (1974).
public struct CompensatedSum: BitwiseCopyable, Sendable {
  @usableFromInline var sum: Double
  @usableFromInline var lost = 0.0

  /// A sum that begins with `start`.
  @inlinable public init(_ start: Double) { sum = start }

  /// The sum of `start` and all terms, to about the last bit; infinite or NaN as plain addition gives it.
  @inlinable public var value: Double { sum.isFinite ? sum + lost : sum }

  /// Adds `term`. O(1).
  @inlinable
  public mutating func add(_ term: Double) {
    let next = sum + term
    lost += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
    sum = next
  }
}
