// SPDX-License-Identifier: Apache-2.0

/// A law of the library, of which more is known than a `DelayLaw` has to say. What is left out is what holds
/// for most laws.
protocol LibraryLaw: DelayLaw {
  /// The η of a job with `work` sure seconds that starts at `start`; both NaN where they are not known.
  func sample(_ stream: inout RandomStream, job: Int, start: Double, work: Double) -> Double

  /// d ln F/d ln t at t = eˣ; 0 where only atoms make F rise. Where F = 0 it is not used.
  func elasticity(_ t: Double, _ x: Double) -> Double
  /// The time to allot to a trial that makes `gain` largest, found from `start` where given; see
  /// `ClippingGain`.
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double
  /// The share of `trials` trials that succeed within `time`; see `MarkovTrials`.
  func successShare(within time: Double, upload: Double, of trials: Double) -> Double

  /// ln of the density at `t`, of a law of whole numbers ln of the probability of `t`; −∞ where there is
  /// none, NaN for laws without a density.
  func logDensity(_ t: Double) -> Double
  /// The least upper bound of the finite values, as far as it is known; ∞ where there is none.
  var largestFinite: Double { get }
  /// Whether the durations of jobs are independent and E exp(|η − Eη|/(2Eη)) ≤ 2, so that 2Eη bounds their
  /// sub-exponential norm. The others have heavier tails, are correlated in time, or have an unknown norm.
  var isWithinTwiceItsMean: Bool { get }
  /// Whether nothing about the durations is random.
  var isSure: Bool { get }
  /// Whether F rises at atoms only.
  var isDiscrete: Bool { get }

  /// The law of η/c for a positive c; nil where it has another form.
  func atSpeed(_ c: Double) -> Self?
  /// Whether `other` has the same numbers; false where they are not compared.
  func isSame(as other: Self) -> Bool

  /// Whether η depends on the job's sure seconds and on when it starts.
  var dependsOnWork: Bool { get }
  /// The law for jobs of `work` sure seconds.
  func during(_ work: Double) -> Self
  /// How many points of outages a job meets on average.
  var outagePoints: Double { get }
}

extension LibraryLaw {
  @inline(__always)
  func sample(_ stream: inout RandomStream, job: Int, start: Double, work: Double) -> Double {
    sample(&stream, job: job)
  }

  func elasticity(_ t: Double, _ x: Double) -> Double { 0 }
  /// For laws whose gain has one peak.
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    gain.peak(near: start) { elasticity($0, $1) }
  }
  func successShare(within time: Double, upload: Double, of trials: Double) -> Double { cdf(time) }

  func logDensity(_ t: Double) -> Double { .nan }
  var largestFinite: Double { .infinity }
  var isWithinTwiceItsMean: Bool { false }
  var isSure: Bool { false }
  var isDiscrete: Bool { false }

  func atSpeed(_ c: Double) -> Self? { nil }

  func isSame(as other: Self) -> Bool {
    guard let own = LawNumbers(self), let others = LawNumbers(other) else { return false }
    return own == others
  }

  var dependsOnWork: Bool { false }
  func during(_ work: Double) -> Self { self }
  var outagePoints: Double { 0 }
}
