// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

extension Kernels {
  /// Every vector kernel against the plain loop, at every level, length and offset, to the last bit.
  @Suite struct Linear {
    @Test func sums() {
      checkSums(Double.self)
      checkSums(Float.self)
    }

    @Test func updates() {
      checkUpdates(Double.self)
      checkUpdates(Float.self)
    }

    @Test func tridiagonal() {
      checkTridiagonal(Double.self)
      checkTridiagonal(Float.self)
    }

    @Test func shortestSpanDecides() {
      let long: [Double] = [1, 2, 3], short: [Double] = [10, 20]
      let dot = Double.dot(long.span, short.span)
      #expect(dot == 50)
      let distance = Double.squaredDistance(short.span, long.span)
      #expect(distance == 81 + 324)
      var sum = long
      var span = sum.mutableSpan
      Double.add(1, short.span, to: &span)
      #expect(sum == [11, 22, 3])
    }

    @Test func nonFiniteNumbersComeThrough() {
      for bad in [Double.infinity, .nan] {
        for place in [0, 15, 16, 18] {
          var x = [Double](repeating: 1, count: 19)
          x[place] = bad
          let norm = Double.squaredNorm(x.span)
          #expect(!norm.isFinite)
          let floats = x.map(Float.init)
          let floatNorm = Float.squaredNorm(floats.span)
          #expect(!floatNorm.isFinite)
        }
      }
      // Squares beyond Float's range do not overflow: sums run in double precision.
      let large = [Float](repeating: 1e30, count: 3)
      let norm = Float.squaredNorm(large.span)
      #expect(norm.isFinite)
    }
  }
}

/// Σ term over 16 lanes, and the lanes in pairs: the order that `Scalar` promises.
private func laneSum(_ terms: [Double]) -> Double {
  var lanes = [Double](repeating: 0, count: 16)
  for (index, term) in terms.enumerated() { lanes[index % 16] += term }
  for half in [8, 4, 2, 1] {
    for lane in 0..<half { lanes[lane] += lanes[lane + half] }
  }
  return lanes[0]
}

private func checkSums<S: Scalar>(_: S.Type) {
  let x: [S] = Kernels.numbers(1010, seed: 1), y: [S] = Kernels.numbers(1010, seed: 2)
  Kernels.atEveryLevel { level in
    for n in Kernels.lengths {
      for offset in Kernels.offsets {
        let a = Array(x[offset..<offset + n]), b = Array(y[3 - offset..<3 - offset + n])
        let pairs = zip(a, b).map { (Double($0), Double($1)) }
        let place = "\(S.self) n=\(n) offset=\(offset) \(level)"
        let dot = S.dot(
          x.span.extracting(offset..<offset + n), y.span.extracting(3 - offset..<3 - offset + n))
        #expect(dot == laneSum(pairs.map { $0 * $1 }), "dot \(place)")
        let norm = S.squaredNorm(x.span.extracting(offset..<offset + n))
        #expect(norm == laneSum(pairs.map { a, _ in a * a }), "norm \(place)")
        let distance = S.squaredDistance(a.span, b.span)
        #expect(distance == laneSum(pairs.map { ($0 - $1) * ($0 - $1) }), "distance \(place)")
      }
    }
  }
}

private func checkUpdates<S: Scalar>(_: S.Type) {
  let x: [S] = Kernels.numbers(1010, seed: 3), y: [S] = Kernels.numbers(1010, seed: 4)
  let z: [S] = Kernels.numbers(1010, seed: 5)
  let a = S(0.7), b = S(-1.3)
  Kernels.atEveryLevel { level in
    for n in Kernels.lengths {
      for offset in Kernels.offsets {
        let xs = Array(x[offset..<offset + n]), ys = Array(y[1..<1 + n])
        /// What a kernel leaves in z[offset...], with everything around it as it was, against element by
        /// element.
        func check(
          _ name: String, _ kernel: (inout MutableSpan<S>) -> Void, _ element: (S, S, S) -> S
        ) {
          let result = S.update(z, from: offset, count: n, kernel)
          var expected = z
          for i in 0..<n { expected[offset + i] = element(x[offset + i], y[1 + i], z[offset + i]) }
          #expect(bytes(result) == bytes(expected), "\(name) \(S.self) n=\(n) offset=\(offset) \(level)")
        }
        check("fill", { S.fill(&$0, with: a) }, { _, _, _ in a })
        check("copy", { S.copy(xs.span, to: &$0) }, { x, _, _ in x })
        check("scale", { S.scale(&$0, by: a) }, { _, _, z in a * z })
        check("shift", { S.shift(&$0, by: a) }, { _, _, z in z + a })
        check("add", { S.add(a, xs.span, to: &$0) }, { x, _, z in z + a * x })
        check("step", { S.step(from: xs.span, along: ys.span, by: a, into: &$0) }, { x, y, _ in x - a * y })
        /// A step that empties its direction and returns the norm of where it leads.
        func take(_ z: inout MutableSpan<S>, _ kernel: (inout MutableSpan<S>, inout MutableSpan<S>) -> Double)
        {
          var g = ys
          var span = g.mutableSpan
          let norm = kernel(&span, &z)
          let own = S.squaredNorm(z.span)
          #expect(norm == own && g.allSatisfy { $0 == 0 }, "\(S.self) n=\(n) \(level)")
        }
        check(
          "take step", { take(&$0) { S.takeStep(from: xs.span, along: &$0, by: a, into: &$1) } },
          { x, y, _ in x - a * y })
        check(
          "take step in place", { take(&$0) { S.takeStep(along: &$0, by: a, in: &$1) } },
          { _, y, z in z - a * y })
        check("combine", { S.combine(a, xs.span, b, ys.span, into: &$0) }, { x, y, _ in a * x + b * y })
        check("combine in place", { S.combine(a, &$0, b, ys.span) }, { _, y, z in a * z + b * y })
      }
    }
  }
}

private func checkTridiagonal<S: Scalar>(_: S.Type) {
  let x: [S] = Kernels.numbers(1010, seed: 6), g: [S] = Kernels.numbers(1010, seed: 7)
  let a = S(0.7)
  Kernels.atEveryLevel { level in
    for n in Kernels.lengths {
      let xs = Array(x[1..<1 + n])
      let result = S.update(g, from: 2, count: n) { S.addTridiagonal(a, xs.span, to: &$0) }
      var expected = g
      for i in 0..<n {
        let left = i > 0 ? xs[i - 1] : -1
        let right = i + 1 < n ? xs[i + 1] : 0
        expected[2 + i] += a * ((xs[i] + xs[i] - left - right) / 4)
      }
      #expect(bytes(result) == bytes(expected), "\(S.self) n=\(n) \(level)")
    }
  }
}
