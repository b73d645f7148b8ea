// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

/// Logistic regression on images of digits.
@Suite struct SoftmaxTests {
  private let images = TestImages(count: 30, width: 784, classes: 10, seed: 4)
  private let x: [Double] = {
    var stream = RandomStream(seed: 5, purpose: .start)
    return (0..<7850).map { _ in (stream.uniform() - 0.5) / 10 }
  }()

  /// The mean loss of images and its gradient, as the definition reads.
  private func mean(_ samples: [Int], at x: [Double]) -> (loss: Double, gradient: [Double], correct: Int) {
    var (loss, gradient, correct) = (0.0, [Double](repeating: 0, count: 7850), 0)
    for sample in samples {
      let a = (0..<784).map { Double(images.pixels[sample * 784 + $0]) / 255 } + [1]
      let label = Int(images.labels[sample])
      let logits = (0..<10).map { c in (0...784).reduce(0.0) { $0 + a[$1] * x[$1 * 10 + c] } }
      let sum = logits.reduce(0) { $0 + exp($1) }
      loss += (log(sum) - logits[label]) / Double(samples.count)
      correct += logits.firstIndex(of: logits.max() ?? 0) == label ? 1 : 0
      for c in 0..<10 {
        let slope = (exp(logits[c]) / sum - (c == label ? 1 : 0)) / Double(samples.count)
        for k in 0...784 { gradient[k * 10 + c] += slope * a[k] }
      }
    }
    return (loss, gradient, correct)
  }

  @Test func agreesWithTheDefinition() throws {
    let memory = TestMemory()
    var f = try Logistic<Double>(lambda: 0.2, split: .contiguous, batch: 4)
      .prepared(memory, images: images, test: images, workers: 4)
    #expect(f.dimension == 7850)
    #expect(f.sampleCount == 28)
    let whole = mean(Array(0..<28), at: x), added = Regularizer.nonconvex.slow(at: x)
    #expect(abs(f.value(at: x.span) - whole.loss - 0.2 * added.value) < 1e-13)
    #expect(f.accuracy(at: x.span) == Double(mean(Array(0..<30), at: x).correct) / 30)
    let full = f.added { f, g in f.gradient(at: x.span, into: &g) }
    for j in x.indices where abs(full[j] - whole.gradient[j] - 0.2 * added.gradient[j]) > 1e-14 {
      Issue.record("coordinate \(j)")
    }

    let sample = Sample(seed: 6, worker: 2, job: 9)
    var stream = sample.stream
    let part = mean((0..<4).map { _ in 14 + stream.integer(below: 7) }, at: x)
    let g = f.added { f, g in f.accumulate(0.5, sample, at: x.span, into: &g) }
    for j in x.indices where abs(g[j] - 0.5 * (part.gradient[j] + 0.2 * added.gradient[j])) > 1e-14 {
      Issue.record("coordinate \(j)")
    }
    let first = mean([3], at: x)
    #expect(abs(f.value(index: 3, at: x.span) - first.loss - 0.2 * added.value) < 1e-13)
  }

  @Test func descentLearnsTheImages() throws {
    let memory = TestMemory()
    var f = try Logistic<Float>(lambda: 0, batch: 10).prepared(memory, images: images, test: images)
    var x = [Float](repeating: 0, count: 7850)
    #expect(abs(f.value(at: x.span) - log(10)) < 1e-6)
    for job in 1...300 {
      let g = f.added { f, g in f.accumulate(0.02, Sample(seed: 9, worker: 0, job: job), at: x.span, into: &g)
      }
      for j in x.indices { x[j] -= g[j] }
    }
    #expect(f.accuracy(at: x.span) == 1)
    #expect(f.value(at: x.span) < 0.3)
  }

