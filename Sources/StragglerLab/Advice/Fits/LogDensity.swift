internal import StragglerCore

extension Delay {
  /// ln of the density of a law at `t`, of a whole-number law ln of the probability of `t`; −∞ where there is
  /// none.
  ///
  /// NaN for laws without a density: constants, failures, recordings, mixtures, outages.
  func logDensity(_ t: Double) -> Double {
    let log = Elementary.log(t)
    switch self {
    case .uniform(let a, let b): return t >= a && t <= b ? -Elementary.log(b - a) : -.infinity
    case .exponential(let rate): return t >= 0 ? Elementary.log(rate) - rate * t : -.infinity
    case .gamma(let shape, let scale):
      guard t > 0 else { return -.infinity }
      return (shape - 1) * log - t / scale - Special.logGamma(shape) - shape * Elementary.log(scale)
    case .weibull(let shape, let scale):
      guard t > 0 else { return -.infinity }
      let ratio = log - Elementary.log(scale)
      return Elementary.log(shape) + shape * ratio - log - Elementary.exp(shape * ratio)
    case .pareto(let minimum, let alpha):
      guard t >= minimum else { return -.infinity }
      return Elementary.log(alpha) + alpha * (Elementary.log(minimum) - log) - log
    case .lognormal(let mu, let sigma):
      guard t > 0 else { return -.infinity }
      let z = (log - mu) / sigma
      return -0.5 * z * z - Self.halfLogTwoPi - Elementary.log(sigma) - log
    case .logcauchy(let mu, let gamma):
      guard t > 0 else { return -.infinity }
      let z = (log - mu) / gamma
      return -Elementary.log1p(z * z) - 2 * Self.halfLogPi - Elementary.log(gamma) - log
    case .logt(let mu, let sigma, let dof):
      guard t > 0 else { return -.infinity }
      let z = (log - mu) / sigma
      return Self.logStudentConstant(dof) - 0.5 * (dof + 1) * Elementary.log1p(z * z / dof)
        - Elementary.log(sigma) - log
    case .levy(let mu, let c):
      guard t > mu else { return -.infinity }
      let x = t - mu
      return 0.5 * Elementary.log(c) - Self.halfLogTwoPi - 0.5 * c / x - 1.5 * Elementary.log(x)
    case .poisson(let lambda):
      guard t >= 0, t.rounded(.down) == t else { return -.infinity }
      return t * Elementary.log(lambda) - lambda - Special.logGamma(t + 1)
    case .normal(let mu, let sigma):
      guard t >= 0 else { return -.infinity }
      let z = (t - mu.magnitude) / sigma
      let folded = Elementary.log1p(Elementary.exp(-2 * (t / sigma) * (mu.magnitude / sigma)))
      return -0.5 * z * z - Self.halfLogTwoPi - Elementary.log(sigma) + folded
    case .constant, .infbernoulli, .trace, .mixture, .markov: return .nan
    }
  }

  /// ½ ln 2π.
  private static var halfLogTwoPi: Double { 0.9189385332046728 }
  /// ½ ln π.
  private static var halfLogPi: Double { 0.5723649429247001 }

  /// ln of the density of Student's T at 0.
  static func logStudentConstant(_ dof: Double) -> Double {
    Special.logGamma(0.5 * (dof + 1)) - Special.logGamma(0.5 * dof) - 0.5 * Elementary.log(dof) - halfLogPi
  }
}
