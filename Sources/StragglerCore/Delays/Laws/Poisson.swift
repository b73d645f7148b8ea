// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// A whole number with mean lambda.
  public static func poisson(lambda: Double) -> Delay {
    Delay(library: PoissonLaw(lambda: lambda))
  }
}

struct PoissonLaw: LibraryLaw {
  static var name: StaticText { "poisson" }
  static var summary: StaticText { "a whole number of seconds with mean lambda" }
  static var code: LawCode { { Self.answer($0) } }

  var lambda = 0.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.number("lambda", &lambda, expected: "a number from 0 to 1e15") { $0 >= 0 && $0 <= 1e15 }
  }

  /// Below 30 by inversion from 0 on, above by rejection from a transformed uniform number.
  ///
  /// Source: Hörmann, algorithm PTRS (1993).
  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    guard lambda >= 30 else {
      let u = stream.uniform()
      var (k, term) = (0.0, Elementary.exp(-lambda))
      var sum = term
      while u > sum && k < 1_000 {
        k += 1
        term *= lambda / k
        sum += term
      }
      return k
    }
    let root = lambda.squareRoot()
    let b = 0.931 + 2.53 * root
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let limit = 0.9277 - 3.6224 / (b - 2)
    let logLambda = Elementary.log(lambda)
    var attempts = 0
    while attempts < 1_000 {
      attempts += 1
      let u = stream.uniform() - 0.5
      let v = stream.uniform()
      let us = 0.5 - u.magnitude
      let k = ((2 * a / us + b) * u + lambda + 0.43).rounded(.down)
      if us >= 0.07 && v <= limit { return k }
      if k < 0 || (us < 0.013 && v > us) { continue }
      let accept = Elementary.log(v * inverseAlpha / (a / (us * us) + b))
      if accept <= k * logLambda - lambda - Special.logGamma(k + 1) { return k }
    }
    return lambda.rounded(.down)
  }

  func cdf(_ t: Double) -> Double { Special.regularizedGammaQ(t.rounded(.down) + 1, lambda) }

  /// From the Cornish–Fisher expansion on, step by step.
  func quantile(_ p: Double) -> Double {
    if p == 1 { return lambda == 0 ? 0 : .infinity }
    let z = Special.normalQuantile(p)
    var k = max(0, (lambda + lambda.squareRoot() * z + (z * z - 1) / 6).rounded(.down))
    if p == 0 { return 0 }
    guard k < 0x1p53 else { return k }
    while cdf(k) < p { k += 1 }
    while k > 0 && cdf(k - 1) >= p { k -= 1 }
    return k
  }

  var mean: Double { lambda }

  func partialMean(_ t: Double) -> Double { t < 1 ? 0 : lambda * cdf(t - 1) }

  /// The atoms 0, 1, … one by one, for a large lambda over finer and finer grids of them.
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    var best = (t: 0.0, gain: gain.at(0, cdf(0)))
    guard lambda > 500 else {
      var (k, term) = (0.0, Elementary.exp(-lambda))
      var sum = term
      while k < 2_000 && gain.at(k + 1, 1) > best.gain {
        k += 1
        term *= lambda / k
        sum += term
        let value = gain.at(k, min(sum, 1))
        if value > best.gain { best = (k, value) }
      }
      return best.t
    }
    guard lambda <= 1e15 else { return best.t }
    let spread = 40 * lambda.squareRoot()
    var low = (lambda - spread).rounded(.down)
    if low < 0 { low = 0 }
    var high = min(lambda + spread, gain.ceiling).rounded(.down)
    while high >= low {
      let step = max(1, ((high - low) / 64).rounded(.up))
      var k = low
      while k <= high {
        let value = gain.at(k, cdf(k))
        if value > best.gain { best = (k, value) }
        k += step
      }
      if step == 1 { break }
      (low, high) = (max(low, best.t - step), min(high, best.t + step))
    }
    return best.t
  }

  func logDensity(_ t: Double) -> Double {
    guard t >= 0, t.rounded(.down) == t else { return -.infinity }
    return t * Elementary.log(lambda) - lambda - Special.logGamma(t + 1)
  }
  var isWithinTwiceItsMean: Bool { lambda >= 1 }
  var isDiscrete: Bool { true }
}
