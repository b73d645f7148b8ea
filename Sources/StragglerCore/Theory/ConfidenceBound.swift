// SPDX-License-Identifier: Apache-2.0

/// How ATA distributes the tasks of a batch.
public enum AllocationRule: Int, BitwiseCopyable, Sendable {
  /// By lower confidence bounds of the mean task times, with one scale for all workers.
  case ata
  /// By lower confidence bounds whose scale is each worker's mean.
  case empirical
  /// Greedily to any idle worker, as Rennala SGD with `stops` does (GTA).
  case greedy
  /// The same number to every worker, the remainder at random (UTA).
  case uniform
  /// By the true mean task times (OFTA).
  case optimal
}

/// The lower confidence bounds sᵢ of mean task times that ATA allocates by.
public struct ConfidenceBound: BitwiseCopyable, Sendable {
  /// cα in seconds, or cη.
  private let scale: Double
  private let isRelative: Bool
  /// ln(2k²).
  private var logarithm = 0.0

  /// Bounds that are the means themselves.
  public init() { self.init(scale: 0, isRelative: false) }

  /// Bounds μ̂ − scale·(…) in seconds, or relative ones μ̂(1 − scale·(…)).
  public init(scale: Double, isRelative: Bool) {
    self.scale = scale
    self.isRelative = isRelative
  }

  /// Bounds for the task times of `fleet`, whose random part is the η of the workers. O(n).
  ///
  /// Where a mean is infinite the median replaces it: such times are not sub-exponential, and no theorem
  /// holds.
  init(_ fleet: Fleet, rule: AllocationRule, factor: Double) {
    var norm = 0.0
    for index in fleet.workers.indices {
      let worker = fleet[index]
      let duration = worker.typicalDuration
      let random = 2 * max(0, duration - worker.tau - worker.upload)
      guard duration > 0, duration < .infinity else { continue }
      norm = max(norm, rule == .empirical ? random / duration : random)
    }
    self.init(scale: factor * norm, isRelative: rule == .empirical)
  }

  /// η, a bound on the ratio of the sub-exponential norm of a worker's task times to their mean: twice the
  /// random share of the mean. NaN where that is no bound for some worker's law. O(n).
  static func relativeNorm(_ fleet: Fleet) -> Double {
    var norm = 0.0
    for index in fleet.workers.indices {
      let worker = fleet[index]
      guard worker.delay.isWithinTwiceItsMean else { return .nan }
      if worker.delay.isConstant { continue }
      norm = max(norm, 2 * worker.delay.mean / worker.meanDuration)
    }
    return norm
  }

  /// The bounds from here on are those of round `k`, from 1.
  public mutating func enter(round k: Int) {
    logarithm = Elementary.log(2 * Double(k) * Double(k))
  }

  /// √(ln(2k²)/K) + ln(2k²)/K.
  public func width(_ count: Int) -> Double {
    let ratio = logarithm / Double(count)
    return ratio.squareRoot() + ratio
  }

  /// The bound for a worker with `count` tasks of mean duration `mean`; 0 if it has had none.
  public func score(mean: Double, count: Int) -> Double {
    guard count > 0 else { return 0 }
    return isRelative ? mean * max(1 - scale * width(count), 0) : max(mean - scale * width(count), 0)
  }
}
