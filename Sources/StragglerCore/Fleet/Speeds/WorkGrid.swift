// SPDX-License-Identifier: Apache-2.0

/// An amount of work as a sum of two numbers on a `WorkGrid`.
struct WorkAmount: BitwiseCopyable, Sendable {
  var high: Double
  var low: Double

  static var zero: WorkAmount { WorkAmount(high: 0, low: 0) }

  static func + (a: WorkAmount, b: WorkAmount) -> WorkAmount {
    WorkAmount(high: a.high + b.high, low: a.low + b.low)
  }

  static func - (a: WorkAmount, b: WorkAmount) -> WorkAmount {
    WorkAmount(high: a.high - b.high, low: a.low - b.low)
  }

  /// The amount, rounded once.
  var value: Double { high + low }
}

/// A grid of 90 binary digits for the work of a worker, on which sums and differences are exact.
///
/// The end of a job is where the work since some origin has grown by the job's. With plain sums, ends of jobs
/// that start one after the other could come in the wrong order by a rounding error, and a short job that
/// starts late would lose its digits.
struct WorkGrid: BitwiseCopyable, Sendable {
  private let coarse: Double
  private let fine: Double
  // Powers of two: to multiply by these is to divide by those.
  private let perCoarse: Double
  private let perFine: Double
  /// Where all numbers are on the fine grid, and have room on the coarse one.
  private let least: Double
  private let limit: Double
  private let shift: Double

  /// A grid for amounts of about `scale`, and sums of some thousands of them.
  init(scale: Double) {
    // Within what numbers of either size leave room for.
    let exponent = scale > 0 && scale < .infinity ? min(max(Int(scale.exponent), -800), 900) : 0
    coarse = Elementary.powerOfTwo(exponent - 40)
    fine = Elementary.powerOfTwo(exponent - 90)
    perCoarse = Elementary.powerOfTwo(40 - exponent)
    perFine = Elementary.powerOfTwo(90 - exponent)
    least = Elementary.powerOfTwo(exponent - 38)
    limit = Elementary.powerOfTwo(exponent + 10)
    shift = Elementary.powerOfTwo(exponent + 12)
  }

  /// The largest amount that is at most `work`, which is not negative.
  func amount(_ work: Double) -> WorkAmount {
    guard work < .infinity else { return WorkAmount(high: .infinity, low: 0) }
    // Numbers of usual size are on the fine grid. Adding and taking away `shift` rounds to the coarse one.
    if work >= least, work < limit {
      let high = (work + shift) - shift
      return WorkAmount(high: high, low: work - high)
    }
    let high = (work * perCoarse).rounded(.down) * coarse
    return WorkAmount(high: high, low: ((work - high) * perFine).rounded(.down) * fine)
  }
}