  @Test func constantsBoundWhatTheyShould() throws {
    let memory = TestMemory()
    let workspace = memory.table([Double](repeating: 0, count: 2 * 785))
    let bounds = FeatureBounds(images.view(memory), workspace: workspace)
    // The mean image alone gives a lower bound that is nearly tight for such data.
    let columns = (0..<785).map { k in
      (0..<30).map { k < 784 ? Double(images.pixels[$0 * 784 + k]) / 255 : 1 }
    }
    let squares = columns.joined().reduce(0) { $0 + $1 * $1 }
    #expect(abs(bounds.meanSquaredNorm - squares / 30) < 1e-9)
    #expect(bounds.largestEigenvalue < squares)
    let sums = columns.map { $0.reduce(0, +) / 30.0.squareRoot() }
    #expect(bounds.largestEigenvalue >= sums.reduce(0) { $0 + $1 * $1 })
    let f = try Logistic<Double>(lambda: 0, batch: 2).prepared(memory, images: images, bounds: bounds)
    #expect(abs(f.conditions.smoothness - bounds.largestEigenvalue / 60) < 1e-12)
    #expect(abs(f.conditions.variance - bounds.meanSquaredNorm) < 1e-12)
  }
}

extension Kernels {
  @Suite struct LogisticKernels {
    /// The same bits at every level: value and gradients of both kinds, around every multiple of a register.
    @Test func everyLevelGivesTheSameBits() throws {
      let images = TestImages(count: 21, width: 784, classes: 10, seed: 14)
      for count in [1, 7, 8, 9, 23] {
        let rows = TestRows(count: count, width: 37, seed: UInt64(count))
        try same(Double.self, 37, rows, nil)
        try same(Float.self, 37, rows, nil)
      }
      try same(Double.self, 7850, nil, images)
      try same(Float.self, 7850, nil, images)
    }

    private func same<S: Scalar>(
      _ type: S.Type, _ dimension: Int, _ rows: TestRows?, _ images: TestImages?
    ) throws {
      var seen: Set<[UInt8]> = []
      let x: [S] = Kernels.numbers(dimension, seed: 3).map { $0 / 100 }
      try Kernels.atEveryLevel { _ in
        let memory = TestMemory()
        var f = try Logistic<S>(lambda: 0.3, batch: 5).prepared(memory, rows: rows, images: images)
        let value = f.value(at: x.span)
        let full = f.added { f, g in f.gradient(at: x.span, into: &g) }
        let part = f.added { f, g in
          f.accumulate(0.7, Sample(seed: 1, worker: 0, job: 2), at: x.span, into: &g)
        }
        seen.insert(bytes([value]) + bytes(full) + bytes(part))
      }
      #expect(seen.count == 1)
    }

    /// Margins from −800 to 800 and not a number: nothing overflows, small losses keep their digits.
    @Test func extremeMargins() throws {
      var rows = TestRows(count: 1, width: 1, seed: 1)
      rows.dense = [[1]]
      rows.labels = [1]
      let memory = TestMemory()
      var f = try Logistic<Double>(lambda: 0).prepared(memory, rows: rows)
      for margin in [-800, -745, -40, -1, -1e-9, 0, 1e-9, 1, 30, 40, 700] as [Double] {
        let expected = margin > 0 ? log1p(exp(-margin)) : -margin + log1p(exp(margin))
        #expect(abs(f.value(at: [margin].span) - expected) <= 4e-15 * expected)
        let g = f.added { f, g in f.gradient(at: [margin].span, into: &g) }
        let slope = -1 / (1 + exp(margin))
        #expect(abs(g[0] - slope) <= 4e-15 * abs(slope))
      }
      #expect(f.value(at: [Double.infinity].span) == 0)
      #expect(f.value(at: [-Double.infinity].span) == .infinity)
      #expect(f.value(at: [Double.nan].span).isNaN)
      var bounded = try Logistic<Double>(lambda: 1).prepared(memory, rows: rows)
      #expect(bounded.value(at: [1e200].span) == 1)
      #expect(bounded.value(at: [Double.nan].span).isNaN)
    }
  }
}
