// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

/// What is found of a law that gives its distribution function only, against laws with formulas.
@Suite struct OwnLawTests {
  /// A law of the library as an own one.
  private struct Copy<Shape: CopiedLaw>: DelayLaw {
    static var name: StaticText { "copy" }
    static var summary: StaticText { "another law's distribution function" }
    static var code: LawCode { Shape.code }
    mutating func parameters(_ parameters: inout LawParameters) {}
    func cdf(_ t: Double) -> Double { Shape.law.cdf(t) }
  }

  private enum Exponential: CopiedLaw {
    static var law: Delay { .exponential(rate: 0.5) }
    static var code: LawCode { { Copy<Exponential>.answer($0) } }
  }
  private enum Lognormal: CopiedLaw {
    static var law: Delay { .lognormal(mu: 0.3, sigma: 0.8) }
    static var code: LawCode { { Copy<Lognormal>.answer($0) } }
  }
  private enum Gamma: CopiedLaw {
    static var law: Delay { .gamma(shape: 0.4, scale: 3) }
    static var code: LawCode { { Copy<Gamma>.answer($0) } }
  }
  private enum Heavy: CopiedLaw {
    static var law: Delay { .pareto(minimum: 1, alpha: 1.2) }
    static var code: LawCode { { Copy<Heavy>.answer($0) } }
  }
  private enum Poisson: CopiedLaw {
    static var law: Delay { .poisson(lambda: 3) }
    static var code: LawCode { { Copy<Poisson>.answer($0) } }
  }
  private enum Failing: CopiedLaw {
    static var law: Delay { .infbernoulli(q: 0.25) }
    static var code: LawCode { { Copy<Failing>.answer($0) } }
  }

  @Test func formulasAreFound() throws {
    let pairs = [
      (try Delay(Copy<Exponential>()), Exponential.law), (try Delay(Copy<Lognormal>()), Lognormal.law),
      (try Delay(Copy<Gamma>()), Gamma.law),
    ]
    for (own, law) in pairs {
      #expect(abs(own.mean / law.mean - 1) < 1e-8)
      for p in [1e-6, 0.1, 0.5, 0.9, 0.999] {
        #expect(abs(own.quantile(p) / law.quantile(p) - 1) < 1e-9)
      }
      for t in [0.01, 0.3, 1, 4, 20, 1e4] {
        #expect(own.cdf(t) == law.cdf(t))
        #expect(abs(own.partialMean(t) / law.partialMean(t) - 1) < 1e-8)
      }
      #expect(own.quantile(1) == .infinity && own.largestFinite == .infinity)
      #expect(own.isIndependent && !own.isConstant && !own.isSure && !own.dependsOnWork)
      #expect(own.isSame(as: own) && !own.isSame(as: law) && !law.isSame(as: own))
    }
  }

  /// Equal streams give equal numbers, those of the law.
  @Test func samplesFollowTheLaw() throws {
    let own = try Delay(Copy<Gamma>())
    let n = 4_000
    let drawn = (1...n).map { job in
      var stream = RandomStream(seed: 3, purpose: .delay, worker: 1, job: job)
      return own.sample(&stream, job: job)
    }.sorted()
    var distance = 0.0
    for (index, t) in drawn.enumerated() {
      distance = max(distance, abs(Gamma.law.cdf(t) - (Double(index) + 0.5) / Double(n)))
    }
    #expect(distance * Double(n).squareRoot() < 1.95)
  }

  /// The best time to allot is as good as the one that the law's formulas give.
  @Test func bestTimeToAllot() throws {
    for (own, law) in [
      (try Delay(Copy<Lognormal>()), Lognormal.law), (try Delay(Copy<Gamma>()), Gamma.law),
      (try Delay(Copy<Failing>()), Failing.law),
    ] {
      for tau in [0.01, 1, 30] {
        let (found, best) = (
          ClippingTimes.single(tau: tau, delay: own), ClippingTimes.single(tau: tau, delay: law)
        )
        #expect(abs(found.cost / best.cost - 1) < 1e-9)
      }
    }
  }

  /// A mean that the distribution function does not resolve is no number, and such a law is refused.
  @Test func whatIsNotResolvedIsRefused() throws {
    #expect(throws: DelayError.self) { try Delay(Copy<Heavy>()) }
    #expect(throws: DelayError.self) { try Delay(Copy<Poisson>()) }
    #expect(try Delay(Copy<Failing>()).mean == .infinity)
    #expect(
      try abs(Delay(Burr(c: 3, k: 4, scale: 2)).mean - 2 * 4 * Self.beta(4 - 1.0 / 3, 1 + 1.0 / 3)) < 1e-8)
    #expect(throws: DelayError.self) { try Delay(Burr(c: 1, k: 1, scale: 2)) }
  }

  private static func beta(_ a: Double, _ b: Double) -> Double { Elementary.exp(Special.logBeta(a, b)) }

  /// In mixtures they are laws like the others.
  @Test func canBeMixed() throws {
    let memory = TestMemory()
    let own = try Delay(Copy<Lognormal>())
    let mixed = Delay.mixture(try Mixture(0.25, memory.table([own, .constant(3)])))
    let expected = Delay.mixture(try Mixture(0.25, memory.table([Lognormal.law, .constant(3)])))
    #expect(abs(mixed.mean - expected.mean) < 1e-8 && mixed.cdf(2) == expected.cdf(2))
    #expect(abs(mixed.quantile(0.2) - expected.quantile(0.2)) < 1e-9)
  }
}

/// What is copied.
private protocol CopiedLaw {
  static var law: Delay { get }
  static var code: LawCode { get }
}
