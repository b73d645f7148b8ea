// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

@Suite struct LawFitTests {
  /// 4,000 values of `law`.
  private func sample(_ law: Delay, count: Int = 4_000, seed: UInt64 = 5) -> [Double] {
    (1...count).map { job in
      var stream = RandomStream(seed: seed, purpose: .data, worker: 0, job: job)
      return law.sample(&stream, job: job)
    }.sorted()
  }

  private func fit(_ family: LawFamily, _ values: [Double]) throws -> SIMD4<Double> {
    try #require(family.fit(FitSample(values.sorted()))).parts.parameters.values
  }

  // MARK: Closed forms

  /// A fit of many durations ends at the next walk through them.
  @Test func fitsCanBeInterrupted() {
    var stream = RandomStream(seed: 5, purpose: .data)
    let values = (0..<500).map { _ in Delay.logt(mu: 0, sigma: 1, dof: 3).sample(&stream, job: 0) }
    var asked = 0
    _ = WorkerFit(
      name: "", values,
      interrupted: {
        asked += 1
        return false
      })
    let whole = asked
    #expect(whole > 500)
    for limit in [1, 50, whole / 2] {
      asked = 0
      let fit = WorkerFit(
        name: "", values,
        interrupted: {
          asked += 1
          return asked > limit
        })
      // Each fit stops at its next check; there are eleven families with up to three τ each.
      #expect(asked - limit < 200, "\(limit): \(asked)")
      #expect(!fit.fits.isEmpty)
    }
  }

