// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// What a run asked of a finite sum.
final class SampleRecord: @unchecked Sendable {
  /// The samples in the order in which their gradients were evaluated, with their weights.
  var samples: [(index: Int, weight: Double)] = []
}

/// A finite sum of quadratics that writes down which samples are evaluated.
struct RecordedSum: Problem {
  static var name: StaticText { "recorded" }
  static var summary: StaticText { "quadratics that are counted" }

  var base: Quadratic<Double>
  let record: SampleRecord

  init() { self.init(Quadratic(dimension: 2), SampleRecord()) }
  init(_ base: Quadratic<Double>, _ record: SampleRecord) {
    self.base = base
    self.record = record
  }

  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) { try base.prepare(&setup) }
  var dimension: Int { base.dimension }
  var conditions: Conditions { base.conditions }
  var sampleCount: Int { base.sampleCount }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) { base.start(&x, seed: seed) }
  mutating func value(at x: Span<Double>) -> Double { base.value(at: x) }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    base.gradient(at: x, into: &g)
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) { base.accumulate(weight, sample, at: x, into: &g) }
  mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    record.samples.append((index, weight))
    base.accumulate(weight, index: index, at: x, into: &g)
  }
}

/// ¼·tridiag(−1, 2, −1) x + ¼e₁: the gradient of the quadratic, written out.
func slowGradient(_ x: [Double]) -> [Double] {
  x.indices.map { index in
    let left = index > 0 ? x[index - 1] : -1
    let right = index + 1 < x.count ? x[index + 1] : 0
    return (2 * x[index] - left - right) / 4
  }
}

/// The estimators g⁰, g¹, … of a run, from its models: g^k = (x^k − x^{k+1})/γ.
func estimators(of run: Run, steps: Int) -> (models: [[Double]], estimators: [[Double]]) {
  var models = [run.model]
  for step in 1...steps {
    run.run(until: Stop(updates: step))
    models.append(run.model)
  }
  let gamma = run.gamma
  let estimators = (0..<steps).map { step in zip(models[step], models[step + 1]).map { ($0 - $1) / gamma } }
  return (models, estimators)
}

/// Whether the mean of `samples` is `expected`, coordinate by coordinate, within five standard errors.
func haveMean(_ samples: [[Double]], _ expected: [Double]) -> Bool {
  let count = Double(samples.count)
  return expected.indices.allSatisfy { coordinate in
    let values = samples.map { $0[coordinate] }
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return abs(mean - expected[coordinate]) <= 5 * (variance / count).squareRoot() + 1e-12
  }
}

func squaredNorm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }

func areClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

/// A method with its public parameters set.
func configured<M: Method>(_ type: M.Type, _ change: (inout M) -> Void) -> M {
  var method = M()
  change(&method)
  return method
}
