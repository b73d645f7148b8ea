// SPDX-License-Identifier: Apache-2.0

/// The largest delay of a gradient, in updates, where workers are always busy and every gradient makes an
/// update: the number of jobs that other workers end during one job.
///
/// While a job of T seconds lasts, a worker whose jobs take at least s seconds ends at most ⌈T/s⌉, since it
/// ends one in any s seconds at most, the first moment of T not counted or the last. So no delay is above
/// Σ_{i≠j} ⌈T/sᵢ⌉, T being the longest duration and j its worker. With fixed durations that do not divide one
/// another the phases of the workers come as close to any as time goes on, and with those that all divide T
/// they always do: the bound is then attained. Source: our own argument, checked against simulations.
extension Theory {
  /// τ_max of the first `workers` of `fleet`, all of them if left out, for jobs that wait until their worker
  /// has ended `jobs` − 1 others; ∞ where there is no bound, or none is known. O(n).
  ///
  /// Jobs that never end do not count. Where durations are multiples of one another and the sums of the clock
  /// are rounded, one job more is allowed for; sums of short numbers are exact for 2²⁷ of the longest jobs.
  static func largestDelay(_ fleet: Fleet, of workers: Int = .max, jobs: Double = 1) -> Double {
    largestDelay(count: min(workers, fleet.workers.count), jobs: jobs) { fleet[$0].jobDuration }
  }

  /// The largest delay that γ is made for: τ_max, or where that is ∞ what the mean durations would give,
  /// which is no bound.
  static func usualDelay(_ fleet: Fleet, of workers: Int = .max, jobs: Double = 1) -> Double {
    let bound = largestDelay(fleet, of: workers, jobs: jobs)
    guard bound == .infinity else { return bound }
    return largestDelay(count: min(workers, fleet.workers.count), jobs: jobs) {
      let duration = fleet[$0].typicalDuration
      // A worker whose jobs take no time ends infinitely many of them.
      return duration > 0 ? JobDuration(duration, duration, isFixed: false) : nil
    }
  }

  private static func largestDelay(
    count: Int, jobs: Double, _ duration: (Int) -> JobDuration?
  ) -> Double {
    var longest: JobDuration?
    for index in 0..<count {
      guard let job = duration(index), job.longest > longest?.longest ?? 0 else { continue }
      longest = job
    }
    guard let longest else { return 0 }
    guard longest.longest < .infinity else { return count > 1 ? .infinity : 0 }
    // The worker whose job it is is one of them, with no more than any other where durations are fixed.
    var (total, own) = (0.0, Double.infinity)
    for index in 0..<count {
      guard let job = duration(index) else { continue }
      let ended = job.ended(during: longest, jobs: jobs)
      total += ended
      own = min(own, ended)
    }
    return total == .infinity ? (count > 1 ? .infinity : 0) : total - own
  }
}

/// The durations of those jobs of a worker that end.
private struct JobDuration {
  let shortest: Double
  let longest: Double
  /// Where they all take the same: the place of its lowest bit that is 1; nil otherwise.
  let lowestBit: Int?
  /// The parts that the clock adds up.
  let parts: SIMD2<Double>

  init(_ shortest: Double, _ longest: Double, isFixed: Bool, parts: SIMD2<Double> = .zero) {
    (self.shortest, self.longest, self.parts) = (shortest, longest, parts)
    lowestBit = isFixed ? min(Self.lowestBit(of: parts[0]), Self.lowestBit(of: parts[1])) : nil
  }

  private static func lowestBit(of x: Double) -> Int {
    guard x > 0, x.isNormal else { return x == 0 ? .max : .min }
    let pattern = x.significandBitPattern
    return Int(x.exponent) - (pattern == 0 ? 0 : 52 - pattern.trailingZeroBitCount)
  }

  /// How many such jobs end at most, one after another, while `count` jobs of the longest last.
  func ended(during other: JobDuration, jobs count: Double) -> Double {
    // Equal workers end their jobs together.
    if let lowestBit, let bit = other.lowestBit, lowestBit == bit, parts == other.parts { return count }
    guard shortest > 0 else { return .infinity }
    let ratio = count * other.longest / shortest
    let whole = ratio.rounded()
    guard (ratio - whole).magnitude <= ratio * 0x1p-24 else { return ratio.rounded(.up) }
    if let lowestBit, let bit = other.lowestBit {
      let lowest = min(lowestBit, bit)
      if lowest > -1_000, other.longest.exponent - lowest <= 26 { return whole }
    }
    // Fixed durations equal their means.
    return lowestBit == nil && shortest == longest ? whole : whole + 1
  }
}

extension Worker {
  /// The durations of jobs that end; nil where none ends.
  fileprivate var jobDuration: JobDuration? {
    if delay.isConstant {
      let computation = tau + delay.mean
      guard computation + upload < .infinity else { return nil }
      return JobDuration(
        computation + upload, computation + upload, isFixed: true, parts: SIMD2(computation, upload))
    }
    let (least, most) = (delay.quantile(0), delay.largestFinite)
    guard tau + least + upload < .infinity else { return nil }
    return JobDuration(tau + least + upload, tau + most + upload, isFixed: false)
  }
}