  @Test func agreesWithClosedForms() throws {
    let values = [0.5, 1, 1.5, 2, 4, 9]
    let count = 6.0
    let mean = 3.0
    #expect(try (fit(.exponential, values)[0] * mean - 1).magnitude < 1e-15)
    #expect(try fit(.uniform, values) == SIMD4(0.5, 9, 0, 0))
    #expect(try fit(.poisson, [0, 1, 1, 2, 6])[0] == 2)
    let inverses = values.reduce(0) { $0 + 1 / $1 }
    #expect(try (fit(.levy, values)[1] * inverses / count - 1).magnitude < 1e-14)
    let logs = values.map { Elementary.log($0) }
    let mu = logs.reduce(0, +) / count
    let sigma = (logs.reduce(0) { $0 + ($1 - mu) * ($1 - mu) } / count).squareRoot()
    let lognormal = try fit(.lognormal, values)
    #expect((lognormal[0] - mu).magnitude < 1e-14 && (lognormal[1] - sigma).magnitude < 1e-14)
    let pareto = try fit(.pareto, values)
    #expect(pareto[0] == 0.5)
    #expect((pareto[1] * logs.reduce(0) { $0 + ($1 - logs[0]) } / count - 1).magnitude < 1e-14)
    // Two shapes whose likelihood equations are known, and a normal law far from its fold.
    let far = values.map { $0 + 100 }
    let normal = try fit(.normal, far)
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    #expect((normal[0] - 103).magnitude < 1e-12 && (normal[1] - spread).magnitude < 1e-12)
    let gamma = try fit(.gamma, values)
    #expect((gamma[0] * gamma[1] - mean).magnitude < 1e-13)
    #expect(
      (Elementary.log(gamma[0]) - Special.digamma(gamma[0]) - Elementary.log(mean) + mu).magnitude < 1e-13)
    let weibull = try fit(.weibull, values)
    let powers = values.map { Elementary.pow($0 / weibull[1], weibull[0]) }
    #expect((powers.reduce(0, +) / count - 1).magnitude < 1e-13)
    let slope = zip(powers, logs).reduce(0) { $0 + ($1.0 - 1) * $1.1 } / count
    #expect((slope * weibull[0] - 1).magnitude < 1e-12)
  }

  @Test(arguments: LawFamily.allCases) func noNeighbourIsLikelier(_ family: LawFamily) throws {
    let values = sample(.gamma(shape: 1.7, scale: 2), count: 300).map {
      family == .poisson ? $0.rounded() : $0
    }
    let sample = FitSample(values)
    let best = try #require(family.fit(sample))
    let peak = sample.logLikelihood(best)
    let parameters = best.parts.parameters
    let law = try #require(Catalogue().law("\(best.parts.name)"))
    for parameter in 0..<parameters.count {
      for factor in [0.98, 1.02] {
        var moved = (0..<parameters.count).map { parameters.values[$0] }
        moved[parameter] *= factor
        guard let neighbour = try? law.choose(moved) else { continue }
        // Degrees of freedom are searched in their logarithm to about 1 %.
        let slack = family == .logt ? 0.02 : 1e-7
        #expect(sample.logLikelihood(neighbour) <= peak + slack, "\(family) \(parameter) \(factor)")
      }
    }
  }

  // MARK: Recovery, with bands of four standard errors from Fisher's information

  struct Known: Sendable, CustomStringConvertible {
    let family: LawFamily
    let law: Delay
    /// Standard errors of the parameters times √m.
    let errors: [Double]
    var description: String { "\(family)" }
  }

  private static let shape = 2.5
  private static let determinant = shape * Special.trigamma(shape) - 1
  static let known: [Known] = [
    Known(family: .exponential, law: .exponential(rate: 3), errors: [3]),
    Known(
      family: .gamma, law: .gamma(shape: shape, scale: 2),
      errors: [
        (shape / determinant).squareRoot(), 2 * (Special.trigamma(shape) / determinant).squareRoot(),
      ]),
    Known(family: .weibull, law: .weibull(shape: 0.7, scale: 2), errors: [0.78 * 0.7, 1.053 * 2 / 0.7]),
    Known(family: .lognormal, law: .lognormal(mu: 1, sigma: 2), errors: [2, Double(2).squareRoot()]),
    Known(family: .logcauchy, law: .logcauchy(mu: 1, gamma: 0.5), errors: [0.7072, 0.7072]),
    Known(family: .levy, law: .levy(mu: 0, c: 1.5), errors: [0, 1.5 * Double(2).squareRoot()]),
    Known(family: .poisson, law: .poisson(lambda: 7), errors: [Double(7).squareRoot()]),
    Known(family: .normal, law: .normal(mu: 9, sigma: 2), errors: [2, Double(2).squareRoot()]),
    // (m + 2)/3 values: location σ√((ν+3)/(ν+1)), scale σ√((ν+3)/(2ν)) for known ν; wider, as ν is fitted.
    Known(family: .logt, law: .logt(mu: 0, sigma: 1, dof: 3), errors: [1.3, 2, 20]),
  ]

  @Test(arguments: known) func findsTheParametersOfALaw(_ known: Known) throws {
    let values = sample(known.law)
    let fitted = try #require(known.family.fit(FitSample(values))).parts.parameters.values
    for (index, error) in known.errors.enumerated() {
      let truth = known.law.parts.parameters.values[index]
      #expect(
        (fitted[index] - truth).magnitude <= 4 * error / Double(4_000).squareRoot(),
        "\(known.family) \(index): \(fitted[index]), not \(truth)")
    }
  }

  @Test(arguments: known) func choosesTheFamilyOfALargeSample(_ known: Known) throws {
    let fit = WorkerFit(name: "1", sample(known.law, count: 2_000, seed: 9))
    let truth = try #require(fit.fits.first { $0.name == "\(known.law.parts.name)" })
    // Families contain one another nearly: the truth is among the best, or so close that data cannot tell.
    #expect(truth.bic <= fit.best.bic + 10, "\(fit.best.name) rather than \(known.family)")
    #expect(!truth.isRejected && !fit.best.isRejected)
  }

  @Test func findsTheSurePart() throws {
    let values = sample(.exponential(rate: 1), count: 1_000).map { $0 + 5 }
    let fit = try #require(LawFamily.exponential.fit(values, failures: 0))
    // The shortest of m is 1/m above τ in the mean.
    #expect(fit.tau >= 5 - 14.0 / 1_000 && fit.tau <= 5 + 14.0 / 1_000)
    let whole = try #require(LawFamily.poisson.fit([3, 3, 4, 5, 5, 7], failures: 0))
    #expect(whole.tau == 0 || whole.tau == 2 || whole.tau == 3)
    let lognormal = WorkerFit(
      name: "1", sample(.lognormal(mu: 0, sigma: 1), count: 2_000).map { $0 + 10 })
    #expect(lognormal.best.tau > 9.5 && lognormal.best.tau < 10.2)
  }

  // MARK: Failures and degenerate records

  @Test func takesFailuresForAnAtomAtInfinity() throws {
    let finite = sample(.exponential(rate: 2), count: 300)
    let fit = WorkerFit(name: "1", finite + Array(repeating: .infinity, count: 100))
    #expect(fit.failures == 100 && fit.best.failureProbability == 0.25)
    #expect(
      fit.best.delayText.hasPrefix("mixture(0.75,") && fit.best.delayText.hasSuffix(",infbernoulli(1))"))
    let alone = try #require(LawFamily.exponential.fit(finite, failures: 0))
    let both = try #require(LawFamily.exponential.fit(finite, failures: 100))
    let expected = 300 * Elementary.log(0.75) + 100 * Elementary.log(0.25)
    #expect((both.logLikelihood - alone.logLikelihood - expected).magnitude < 1e-9)
    #expect(both.parameters == alone.parameters + 1)
    #expect(fit.timeout.costWithout == .infinity && fit.timeout.saving == 1)
  }

  @Test func readsDegenerateRecords() {
    #expect(WorkerFit(name: "1", [2.5]).best.lawText == "constant(0)")
    #expect(WorkerFit(name: "1", [2.5]).best.tau == 2.5)
    let half = WorkerFit(name: "1", [1, .infinity, 1, .infinity])
    #expect(half.best.delayText == "infbernoulli(0.5)" && half.best.tau == 1)
    let dead = WorkerFit(name: "1", [.infinity])
    #expect(
      dead.best.delayText == "infbernoulli(1)" && dead.timeout.cost == .infinity && dead.timeout.saving == 0)
    for values in [
      [0, 0, 1], [0, Double.leastNonzeroMagnitude], [1e308, 1e307, 1], [1, 1.0000000000000002], [1, 1, 1, 2],
      [0, 0, 0, 1e-300, 1e300],
      Array(0..<50).map { Double($0 % 3) },
    ] {
      let fit = WorkerFit(name: "1", values)
      #expect(!fit.fits.isEmpty && !fit.best.bic.isNaN, "\(values)")
      #expect(fit.fits.allSatisfy { (0...1).contains($0.goodness.kolmogorov) }, "\(values)")
    }
  }

  // MARK: Goodness of fit, and time-outs, against slow versions

  @Test func measuresTheDistanceToTheRecord() {
    let values = sample(.gamma(shape: 2, scale: 1), count: 57)
    let law = Delay.exponential(rate: 0.6)
    var distance = 0.0
    var square = 0.0
    for (index, value) in values.enumerated() {
      let F = law.cdf(value)
      distance = max(distance, (F - Double(index) / 57).magnitude, (Double(index + 1) / 57 - F).magnitude)
      let mirrored = law.cdf(values[56 - index])
      square += Double(2 * index + 1) * (Elementary.log(F) + Elementary.log(1 - mirrored))
    }
    let goodness = GoodnessOfFit(law, values)
    #expect((goodness.kolmogorov - distance).magnitude < 1e-15)
    #expect((goodness.anderson - (-57 - square / 57)).magnitude < 1e-10)
    #expect(GoodnessOfFit(.poisson(lambda: 1), [0, 0, 1, 1, 1, 2]).kolmogorov < 0.2)
  }

  @Test func findsTheBestTimeoutOfAWorker() {
    let values = sample(.lognormal(mu: 0, sigma: 2), count: 80) + [.infinity, .infinity]
    let timeout = WorkerFit(name: "1", values).timeout
    var best = Double.infinity
    for t in values where t < .infinity {
      let cost = values.reduce(0) { $0 + min($1, t) } / Double(values.count { $0 <= t })
      best = min(best, cost)
    }
    #expect((timeout.cost / best - 1).magnitude < 1e-13)
    // Memoryless jobs with a sure part gain nothing by a time-out.
    // A rounded record: the time-out is not 0, at which a job would be given up as it starts.
    let rounded = WorkerFit(name: "1", [0, 0, 3, 4, 5]).timeout
    #expect(rounded.seconds > 0 && rounded.saving < 1)
    let even = WorkerFit(name: "1", [1, 1.1, 1.2]).timeout
    #expect(even.seconds == .infinity && even.saving == 0 && even.success == 1)
  }
}
