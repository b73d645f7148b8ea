// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// One of two laws at random.
  public static func mixture(_ mixture: Mixture) -> Delay { Delay(library: MixtureLaw(mixture: mixture)) }
}

/// F = p F₁ + (1 − p) F₂.
struct MixtureLaw: LibraryLaw {
  static var name: StaticText { "mixture" }
  static var summary: StaticText { "the first law with probability p, otherwise the second" }
  static var code: LawCode { { Self.answer($0) } }

  var mixture = Mixture()

  /// Mixtures are checked when they are made.
  mutating func parameters(_ parameters: inout LawParameters) {}

  var isIndependent: Bool { mixture.first.isIndependent && mixture.second.isIndependent }

  private var p: Double { mixture.probability }

  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    let law = stream.uniform() < p ? mixture.first : mixture.second
    return law.sample(&stream, job: job)
  }

  func cdf(_ t: Double) -> Double { mixed(mixture.first.cdf(t), mixture.second.cdf(t)) }
  var mean: Double { mixed(mixture.first.mean, mixture.second.mean) }
  func partialMean(_ t: Double) -> Double {
    mixed(mixture.first.partialMean(t), mixture.second.partialMean(t))
  }

  /// p a + (1 − p) b, without 0 · ∞.
  private func mixed(_ a: Double, _ b: Double) -> Double {
    if p == 1 { return a }
    if p == 0 { return b }
    return p * a + (1 - p) * b
  }

  /// Between the quantiles of the two laws; by halving the numbers in between, of which there are below 2⁶³.
  func quantile(_ probability: Double) -> Double {
    let ends = (mixture.first.quantile(probability), mixture.second.quantile(probability))
    if p == 1 { return ends.0 }
    if p == 0 { return ends.1 }
    let low = min(ends.0, ends.1), high = max(ends.0, ends.1)
    // At p = 0 the lower end of both, and where the laws agree there is nothing to look for.
    guard probability > 0, low < high, cdf(low) < probability else { return low }
    if high == .infinity, cdf(Delay.longest) < probability { return .infinity }
    var (below, above) = (low.bitPattern, min(high, Delay.longest).bitPattern)
    while above - below > 1 {
      let middle = below + (above - below) / 2
      if cdf(Double(bitPattern: middle)) < probability { below = middle } else { above = middle }
    }
    return Double(bitPattern: above)
  }

  func elasticity(_ t: Double, _ x: Double) -> Double {
    let (a, b) = (mixture.first.cdf(t), mixture.second.cdf(t))
    /// t times the density of a law, without its atoms.
    func rise(_ law: Delay, _ probability: Double) -> Double {
      guard probability > 0 else { return 0 }
      let slope = probability * law.elasticity(t, x)
      return slope < .infinity ? slope : 0
    }
    let total = mixed(a, b)
    return total > 0 ? mixed(rise(mixture.first, a), rise(mixture.second, b)) / total : .infinity
  }

  /// The best of the laws' own times and of 32 quantiles of each, and then uphill from there; with `start`,
  /// uphill from there only.
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    var best = (t: 0.0, gain: gain.at(0, cdf(0)))
    func consider(_ t: Double) {
      let value = t < gain.ceiling && t <= Delay.longest ? gain.at(t, cdf(t)) : 0
      if value > best.gain { best = (t, value) }
    }
    if let start {
      consider(start.time)
    } else {
      consider(mixture.first.clip(for: gain, near: nil))
      consider(mixture.second.clip(for: gain, near: nil))
      for step in 1...32 {
        consider(mixture.first.quantile(Double(step) / 32))
        consider(mixture.second.quantile(Double(step) / 32))
      }
    }
    let top = best.t
    if top > 0, gain.isPeak(top, { elasticity($0, $1) }) { return top }
    let start = ClippingStart(time: top, change: start?.spread ?? 1)
    consider(gain.peak(near: top > 0 ? start : nil) { elasticity($0, $1) })
    return best.t
  }

  var largestFinite: Double {
    max(p > 0 ? mixture.first.largestFinite : 0, p < 1 ? mixture.second.largestFinite : 0)
  }

  func isSame(as other: MixtureLaw) -> Bool {
    p == other.p && mixture.first.isSame(as: other.mixture.first)
      && mixture.second.isSame(as: other.mixture.second)
  }
}
