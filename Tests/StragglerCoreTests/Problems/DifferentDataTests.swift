// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// What problems say of the workers' own objectives, against those objectives.
@Suite struct DifferentDataTests {
  private func normals(_ count: Int, scale: Double, _ stream: inout RandomStream) -> [Double] {
    (0..<count).map { _ in scale * stream.normal() }
  }

  private func squaredNorm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 } }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

  /// ∇fᵢ(x) for every worker; `gradient` adds one up.
  private func check<P: Problem>(
    _ f: inout P, workers: Int, scale: Double, tight: Bool = false
  ) throws where P.Scalar == Double {
    let (conditions, d) = (f.conditions, f.dimension)
    #expect(conditions.isHeterogeneous)
    let (L, bound) = (conditions.workerSmoothness, conditions.dissimilarity)
    if tight { #expect(conditions.smoothness <= L.mean * 1.3) }
    #expect(L.mean <= L.rootMeanSquare * (1 + 1e-12) && L.rootMeanSquare <= L.largest * (1 + 1e-12))
    func gradients(at x: [Double]) -> [[Double]] {
      (0..<workers).map { worker in
        var g = [Double](repeating: 0, count: d)
        var span = g.mutableSpan
        f.accumulate(1, Sample(seed: 1, worker: worker, job: 1), at: x.span, into: &span)
        return g
      }
    }
    var stream = RandomStream(seed: 31, purpose: .start)
    var (share, nearest) = (0.0, 0.0)
    for round in 0..<60 {
      let size = scale * [0.01, 1, 30][round % 3]
      let a = normals(d, scale: size, &stream)
      let b = difference(a, normals(d, scale: size / 10, &stream))
      let (ga, gb) = (gradients(at: a), gradients(at: b))
      let distance = squaredNorm(difference(a, b)).squareRoot()
      let ratios = zip(ga, gb).map { squaredNorm(difference($0, $1)).squareRoot() / distance }
      #expect((ratios.max() ?? 0) <= L.largest * (1 + 1e-9))
      #expect(ratios.reduce(0, +) / Double(workers) <= L.mean * (1 + 1e-9))
      #expect(squaredNorm(ratios) / Double(workers) <= L.rootMeanSquare * L.rootMeanSquare * (1 + 1e-9))
      share = max(share, (ratios.max() ?? 0) / L.largest)
      let mean = (0..<d).map { j in ga.reduce(0) { $0 + $1[j] } / Double(workers) }
      let apart = ga.reduce(0) { $0 + squaredNorm(difference($1, mean)) } / Double(workers)
      let limit = bound.constant + bound.growth * squaredNorm(mean)
      #expect(apart <= limit * (1 + 1e-9), "\(apart) \(limit)")
      nearest = max(nearest, apart / limit)
    }
    if tight { #expect(share > 0.3 && nearest > 0.3, "\(share) \(nearest)") }
  }

  @Test(arguments: [0.1, 1, 5, 200]) func quadraticsOfTheirOwn(_ heterogeneity: Double) throws {
    try withArena { arena in
      var f = Quadratic<Double>(dimension: 7, noise: 0)
      f.heterogeneity = heterogeneity
      var other = Arena.measuring()
      swap(&arena, &other)
      var setup = ProblemSetup(workers: 6, seed: 1, arena: other)
      try f.prepare(&setup)
      try check(&f, workers: 6, scale: 1, tight: true)
      arena = setup.finish()
    }
  }

  @Test(arguments: [SampleSplit.Kind.contiguous, .shuffled, .dirichlet(0.2)])
  func samplesOfTheirOwn(_ split: SampleSplit.Kind) throws {
    for regularizer in [Regularizer.nonconvex, .l2, .none] {
      let (memory, rows) = (TestMemory(), TestRows(count: 47, width: 11, seed: 5))
      var f = try Logistic<Double>(lambda: 0.3, regularizer: regularizer, split: split, batch: nil)
        .prepared(memory, rows: rows)
      try check(&f, workers: 3, scale: 0.5)
      #expect(f.conditions.dissimilarity.growth == 0)
      #expect(f.conditions.isConvex == (regularizer != .nonconvex))
    }
  }

  @Test func imagesOfTheirOwn() throws {
    let (memory, images) = (TestMemory(), TestImages(count: 30, width: 784, classes: 10, seed: 4))
    var f = try Logistic<Double>(lambda: 0, split: .dirichlet(0.3), batch: nil)
      .prepared(memory, images: images, test: images, workers: 4)
    try check(&f, workers: 4, scale: 0.05)
  }

  /// The samples' variance is that of one, however many a stochastic gradient has.
  @Test func oneSampleOfTheSum() throws {
    let (memory, rows) = (TestMemory(), TestRows(count: 47, width: 11, seed: 5))
    var stream = RandomStream(seed: 9, purpose: .start)
    for split in [SampleSplit.Kind.shared, .shuffled] {
      for batch in [1, 8, nil] {
        var f = try Logistic<Double>(lambda: 0.3, split: split, batch: batch).prepared(memory, rows: rows)
        let count = f.sampleCount
        let x = normals(11, scale: 1, &stream)
        let each = (0..<count).map { j in f.added { f, g in f.accumulate(1, index: j, at: x.span, into: &g) }
        }
        let mean = (0..<11).map { i in each.reduce(0) { $0 + $1[i] } / Double(count) }
        let variance = each.reduce(0) { $0 + squaredNorm(difference($1, mean)) } / Double(count)
        #expect(variance <= f.conditions.sampleVariance)
        #expect(variance > 0.02 * f.conditions.sampleVariance)
      }
    }
  }

  /// One worker alone has f.
  @Test func oneWorkerHasNoDifference() throws {
    let (memory, rows) = (TestMemory(), TestRows(count: 47, width: 11, seed: 5))
    let f = try Logistic<Double>(lambda: 0.3, split: .shuffled).prepared(memory, rows: rows, workers: 1)
    #expect(!f.conditions.isHeterogeneous)
  }

  @Test func whatIsNotGivenIsBoundedByTheNextLarger() {
    var given = Conditions()
    given.workerSmoothness.largest = 5
    let known = Conditions().assuming(given)
    #expect(known.smoothness == 5 && known.workerSmoothness.rootMeanSquare == 5)
    given.workerSmoothness.mean = 2
    #expect(Conditions().assuming(given).smoothness == 2)
    given.smoothness = 1
    #expect(Conditions().assuming(given).smoothness == 1)
  }
}
