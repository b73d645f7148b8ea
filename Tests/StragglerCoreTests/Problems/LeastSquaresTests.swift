// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct LeastSquaresTests {
  private let rows = TestRows(count: 47, width: 11, seed: 5)
  private let x = (0..<11).map { Double(($0 * 7 + 3) % 5) / 2 - 0.8 }
  private let targets = (0..<47).map { Double($0 * 13 % 17) / 4 - 2 }

  private func prepared<S: Scalar>(
    _ memory: TestMemory, _ type: S.Type = Double.self, lambda: Double = 0, split: SampleSplit.Kind = .shared,
    batch: Int? = 1, evaluate: Int? = nil, workers: Int = 3
  ) throws -> LeastSquares<S> {
    var f = LeastSquares<S> {
      ($0.lambda, $0.split, $0.batch, $0.evaluate) = (lambda, split, batch, evaluate)
    }
    let view = try view(memory)
    var measuring = ProblemSetup(workers: workers, seed: 1, rows: view, arena: .measuring())
    try f.prepare(&measuring)
    var real = ProblemSetup(
      workers: workers, seed: 1, rows: view, arena: Arena(memory.bytes(measuring.arena.used)))
    try f.prepare(&real)
    #expect(real.arena.used == measuring.arena.used)
    return f
  }

  private func view(_ memory: TestMemory) throws -> LabelledRows {
    let plain = try rows.view(memory)
    return try #require(
      LabelledRows(
        starts: plain.starts, columns: plain.columns, values: plain.values, labels: plain.labels,
        width: plain.width, targets: memory.table(targets)))
  }

  /// The mean of the losses of some rows and its gradient, as the definition reads.
  private func slow(_ list: [Int], _ lambda: Double, at x: [Double]) -> (value: Double, gradient: [Double]) {
    var value = lambda / 2 * x.reduce(0) { $0 + $1 * $1 }
    var gradient = x.map { lambda * $0 }
    for row in list {
      let residual = zip(rows.dense[row], x).reduce(0) { $0 + $1.0 * $1.1 } - targets[row]
      value += residual * residual / 2 / Double(list.count)
      for j in x.indices { gradient[j] += residual * rows.dense[row][j] / Double(list.count) }
    }
    return (value, gradient)
  }

  private func added<S>(
    _ f: inout LeastSquares<S>, _ body: (inout LeastSquares<S>, inout MutableSpan<S>) -> Void
  ) -> [S] {
    var g = [S](repeating: 0, count: f.dimension)
    var span = g.mutableSpan
    body(&f, &span)
    return g
  }

  @Test func agreesWithTheDefinition() throws {
    let memory = TestMemory()
    for lambda in [0, 0.3] {
      var f = try prepared(memory, lambda: lambda)
      let expected = slow(Array(0..<47), lambda, at: x)
      #expect(abs(f.value(at: x.span) - expected.value) < 1e-13)
      let g = added(&f) { f, g in f.gradient(at: x.span, into: &g) }
      for j in x.indices {
        #expect(abs(g[j] - expected.gradient[j]) < 1e-13)
        var (above, below) = (x, x)
        above[j] += 1e-4
        below[j] -= 1e-4
        #expect(abs((f.value(at: above.span) - f.value(at: below.span)) / 2e-4 - g[j]) < 1e-9)
      }
    }
  }

  @Test func stochasticGradientsAreOfTheirDraws() throws {
    let memory = TestMemory()
    var f = try prepared(memory, lambda: 0.3, split: .contiguous, batch: 6)
    let sample = Sample(seed: 6, worker: 2, job: 9)
    var stream = sample.stream
    // 15 of 47 samples each for three workers.
    let draws = (0..<6).map { _ in 30 + stream.integer(below: 15) }
    let expected = slow(draws, 0.3, at: x).gradient
    let g = added(&f) { f, g in f.accumulate(0.25, sample, at: x.span, into: &g) }
    for j in x.indices { #expect(abs(g[j] - 0.25 * expected[j]) < 1e-14) }
    let single = added(&f) { f, g in f.accumulate(1, index: 7, at: x.span, into: &g) }
    let one = slow([7], 0.3, at: x)
    for j in x.indices { #expect(abs(single[j] - one.gradient[j]) < 1e-13) }
    #expect(abs(f.value(index: 7, at: x.span) - one.value) < 1e-13)
    #expect(f.sampleCount == 45)
  }

  @Test func floatComesClose() throws {
    let memory = TestMemory()
    var f = try prepared(memory, Float.self, lambda: 0.3)
    let x32 = x.map { Float($0) }
    let expected = slow(Array(0..<47), 0.3, at: x32.map { Double($0) })
    #expect(abs(f.value(at: x32.span) - expected.value) < 1e-12)
    let g = added(&f) { f, g in f.gradient(at: x32.span, into: &g) }
    for j in x.indices { #expect(abs(Double(g[j]) - expected.gradient[j]) < 1e-5) }
  }

  /// Against the normal equations, solved by elimination in the test.
  @Test(arguments: [0, 1e-6, 0.3]) func findsTheMinimum(_ lambda: Double) throws {
    let memory = TestMemory()
    for (split, used) in [(SampleSplit.Kind.shared, 47), (.contiguous, 45)] {
      var f = try prepared(memory, lambda: lambda, split: split, workers: 9)
      let search = try #require(f.minimumSearch)
      var measuring = Arena.measuring()
      _ = try f.minimum(search, &measuring) { _ in true }
      var arena = Arena(memory.bytes(measuring.used))
      let found = try f.minimum(search, &arena) { _ in true }
      let expected = slow(Array(0..<used), lambda, at: solution(used, lambda)).value
      #expect(found <= expected + 1e-15 && expected - found < 1e-12, "\(lambda) \(found) \(expected)")
      arena = Arena(memory.bytes(measuring.used))
      #expect(try f.minimum(search, &arena) { _ in false }.isNaN)
    }
  }

  private func solution(_ used: Int, _ lambda: Double) -> [Double] {
    var system = (0..<11).map { i in
      (0..<11).map { j in
        (i == j ? lambda : 0)
          + (0..<used).reduce(0.0) { $0 + rows.dense[$1][i] * rows.dense[$1][j] / Double(used) }
      } + [(0..<used).reduce(0.0) { $0 + rows.dense[$1][i] * targets[$1] / Double(used) }]
    }
    for column in 0..<11 {
      let pivot = (column..<11).max { abs(system[$0][column]) < abs(system[$1][column]) } ?? column
      system.swapAt(column, pivot)
      for row in 0..<11 where row != column {
        let factor = system[row][column] / system[column][column]
        for index in column...11 { system[row][index] -= factor * system[column][index] }
      }
    }
    return (0..<11).map { system[$0][11] / system[$0][$0] }
  }

  @Test func hasItsConstants() throws {
    let memory = TestMemory()
    var f = try prepared(memory, lambda: 0.3)
    #expect(f.conditions.smoothness >= rows.largestEigenvalue / 47 + 0.3)
    #expect(f.conditions.variance.isNaN && f.conditions.isConvex && !f.conditions.isHeterogeneous)
    f = try prepared(memory, lambda: 0.3, split: .shuffled, batch: nil)
    #expect(f.conditions.variance == 0 && f.conditions.isHeterogeneous)
    #expect(f.conditions.workerSmoothness.largest >= f.conditions.workerSmoothness.mean)
    #expect(throws: SetupError.self) { try prepared(memory, split: .byClass(1)) }
    // λ_max itself, and not a bound that is a quarter above it.
    let view = try view(memory)
    var measuring = Arena.measuring()
    let bounds = FeatureBounds(view)
    _ = try bounds.resolvingEigenvalue(of: view, arena: &measuring)
    var arena = Arena(memory.bytes(measuring.used))
    let resolved = try bounds.resolvingEigenvalue(of: view, arena: &arena).largestEigenvalue
    #expect(abs(resolved / rows.largestEigenvalue - 1) < 1e-9)
  }

  /// With more features than samples every target is met; the Hessian is singular.
  @Test func aMinimumOfZero() throws {
    let memory = TestMemory()
    let wide = TestRows(count: 20, width: 60, seed: 9)
    let plain = try wide.view(memory)
    let view = try #require(
      LabelledRows(
        starts: plain.starts, columns: plain.columns, values: plain.values, labels: plain.labels, width: 60,
        // The rows without features have the target 0.
        targets: memory.table((0..<20).map { $0 % 7 == 3 ? 0 : Double($0) - 8 })))
    var f = LeastSquares<Double>()
    var setup = ProblemSetup(workers: 1, seed: 1, rows: view, arena: Arena(memory.bytes(1 << 20)))
    try f.prepare(&setup)
    let search = try #require(f.minimumSearch)
    let found = try f.minimum(search, &setup.arena) { _ in true }
    #expect(found >= 0 && found < 1e-12)
  }
}
