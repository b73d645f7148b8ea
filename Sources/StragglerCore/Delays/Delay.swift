/// The law of η, the random part of a job's duration: a non-negative number of seconds, +∞ for a job that
/// never ends.
///
///     let delay = Delay.lognormal(mu: 0, sigma: 2.5)
///     try delay.validate()
///     delay.cdf(1)          // 0.5
///     delay.quantile(0.9)   // 24.6
///
/// Values beyond 10³⁰⁸ count as +∞. Laws of ln η are worked with in logarithms, so that `lognormal(0, 100)`
/// neither overflows nor loses its tails. With invalid parameters, functions return NaN or a meaningless
/// value but never trap: code that takes parameters from outside calls `validate()`. A scale of 0 (`sigma`,
/// `gamma`, `c`) is the constant it tends to.
public enum Delay: BitwiseCopyable, Sendable {
  /// Always the same.
  case constant(Double)
  /// Uniform between a and b.
  case uniform(a: Double, b: Double)
  /// P(η > t) = e^(−rate·t).
  case exponential(rate: Double)
  /// Density ∝ t^(shape−1) e^(−t/scale).
  case gamma(shape: Double, scale: Double)
  /// P(η > t) = e^(−(t/scale)^shape).
  case weibull(shape: Double, scale: Double)
  /// P(η > t) = (minimum/t)^alpha from the minimum on.
  case pareto(minimum: Double, alpha: Double)
  /// ln η is normal with mean mu and standard deviation sigma.
  case lognormal(mu: Double, sigma: Double)
  /// ln η is Cauchy with median mu and scale gamma.
  case logcauchy(mu: Double, gamma: Double)
  /// ln η is mu + sigma·T with Student's T of dof degrees of freedom.
  case logt(mu: Double, sigma: Double, dof: Double)
  /// mu + c/N² with a standard normal N.
  case levy(mu: Double, c: Double)
  /// A whole number with mean lambda.
  case poisson(lambda: Double)
  /// |N| with a normal N of mean mu and standard deviation sigma.
  case normal(mu: Double, sigma: Double)
  /// +∞ with probability q, otherwise 0.
  case infbernoulli(q: Double)
  /// Recorded durations.
  case trace(Recording)
  /// One of two laws at random.
  case mixture(Mixture)
  /// Outages: the worker is on and off for exponential times with means `up` and `down`, and work pauses
  /// while it is off. `work` is the worker's τ, which a `Worker` fills in.
  case markov(up: Double, down: Double, work: Double = 0)

  /// No random part.
  public static var none: Delay { .constant(0) }

  /// Durations beyond this count as infinite.
  @inlinable public static var longest: Double { 1e308 }
}

extension Delay {
  /// The η of job `job`, drawn from `stream`; only a recording that is replayed looks at the number of the
  /// job.
  ///
  /// Equal streams give equal values on every machine. One 64-bit draw, for laws that reject (gamma, logt,
  /// large poisson) a few. From 20 ns (uniform) over 40 ns (lognormal) to 70 ns (logt), 15 ns of it for the
  /// stream.
  @inlinable
  public func sample(_ stream: inout RandomStream, job: Int) -> Double {
    if case .constant(let seconds) = self { return seconds }
    return draw(&stream, job: job)
  }

  /// The η of job `job` that starts at `start`: what `sample` gives, except for outages, of which it meets
  /// those that come.
  @inlinable
  public func sample(_ stream: inout RandomStream, job: Int, start: Double) -> Double {
    if case .constant(let seconds) = self { return seconds }
    if case .markov = self { return pause(stream, start: start) }
    return draw(&stream, job: job)
  }

  @usableFromInline
  func pause(_ stream: RandomStream, start: Double) -> Double {
    guard case .markov(let up, let down, let work) = self else { return 0 }
    let value = Outages(up: up, down: down).pause(of: work, from: start, worker: stream)
    return value > Self.longest ? .infinity : value
  }

  /// The same law for jobs of `work` sure seconds: only outages ask for them.
  func during(_ work: Double) -> Delay {
    if case .markov(let up, let down, _) = self { return .markov(up: up, down: down, work: work) }
    return self
  }

  /// Whether the durations of a worker's jobs are independent of each other and of when the jobs start: false
  /// for outages and for recordings that are replayed, whose theory cannot be that of independent durations.
  public var isIndependent: Bool { visit(Independence()) }

  /// P(η ≤ t): 0 below 0, 1 at +∞, constant from 10³⁰⁸ to there.
  public func cdf(_ t: Double) -> Double {
    if t == .infinity { return 1 }
    guard t >= 0 else { return t.isNaN ? t : 0 }
    return visit(Distribution(t: t < Self.longest ? t : Self.longest))
  }

