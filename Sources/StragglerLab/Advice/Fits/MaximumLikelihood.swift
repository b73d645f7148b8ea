// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// A family of laws that can be fitted.
enum LawFamily: String, Sendable, CaseIterable {
  case uniform, exponential, gamma, weibull, pareto, lognormal, logcauchy, logt, levy, poisson, normal

  /// How many parameters are fitted. Of `levy` the location is 0: the sure part of the duration stands for
  /// it.
  var parameters: Int {
    switch self {
    case .exponential, .levy, .poisson: 1
    case .logt: 3
    default: 2
    }
  }

  /// Whether 0 is an ordinary value of such laws, so that the sure part may be the shortest duration itself.
  var mayBeZero: Bool {
    switch self {
    case .uniform, .exponential, .poisson, .normal: true
    default: false
    }
  }

  /// The law of the family under which `sample` is most likely; nil where there is none.
  func fit(_ sample: FitSample) -> Delay? {
    guard let low = sample.values.first, let high = sample.values.last, low < high else { return nil }
    let law: Delay?
    switch self {
    case .uniform: law = .uniform(a: low, b: high)
    case .exponential: law = .exponential(rate: 1 / sample.mean)
    case .gamma: law = Self.gamma(sample)
    case .weibull: law = Self.weibull(sample)
    case .pareto: law = Self.pareto(sample)
    case .lognormal: law = Self.lognormal(sample)
    case .logcauchy: law = LogStudent(dof: 1, sample)?.law
    case .logt: law = LogStudent.best(sample)?.law
    case .levy: law = sample.isPositive ? .levy(mu: 0, c: 1 / sample.average { 1 / $0 }) : nil
    case .poisson: law = sample.isWhole ? .poisson(lambda: sample.mean) : nil
    case .normal: law = Self.foldedNormal(sample)
    }
    guard let law, (try? law.validate()) != nil else { return nil }
    return law
  }

  /// The likelihood equation ln k − ψ(k) = ln(mean) − mean(ln) of the shape k. Source: Minka (2002) for the
  /// start.
  private static func gamma(_ sample: FitSample) -> Delay? {
    guard sample.isPositive else { return nil }
    let s = Elementary.log(sample.mean) - sample.average { Elementary.log($0) }
    guard s > 1e-12 else { return nil }
    let start = (3 - s + ((s - 3) * (s - 3) + 24 * s).squareRoot()) / (12 * s)
    let shape = Search.root(from: 1e-6 * start, to: 100 * start, near: start) { k in
      (s - (Elementary.log(k) - Special.digamma(k)), Special.trigamma(k) - 1 / k)
    }
    return .gamma(shape: shape, scale: sample.mean / shape)
  }

  /// The likelihood equation Σ y^k ln y/Σ y^k − 1/k = mean(ln y) of the shape k, whose left side increases.
  private static func weibull(_ sample: FitSample) -> Delay? {
    guard let longest = sample.logs.last else { return nil }
    let logs = sample.logs.map { $0 - longest }
    let mean = logs.reduce(0, +) / sample.count
    let deviation = (logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / sample.count).squareRoot()
    guard deviation > 1e-12 else { return nil }
    func sums(_ k: Double) -> (total: Double, first: Double, second: Double) {
      var (total, first, second) = (0.0, 0.0, 0.0)
      for log in logs {
        let weight = Elementary.exp(k * log)
        total += weight
        first += weight * log
        second += weight * log * log
      }
      return (total, first / total, second / total)
    }
    let start = 1.2825498301618641 / deviation
    let shape = Search.root(from: start / 1_000, to: start * 1_000, near: start) { k in
      if sample.interrupted() { return (.nan, .nan) }
      let (_, first, second) = sums(k)
      return (first - 1 / k - mean, second - first * first + 1 / (k * k))
    }
    let scale = longest + Elementary.log(sums(shape).total / sample.count) / shape
    return .weibull(shape: shape, scale: Elementary.exp(scale))
  }

  private static func pareto(_ sample: FitSample) -> Delay? {
    guard let first = sample.logs.first, let minimum = sample.values.first else { return nil }
    let mean = sample.average { Elementary.log($0) - first }
    return .pareto(minimum: minimum, alpha: 1 / mean)
  }

  private static func lognormal(_ sample: FitSample) -> Delay? {
    guard sample.isPositive else { return nil }
    let mu = sample.average { Elementary.log($0) }
    let variance = sample.average {
      let difference = Elementary.log($0) - mu
      return difference * difference
    }
    return .lognormal(mu: mu, sigma: variance.squareRoot())
  }

  /// At a maximum σ² = E η² − μ², which leaves μ. Where the fold is six standard deviations away it does not
  /// count.
  private static func foldedNormal(_ sample: FitSample) -> Delay? {
    let deviation = sample.average { ($0 - sample.mean) * ($0 - sample.mean) }.squareRoot()
    if sample.mean > 6 * deviation { return .normal(mu: sample.mean, sigma: deviation) }
    func law(_ mu: Double) -> Delay {
      .normal(mu: mu, sigma: max(sample.meanSquare - mu * mu, 0).squareRoot())
    }
    // The mean of |N| is at least |μ|.
    let mu = Search.peak(from: 0, to: sample.mean) { sample.logLikelihood(law($0)) }
    let half = law(0)
    return sample.logLikelihood(half) >= sample.logLikelihood(law(mu)) ? half : law(mu)
  }
}
