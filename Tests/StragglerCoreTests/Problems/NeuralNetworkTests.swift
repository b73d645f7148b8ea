// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct NeuralNetworkTests {
  /// A network prepared on `training` and `test`.
  private func prepared<S: Scalar>(
    _ network: NeuralNetwork<S>, _ memory: TestMemory, training: TestImages?, test: TestImages? = nil
  ) throws -> NeuralNetwork<S> {
    var network = network
    func setup(_ arena: consuming Arena) -> ProblemSetup {
      ProblemSetup(
        workers: 3, seed: 1, training: training?.view(memory) ?? LabelledImages(),
        test: test?.view(memory) ?? LabelledImages(), arena: arena)
    }
    var measuring = setup(.measuring())
    try network.prepare(&measuring)
    var real = setup(Arena(memory.bytes(measuring.arena.used)))
    try network.prepare(&real)
    #expect(real.arena.used == measuring.arena.used)
    return network
  }

  private func start<S: Scalar>(_ network: inout NeuralNetwork<S>, seed: UInt64) -> [S] {
    var x = [S](repeating: 0, count: network.dimension)
    var span = x.mutableSpan
    network.start(&span, seed: seed)
    return x
  }

  @Test func parametersStartUniform() throws {
    let memory = TestMemory()
    let images = TestImages(count: 4, width: 784, classes: 10, seed: 1)
    var network = try prepared(NeuralNetwork<Double>(hidden: 32), memory, training: images)
    #expect(network.dimension == 25_450)
    let x = start(&network, seed: 2)
    let first = 784 * 32 + 32
    for (range, bound) in [(0..<first, 1 / 28.0), (first..<25_450, 1 / 32.0.squareRoot())] {
      #expect(x[range].allSatisfy { abs($0) < bound })
      // The mean square of U(−b, b) is b²/3, its variance b⁴(1/5 − 1/9).
      let mean = x[range].reduce(0) { $0 + $1 * $1 } / Double(range.count)
      let deviation = bound * bound * (4 / 45.0 / Double(range.count)).squareRoot()
      #expect(abs(mean - bound * bound / 3) < 5 * deviation)
    }
    #expect(x != start(&network, seed: 3))
    #expect(x == start(&network, seed: 2))
  }

  @Test func samplesAreTheImages() throws {
    let memory = TestMemory()
    let images = TestImages(count: 9, width: 784, classes: 10, seed: 4)
    var network = try prepared(NeuralNetwork<Double>(hidden: 5), memory, training: images)
    #expect(network.sampleCount == 9)
    let x = start(&network, seed: 5)
    var (sum, whole) = ([Double](repeating: 0, count: x.count), [Double](repeating: 0, count: x.count))
    var value = 0.0
    var sumSpan = sum.mutableSpan
    for index in 0..<9 {
      network.accumulate(1 / 9.0, index: index, at: x.span, into: &sumSpan)
      value += network.value(index: index, at: x.span) / 9
    }
    var wholeSpan = whole.mutableSpan
    network.gradient(at: x.span, into: &wholeSpan)
    for i in x.indices { #expect(abs(sum[i] - whole[i]) < 1e-14) }
    let direct = network.value(at: x.span)
    #expect(abs(value - direct) < 1e-13)
  }

  @Test func stochasticGradientIsTheMeanOverItsOwnDraws() throws {
    for standardize in [true, false] {
      let memory = TestMemory()
      let images = TestImages(count: 30, width: 784, classes: 10, seed: 4)
      var network = try prepared(
        NeuralNetwork<Double>(hidden: 5, batch: 8, standardize: standardize), memory, training: images)
      let x = start(&network, seed: 5)
      let sample = Sample(seed: 6, worker: 2, job: 9)
      var stream = sample.stream
      let draws = (0..<8).map { _ in stream.integer(below: 30) }
      let layers = NetworkLayers(
        inputs: 784, hidden: 5, classes: 10, slope: standardize ? 1 / (255 * 0.3081) : 1 / 255,
        offset: standardize ? -0.1307 / 0.3081 : 0)
      let slow = SlowNetwork(layers: layers, images: images)
      let expected = slow.sums(draws, at: x).gradient

      var g = [Double](repeating: 0, count: x.count)
      var span = g.mutableSpan
      network.accumulate(0.25, sample, at: x.span, into: &span)
      for i in x.indices { #expect(abs(g[i] - 0.25 / 8 * expected[i]) < 1e-14) }

      let all = slow.sums(Array(0..<30), at: x)
      let value = network.value(at: x.span)
      #expect(abs(value - all.loss / 30) < 1e-13)
      var full = g.mutableSpan
      network.gradient(at: x.span, into: &full)
      for i in x.indices { #expect(abs(g[i] - all.gradient[i] / 30) < 1e-14) }
    }
  }

  @Test func descentLearnsTheTrainingImages() throws {
    let memory = TestMemory()
    let images = TestImages(count: 40, width: 784, classes: 10, seed: 7)
    var network = try prepared(
      NeuralNetwork<Float>(hidden: 16, batch: 10), memory, training: images, test: images)
    var x = start(&network, seed: 8)
    var point = x.mutableSpan
    var g = [Float](repeating: 0, count: network.dimension)
    for job in 1...150 {
      var slot = g.mutableSpan
      Float.fill(&slot, with: 0)
      network.accumulate(1, Sample(seed: 9, worker: 0, job: job), at: point.span, into: &slot)
      Float.add(-0.05, slot.span, to: &point)
    }
    let accuracy = network.accuracy(at: point.span), value = network.value(at: point.span)
    #expect(accuracy == 1)
    #expect(value < 0.1)
  }

  @Test func whatCannotRunIsRefused() throws {
    let memory = TestMemory()
    #expect(throws: SetupError.self) { try prepared(NeuralNetwork<Float>(), memory, training: nil) }
    let narrow = TestImages(count: 3, width: 100, classes: 10, seed: 1)
    var eleven = TestImages(count: 100, width: 784, classes: 10, seed: 1)
    eleven.labels[5] = 10
    #expect(throws: SetupError.self) { try prepared(NeuralNetwork<Float>(), memory, training: eleven) }
    let images = TestImages(count: 3, width: 784, classes: 10, seed: 1)
    #expect(throws: SetupError.self) {
      try prepared(NeuralNetwork<Float>(), memory, training: images, test: narrow)
    }
    var network = try prepared(NeuralNetwork<Float>(), memory, training: images)
    let x = start(&network, seed: 1)
    let accuracy = network.accuracy(at: x.span)
    #expect(accuracy.isNaN)
  }
}