  /// The smallest t with P(η ≤ t) ≥ p; for p = 0 the lower end of the support. NaN unless 0 ≤ p ≤ 1.
  ///
  /// Laws without a formula take some evaluations of `cdf`, about a microsecond.
  public func quantile(_ p: Double) -> Double {
    guard p >= 0 && p <= 1 else { return .nan }
    let t = visit(Quantile(p: p))
    return t > Self.longest ? .infinity : t
  }

  /// E η, infinite where it does not exist or exceeds the doubles.
  public var mean: Double { visit(Mean()) }

  /// The smallest t with P(η ≤ t) ≥ ½; infinite where more than half of the jobs never end.
  public var median: Double { quantile(0.5) }

  /// E[η; η ≤ t], the expectation of η where η ≤ t and of 0 elsewhere. A formula, for logcauchy and logt an
  /// integral.
  public func partialMean(_ t: Double) -> Double {
    if t == .infinity { return mean }
    guard t >= 0 else { return t.isNaN ? t : 0 }
    return visit(PartialMean(t: t < Self.longest ? t : Self.longest))
  }

  /// Throws what is wrong with the parameters.
  public func validate() throws(DelayError) {
    if let error = visit(Check()) { throw error }
  }

  @usableFromInline
  func draw(_ stream: inout RandomStream, job: Int) -> Double {
    let value = visit(Sampling(job: job), &stream)
    return value > Self.longest ? .infinity : value
  }
}

// MARK: - From cases to laws

/// An operation on the law of a `Delay`.
protocol DelayVisitor {
  /// What a visit changes, if anything.
  associatedtype State
  associatedtype Result
  func visit<Law: DelayLaw>(_ law: Law, _ state: inout State) -> Result
}

extension Delay {
  /// Shows `visitor` the law behind the case.
  @inline(__always)
  func visit<Visitor: DelayVisitor>(_ visitor: Visitor, _ state: inout Visitor.State) -> Visitor.Result {
    switch self {
    case .constant(let seconds): visitor.visit(ConstantLaw(seconds: seconds), &state)
    case .uniform(let a, let b): visitor.visit(UniformLaw(a: a, b: b), &state)
    case .exponential(let rate): visitor.visit(ExponentialLaw(rate: rate), &state)
    case .gamma(let shape, let scale): visitor.visit(GammaLaw(shape: shape, scale: scale), &state)
    case .weibull(let shape, let scale): visitor.visit(WeibullLaw(shape: shape, scale: scale), &state)
    case .pareto(let minimum, let alpha): visitor.visit(ParetoLaw(minimum: minimum, alpha: alpha), &state)
    case .lognormal(let mu, let sigma): visitor.visit(LognormalLaw(mu: mu, sigma: sigma), &state)
    case .logcauchy(let mu, let gamma): visitor.visit(LogCauchyLaw(mu: mu, gamma: gamma), &state)
    case .logt(let mu, let sigma, let dof): visitor.visit(LogTLaw(mu: mu, sigma: sigma, dof: dof), &state)
    case .levy(let mu, let c): visitor.visit(LevyLaw(mu: mu, c: c), &state)
    case .poisson(let lambda): visitor.visit(PoissonLaw(lambda: lambda), &state)
    case .normal(let mu, let sigma): visitor.visit(FoldedNormalLaw(mu: mu, sigma: sigma), &state)
    case .infbernoulli(let q): visitor.visit(InfBernoulliLaw(q: q), &state)
    case .trace(let recording): visitor.visit(TraceLaw(recording: recording), &state)
    case .mixture(let mixture): visitor.visit(MixtureLaw(mixture: mixture), &state)
    case .markov(let up, let down, let work):
      visitor.visit(MarkovLaw(up: up, down: down, work: work), &state)
    }
  }

  /// Shows `visitor`, which changes nothing, the law.
  @inline(__always)
  func visit<Visitor: DelayVisitor>(_ visitor: Visitor) -> Visitor.Result where Visitor.State == Void {
    var nothing: Void = ()
    return visit(visitor, &nothing)
  }

  private struct Sampling: DelayVisitor {
    let job: Int
    @inline(__always)
    func visit<Law: DelayLaw>(_ law: Law, _ stream: inout RandomStream) -> Double {
      law.sample(&stream, job: job)
    }
  }

  private struct Distribution: DelayVisitor {
    let t: Double
    @inline(__always)
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> Double { law.cdf(t) }
  }

  private struct Quantile: DelayVisitor {
    let p: Double
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> Double { law.quantile(p) }
  }

  private struct Mean: DelayVisitor {
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> Double { law.mean }
  }

  private struct PartialMean: DelayVisitor {
    let t: Double
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> Double { law.partialMean(t) }
  }

  private struct Independence: DelayVisitor {
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> Bool { law.isIndependent }
  }

  private struct Check: DelayVisitor {
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> DelayError? { law.problem }
  }
}
