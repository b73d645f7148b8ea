// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

/// f* of strongly convex problems against plain gradient descent and a Newton's method of dense matrices.
@Suite struct MinimumSearchTests {
  private let rows = TestRows(count: 47, width: 11, seed: 5)

  /// f* as the search finds it, after a search that only measures.
  private func searched<S: Scalar>(
    _ problem: Logistic<S>, _ memory: TestMemory, goesOn: (Double) -> Bool = { _ in true }
  ) throws -> Double {
    var problem = problem
    guard let search = problem.minimumSearch else { return .nan }
    var measuring = Arena.measuring()
    let none = try problem.minimum(search, &measuring) { _ in true }
    #expect(none.isNaN)
    var arena = Arena(memory.bytes(measuring.used))
    let optimum = try problem.minimum(search, &arena, goesOn: goesOn)
    #expect(arena.used == measuring.used)
    return optimum
  }

  /// A value at most `error` above the infimum, by gradient descent: f − f* ≤ ‖∇f‖²/(2λ).
  private func descended(_ f: inout Logistic<Double>, to error: Double) -> Double {
    var y = [Double](repeating: 0, count: f.dimension)
    while true {
      let g = f.added { f, g in f.gradient(at: y.span, into: &g) }
      if Double.squaredNorm(g.span) <= 2 * f.lambda * error { return f.value(at: y.span) }
      for j in y.indices { y[j] -= g[j] / f.conditions.smoothness }
    }
  }

  @Test func agreesWithGradientDescent() throws {
    let memory = TestMemory()
    for split in [SampleSplit.Kind.shared, .shuffled] {
      var f = try Logistic<Double>(lambda: 0.05, regularizer: .l2, split: split).prepared(memory, rows: rows)
      #expect(f.conditions.optimum.isNaN)
      let above = descended(&f, to: 1e-13) - (try searched(f, memory))
      #expect(above >= 0 && above <= 2e-13)
    }
  }

  @Test(arguments: [0.1, 1e-3]) func agreesWithGradientDescentForSoftmax(_ lambda: Double) throws {
    let memory = TestMemory()
    let images = TestImages(count: 40, width: 12, classes: 4, seed: 4).view(memory)
    let regression = LayeredNetwork(inputs: 12, classes: 4)
    let samples = memory.table((0..<40).map { UInt32($0) })
    func losses() -> MeanSoftmaxLoss {
      func zeros<T: BitwiseCopyable & Numeric>(_ count: Int) -> Table<T> {
        memory.table(Array(repeating: 0, count: count))
      }
      return MeanSoftmaxLoss(
        regression: regression, all: LabelledSamples(LabelledRows(), or: images), samples: samples,
        scratch: zeros(regression.scratchCount),
        values: zeros(13), places: zeros(13), longest: 4)
    }
    var measuring = Arena.measuring()
    _ = try NewtonSearch(losses(), lambda: lambda, arena: &measuring)
    var arena = Arena(memory.bytes(measuring.used))
    var search = try NewtonSearch(losses(), lambda: lambda, arena: &arena)
    let optimum = search.minimum { _ in true }
    // ‖a‖² ≤ 13, and the softmax's curvature is at most a half.
    let smoothness = 6.5 + lambda
    let (y, g) = (
      memory.table([Double](repeating: 0, count: 52)), memory.table([Double](repeating: 0, count: 52))
    )
    var (value, square) = (0.0, Double.infinity)
    while square > 2 * lambda * 1e-13 {
      value = losses().evaluate(at: y, gradient: g)
      square = 0
      for index in y.indices {
        value += lambda / 2 * y[index] * y[index]
        let slope = g[index] + lambda * y[index]
        square += slope * slope
        y[index] -= slope / smoothness
      }
    }
    #expect(value - optimum >= 0 && value - optimum <= 2e-13)
    let softmax = try Logistic<Double>(lambda: 2, regularizer: .l2)
      .prepared(memory, images: TestImages(count: 3, width: 784, classes: 10, seed: 4))
    #expect(softmax.minimumSearch == MinimumSearch(weight: 2, samples: 3))
  }

  @Test(arguments: [1e-3, 1e-6, 1e-9, 1e-12]) func isFoundWhateverLambdaIs(_ lambda: Double) throws {
    let memory = TestMemory()
    let f = try Logistic<Double>(lambda: lambda, regularizer: .l2).prepared(memory, rows: rows)
    let above = rows.minimum(lambda: lambda) - (try searched(f, memory))
    #expect(above >= 0 && above <= 2e-13)
  }

