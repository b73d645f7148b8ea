// SPDX-License-Identifier: Apache-2.0

/// The times of updates in the universal computation model, in which worker i works with the power vᵢ(t):
/// t₀ = 0, and t_k is the least time at which the gradients that workers can have computed since t_{k−1} are
/// enough, of worker i Bᵢ = ⌊∫ vᵢ/wᵢ⌋ for jobs of wᵢ seconds of work, or with `dropped` one less, which is
/// the job that was running at the update.
///
/// An update that comes earlier lets no later one come later, so that no update of a method that needs just
/// these gradients comes after t_k. For the same reason bounds go on where speeds repeat: where q updates
/// take no more than m periods, j·q take no more than j·m, and likewise from below. By our own argument,
/// after Tyurin, "Tight time complexities in parallel stochastic optimization with arbitrary computation
/// dynamics" (2024), whose theorems have the same recursion with constants in place of `dropped`.
struct UniversalTimes {
  /// What is enough.
  enum Rule {
    /// Σ Bᵢ ≥ S.
    case total(Double)
    /// (1/n Σ 1/Bᵢ)⁻¹ ≥ S/n.
    case harmonic(Double)
  }

  let fleet: Fleet
  let rule: Rule
  let dropped: Double

  init(fleet: Fleet, rule: Rule, dropped: Double) {
    (self.fleet, self.rule, self.dropped) = (fleet, rule, dropped)
  }

  /// How often the work of a worker may be looked up.
  var limit = 2e6
  /// Lookups for an update and a worker: halving the time in between.
  private static var halvings: Int { 64 }

  /// When update number `count` comes, at the latest and at the earliest where that is known less exactly;
  /// infinite where it never does, NaN where it is too far to be found.
  func time(of count: Double) -> (latest: Double, earliest: Double) {
    guard count >= 1 else { return count.isNaN ? (.nan, .nan) : (0, 0) }
    let (settled, period) = fleet.speedsSettle
    let steps = limit / (Double(Self.halvings) * Double(max(1, fleet.count)))
    var (time, made) = (0.0, 0.0)
    var start: (time: Double, made: Double)? = nil
    /// Periods and updates: at most so many periods for so many updates, and at least.
    var (most, least) = ((periods: Double.infinity, updates: 1.0), (periods: 0.0, updates: 1.0))
    while made < count, made < steps || made < 2 {
      if time >= settled, start == nil { start = (time, made) }
      let next = next(after: time)
      guard next < .infinity else { return (.infinity, .infinity) }
      made += 1
      if let start {
        if period == 0 {
          let rest = (count - made) * (next - time)
          return (next + rest, next + rest)
        }
        let (periods, updates) = ((next - start.time) / period, made - start.made)
        let (high, low) = (periods.rounded(.up), periods.rounded(.down))
        if high / updates < most.periods / most.updates { most = (high, updates) }
        if low / updates > least.periods / least.updates { least = (low, updates) }
      }
      time = next
    }
    if made >= count { return (time, time) }
    guard let start, period < .infinity, least.periods > 0 else { return (.nan, .nan) }
    let rest = count - start.made
    return (
      start.time + (rest / most.updates).rounded(.up) * most.periods * period,
      start.time + (rest / least.updates).rounded(.down) * least.periods * period
    )
  }

  /// The least time at which the gradients since `start` are enough; infinite where they never are.
  private func next(after start: Double) -> Double {
    var (low, span) = (start, fleet.shortestJob)
    while !isEnough(from: start, to: start + span) {
      low = start + span
      span *= 2
      guard span < 1e300 else { return .infinity }
    }
    var high = start + span
    var steps = 0
    while steps < Self.halvings {
      steps += 1
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if isEnough(from: start, to: middle) { high = middle } else { low = middle }
    }
    return high
  }

  private func isEnough(from start: Double, to end: Double) -> Bool {
    switch rule {
    case .total(let demand):
      var sum = 0.0
      for worker in fleet.workers.indices {
        sum += gradients(of: worker, from: start, to: end)
        if sum >= demand { return true }
      }
      return false
    case .harmonic(let demand):
      let n = Double(fleet.workers.count)
      var sum = CompensatedSum(0)
      for worker in fleet.workers.indices {
        let count = gradients(of: worker, from: start, to: end)
        guard count > 0 else { return false }
        sum.add(1 / count)
      }
      return sum.value <= n / demand * n * (1 + 1e-12)
    }
  }

  private func gradients(of worker: Int, from start: Double, to end: Double) -> Double {
    let job = fleet.work(of: worker)
    guard job > 0 else { return .infinity }
    let work = fleet.speeds[worker].isNominal ? end - start : fleet.speeds[worker].work(from: start, to: end)
    return max(0, (work / job).rounded(.down) - dropped)
  }
}

extension Fleet {
  /// Whether some worker's jobs take different times at different times.
  var changesSpeed: Bool {
    for index in speeds.indices where !speeds[index].isNominal { return true }
    return false
  }

  /// The seconds of work of a gradient of a worker whose durations are not random.
  fileprivate func work(of worker: Int) -> Double {
    if speeds[worker].isNominal { return self[worker].tau + self[worker].delay.mean }
    return speeds[worker].tau + speeds[worker].delay.mean
  }

  /// The shortest time of a job at a mean speed; 1 where there is none.
  fileprivate var shortestJob: Double {
    var shortest = Double.infinity
    for index in workers.indices where self[index].computationMean > 0 {
      shortest = min(shortest, self[index].computationMean)
    }
    return shortest < .infinity ? shortest : 1
  }

  /// From when on the speeds repeat, and the period with which all do; 0 where they no longer change,
  /// infinite where there is no such period.
  fileprivate var speedsSettle: (time: Double, period: Double) {
    var (time, period) = (0.0, 0.0)
    for index in speeds.indices where !speeds[index].isNominal {
      let speed = speeds[index]
      time = max(time, speed.settles)
      let own = speed.ownPeriod
      guard own > 0 else { continue }
      let (long, short) = (max(period, own), period > 0 ? min(period, own) : own)
      let ratio = long / short
      period = (ratio - ratio.rounded()).magnitude <= 1e-12 * ratio ? long : .infinity
      if period == .infinity { return (time, period) }
    }
    return (time, period)
  }

  /// Why the universal computation model says nothing of this fleet; nil where it does.
  var outsideUniversalModel: StaticText? {
    for index in workers.indices {
      let speed = speeds[index]
      let delay = speed.isNominal ? self[index].delay : speed.delay
      guard delay.isConstant, speed.outages == nil else {
        return "speeds change and durations are random: the theory does not know how long updates take"
      }
      if self[index].upload > 0 {
        return "speeds change and messages take time: the theory does not know how long updates take"
      }
      if speed.offline != .pause, speed.goesOff {
        return "workers lose work when they go off: the theory does not know how long updates take"
      }
    }
    return nil
  }
}

extension Speed {
  /// When the speed begins to repeat, or no longer changes.
  fileprivate var settles: Double { hasLoop ? max(0, origin) : pieces[pieces.count - 1].start }

  /// With what period it repeats; 0 where it no longer changes.
  fileprivate var ownPeriod: Double {
    hasLoop ? period : pieces[pieces.count - 1].factor > 0 ? wave?.period ?? 0 : 0
  }

  /// Whether the worker is ever off, outages apart.
  fileprivate var goesOff: Bool {
    for index in pieces.indices where !(pieces[index].factor > 0) { return true }
    return false
  }
}
