// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// An own law, of which nothing but the distribution function is given.
private struct OwnLaw: DelayLaw {
  static var name: StaticText { "own" }
  static var summary: StaticText { "uniform from 0 to top" }
  static var code: LawCode { { Self.answer($0) } }
  var top = 1.0
  mutating func parameters(_ parameters: inout LawParameters) { parameters.positive("top", &top) }
  func cdf(_ t: Double) -> Double { min(1, t / top) }
}

/// After set-up, problems that work on data, and delays that look at memory or time, allocate nothing.
@Suite(.enabled(if: allocationsAreCounted, "malloc cannot be replaced here"))
struct ProblemAllocationTests {
  /// Sparse rows and images, random, in `arena`.
  private func data(
    _ arena: inout Arena
  ) throws(SetupError) -> (rows: LabelledRows, images: LabelledImages) {
    var stream = RandomStream(seed: 1, purpose: .data)
    let starts = try arena.table(of: Int.self, count: 41)
    let columns = try arena.table(of: UInt32.self, count: 120)
    let values = try arena.table(of: Double.self, count: 120)
    let labels = try arena.table(of: UInt8.self, count: 40)
    for index in starts.indices { starts[index] = 3 * index }
    for index in columns.indices {
      columns[index] = UInt32(index % 3 * 7 + stream.integer(below: 7))
      values[index] = stream.normal()
    }
    for index in labels.indices { labels[index] = stream.integer(below: 2) == 0 ? 0 : 1 }
    let pixels = try arena.table(of: UInt8.self, count: 40 * 784)
    let digits = try arena.table(of: UInt8.self, count: 40)
    for index in pixels.indices { pixels[index] = UInt8(stream.integer(below: 256)) }
    for index in digits.indices { digits[index] = UInt8(stream.integer(below: 10)) }
    let targets = try arena.table(of: Double.self, count: labels.count)
    for index in targets.indices { targets[index] = stream.normal() }
    let rows = LabelledRows(
      starts: starts, columns: columns, values: values, labels: labels, width: 21, targets: targets)
    guard let rows else { throw .outOfMemory }
    return (rows, LabelledImages(images: pixels, labels: digits, width: 784))
  }

  /// Allocations while a prepared problem is evaluated.
  private func count<P: Problem>(_ problem: P, onImages: Bool) throws(SetupError) -> Int {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 22, alignment: Arena.alignment)
    defer { memory.deallocate() }
    var arena = Arena(memory)
    let (rows, images) = try data(&arena)
    var problem = problem
    let matrix = try arena.table(of: Double.self, count: 30 * 30)
    for index in matrix.indices {
      matrix[index] = index % 31 == 0 ? 2 : 1 / Double(2 + index % 30 + index / 30)
    }
    guard let system = LinearSystem(matrix: matrix, vector: matrix[0..<30], dimension: 30) else {
      throw .outOfMemory
    }
    var setup = ProblemSetup(
      workers: 4, seed: 1, training: onImages ? images : LabelledImages(), test: images,
      rows: onImages ? LabelledRows() : rows, system: P.data == .system ? system : LinearSystem(),
      arena: arena)
    try problem.prepare(&setup)
    arena = setup.finish()
    let x = try arena.table(of: P.Scalar.self, count: problem.dimension)
    let g = try arena.table(of: P.Scalar.self, count: problem.dimension)
    var point = x.buffer.mutableSpan
    problem.start(&point, seed: 1)
    func evaluate(_ rounds: Int) {
      for job in 1...rounds {
        var gradient = g.buffer.mutableSpan
        problem.accumulate(1, Sample(seed: 1, worker: job % 4, job: job), at: x.buffer.span, into: &gradient)
        problem.accumulate(1, index: job % 40, at: x.buffer.span, into: &gradient)
        problem.gradient(at: x.buffer.span, into: &gradient)
        _ = problem.value(at: x.buffer.span) + problem.accuracy(at: x.buffer.span)
      }
    }
    evaluate(2)
    return allocations { evaluate(20) }
  }

  @Test func logisticRegressionAllocatesNothing() throws {
    for onImages in [false, true] {
      #expect(
        try count(Logistic<Double>(lambda: 0.1, split: .dirichlet(0.5), batch: 3), onImages: onImages) == 0)
      #expect(try count(Logistic<Double>(lambda: 0.1, regularizer: .l2, batch: nil), onImages: onImages) == 0)
      #expect(try count(Logistic<Float>(lambda: 0.1, split: .shuffled), onImages: onImages) == 0)
    }
  }

  @Test func leastSquaresAndMatricesAllocateNothing() throws {
    for batch in [nil, 3] {
      #expect(try count(LeastSquares<Double> { $0.batch = batch }, onImages: false) == 0)
      #expect(
        try count(
          LeastSquares<Float> { ($0.batch, $0.split, $0.lambda) = (batch, .shuffled, 0.1) }, onImages: false)
          == 0)
    }
    for noise in [Quadratic<Double>.NoiseKind.iid, .shared, .zeroLast] {
      #expect(
        try count(Quadratic<Double> { ($0.noiseKind, $0.heterogeneity) = (noise, 0.1) }, onImages: false) == 0
      )
    }
    #expect(try count(Quadratic<Float> { $0.samples = 40 }, onImages: false) == 0)
  }

  @Test func delaysAllocateNothing() throws {
    let memory = UnsafeMutableBufferPointer<Delay>.allocate(capacity: 2)
    defer { memory.deallocate() }
    memory[0] = .exponential(rate: 1)
    memory[1] = .lognormal(mu: 0, sigma: 1)
    let mixture = Delay.mixture(try Mixture(0.5, Table(base: memory.baseAddress, count: 2)))
    for delay in [mixture, .markov(up: 1, down: 2).during(3), try Delay(OwnLaw(top: 3))] {
      var sum = 0.0
      func draw(_ jobs: Int) {
        for job in 1...jobs {
          var stream = RandomStream(seed: 1, purpose: .delay, worker: 1, job: job)
          sum += delay.sample(&stream, job: job, start: Double(job), work: 3)
          if job % 64 == 0 { sum += delay.cdf(2) + delay.quantile(0.7) + delay.mean }
        }
      }
      draw(64)
      #expect(allocations { draw(1_000) } == 0)
      #expect(sum > 0)
    }
  }
}
