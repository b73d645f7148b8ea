// SPDX-License-Identifier: Apache-2.0

import Foundation
@testable import StragglerCore
import Testing

/// A network of any number of layers as the definition reads: every feature, double precision, the C
/// library's functions.
private struct SlowLayers {
  let network: LayeredNetwork
  let features: [[Double]]
  let labels: [UInt8]

  private func activate(_ z: Double) -> (value: Double, slope: Double) {
    switch network.activation {
    case .relu: return (max(z, 0), z > 0 ? 1 : 0)
    case .tanh: return (Foundation.tanh(z), 1 - pow(Foundation.tanh(z), 2))
    case .gelu:
      let c = (2 / Double.pi).squareRoot()
      let t = Foundation.tanh(c * (z + 0.044715 * z * z * z))
      return (z * (1 + t) / 2, (1 + t) / 2 + z / 2 * (1 - t * t) * c * (1 + 3 * 0.044715 * z * z))
    }
  }

  /// Loss, whether the label wins, and the gradient for one sample.
  func sample(_ index: Int, at x: [Double]) -> (loss: Double, correct: Bool, gradient: [Double]) {
    var (inputs, slopes, starts) = ([features[index]], [[Double]](), [Int]())
    var start = 0
    for layer in 0..<network.layers {
      let (n, m) = (network.size(layer), network.size(layer + 1))
      starts.append(start)
      let a = inputs[layer]
      let z = (0..<m).map { j in (0..<n).reduce(x[start + n * m + j]) { $0 + a[$1] * x[start + $1 * m + j] } }
      start += (n + 1) * m
      let isLast = layer == network.layers - 1
      inputs.append(isLast ? z : z.map { activate($0).value })
      slopes.append(z.map { activate($0).slope })
    }
    let logits = inputs[network.layers], label = Int(labels[index])
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - largest) }
    var gradient = [Double](repeating: 0, count: x.count)
    var delta = logits.enumerated().map { exp($1 - largest) / sum - ($0 == label ? 1 : 0) }
    for layer in (0..<network.layers).reversed() {
      let (n, m) = (network.size(layer), network.size(layer + 1))
      var before = [Double](repeating: 0, count: n)
      for k in 0..<n {
        for j in 0..<m {
          gradient[starts[layer] + k * m + j] = inputs[layer][k] * delta[j]
          before[k] += x[starts[layer] + k * m + j] * delta[j]
        }
        if layer > 0 { before[k] *= slopes[layer - 1][k] }
      }
      for j in 0..<m { gradient[starts[layer] + n * m + j] = delta[j] }
      delta = before
    }
    return (log(sum) + largest - logits[label], logits.firstIndex(of: largest) == label, gradient)
  }
}

@Suite struct LayeredNetworkTests {
  private static func sizes(_ units: [Int]) -> LayerSizes {
    var sizes = LayerSizes()
    for count in units { sizes.append(count) }
    return sizes
  }

  private static let shapes = [[], [5], [7, 3], [33, 16, 5], [2, 2, 2, 2, 2, 2, 2, 2]]

  /// Images and rows with the same number of features, each with its slow form.
  private func data(
    _ memory: TestMemory, classes: Int
  ) throws -> [(samples: LabelledSamples, features: [[Double]], labels: [UInt8], offset: Double)] {
    let images = TestImages(count: 20, width: 19, classes: classes, seed: 4)
    let offset = -0.3
    let pixels = (0..<20).map { row in
      (0..<19).map { Double(images.pixels[row * 19 + $0]) / 255 + offset }
    }
    var rows = TestRows(count: 20, width: 19, seed: 5)
    let labels = images.labels
    rows.labels = labels.map { Int8($0) }
    return [
      (LabelledSamples(LabelledRows(), or: images.view(memory)), pixels, labels, offset),
      (LabelledSamples(try rows.view(memory, labels: labels), or: LabelledImages()), rows.dense, labels, 0),
    ]
  }

  private func point(_ network: LayeredNetwork) -> [Double] {
    var stream = RandomStream(seed: 9, purpose: .start)
    return (0..<network.dimension).map { _ in stream.uniform() - 0.5 }
  }

  @Test(arguments: shapes, [Activation.relu, .tanh, .gelu])
  func agreesWithTheDefinition(_ shape: [Int], _ activation: Activation) throws {
    for classes in [3, 16, 17, 40] {
      let memory = TestMemory()
      for (samples, features, labels, offset) in try data(memory, classes: classes) {
        let network = LayeredNetwork(
          inputs: 19, hidden: Self.sizes(shape), classes: classes, activation: activation, offset: offset)
        let x = point(network)
        let slow = SlowLayers(network: network, features: features, labels: labels)
        let list = [3, 0, 19, 3]
        let expected = list.map { slow.sample($0, at: x) }
        let scratch = memory.table([Double](repeating: .nan, count: network.scratchCount))
        var g = [Double](repeating: 0.5, count: x.count)
        var span = g.mutableSpan
        let score = network.accumulate(
          0.25, samples, list: memory.table(list.map { UInt32($0) }), at: x.span, into: &span,
          scratch: scratch)
        #expect(abs(score.loss - expected.reduce(0) { $0 + $1.loss }) < 1e-12)
        #expect(score.correct == expected.count { $0.correct })
        for j in x.indices {
          let sum = expected.reduce(0) { $0 + $1.gradient[j] }
          if abs(g[j] - 0.5 - sum / 4) > 1e-13 { Issue.record("coordinate \(j): \(g[j]), not \(sum / 4)") }
        }
        let all = network.score(samples, at: x.span, scratch: scratch)
        #expect(abs(all.loss - (0..<20).reduce(0) { $0 + slow.sample($1, at: x).loss }) < 1e-11)
      }
    }
  }

