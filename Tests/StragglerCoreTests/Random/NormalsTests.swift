// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation
import StragglerCore
import Testing

extension Kernels {
  /// Normals against a slow scalar transform of the same words, and against the normal law.
  @Suite struct Normals {
    /// `count` normals of `stream`.
    private func normals<S: Scalar>(_ count: Int, _ stream: RandomStream, scale: Double = 1) -> [S] {
      var y = [S](repeating: 0, count: count)
      var span = y.mutableSpan
      S.addNormals(scale: scale, stream: stream, to: &span)
      return y
    }

    /// Number `index` by the layout's definition, with the C library's functions, and its radius.
    private func reference(_ index: Int, _ stream: RandomStream) -> (normal: Double, radius: Double) {
      let (group, place) = index.quotientAndRemainder(dividingBy: 32)
      let (part, lane) = place.quotientAndRemainder(dividingBy: 8)
      var counter = stream.freshCounter
      counter[0] &+= UInt32(8 * group + lane)
      let words = Philox.block(counter: counter, key: stream.key)
      let first = (Double(words[part / 2 * 2]) + 0.5) * 0x1p-32
      let second = (Double(words[part / 2 * 2 + 1]) + 0.5) * 0x1p-32
      let radius = sqrt(-2 * log(first))
      return (radius * (part % 2 == 0 ? cos(2 * .pi * second) : sin(2 * .pi * second)), radius)
    }

    @Test func agreeWithTheScalarTransform() {
      let stream = RandomStream(seed: 11, purpose: .sample, worker: 3, job: 1 << 40)
      let z: [Double] = normals(4096, stream)
      for index in z.indices {
        let (normal, radius) = reference(index, stream)
        // The reference itself rounds 2π·u: an angle of up to 2π is off by up to 7e-16.
        #expect(abs(z[index] - normal) <= 2e-15 * radius, "number \(index)")
      }
    }

    @Test func beginAtTheFirstFreshBlock() {
      var stream = RandomStream(seed: 12, purpose: .sample)
      _ = stream.next()
      let z: [Double] = normals(40, stream)
      for index in z.indices { #expect(abs(z[index] - reference(index, stream).normal) < 1e-13) }
    }

    @Test func theBlockNumberWrapsAround() {
      let key: [UInt32] = [1, 2]
      func draw(from first: UInt32, _ count: Int) -> [Double] {
        var y = [Double](repeating: 0, count: count)
        sk_add_normals_f64(&y, count, 1, key, [first, 3, 4, 5])
        return y
      }
      // Blocks 2³²−8 … 2³²−1 and then 0 … 7.
      #expect(draw(from: 0 &- 8, 64) == draw(from: 0 &- 8, 32) + draw(from: 0, 32))
      // Lanes 0 … 3 are blocks 2³²−4 … 2³²−1, lanes 4 … 7 are blocks 0 … 3.
      #expect(draw(from: 0 &- 4, 8) == draw(from: 0 &- 8, 8).suffix(4) + draw(from: 0, 8).prefix(4))
    }

    @Test func sameBitsAtEveryLevelLengthAndPlace() {
      let stream = RandomStream(seed: 13, purpose: .sample)
      SIMDLevel.select(.baseline)
      let all: [Double] = normals(1000, stream, scale: 0.3)
      Kernels.atEveryLevel { level in
        let start: [Double] = Kernels.numbers(1010, seed: 8),
          startFloat: [Float] = Kernels.numbers(1010, seed: 8)
        for n in Kernels.lengths {
          for offset in Kernels.offsets {
            let y = Double.update(start, from: offset, count: n) {
              Double.addNormals(scale: 0.3, stream: stream, to: &$0)
            }
            var expected = start
            for i in 0..<n { expected[offset + i] += all[i] }
            #expect(bytes(y) == bytes(expected), "Double n=\(n) offset=\(offset) \(level)")

            let f = Float.update(startFloat, from: offset, count: n) {
              Float.addNormals(scale: 0.3, stream: stream, to: &$0)
            }
            var expectedFloat = startFloat
            for i in 0..<n { expectedFloat[offset + i] += Float(all[i]) }
            #expect(bytes(f) == bytes(expectedFloat), "Float n=\(n) offset=\(offset) \(level)")
          }
        }
      }
    }

    @Test func moments() {
      let n = 200_000
      let z: [Double] = normals(n, RandomStream(seed: 14, purpose: .sample))
      // E z^k and Var z^k of a standard normal.
      for (power, mean, variance) in [(1.0, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
        let average = z.reduce(0) { $0 + pow($1, power) } / Double(n)
        #expect(abs(average - mean) < 5 * sqrt(variance / Double(n)), "z^\(power)")
      }
    }

    @Test func distribution() {
      let n = 100_000
      let z: [Double] = normals(n, RandomStream(seed: 15, purpose: .sample)).sorted()
      var distance = 0.0
      for (index, value) in z.enumerated() {
        let probability = 0.5 * erfc(-value / sqrt(2))
        distance = max(
          distance, probability - Double(index) / Double(n), Double(index + 1) / Double(n) - probability)
      }
      // Kolmogorov's law: P(√n D > 2.3) < 6e-5.
      #expect(distance * sqrt(Double(n)) < 2.3)
    }

    @Test func adjacentStreamsAndNumbersAreUncorrelated() {
      let n = 100_000
      func stream(_ seed: UInt64, _ purpose: Purpose, _ worker: Int, _ job: Int) -> [Double] {
        normals(n, RandomStream(seed: seed, purpose: purpose, worker: worker, job: job))
      }
      let z = stream(16, .sample, 1, 1)
      func shifted(_ places: Int) -> [Double] { Array(z[places...]) }
      let others: [[Double]] = [
        stream(17, .sample, 1, 1), stream(16, .delay, 1, 1), stream(16, .sample, 2, 1),
        stream(16, .sample, 1, 2), stream(16, .sample, 1, 1 + (1 << 32)), shifted(1), shifted(8), shifted(32),
      ]
      for (index, other) in others.enumerated() {
        // Both z·w and (z²−1)(w²−1) have mean 0; their variances are 1 and 4.
        var products = 0.0, squares = 0.0
        for (a, b) in zip(z, other) {
          products += a * b
          squares += (a * a - 1) * (b * b - 1)
        }
        #expect(abs(products) < 5 * sqrt(Double(n)), "pair \(index)")
        #expect(abs(squares) < 5 * sqrt(4 * Double(n)), "pair \(index)")
      }
    }
  }
}