  @Test func isFoundWithMoreFeaturesThanAreFactored() throws {
    let memory = TestMemory()
    let wide = TestRows(count: 30, width: 1_200, seed: 7)
    var f = try Logistic<Double>(lambda: 0.2, regularizer: .l2).prepared(memory, rows: wide)
    let above = descended(&f, to: 1e-13) - (try searched(f, memory))
    #expect(above >= 0 && above <= 2e-13)
  }

  @Test func isTheSameInEveryBitHoweverAllSamplesAreSplit() throws {
    let memory = TestMemory()
    func optimum(_ split: SampleSplit.Kind, workers: Int, seed: UInt64) throws -> (MinimumSearch?, Double) {
      let f = try Logistic<Double>(lambda: 1e-4, regularizer: .l2, split: split)
        .prepared(memory, rows: TestRows(count: 48, width: 11, seed: 5), workers: workers, seed: seed)
      return (f.minimumSearch, try searched(f, memory))
    }
    let shared = try optimum(.shared, workers: 5, seed: 1)
    for split in [SampleSplit.Kind.contiguous, .shuffled, .dirichlet(0.3)] {
      let other = try optimum(split, workers: 6, seed: 9)
      #expect(other.0 == shared.0 && other.1 == shared.1)
      // With five workers three samples are left out, and which ones may be drawn.
      let part = try optimum(split, workers: 5, seed: 9)
      #expect(part.0 != shared.0 && part.1 != shared.1)
    }
    let drawn = try (1...2).map { try optimum(.shuffled, workers: 5, seed: $0).0 }
    #expect(drawn[0] != drawn[1])
    let float = try Logistic<Float>(lambda: 1e-4, regularizer: .l2)
      .prepared(memory, rows: TestRows(count: 48, width: 11, seed: 5))
    let single = try searched(float, memory)
    #expect(single == shared.1)
  }

  @Test func tellsHowFarItIsAndStopsWhenItIsTold() throws {
    let memory = TestMemory()
    let f = try Logistic<Double>(lambda: 1e-6, regularizer: .l2).prepared(memory, rows: rows)
    var shares: [Double] = []
    _ = try searched(f, memory) { share in
      shares.append(share)
      return true
    }
    #expect(shares == shares.sorted() && shares.allSatisfy { $0 >= 0 && $0 <= 1 } && shares.count > 3)
    var count = 0
    let stopped = try searched(f, memory) { _ in
      count += 1
      return count < 3
    }
    #expect(stopped.isNaN && count == 3)
  }

  @Test func isNotSearchedForWhereNothingMakesItKnown() throws {
    let memory = TestMemory()
    let unknown: [Logistic<Double>] = [
      Logistic(lambda: 0.05), Logistic(lambda: 0, regularizer: .l2), Logistic(lambda: 1, regularizer: .none),
    ]
    for problem in unknown {
      let f = try problem.prepared(memory, rows: rows)
      let optimum = try searched(f, memory)
      #expect(f.minimumSearch == nil && optimum.isNaN)
    }
  }
}

extension TestRows {
  /// inf of the mean loss + λ/2‖x‖², by Newton's method with elimination.
  func minimum(lambda: Double) -> Double {
    var x = [Double](repeating: 0, count: width)
    var value = 0.0
    for _ in 0..<100 {
      let mean = mean(Array(dense.indices), at: x)
      value = mean.loss + lambda / 2 * x.reduce(0) { $0 + $1 * $1 }
      let g = zip(mean.gradient, x).map { $0 + lambda * $1 }
      var matrix = (0..<width).map { i in (0..<width).map { i == $0 ? lambda : 0.0 } + [-g[i]] }
      for (row, a) in dense.enumerated() {
        let slope = self.mean([row], at: x).gradient
        // σ′ = σ(1 − σ), and a slope is −yσ times a feature.
        guard let j = a.firstIndex(where: { $0 != 0 }) else { continue }
        let p = abs(slope[j] / a[j])
        for i in 0..<width {
          for k in 0..<width { matrix[i][k] += p * (1 - p) * a[i] * a[k] / Double(dense.count) }
        }
      }
      for i in 0..<width {
        for k in 0..<width where k != i {
          let factor = matrix[k][i] / matrix[i][i]
          for column in i...width { matrix[k][column] -= factor * matrix[i][column] }
        }
      }
      let step = (0..<width).map { matrix[$0][width] / matrix[$0][$0] }
      // Half as far until that is lower.
      var length = 1.0
      while length > 1e-9 {
        let next = zip(x, step).map { $0 + length * $1 }
        let loss =
          self.mean(Array(dense.indices), at: next).loss + lambda / 2 * next.reduce(0) { $0 + $1 * $1 }
        if loss <= value {
          x = next
          break
        }
        length /= 2
      }
    }
    return value
  }
}
