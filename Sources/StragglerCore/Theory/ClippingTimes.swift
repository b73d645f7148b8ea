// SPDX-License-Identifier: Apache-2.0

/// The times tᵢ to allot to the trials of MindFlayer SGD so that its time complexity is smallest.
///
/// Source: Maranjyan, Shaikh Omar, Richtárik, "MindFlayer SGD" (2025). They minimise t(m) over t₁ … t_m for
/// every m; here min over m and t of t(m) is the root T of Σᵢ max_t [Fᵢ(t)(T/(τᵢ + t) − 1)]₊ = S, where
/// workers decouple.
public enum ClippingTimes {
  /// The t that minimises the time (τ + t)/F(t) for a success of one worker; with F(t) and that time.
  ///
  /// All laws, with atoms and without; 0 and an infinite time where no trial ever succeeds.
  public static func single(tau: Double, delay: Delay) -> (time: Double, probability: Double, cost: Double) {
    let gain = ClippingGain(tau: tau, time: .infinity)
    let time = delay.clip(for: gain, near: nil)
    let probability = delay.cdf(time)
    return (time, probability, probability > 0 ? (tau + time) / probability : .infinity)
  }

  /// Fills `times` with the best allotted times tᵢ (to η; τᵢ has the upload) for `batch` S > 0 and returns T.
  /// Workers with τᵢ ≥ T get 0.
  ///
  /// Newton's method: the sum is convex in T, so from the right every step ends right of the root, and at
  /// the best times for T the step is (S + Σ pᵢ)/Σ pᵢ/cᵢ with pᵢ = Fᵢ(tᵢ), cᵢ = τᵢ + tᵢ. About 6 rounds of
  /// searches over all workers, each from where the last one ended; infinite where no trial can succeed.
  public static func optimize(fleet: Fleet, batch: Double, into times: Table<Double>) -> Double {
    var search = ClippingSearch(workers: fleet.workers, times: times, batch: batch)
    return search.root()
  }
}

/// The search for T and the best times of a fleet.
private struct ClippingSearch {
  /// Where a round looks for the best time of a worker.
  enum Depth {
    /// Anywhere: there is no time yet.
    case first
    /// Near the time of the last round.
    case near
    /// Near it, and at higher peaks elsewhere.
    case thorough
  }

  let workers: Table<Worker>
  let times: Table<Double>
  let batch: Double
  private let count: Int
  /// The law of the last worker, where a thorough round has tabulated it.
  private var grid = ClippingGrid()

  init(workers: Table<Worker>, times: Table<Double>, batch: Double) {
    self.workers = workers
    self.times = times
    self.batch = batch
    count = min(workers.count, times.count)
  }

  mutating func root() -> Double {
    var time = upperBound()
    var (depth, change) = (Depth.first, 0.0)
    for _ in 0..<100 {
      guard time > 0, time < .infinity else { break }
      let next = round(below: time, depth, change: change)
      if next < time * (1 - 0x1p-51) {
        change = 1 - next / time
        time = next
        depth = .near
      } else if depth == .thorough {
        break
      } else {
        depth = .thorough
      }
    }
    return time
  }

  /// An upper bound T from times that are cheap to find; slower workers are left out.
  private func upperBound() -> Double {
    for index in 0..<count {
      let delay = workers[index].delay
      if workerLike(index) != nil {
        times[index] = times[index - 1]
      } else {
        let median = delay.median
        times[index] = median < .infinity ? median : 0
      }
    }
    let time = fillingTime()
    guard time == .infinity else { return time }
    for index in 0..<count {
      let gain = ClippingGain(tau: workers[index].sureDuration, time: .infinity)
      times[index] = workers[index].delay.clip(for: gain, near: nil)
    }
    return fillingTime()
  }

  /// The worker before `index`, if it has the same law.
  private func workerLike(_ index: Int) -> Worker? {
    guard index > 0, workers[index].delay.isSame(as: workers[index - 1].delay) else { return nil }
    return workers[index - 1]
  }

  /// A step of Newton's method from `time`, which was `change` of itself longer in the last round.
  private mutating func round(below time: Double, _ depth: Depth, change: Double) -> Double {
    var (weights, rates) = (CompensatedSum(batch), CompensatedSum(0))
    grid.clear()
    for index in 0..<count {
      let worker = workers[index]
      let gain = ClippingGain(tau: worker.sureDuration, time: time)
      guard gain.ceiling > 0 else {
        times[index] = 0
        continue
      }
      times[index] = best(index, gain, depth, change: change)
      let probability = worker.delay.cdf(times[index])
      let cost = worker.sureDuration + times[index]
      guard probability > 0 && cost < time else { continue }
      weights.add(probability)
      rates.add(probability / cost)
    }
    return weights.value / rates.value
  }

  /// The best time of worker `index`; that of the worker before it is known.
  private mutating func best(
    _ index: Int, _ gain: ClippingGain, _ depth: Depth, change: Double
  ) -> Double {
    let (tau, delay) = (workers[index].sureDuration, workers[index].delay)
    let like = workerLike(index)
    if like == nil { grid.clear() }
    if let like, tau == like.sureDuration { return times[index - 1] }
    switch depth {
    case .first:
      // Near where a worker with the same law has its peak.
      guard let like, times[index - 1] > 0 else { return delay.clip(for: gain, near: nil) }
      let start = ClippingStart(time: times[index - 1], change: 1 - like.sureDuration / tau)
      return delay.clip(for: gain, near: start)
    case .near:
      return delay.clip(for: gain, near: ClippingStart(time: times[index], change: change))
    case .thorough:
      guard like != nil else { return delay.clip(for: gain, near: nil) }
      let time = delay.clip(for: gain, near: ClippingStart(time: times[index], change: change))
      if !grid.isFilled { grid.fill(delay, below: gain.time) }
      return delay.clip(for: gain, known: time, grid)
    }
  }

  private func fillingTime() -> Double {
    Theory.fillingTime(demand: batch, count: count) { index in
      (workers[index].delay.cdf(times[index]), workers[index].sureDuration + times[index])
    }
  }
}
