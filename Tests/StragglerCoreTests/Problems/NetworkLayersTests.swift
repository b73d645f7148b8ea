// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

extension Kernels {
  /// The network's kernels against the definition, against finite differences, and against themselves at
  /// every level.
  @Suite struct NetworkLayersTests {
    /// Sizes around the kernels' tiles, of 32, 16, 4 and 1 columns in Float and 16, 8, 2 and 1 in Double.
    private static let sizes: [(inputs: Int, hidden: Int, classes: Int)] = [
      (1, 1, 1), (63, 2, 2), (64, 5, 10), (65, 16, 10), (70, 21, 10), (130, 32, 10),
      (129, 39, 16), (40, 100, 3),
    ]

    private func layers(_ size: (inputs: Int, hidden: Int, classes: Int), offset: Double) -> NetworkLayers {
      NetworkLayers(
        inputs: size.inputs, hidden: size.hidden, classes: size.classes, slope: 1 / 80.0, offset: offset)
    }

    /// Parameters of the size that a start has.
    private func parameters(_ layers: NetworkLayers, seed: UInt64) -> [Double] {
      var stream = RandomStream(seed: seed, purpose: .start)
      let bound = 2 / Double(layers.inputs).squareRoot()
      return (0..<layers.dimension).map { _ in bound * (2 * stream.uniform() - 1) }
    }

    /// Score and 0.5 · gradient over `samples` on top of a gradient of ones.
    private func run<S: Scalar>(
      _ layers: NetworkLayers, _ images: TestImages, _ samples: [UInt32], at w: [S]
    ) -> (score: NetworkScore, gradient: [S]) {
      let memory = TestMemory()
      let scratch = memory.table([S](repeating: .nan, count: layers.scratchCount))
      var g = [S](repeating: 1, count: layers.dimension)
      var span = g.mutableSpan
      let score = layers.accumulate(
        0.5, images.view(memory), samples: memory.table(samples), at: w.span, into: &span, scratch: scratch)
      return (score, g)
    }

    @Test func agreeWithTheDefinition() {
      for (number, size) in Self.sizes.enumerated() {
        for offset in [0, -0.4242] {
          let layers = layers(size, offset: offset)
          let images = TestImages(count: 7, width: size.inputs, classes: size.classes, seed: UInt64(number))
          let w = parameters(layers, seed: UInt64(number))
          let samples: [UInt32] = [3, 0, 6, 6, 2]
          let slow = SlowNetwork(layers: layers, images: images).sums(samples.map(Int.init), at: w)

          let double = run(layers, images, samples, at: w)
          #expect(abs(double.score.loss - slow.loss) < 1e-13 * Double(samples.count), "\(size)")
          #expect(double.score.correct == slow.correct, "\(size)")
          let float = run(layers, images, samples, at: w.map(Float.init))
          #expect(abs(float.score.loss - slow.loss) < 1e-5 * Double(samples.count), "\(size)")
          for i in w.indices {
            #expect(abs(double.gradient[i] - 1 - 0.5 * slow.gradient[i]) < 2e-14, "\(size) at \(i)")
            #expect(abs(Double(float.gradient[i]) - 1 - 0.5 * slow.gradient[i]) < 1e-5, "\(size) at \(i)")
          }
        }
      }
    }

    @Test func sameBitsAtEveryLevel() {
      for size in Self.sizes {
        let layers = layers(size, offset: -0.4242)
        let images = TestImages(count: 7, width: size.inputs, classes: size.classes, seed: 5)
        let w = parameters(layers, seed: 6), samples: [UInt32] = [3, 0, 6, 6, 2]
        SIMDLevel.select(.baseline)
        let double = run(layers, images, samples, at: w),
          float = run(layers, images, samples, at: w.map(Float.init))
        Kernels.atEveryLevel { level in
          let again = run(layers, images, samples, at: w)
          #expect(again.score == double.score, "\(size) \(level)")
          #expect(bytes(again.gradient) == bytes(double.gradient), "\(size) \(level)")
          let floatAgain = run(layers, images, samples, at: w.map(Float.init))
          #expect(floatAgain.score == float.score, "\(size) \(level)")
          #expect(bytes(floatAgain.gradient) == bytes(float.gradient), "\(size) \(level)")
        }
      }
    }

    @Test func gradientIsTheSlopeOfTheLoss() {
      let layers = layers((130, 32, 10), offset: -0.4242)
      let images = TestImages(count: 7, width: 130, classes: 10, seed: 7)
      let w = parameters(layers, seed: 8)
      let memory = TestMemory()
      let view = images.view(memory),
        scratch = memory.table([Double](repeating: 0, count: layers.scratchCount))
      var g = [Double](repeating: 0, count: w.count)
      var span = g.mutableSpan
      let all = memory.table((0..<7).map { UInt32($0) })
      layers.accumulate(1, view, samples: all, at: w.span, into: &span, scratch: scratch)
      func loss(_ w: [Double]) -> Double { layers.score(view, at: w.span, scratch: scratch).loss }
      for i in stride(from: 0, to: w.count, by: 7) {
        let step = 1e-5
        var left = w, right = w
        left[i] -= step
        right[i] += step
        #expect(
          abs((loss(right) - loss(left)) / (2 * step) - g[i]) < 1e-7 * (1 + abs(g[i])), "parameter \(i)")
      }
    }

    @Test func extremeParametersGiveNumbersAndNotANumberShows() {
      let layers = layers((8, 4, 3), offset: 0)
      let images = TestImages(count: 3, width: 8, classes: 3, seed: 11)
      let large = parameters(layers, seed: 12).map { 1e4 * $0 }
      #expect(run(layers, images, [0, 1, 2], at: large).score.loss.isFinite)
      for place in [layers.inputs * layers.hidden, layers.dimension - 1] {
        var broken = large
        broken[place] = .nan
        let result = run(layers, images, [0, 1, 2], at: broken)
        #expect(result.score.loss.isNaN)
        #expect(result.gradient.contains { $0.isNaN })
      }
    }
  }
}