  /// The gradient is that of the loss, by differences along random directions.
  @Test(arguments: shapes, [Activation.relu, .tanh, .gelu])
  func gradientsAreThoseOfTheLoss(_ shape: [Int], _ activation: Activation) throws {
    let memory = TestMemory()
    for (samples, _, _, offset) in try data(memory, classes: 20) {
      let network = LayeredNetwork(
        inputs: 19, hidden: Self.sizes(shape), classes: 20, activation: activation, offset: offset)
      let x = point(network)
      let scratch = memory.table([Double](repeating: 0, count: network.scratchCount))
      var g = [Double](repeating: 0, count: x.count)
      var span = g.mutableSpan
      network.accumulate(
        1, samples, list: memory.table((0..<20).map { UInt32($0) }), at: x.span, into: &span,
        scratch: scratch)
      var stream = RandomStream(seed: 10, purpose: .start)
      let direction = x.map { _ in stream.normal() }
      let h = 1e-6
      let (up, down) = (zip(x, direction).map { $0 + h * $1 }, zip(x, direction).map { $0 - h * $1 })
      let slope =
        (network.score(samples, at: up.span, scratch: scratch).loss
          - network.score(samples, at: down.span, scratch: scratch).loss) / (2 * h)
      let product = zip(g, direction).reduce(0) { $0 + $1.0 * $1.1 }
      // A step may cross the corner of a ReLU unit.
      #expect(abs(slope - product) < (activation == .relu ? 1e-3 : 1e-6) * max(1, abs(product)))
    }
  }

  /// Without hidden layers and with one, it is what there are other kernels for.
  @Test func isTheNetworkOfTwoLayers() throws {
    let memory = TestMemory()
    let images = TestImages(count: 20, width: 19, classes: 10, seed: 4)
    let (view, all) = (images.view(memory), memory.table((0..<20).map { UInt32($0) }))
    let network = LayeredNetwork(inputs: 19, hidden: LayerSizes(6), classes: 10, offset: 0.2)
    let two = NetworkLayers(inputs: 19, hidden: 6, classes: 10, slope: 1 / 255, offset: 0.2)
    #expect(network.dimension == two.dimension)
    let x = point(network)
    // The second layer's weights stand there with a row for each class.
    var y = x
    let start = 20 * 6
    for c in 0..<10 { for j in 0..<6 { y[start + c * 6 + j] = x[start + j * 10 + c] } }
    let score = network.score(
      LabelledSamples(LabelledRows(), or: view), at: x.span,
      scratch: memory.table([Double](repeating: 0, count: network.scratchCount)))
    let other = two.score(
      view, samples: all, at: y.span,
      scratch: memory.table([Double](repeating: 0, count: two.scratchCount)))
    #expect(abs(score.loss - other.loss) < 1e-12 && score.correct == other.correct)
  }

  @Test func nanStaysNan() throws {
    let memory = TestMemory()
    for activation in [Activation.relu, .tanh, .gelu] {
      let network = LayeredNetwork(
        inputs: 19, hidden: Self.sizes([4, 4]), classes: 20, activation: activation)
      var x = point(network)
      x[19 * 4] = .nan
      let samples = try data(memory, classes: 20)[0].samples
      let scratch = memory.table([Double](repeating: 0, count: network.scratchCount))
      #expect(network.score(samples, at: x.span, scratch: scratch).loss.isNaN)
    }
  }
}

extension Kernels {
  @Suite struct LayerKernels {
    /// The same bits at every level, in both precisions, for every activation.
    @Test func everyLevelGivesTheSameBits() {
      for activation in [Activation.relu, .tanh, .gelu] {
        same(Double.self, activation)
        same(Float.self, activation)
      }
    }

    private func same<S: Scalar>(_ type: S.Type, _ activation: Activation) {
      var hidden = LayerSizes(37)
      hidden.append(18)
      let network = LayeredNetwork(
        inputs: 101, hidden: hidden, classes: 23, activation: activation, offset: -0.4)
      let x: [S] = Kernels.numbers(network.dimension, seed: 3).map { $0 / 30 }
      let images = TestImages(count: 21, width: 101, classes: 23, seed: 14)
      var seen: Set<[UInt8]> = []
      Kernels.atEveryLevel { _ in
        let memory = TestMemory()
        let samples = LabelledSamples(LabelledRows(), or: images.view(memory))
        var g = [S](repeating: 0, count: x.count)
        var span = g.mutableSpan
        let score = network.accumulate(
          0.3, samples, list: memory.table((0..<21).map { UInt32($0) }), at: x.span, into: &span,
          scratch: memory.table([S](repeating: 0, count: network.scratchCount)))
        seen.insert(bytes([score.loss]) + bytes(g))
      }
      #expect(seen.count == 1)
    }
  }
}
