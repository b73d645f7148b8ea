// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct LogisticTests {
  private let rows = TestRows(count: 47, width: 11, seed: 5)
  private let x = (0..<11).map { Double(($0 * 7 + 3) % 5) / 2 - 0.8 }

  private static let regularizers: [Regularizer] = [.nonconvex, .l2, .none]

  @Test(arguments: regularizers) func agreesWithTheDefinition(_ regularizer: Regularizer) throws {
    let memory = TestMemory()
    var f = try Logistic<Double>(lambda: 0.3, regularizer: regularizer).prepared(memory, rows: rows)
    #expect(f.dimension == 11)
    let slow = rows.mean(Array(0..<47), at: x), added = regularizer.slow(at: x)
    let value = f.value(at: x.span)
    #expect(abs(value - slow.loss - 0.3 * added.value) < 1e-14)
    let g = f.added { f, g in f.gradient(at: x.span, into: &g) }
    for j in x.indices { #expect(abs(g[j] - slow.gradient[j] - 0.3 * added.gradient[j]) < 1e-15) }
  }

  @Test(arguments: regularizers) func gradientsAreDifferenceQuotients(_ regularizer: Regularizer) throws {
    let memory = TestMemory()
    var f = try Logistic<Double>(lambda: 0.3, regularizer: regularizer).prepared(memory, rows: rows)
    let g = f.added { f, g in f.gradient(at: x.span, into: &g) }
    for j in x.indices {
      var (above, below) = (x, x)
      above[j] += 1e-5
      below[j] -= 1e-5
      let quotient = (f.value(at: above.span) - f.value(at: below.span)) / 2e-5
      #expect(abs(quotient - g[j]) < 1e-9)
    }
  }

  @Test func floatComesClose() throws {
    let memory = TestMemory()
    let x32 = x.map { Float($0) }
    var f = try Logistic<Float>(lambda: 0.3).prepared(memory, rows: rows)
    let exact = x32.map { Double($0) }
    let slow = rows.mean(Array(0..<47), at: exact), added = Regularizer.nonconvex.slow(at: exact)
    #expect(abs(f.value(at: x32.span) - slow.loss - 0.3 * added.value) < 1e-14)
    let g = f.added { f, g in f.gradient(at: x32.span, into: &g) }
    for j in x.indices { #expect(abs(Double(g[j]) - slow.gradient[j] - 0.3 * added.gradient[j]) < 2e-6) }
  }

  @Test func stochasticGradientIsTheMeanOverItsOwnDraws() throws {
    let memory = TestMemory()
    var f = try Logistic<Double>(lambda: 0.3, split: .contiguous, batch: 6).prepared(memory, rows: rows)
    let sample = Sample(seed: 6, worker: 2, job: 9)
    var stream = sample.stream
    // 15 of 47 samples each for three workers.
    let draws = (0..<6).map { _ in 30 + stream.integer(below: 15) }
    let slow = rows.mean(draws, at: x), added = Regularizer.nonconvex.slow(at: x)
    let g = f.added { f, g in f.accumulate(0.25, sample, at: x.span, into: &g) }
    for j in x.indices { #expect(abs(g[j] - 0.25 * (slow.gradient[j] + 0.3 * added.gradient[j])) < 1e-15) }
  }

  @Test func stochasticGradientsAreUnbiased() throws {
    let memory = TestMemory()
    for split in [SampleSplit.Kind.shared, .contiguous] {
      var f = try Logistic<Double>(lambda: 0.3, split: split, batch: 2).prepared(memory, rows: rows)
      let own = split == .shared ? Array(0..<47) : Array(15..<30)
      let expected = rows.mean(own, at: x), added = Regularizer.nonconvex.slow(at: x)
      let count = 20_000
      let mean = f.added { f, g in
        for job in 1...count {
          f.accumulate(1 / Double(count), Sample(seed: 3, worker: 1, job: job), at: x.span, into: &g)
        }
      }
      for j in x.indices {
        // The variance of one draw, from the definition.
        let gradients = own.map { rows.mean([$0], at: x).gradient[j] }
        let variance = gradients.reduce(0) { $0 + ($1 - expected.gradient[j]) * ($1 - expected.gradient[j]) }
        let deviation = (variance / Double(own.count) / 2 / Double(count)).squareRoot()
        #expect(abs(mean[j] - expected.gradient[j] - 0.3 * added.gradient[j]) <= 5 * deviation + 1e-14)
      }
    }
  }

  @Test func fullBatchesAreTheWorkersOwnObjectives() throws {
    let memory = TestMemory()
    var f = try Logistic<Double>(lambda: 0.3, split: .contiguous, batch: nil).prepared(memory, rows: rows)
    #expect(f.conditions.variance == 0)
    let added = Regularizer.nonconvex.slow(at: x)
    for worker in 0..<3 {
      let slow = rows.mean(Array(15 * worker..<15 * worker + 15), at: x)
      let g = f.added { f, g in
        f.accumulate(1, Sample(seed: 1, worker: worker, job: 4), at: x.span, into: &g)
      }
      for j in x.indices { #expect(abs(g[j] - slow.gradient[j] - 0.3 * added.gradient[j]) < 1e-15) }
    }
    // f is the mean of the workers' objectives; the remaining two samples are unused.
    let whole = rows.mean(Array(0..<45), at: x)
    #expect(abs(f.value(at: x.span) - whole.loss - 0.3 * added.value) < 1e-14)
    let g = f.added { f, g in f.gradient(at: x.span, into: &g) }
    for j in x.indices { #expect(abs(g[j] - whole.gradient[j] - 0.3 * added.gradient[j]) < 1e-15) }
  }

  @Test(arguments: [SampleSplit.Kind.shared, .contiguous, .shuffled, .dirichlet(0.3)])
  func isAFiniteSum(_ split: SampleSplit.Kind) throws {
    let memory = TestMemory()
    var f = try Logistic<Double>(lambda: 0.3, split: split).prepared(memory, rows: rows)
    let count = f.sampleCount
    #expect(count == (split == .shared ? 47 : 45))
    let whole = f.added { f, g in f.gradient(at: x.span, into: &g) }
    let mean = f.added { f, g in
      for j in 0..<count { f.accumulate(1 / Double(count), index: j, at: x.span, into: &g) }
    }
    for j in x.indices { #expect(abs(whole[j] - mean[j]) < 1e-15) }
    let value = (0..<count).reduce(0) { $0 + f.value(index: $1, at: x.span) } / Double(count)
    #expect(abs(value - f.value(at: x.span)) < 1e-14)
    #expect(f.value(index: -1, at: x.span).isNaN)
    #expect(f.value(index: count, at: x.span).isNaN)
  }

  @Test func gradientsChangeNoFasterThanSmoothnessAllows() throws {
    let memory = TestMemory()
    for (regularizer, split) in zip(Self.regularizers, [SampleSplit.Kind.shared, .contiguous, .shuffled]) {
      let bounds = FeatureBounds(
        try rows.view(memory), workspace: memory.table([Double](repeating: 0, count: 22)))
      var f = try Logistic<Double>(lambda: 0.3, regularizer: regularizer, split: split)
        .prepared(memory, rows: rows, bounds: bounds)
      let smoothness = f.conditions.smoothness
      // L ≤ λ_max(AᵀA)/(4m) + λ sup|r″|, and the bound on λ_max is at most a quarter too large.
      let exact = rows.largestEigenvalue / 4 / Double(f.sampleCount)
      let added = 0.3 * regularizer.smoothness
      #expect(smoothness >= (exact + added) * 0.999999 && smoothness <= 1.26 * exact + added)
      var stream = RandomStream(seed: 8, purpose: .start)
      for _ in 0..<50 {
        let a = x.map { _ in stream.normal() / 4 }
        let b = a.map { $0 + stream.normal() / 100 }
        let (ga, gb) = (
          f.added { f, g in f.gradient(at: a.span, into: &g) },
          f.added { f, g in f.gradient(at: b.span, into: &g) }
        )
        let change = Double.squaredDistance(ga.span, gb.span).squareRoot()
        #expect(change <= smoothness * Double.squaredDistance(a.span, b.span).squareRoot())
      }
    }
  }

  @Test(arguments: [SampleSplit.Kind.shared, .contiguous])
  func samplesCurveNoMoreApartThanHessianVarianceAllows(
    _ split: SampleSplit.Kind
  ) throws {
    let memory = TestMemory()
    var f = try Logistic<Double>(lambda: 0.3, split: split).prepared(memory, rows: rows)
    let count = f.sampleCount
    let bound = f.conditions.hessianVariance
    #expect(f.conditions.isHeterogeneous == (split != .shared))
    var stream = RandomStream(seed: 18, purpose: .start)
    for _ in 0..<50 {
      let a = x.map { _ in stream.normal() / 4 }
      let b = a.map { $0 + stream.normal() / 100 }
      var (mean, sum) = (0.0, x.map { _ in 0.0 })
      for j in 0..<count {
        let change = f.added { f, g in
          f.accumulate(1, index: j, at: a.span, into: &g)
          f.accumulate(-1, index: j, at: b.span, into: &g)
        }
        mean += change.reduce(0) { $0 + $1 * $1 } / Double(count)
        for i in x.indices { sum[i] += change[i] / Double(count) }
      }
      let variance = mean - sum.reduce(0) { $0 + $1 * $1 }
      #expect(variance > 0 && variance <= bound * Double.squaredDistance(a.span, b.span))
    }
  }

  @Test func varianceStaysBelowItsBound() throws {
    let memory = TestMemory()
    for (split, batch) in [(SampleSplit.Kind.shared, 1), (.shared, 4), (.contiguous, 1)] {
      let f = try Logistic<Double>(lambda: 0.3, split: split, batch: batch).prepared(memory, rows: rows)
      let bound = f.conditions.variance
      for worker in 0..<3 {
        let own = split == .shared ? Array(0..<47) : Array(15 * worker..<15 * worker + 15)
        let mean = rows.mean(own, at: x).gradient
        let variance = own.reduce(0) { sum, row in
          sum + zip(rows.mean([row], at: x).gradient, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        #expect(variance / Double(own.count * batch) <= bound)
      }
    }
  }

  @Test func startsWhereItIsTold() throws {
    let memory = TestMemory()
    for (start, value) in [(Logistic<Double>.Start.zeros, 0.0), (.ones, 1)] {
      var f = try Logistic<Double>(lambda: 0.3, x0: start).prepared(memory, rows: rows)
      #expect(f.added { f, g in f.start(&g, seed: 1) } == [Double](repeating: value, count: 11))
      if start == .zeros {
        #expect(abs(f.value(at: [Double](repeating: 0, count: 11).span) - 0.6931471805599453) < 1e-15)
      }
    }
  }

  @Test func whatCannotRunIsRefused() throws {
    let memory = TestMemory()
    #expect(throws: SetupError.self) { try Logistic<Double>().prepared(memory) }
    #expect(throws: SetupError.self) { try Logistic<Double>().prepared(memory, rows: rows, workers: 0) }
    for split in [SampleSplit.Kind.contiguous, .shuffled, .dirichlet(1)] {
      let f = Logistic<Double>(lambda: 0.1, split: split)
      #expect(throws: SetupError.self) { try f.prepared(memory, rows: rows, workers: 48) }
      _ = try f.prepared(memory, rows: rows, workers: 47)
    }
    _ = try Logistic<Double>().prepared(memory, rows: rows, workers: 48)
    let (images, narrow) = (
      TestImages(count: 3, width: 784, classes: 10, seed: 1),
      TestImages(count: 3, width: 100, classes: 10, seed: 1)
    )
    #expect(throws: SetupError.self) {
      try Logistic<Double>().prepared(memory, images: images, test: narrow)
    }
    var eleven = TestImages(count: 100, width: 784, classes: 10, seed: 1)
    eleven.labels[5] = 10
    #expect(throws: SetupError.self) { try Logistic<Double>().prepared(memory, images: eleven) }
  }

  @Test func rowsThatAreNoneAreRefused() {
    let memory = TestMemory()
    func rows(
      _ starts: [Int], _ columns: [UInt32], _ values: [Double], _ labels: [UInt8], width: Int = 3
    ) -> LabelledRows? {
      LabelledRows(
        starts: memory.table(starts), columns: memory.table(columns), values: memory.table(values),
        labels: memory.table(labels), width: width)
    }
    #expect(rows([0, 1, 2], [0, 2], [1, 2], [1, 0])?.count == 2)
    #expect(rows([0], [], [], [])?.count == 0)
    #expect(rows([0, 1, 2], [0, 3], [1, 2], [1, 0]) == nil)
    #expect(rows([0, 3, 2], [0, 2], [1, 2], [1, 0]) == nil)
    #expect(rows([1, 1, 2], [0, 2], [1, 2], [1, 0]) == nil)
    #expect(rows([0, 1], [0, 2], [1, 2], [1, 0]) == nil)
    #expect(rows([0, 1, 2], [0, 2], [1], [1, 0]) == nil)
    #expect(rows([0, 1, 2], [0, 2], [1, .nan], [1, 0]) == nil)
    #expect(rows([], [], [], []) == nil)
  }
}
