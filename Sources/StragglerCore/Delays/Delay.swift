// SPDX-License-Identifier: Apache-2.0

/// The law of η, the random part of a job's duration: a non-negative number of seconds, +∞ for a job that
/// never ends.
///
///     let delay = Delay.lognormal(mu: 0, sigma: 2.5)
///     try delay.validate()
///     delay.cdf(1)          // 0.5
///     delay.quantile(0.9)   // 24.6
///     let own = try Delay(Burr(c: 3, k: 1, scale: 2))
///
/// A delay is the address of its law's code with the law's numbers, so that laws of your own are held and
/// drawn like those of the library. Each law is in a file of its own, with the function that makes it.
///
/// Values beyond 10³⁰⁸ count as +∞. Laws of ln η are worked with in logarithms, so that `lognormal(0, 100)`
/// neither overflows nor loses its tails. With invalid parameters, functions return NaN or a meaningless
/// value but never trap: code that takes parameters from outside calls `validate()`. A scale of 0 (`sigma`,
/// `gamma`, `c`) is the constant it tends to.
public struct Delay: BitwiseCopyable, Sendable {
  /// nil for constants, which are drawn without a call.
  @usableFromInline let code: LawCode?
  @usableFromInline let numbers: LawNumbers

  /// A law of your own. Throws what is wrong with its parameters, a law with more than 24 bytes of numbers,
  /// and one whose mean is neither given nor found.
  public init<Law: DelayLaw>(_ law: Law) throws(DelayError) {
    guard let numbers = LawNumbers(law) else {
      throw DelayError(law: Law.name, parameter: "size", expected: "at most 24 bytes, three numbers")
    }
    self.init(Law.code, numbers)
    try validate()
  }

  /// A law of the library, whose parameters are not checked.
  init<Law: LibraryLaw>(library law: Law) { self.init(Law.code, LawNumbers(law) ?? LawNumbers()) }

  init(_ code: LawCode?, _ numbers: LawNumbers) { (self.code, self.numbers) = (code, numbers) }

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
    sample(&stream, job: job, start: .nan, work: .nan)
  }

  /// The η of job `job` of `work` sure seconds that starts at `start`: what `sample` gives, except for
  /// outages, of which it meets those that come.
  @inlinable
  public func sample(_ stream: inout RandomStream, job: Int, start: Double, work: Double) -> Double {
    guard let code else { return numbers.numbers.0 }
    return Self.draw(code, numbers, &stream, job: job, start: start, work: work)
  }

  @usableFromInline
  static func draw(
    _ code: LawCode, _ numbers: LawNumbers, _ stream: inout RandomStream, job: Int, start: Double,
    work: Double
  ) -> Double {
    let value = LawCall.sample(code, numbers, &stream, job: job, start: start, work: work)
    return value > longest ? .infinity : value
  }

  /// Whether η is always the same number.
  public var isConstant: Bool { code == nil }

  /// η where it is always the same number: no stream has to be set up for it.
  @inlinable var constant: Double? { code == nil ? numbers.numbers.0 : nil }

  /// Whether nothing about the durations is random: constants, and recordings that are replayed.
  public var isSure: Bool { ask(.isSure) != 0 }

  /// Whether F rises at atoms only.
  public var isDiscrete: Bool { ask(.isDiscrete) != 0 }

  /// Whether the durations of a worker's jobs are independent of each other and of when the jobs start: false
  /// for outages and for recordings that are replayed, whose theory cannot be that of independent durations.
  public var isIndependent: Bool { ask(.isIndependent) != 0 }

  /// Whether η depends on the job's sure seconds and on when it starts: outages. What is known of the law is
  /// then NaN, until `during` says how long the jobs are.
  public var dependsOnWork: Bool { code != nil && ask(.dependsOnWork) != 0 }

  /// The law of η for jobs of `work` sure seconds that follow one another at once: outages are more in longer
  /// jobs; for other laws it is the same.
  public func during(_ work: Double) -> Delay {
    guard code != nil else { return self }
    var call = LawCall(.during, numbers)
    call.work = work
    call.put(to: law)
    return Delay(code, call.numbers)
  }

  /// The law of η/c: durations at `speed` c, which is positive and finite. Nil for laws that have no such
  /// form: whole numbers of seconds, those that look at the caller's memory, and laws of your own. Outages
  /// stay as they are, since they do not depend on how fast a worker works.
  public func atSpeed(_ speed: Double) -> Delay? {
    guard let code else { return .constant(mean / speed) }
    var call = LawCall(.atSpeed, numbers)
    call.x = speed
    call.put(to: code)
    return call.answer == 1 ? Delay(code, call.numbers) : nil
  }

  /// The recording of `trace`; nil for other laws.
  public var recording: Recording? {
    guard let code, LawCall.isSame(code, TraceLaw.code) else { return nil }
    var numbers = numbers
    return numbers.law(TraceLaw.self).recording
  }

  /// What `mixture` mixes; nil for other laws.
  public var mixture: Mixture? {
    guard let code, LawCall.isSame(code, MixtureLaw.code) else { return nil }
    var numbers = numbers
    return numbers.law(MixtureLaw.self).mixture
  }

  /// How many points of outages a job meets on average; 0 for laws without outages.
  public var outagePoints: Double { code == nil ? 0 : ask(.outagePoints) }

  /// P(η ≤ t): 0 below 0, 1 at +∞, constant from 10³⁰⁸ to there.
  public func cdf(_ t: Double) -> Double {
    if t == .infinity { return 1 }
    guard t >= 0 else { return t.isNaN ? t : 0 }
    return ask(.cdf, t < Self.longest ? t : Self.longest)
  }

  /// The smallest t with P(η ≤ t) ≥ p; for p = 0 the lower end of the support. NaN unless 0 ≤ p ≤ 1.
  ///
  /// Laws without a formula take some evaluations of `cdf`, about a microsecond.
  public func quantile(_ p: Double) -> Double {
    guard p >= 0 && p <= 1 else { return .nan }
    let t = ask(.quantile, p)
    return t > Self.longest ? .infinity : t
  }

  /// E η, infinite where it does not exist or exceeds the doubles.
  public var mean: Double { ask(.mean) }

  /// The smallest t with P(η ≤ t) ≥ ½; infinite where more than half of the jobs never end.
  public var median: Double { quantile(0.5) }

  /// E[η; η ≤ t], the expectation of η where η ≤ t and of 0 elsewhere. A formula, for logcauchy and logt an
  /// integral. NaN where a law of your own does not resolve it.
  public func partialMean(_ t: Double) -> Double {
    if t == .infinity { return mean }
    guard t >= 0 else { return t.isNaN ? t : 0 }
    return ask(.partialMean, t < Self.longest ? t : Self.longest)
  }

  /// ln of the density at `t`, of a law of whole numbers ln of the probability of `t`; −∞ where there is
  /// none, NaN for laws without a density: constants, failures, recordings, mixtures, outages, and laws of
  /// your own.
  public func logDensity(_ t: Double) -> Double { ask(.logDensity, t) }

  /// The law's name and its parameters, to write the delay as a command. Recordings and mixtures have none.
  public var parts: LawParts { LawCall.parts(.parts, law, numbers).parts ?? LawParts(ConstantLaw()) }

  /// Throws what is wrong with the parameters.
  public func validate() throws(DelayError) {
    let (parts, mean) = LawCall.parts(.check, law, numbers)
    if let error = parts?.fault { throw error }
    guard mean.isNaN, let parts else { return }
    throw DelayError(
      law: parts.name, parameter: "mean",
      expected: "a formula in the law, since the distribution function does not resolve it")
  }
}

