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
    let workers = fleet.workers
    let count = min(workers.count, times.count)
    // An upper bound T from times that are cheap to find; slower workers are left out.
    for index in 0..<count {
      let delay = workers[index].delay
      if index > 0, delay.isSame(as: workers[index - 1].delay) {
        times[index] = times[index - 1]
      } else {
        let median = delay.median
        times[index] = median < .infinity ? median : 0
      }
    }
    var time = fillingTime(workers, times, count, batch)
    if time == .infinity {
      for index in 0..<count {
        let gain = ClippingGain(tau: workers[index].sureDuration, time: .infinity)
        times[index] = workers[index].delay.clip(for: gain, near: nil)
      }
      time = fillingTime(workers, times, count, batch)
    }
    var (isThorough, isFirst, rounds, change) = (false, true, 0, 0.0)
    var grid = ClippingGrid()
    while time > 0 && time < .infinity && rounds < 100 {
      rounds += 1
      var (weights, rates) = (CompensatedSum(batch), CompensatedSum(0))
      grid.clear()
      for index in 0..<count {
        let worker = workers[index]
        let (tau, delay) = (worker.sureDuration, worker.delay)
        let gain = ClippingGain(tau: tau, time: time)
        guard gain.ceiling > 0 else {
          times[index] = 0
          continue
        }
        let like = index > 0 && delay.isSame(as: workers[index - 1].delay) ? workers[index - 1] : nil
        if like == nil { grid.clear() }
        if let like, tau == like.sureDuration {
          times[index] = times[index - 1]
        } else if isFirst {
          // Near where a worker with the same law has its peak.
          let start = like.map {
            ClippingStart(time: times[index - 1], change: 1 - $0.sureDuration / tau)
          }
          times[index] = delay.clip(for: gain, near: times[max(1, index) - 1] > 0 ? start : nil)
        } else if isThorough, like == nil {
          times[index] = delay.clip(for: gain, near: nil)
        } else {
          let start = ClippingStart(time: times[index], change: change)
          times[index] = delay.clip(for: gain, near: start)
          if isThorough {
            if !grid.isFilled { grid.fill(delay, below: time) }
            times[index] = delay.clip(for: gain, known: times[index], grid)
          }
        }
        let probability = delay.cdf(times[index])
        let cost = tau + times[index]
        guard probability > 0 && cost < time else { continue }
        weights.add(probability)
        rates.add(probability / cost)
      }
      isFirst = false
      let next = weights.value / rates.value
      if next < time * (1 - 0x1p-51) {
        change = 1 - next / time
        time = next
        isThorough = false
      } else if isThorough {
        break
      } else {
        // Settled near the last peaks; there may be higher ones elsewhere.
        isThorough = true
      }
    }
    return time
  }

  private static func fillingTime(
    _ workers: Table<Worker>, _ times: Table<Double>, _ count: Int, _ batch: Double
  ) -> Double {
    Theory.fillingTime(demand: batch, count: count) { index in
      (workers[index].delay.cdf(times[index]), workers[index].sureDuration + times[index])
    }
  }
}
