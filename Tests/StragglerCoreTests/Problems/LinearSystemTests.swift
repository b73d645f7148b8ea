// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

extension Kernels {
  /// Quadratics on a matrix, with what is found of it.
  @Suite struct LinearSystemTests {
    /// ¼·tridiag(−1, 2, −1) and −¼e₁, whose constants have formulas.
    private func tridiagonal(_ d: Int) -> (matrix: [Double], vector: [Double]) {
      let matrix = (0..<d * d).map { index -> Double in
        index / d == index % d ? 0.5 : abs(index / d - index % d) == 1 ? -0.25 : 0
      }
      return (matrix, (0..<d).map { $0 == 0 ? -0.25 : 0 })
    }

    private func solved(
      _ matrix: [Double], _ vector: [Double], _ memory: TestMemory, goesOn: (Double) -> Bool = { _ in true }
    ) throws -> LinearSystem {
      var d = 0
      while d * d < matrix.count { d += 1 }
      let system = try #require(
        LinearSystem(matrix: memory.table(matrix), vector: memory.table(vector), dimension: d))
      var measuring = Arena.measuring()
      _ = try SystemSearch(system, arena: &measuring)
      var arena = Arena(memory.bytes(measuring.used))
      var search = try SystemSearch(system, arena: &arena)
      return try search.complete(into: memory.table([Double](repeating: 0, count: d)), goesOn: goesOn)
    }

    private func prepared<S: Scalar>(
      _ f: Quadratic<S>, _ system: LinearSystem, _ memory: TestMemory
    ) throws -> Quadratic<S> {
      var f = f
      var setup = ProblemSetup(workers: 4, seed: 1, system: system, arena: Arena(memory.bytes(1 << 18)))
      try f.prepare(&setup)
      return f
    }

    @Test(arguments: [1, 2, 7, 63]) func theTridiagonalOneIsItself(_ d: Int) throws {
      let memory = TestMemory()
      let (matrix, vector) = tridiagonal(d)
      let system = try solved(matrix, vector, memory)
      for start in [Quadratic<Double>.Start.first, .zeros, .ones] {
        for noise in [Quadratic<Double>.NoiseKind.iid, .shared, .zeroLast] {
          var known = Quadratic<Double>(dimension: d, noise: 0.2, noiseKind: noise, x0: start)
          known.heterogeneity = 0.5
          var plain = known
          var setup = ProblemSetup(workers: 4, seed: 1, arena: Arena(memory.bytes(1 << 18)))
          try plain.prepare(&setup)
          var f = try prepared(known, system, memory)
          #expect(f.dimension == d)
          let (own, other) = (f.conditions, plain.conditions)
          #expect(
            abs(own.smoothness / other.smoothness - 1) < 1e-10
              && own.smoothness >= other.smoothness * (1 - 1e-15))
          #expect(own.optimum <= other.optimum && other.optimum - own.optimum < 1e-12)
          #expect(abs(own.distance - other.distance) < 1e-9 * other.distance)
          #expect(abs(own.dissimilarity.constant / other.dissimilarity.constant - 1) < 1e-12)
          let x = (0..<d).map { $0 < d / 2 ? Double($0 * 7 % 5) - 1.5 : 0 }
          #expect(abs(f.value(at: x.span) - plain.value(at: x.span)) < 1e-12)
          for job in 1...5 {
            let sample = Sample(seed: 3, worker: job % 4, job: job)
            var (g, h) = ([Double](repeating: 1, count: d), [Double](repeating: 1, count: d))
            var span = g.mutableSpan
            f.accumulate(0.7, sample, at: x.span, into: &span)
            span = h.mutableSpan
            plain.accumulate(0.7, sample, at: x.span, into: &span)
            for j in x.indices { #expect(abs(g[j] - h[j]) < 1e-13) }
          }
        }
      }
    }

