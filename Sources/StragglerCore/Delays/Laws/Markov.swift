// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// Outages: the worker is on and off for exponential times with means `up` and `down`, and work pauses
  /// while it is off. What is known of η depends on the job's seconds of work; see `Delay.during`.
  public static func markov(up: Double, down: Double) -> Delay {
    Delay(library: MarkovLaw(up: up, down: down))
  }
}

/// How long a job of `work` seconds pauses that starts while its worker is on, as every job does that
/// follows another at once: a Poisson number of outages with mean m = work/up, each exponential with mean
/// `down`.
///
/// With x = t/down, P(η ≤ t) = P(K ≤ N) for independent Poisson numbers K and N with means m and x.
struct MarkovLaw: LibraryLaw {
  static var name: StaticText { "markov" }
  static var summary: StaticText {
    "outages: work pauses while the worker is off; exponential times on and off with these means"
  }
  static var code: LawCode { { Self.answer($0) } }

  var up = 1.0, down = 1.0
  /// The seconds of work of a job; NaN where they are not known.
  var work = Double.nan

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.positive("up", &up)
    parameters.positive("down", &down)
  }

  /// Jobs that start in the same outage wait for the same end of it; work that takes no time meets none.
  var isIndependent: Bool { work == 0 }

  private var outages: Double { work / up }

  var dependsOnWork: Bool { true }
  func during(_ work: Double) -> MarkovLaw { MarkovLaw(up: up, down: down, work: work) }

  /// The outages that come, for a job whose start is known.
  func sample(_ stream: inout RandomStream, job: Int, start: Double, work: Double) -> Double {
    if start.isNaN { return sample(&stream, job: job) }
    return Outages(up: up, down: down).pause(of: work, from: start, worker: stream)
  }

  /// By the law of a job that follows another at once.
  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    guard work < .infinity else { return work.isNaN ? .nan : 0 }
    let count = PoissonLaw(lambda: min(outages, 1e15)).sample(&stream, job: job)
    return count > 0 ? down * stream.gamma(shape: count) : 0
  }

  func cdf(_ t: Double) -> Double { Self.comparison(outages, t / down, ahead: 0) }

  /// P(η ≤ t) of a job that starts while its worker is off: one outage more has to end.
  func cdfFromOutage(_ t: Double) -> Double { Self.comparison(outages, t / down, ahead: 1) }

  func quantile(_ p: Double) -> Double {
    if work.isNaN { return .nan }
    if p <= cdf(0) { return 0 }
    if p == 1 { return .infinity }
    // Doubling, then halving to neighbouring numbers.
    var (low, high) = (0.0, max(mean, down))
    while cdf(high) < p {
      (low, high) = (high, 2 * high)
      if high > Delay.longest { return .infinity }
    }
    var evaluations = 0
    while evaluations < 200 {
      evaluations += 1
      // Towards 0 in powers, since quantiles may be tiny.
      let middle = low > 0 ? 0.5 * (low + high) : high / 1024
      if !(middle > low && middle < high) { break }
      if cdf(middle) < p { low = middle } else { high = middle }
    }
    return high
  }

  var mean: Double { outages * down }

  var outagePoints: Double { work < .infinity ? Outages(up: up, down: down).points(work: work) : 0 }

  func successShare(within time: Double, upload: Double, of trials: Double) -> Double {
    MarkovTrials(up: up, down: down, work: work, allotted: time, upload: upload).successShare(of: trials)
  }

  func partialMean(_ t: Double) -> Double { mean * Self.comparison(outages, t / down, ahead: 2) }

  func elasticity(_ t: Double, _: Double) -> Double { Self.coincidence(outages, t / down) / cdf(t) }

  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    let x0 = Elementary.log(down)
    let t = gain.highestPeak(
      center: x0, width: 1, near: start, cdf: { t, _ in cdf(t) }, elasticity: { elasticity($0, $1) })
    // No time at all is often enough for a success.
    return gain.at(0, cdf(0)) >= gain.at(t, cdf(t)) ? 0 : t
  }

  /// P(K + `ahead` ≤ N) for Poisson numbers with means m and x. All terms are positive.
  /// O(√x).
  private static func comparison(_ m: Double, _ x: Double, ahead: Double) -> Double {
    guard m < 1e9, x >= 0 else {
      return m.isNaN || x.isNaN ? .nan : Special.normalCDF((x - m) / (x + m).squareRoot())
    }
    // Far beyond m nothing is left of K; so x is below 2⁵³ from here on.
    if x > 4 * m + 10_000 { return 1 }
    // The terms rise to the larger of x and √(mx), and below x − 9√x nothing is left of N.
    let root = x.squareRoot()
    var n = max(ahead, (x - 9 * root - 20).rounded(.down))
    let top = max(x, (m * x).squareRoot()) + ahead
    // P(N = n), P(K ≤ n − ahead) and P(K = n − ahead + 1).
    var k = n - ahead
    var density = poisson(n, x), below = Special.regularizedGammaQ(k + 1, m), next = poisson(k + 1, m)
    var sum = 0.0
    while n <= x + 30 * root + 60 {
      let term = density * below
      sum += term
      if n > top && term < 1e-18 * sum { break }
      (n, k) = (n + 1, k + 1)
      density *= x / n
      below = min(1, below + next)
      next *= m / (k + 1)
    }
    return min(1, sum)
  }

  /// Σ k P(K = k) P(N = k), which is t times the density of η.
  private static func coincidence(_ m: Double, _ x: Double) -> Double {
    x > 0 ? x * coincidence(m, x, ahead: 1) : 0
  }

  /// P(K = N + `ahead`) for Poisson numbers with means m and x; `ahead` is 0 or 1. O(√(mx)).
  static func coincidence(_ m: Double, _ x: Double, ahead: Double) -> Double {
    guard m > 0, m < 1e9, x > 0, x < 1e15 else {
      // One of the numbers is 0 for certain.
      guard m >= 0, m < 1e9, x >= 0, x < 1e15 else { return 0 }
      return x == 0 ? poisson(ahead, m) : (ahead == 0 ? poisson(0, x) : 0)
    }
    let product = m * x
    // n = N, from the largest term to both sides.
    let peak = max(0, product.squareRoot().rounded(.down) - ahead)
    let top = poisson(peak + ahead, m) * poisson(peak, x)
    var sum = top
    var (n, term) = (peak, top)
    while term > sum * 1e-18 {
      n += 1
      term *= product / ((n + ahead) * n)
      sum += term
    }
    (n, term) = (peak, top)
    while n > 0, term > sum * 1e-18 {
      term *= (n + ahead) * n / product
      n -= 1
      sum += term
    }
    return sum
  }

  private static func poisson(_ k: Double, _ mean: Double) -> Double {
    if mean == 0 { return k == 0 ? 1 : 0 }
    return Elementary.exp(k * Elementary.log(mean) - mean - Special.logGamma(k + 1))
  }
  func atSpeed(_ c: Double) -> MarkovLaw? { self }
}
