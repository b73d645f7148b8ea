// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// Problems that are finite sums, and quadratics that differ between samples or workers.
@Suite struct FiniteSumTests {
  private func prepared(
    _ quadratic: Quadratic<Double>, workers: Int = 3, _ body: (inout Quadratic<Double>) throws -> Void
  ) throws {
    try withArena { arena in
      var quadratic = quadratic
      var setup = ProblemSetup(workers: workers, seed: 1, arena: Self.take(&arena))
      try quadratic.prepare(&setup)
      try body(&quadratic)
      arena = setup.finish()
    }
  }

  private static func take(_ arena: inout Arena) -> Arena {
    var other = Arena.measuring()
    swap(&arena, &other)
    return other
  }

  private func quadratic(_ change: (inout Quadratic<Double>) -> Void) -> Quadratic<Double> {
    var quadratic = Quadratic<Double>(dimension: 9, noise: 0)
    change(&quadratic)
    return quadratic
  }

  private let x = (0..<9).map { Double(($0 * 7 + 3) % 5) - 1.7 }

  private func gradient(
    _ quadratic: inout Quadratic<Double>, _ body: (inout Quadratic<Double>, inout MutableSpan<Double>) -> Void
  ) -> [Double] {
    var g = [Double](repeating: 0, count: 9)
    var span = g.mutableSpan
    body(&quadratic, &span)
    return g
  }

  @Test func samplesHaveTheMeanF() throws {
    try prepared(quadratic { $0.samples = 40 }) { f in
      #expect(f.sampleCount == 40)
      let x = x
      let whole = gradient(&f) { f, g in f.gradient(at: x.span, into: &g) }
      let mean = gradient(&f) { f, g in
        for j in 0..<40 { f.accumulate(1 / 40.0, index: j, at: x.span, into: &g) }
      }
      for i in x.indices { #expect(abs(whole[i] - mean[i]) < 1e-14) }
      let value = (0..<40).reduce(0) { $0 + f.value(index: $1, at: x.span) } / 40
      let (direct, beyond) = (f.value(at: x.span), f.value(index: 40, at: x.span))
      #expect(abs(value - direct) < 1e-14)
      #expect(beyond.isNaN)
    }
  }

  @Test func gradientsOfSamplesAreDerivatives() throws {
    try prepared(quadratic { $0.samples = 5 }) { f in
      let x = x
      for j in 0..<5 {
        let g = gradient(&f) { f, g in f.accumulate(2, index: j, at: x.span, into: &g) }
        for i in x.indices {
          var (up, down) = (x, x)
          up[i] += 0.5
          down[i] -= 0.5
          // Central differences are exact for quadratics.
          let slope = f.value(index: j, at: up.span) - f.value(index: j, at: down.span)
          #expect(abs(g[i] - 2 * slope) < 1e-13)
        }
      }
    }
  }

  @Test func aStochasticGradientIsThatOfItsSample() throws {
    for kind in [Quadratic<Double>.NoiseKind.iid, .shared, .zeroLast] {
      let problem = quadratic {
        $0.samples = 7
        $0.noiseKind = kind
        $0.keep = 1
      }
      try prepared(problem) { f in
        let x = x
        for job in 1...20 {
          let sample = Sample(seed: 3, worker: 1, job: job)
          let drawn = gradient(&f) { f, g in f.accumulate(0.5, sample, at: x.span, into: &g) }
          let j = sample.index(below: 7)
          let own = gradient(&f) { f, g in f.accumulate(0.5, index: j, at: x.span, into: &g) }
          for i in x.indices { #expect(abs(drawn[i] - own[i]) < 1e-15) }
        }
      }
    }
  }

  @Test func hessianVarianceIsWhatGradientsShow() throws {
    try prepared(quadratic { $0.samples = 30 }) { f in
      // The eigenvector of A with the largest eigenvalue attains the supremum.
      let top = (1...9).map { $0 % 2 == 0 ? -1.0 : 1.0 }
      let v = zip(1...9, top).map { sine(Double($0) * .pi / 10) * $1 }
      let zero = [Double](repeating: 0, count: 9)
      func squares(_ g: [Double]) -> Double { g.reduce(0) { $0 + $1 * $1 } }
      var mean = 0.0
      for j in 0..<30 {
        let difference = gradient(&f) { f, g in
          f.accumulate(1, index: j, at: v.span, into: &g)
          f.accumulate(-1, index: j, at: zero.span, into: &g)
        }
        mean += squares(difference) / 30
      }
      let whole = gradient(&f) { f, g in f.gradient(at: v.span, into: &g) }
      let origin = gradient(&f) { f, g in f.gradient(at: zero.span, into: &g) }
      let smooth = squares(zip(whole, origin).map { $0 - $1 })
      let expected = (mean - smooth) / squares(v)
      #expect(abs(f.conditions.hessianVariance - expected) < 1e-12 * expected)
    }
  }

  /// An own sine, by its series: the argument stays below π.
  private func sine(_ x: Double) -> Double {
    var (term, sum) = (x, x)
    for k in 1..<30 {
      term *= -x * x / Double(2 * k * (2 * k + 1))
      sum += term
    }
    return sum
  }

  @Test func workersObjectivesHaveTheMeanF() throws {
    try prepared(quadratic { $0.heterogeneity = 0.5 }, workers: 6) { f in
      #expect(f.sampleCount == 0)
      #expect(f.conditions.isHeterogeneous)
      let x = x
      let whole = gradient(&f) { f, g in f.gradient(at: x.span, into: &g) }
      let each = (0..<6).map { worker in
        gradient(&f) { f, g in f.accumulate(1, Sample(seed: 1, worker: worker, job: 4), at: x.span, into: &g)
        }
      }
      for i in x.indices {
        #expect(abs(whole[i] - each.reduce(0) { $0 + $1[i] } / 6) < 1e-14)
      }
      #expect(each[0] != each[1])
    }
  }

  @Test func bothAtOnceAreRefused() {
    let problem = quadratic {
      $0.samples = 5
      $0.heterogeneity = 1
    }
    #expect(throws: SetupError.self) { try prepared(problem) { _ in } }
  }
}
