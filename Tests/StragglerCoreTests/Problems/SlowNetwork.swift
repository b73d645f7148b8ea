// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore

/// Memory for the tables of a test.
final class TestMemory {
  private var pieces: [UnsafeMutableRawBufferPointer] = []

  func bytes(_ count: Int) -> UnsafeMutableRawBufferPointer {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 64)
    pieces.append(piece)
    return piece
  }

  func table<Element: BitwiseCopyable>(_ elements: [Element]) -> Table<Element> {
    let buffer = bytes(elements.count * MemoryLayout<Element>.stride).bindMemory(to: Element.self)
    _ = buffer.initialize(from: elements)
    return Table(base: buffer.baseAddress, count: elements.count)
  }

  deinit { for piece in pieces { piece.deallocate() } }
}

/// Images with about half of their pixels 0, and labels.
struct TestImages {
  var pixels: [UInt8]
  var labels: [UInt8]
  let width: Int
  let classes: Int

  init(count: Int, width: Int, classes: Int, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .data)
    pixels = (0..<count * width).map { _ in UInt8(max(0, stream.integer(below: 511) - 255)) }
    labels = (0..<count).map { _ in UInt8(stream.integer(below: classes)) }
    self.width = width
    self.classes = classes
  }

  func view(_ memory: TestMemory) -> LabelledImages {
    LabelledImages(
      images: memory.table(pixels), labels: memory.table(labels), width: width, classes: classes)
  }
}

/// The two-layer network as the definition reads: every pixel, double precision, the C library's exp and log.
struct SlowNetwork {
  let layers: NetworkLayers
  let images: TestImages

  /// Loss, whether the label wins, and the gradient for one image.
  func sample(_ index: Int, at w: [Double]) -> (loss: Double, correct: Bool, gradient: [Double]) {
    let (n, h, classes) = (layers.inputs, layers.hidden, layers.classes)
    let (b1, w2, b2) = (n * h, n * h + h, n * h + h + classes * h)
    let x = (0..<n).map { layers.slope * Double(images.pixels[index * n + $0]) + layers.offset }
    let label = Int(images.labels[index])
    var z = Array(w[b1..<b1 + h])
    for k in 0..<n { for j in 0..<h { z[j] += x[k] * w[k * h + j] } }
    let a = z.map { $0 > 0 ? $0 : 0 }
    var logits = Array(w[b2..<b2 + classes])
    for c in 0..<classes { for j in 0..<h { logits[c] += w[w2 + c * h + j] * a[j] } }
    let largest = logits.max() ?? 0
    let exponentials = logits.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    let delta = (0..<classes).map { exponentials[$0] / sum - ($0 == label ? 1 : 0) }

    var g = [Double](repeating: 0, count: w.count)
    for c in 0..<classes {
      g[b2 + c] = delta[c]
      for j in 0..<h { g[w2 + c * h + j] = delta[c] * a[j] }
    }
    for j in 0..<h where z[j] > 0 {
      let back = (0..<classes).reduce(0.0) { $0 + delta[$1] * w[w2 + $1 * h + j] }
      g[b1 + j] = back
      for k in 0..<n { g[k * h + j] = back * x[k] }
    }
    return (log(sum) - (logits[label] - largest), logits.firstIndex(of: largest) == label, g)
  }

  /// Sums over `indices`.
  func sums(_ indices: [Int], at w: [Double]) -> (loss: Double, correct: Int, gradient: [Double]) {
    var result = (loss: 0.0, correct: 0, gradient: [Double](repeating: 0, count: w.count))
    for index in indices {
      let one = sample(index, at: w)
      result.loss += one.loss
      result.correct += one.correct ? 1 : 0
      for i in w.indices { result.gradient[i] += one.gradient[i] }
    }
    return result
  }
}
