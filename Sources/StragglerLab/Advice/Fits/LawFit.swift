// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A law fitted to the durations of a worker: a sure part τ and the law of η = duration − τ of the jobs that
/// ended, beside a probability q that a job never ends.
public struct LawFit: Sendable {
  /// τ, in seconds.
  public let tau: Double
  /// The law of η, given that the job ends.
  public let law: Delay
  /// ln of the likelihood of all jobs, failures included; infinite for a constant, which fits only equal
  /// durations.
  public let logLikelihood: Double
  /// How many parameters were fitted: those of the law, τ and q where they are not 0.
  public let parameters: Int
  /// How far the law is from the durations of the jobs that ended.
  public let goodness: GoodnessOfFit
  /// How many durations there were, failures included.
  public let count: Int
  /// How many jobs never ended.
  public let failures: Int

  /// q, the fraction of jobs that never ended.
  public var failureProbability: Double { Double(failures) / Double(count) }
  /// Akaike's criterion 2k − 2 ln L; smaller is better.
  public var aic: Double { 2 * Double(parameters) - 2 * logLikelihood }
  /// Schwarz's criterion k ln m − 2 ln L; smaller is better.
  public var bic: Double { Double(parameters) * Elementary.log(Double(count)) - 2 * logLikelihood }
  /// Whether the law is certainly not the one that the durations came from.
  public var isRejected: Bool { goodness.isRejected(count: count - failures) }

  /// The law's name and values as the command language writes them: `lognormal(0.1,2)`.
  public var lawText: String {
    let (name, parameters) = (law.parts.name, law.parts.parameters)
    let numbers = (0..<parameters.count).map { AdviceCandidate.text(.number(parameters.values[$0])) }
    return "\(name)(\(numbers.joined(separator: ",")))"
  }

  /// The delay with its failures, as the command language writes it.
  public var delayText: String {
    if failures == 0 { return lawText }
    if failures == count { return "infbernoulli(1)" }
    let q = failureProbability
    if law.isConstant, law.mean == 0 { return "infbernoulli(\(NumberText.exact(q)))" }
    return "mixture(\(NumberText.exact(1 - q)),\(lawText),infbernoulli(1))"
  }
}

extension LawFamily {
  /// The best law of the family for `durations` in ascending order, all finite, beside `failures` that never
  /// ended; nil where no law of the family could give them.
  ///
  /// The sure part is not a parameter like others: many laws become infinitely likely as τ tends to the
  /// shortest duration x₁. So τ is one of 0, x₁ − (x₂ − x₁) with the next larger duration x₂ (but not below
  /// 0), and, for laws with an ordinary value at 0, x₁ itself: the likeliest of them, a τ above 0 counting as
  /// a parameter. Source of the second: Robson and Whitlock (1964).
  ///
  /// Nil also where `interrupted` holds, which is called at every pass through the durations.
  func fit(
    _ durations: [Double], failures: Int, interrupted: @escaping () -> Bool = { false }
  ) -> LawFit? {
    guard let shortest = durations.first, let next = durations.first(where: { $0 > shortest }) else {
      return nil
    }
    var best: LawFit?
    var taus = [0, max(0, shortest - (next - shortest))]
    if mayBeZero { taus.append(shortest) }
    // The uniform law has its own lower end, and Pareto's law its minimum.
    if self == .uniform || self == .pareto { taus = [0] }
    for (index, tau) in taus.enumerated() where !taus[..<index].contains(tau) {
      let sample = FitSample(
        tau == 0 ? durations : durations.map { $0 - tau }, interrupted: interrupted)
      guard let law = fit(sample) else { continue }
      let likelihood = sample.logLikelihood(law) + LawFit.logLikelihood(of: failures, beside: durations.count)
      guard likelihood.isFinite else { continue }
      let candidate = LawFit(
        tau: tau, law: law, logLikelihood: likelihood,
        parameters: parameters + (tau > 0 ? 1 : 0) + (failures > 0 ? 1 : 0),
        goodness: GoodnessOfFit(law, sample.values, interrupted: interrupted),
        count: durations.count + failures, failures: failures)
      if let best, best.bic <= candidate.bic { continue }
      best = candidate
    }
    return best
  }
}

extension LawFit {
  /// ln of the likelihood that `failures` jobs never ended and `successes` did, at the best q.
  static func logLikelihood(of failures: Int, beside successes: Int) -> Double {
    guard failures > 0, successes > 0 else { return 0 }
    let (k, m) = (Double(failures), Double(successes))
    return k * Elementary.log(k / (k + m)) + m * Elementary.log(m / (k + m))
  }

  /// Every job that ended took `duration`.
  static func constant(_ duration: Double, count: Int, failures: Int) -> LawFit {
    LawFit(
      tau: duration, law: .constant(0), logLikelihood: .infinity, parameters: failures > 0 ? 2 : 1,
      goodness: GoodnessOfFit(.constant(0), [0]), count: count, failures: failures)
  }
}