    /// λ(A) are known: A = QΛQᵀ, with Q a product of reflections.
    private func matrix(_ eigenvalues: [Double], seed: UInt64) -> [Double] {
      let d = eigenvalues.count
      var a = (0..<d * d).map { $0 / d == $0 % d ? eigenvalues[$0 / d] : 0 }
      var stream = RandomStream(seed: seed, purpose: .data)
      for _ in 0..<3 {
        let v = (0..<d).map { _ in stream.normal() }
        let norm = v.reduce(0) { $0 + $1 * $1 }
        for isLeft in [true, false] {
          for k in 0..<d {
            let place = { (j: Int) in isLeft ? j * d + k : k * d + j }
            let dot = (0..<d).reduce(0.0) { $0 + v[$1] * a[place($1)] }
            for j in 0..<d { a[place(j)] -= 2 * dot / norm * v[j] }
          }
        }
      }
      // Symmetric to the last bit.
      for index in a.indices where index / d < index % d { a[index] = a[index % d * d + index / d] }
      return a
    }

    @Test func anyEigenvalues() throws {
      let memory = TestMemory()
      for (seed, condition) in [(1, 1.0), (2, 1e3), (3, 1e8)] as [(UInt64, Double)] {
        let eigenvalues = (0..<40).map { Elementary.pow(condition, Double($0) / 39) * 3 }
        let a = matrix(eigenvalues, seed: seed)
        let vector = (0..<40).map { Double($0 % 7) - 3 }
        let system = try solved(a, vector, memory)
        #expect(abs(system.largest / (3 * condition) - 1) < 1e-9)
        #expect(abs(system.smallest / 3 - 1) < 1e-7)
        var f = try prepared(Quadratic<Double>(), system, memory)
        let solution = (0..<40).map { system.solution[$0] }
        let value = f.value(at: solution.span)
        #expect(system.optimum <= value && value - system.optimum < 1e-9 * abs(value))
        var g = [Double](repeating: 0, count: 40)
        var span = g.mutableSpan
        f.gradient(at: solution.span, into: &span)
        #expect(g.allSatisfy { abs($0) < 1e-9 * condition.squareRoot() + 1e-10 })
        // Differences of f.
        let x = (0..<40).map { Double($0 * 3 % 11) / 5 - 1 }
        span = g.mutableSpan
        f.gradient(at: x.span, into: &span)
        for j in 0..<40 {
          var (above, below) = (x, x)
          above[j] += 0.5
          below[j] -= 0.5
          let slope = f.value(at: above.span) - f.value(at: below.span)
          #expect(abs(slope - g[j]) < 1e-11 * condition + 1e-9)
        }
      }
      let none = try solved(matrix([1, 2, 3], seed: 4), [], memory)
      #expect(none.optimum == 0 && none.solution.count == 3)
    }

    @Test func whatIsNotDefiniteIsSaid() throws {
      let memory = TestMemory()
      for smallest in [-1e-3, -2.0, 0] {
        let a = matrix([smallest] + (1..<30).map { Double($0) }, seed: 7)
        do {
          _ = try solved(a, [], memory)
          Issue.record("\(smallest) is taken for positive")
        } catch SystemSearch.Fault.notDefinite(let found, let norm) {
          #expect(abs(found - smallest) < 1e-9 && abs(norm - 29) < 1e-8)
        }
      }
      #expect(throws: SystemSearch.Fault.interrupted) {
        try solved(matrix([1, 2, 3], seed: 1), [], memory) { _ in false }
      }
    }

    /// The same bits at every width of registers.
    @Test func registersChangeNothing() throws {
      let memory = TestMemory()
      defer { SIMDLevel.select(.highest) }
      var all: [[UInt64]] = []
      for level in [SIMDLevel.baseline, .avx2, .avx512] {
        SIMDLevel.select(level)
        let system = try solved(
          matrix((1...37).map { Double($0) }, seed: 5), (0..<37).map { Double($0) }, memory)
        var f = try prepared(Quadratic<Float>(), system, memory)
        var g = [Float](repeating: 0, count: 37)
        var span = g.mutableSpan
        let x = (0..<37).map { Float($0) / 7 }
        f.accumulate(1, Sample(seed: 1, worker: 0, job: 1), at: x.span, into: &span)
        all.append(
          [system.largest, system.smallest, system.optimum, f.value(at: x.span)].map(\.bitPattern)
            + g.map { UInt64($0.bitPattern) })
      }
      #expect(all[0] == all[1] && all[0] == all[2])
    }
  }
}
