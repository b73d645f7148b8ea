extension Delay {
  /// The law of η/c: durations at `speed` c, which is positive and finite. Nil for laws that have no such form:
  /// whole numbers of seconds, and those that look at the caller's memory. Outages stay as they are, since
  /// they do not depend on how fast a worker works.
  public func atSpeed(_ speed: Double) -> Delay? {
    switch self {
    case .constant(let seconds): .constant(seconds / speed)
    case .uniform(let a, let b): .uniform(a: a / speed, b: b / speed)
    case .exponential(let rate): .exponential(rate: rate * speed)
    case .gamma(let shape, let scale): .gamma(shape: shape, scale: scale / speed)
    case .weibull(let shape, let scale): .weibull(shape: shape, scale: scale / speed)
    case .pareto(let minimum, let alpha): .pareto(minimum: minimum / speed, alpha: alpha)
    case .lognormal(let mu, let sigma): .lognormal(mu: mu - Elementary.log(speed), sigma: sigma)
    case .logcauchy(let mu, let gamma): .logcauchy(mu: mu - Elementary.log(speed), gamma: gamma)
    case .logt(let mu, let sigma, let dof): .logt(mu: mu - Elementary.log(speed), sigma: sigma, dof: dof)
    case .levy(let mu, let c): .levy(mu: mu / speed, c: c / speed)
    case .normal(let mu, let sigma): .normal(mu: mu / speed, sigma: sigma / speed)
    case .infbernoulli, .markov: self
    case .poisson, .trace, .mixture: nil
    }
  }
}