// MARK: - Questions to the law

extension Delay {
  private var law: LawCode { code ?? ConstantLaw.code }

  private func ask(_ question: LawQuestion, _ x: Double = 0, _ y: Double = 0) -> Double {
    var call = LawCall(question, numbers)
    (call.x, call.y) = (x, y)
    call.put(to: law)
    return call.answer
  }

  /// The least upper bound of the finite values, as far as it is known; ∞ where there is none.
  var largestFinite: Double { ask(.largestFinite) }

  /// See `LibraryLaw`.
  var isWithinTwiceItsMean: Bool { ask(.isWithinTwiceItsMean) != 0 }

  /// d ln F/d ln t at t = eˣ; see `LibraryLaw`.
  func elasticity(_ t: Double, _ x: Double) -> Double { ask(.elasticity, t, x) }

  /// The allotted time that makes `gain` largest; the peak near `start` where given.
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    var call = LawCall(.clip, numbers)
    (call.x, call.y) = (gain.tau, gain.time)
    if let start { (call.start, call.work) = (start.time, start.spread) }
    call.put(to: law)
    return call.answer
  }

  /// The share of `trials` trials of a worker that succeed, each given up where η > `time` and, after a
  /// success `upload` seconds later, followed by the next: P(η ≤ t) of independent durations; see
  /// `MarkovTrials` for outages.
  func successShare(within time: Double, upload: Double, of trials: Double) -> Double {
    guard time < .infinity else { return 1 }
    guard dependsOnWork else { return cdf(time) }
    var call = LawCall(.successShare, numbers)
    (call.x, call.y, call.work) = (time, upload, trials)
    call.put(to: law)
    return call.answer
  }

  /// Whether both are the same law with the same numbers; false for recordings, which are not compared.
  func isSame(as other: Delay) -> Bool {
    guard let code, let otherCode = other.code else {
      return isConstant && other.isConstant && numbers == other.numbers
    }
    guard LawCall.isSame(code, otherCode) else { return false }
    var call = LawCall(.isSame, numbers)
    call.other = other.numbers
    call.put(to: code)
    return call.answer != 0
  }
}
