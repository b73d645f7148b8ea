// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore

/// Compression of gradients with arrays, as the papers write it.
struct SlowCompressor {
  let compression: Compression
  let hasFeedback: Bool
  /// The vector that each worker and the server have in common.
  private var known: [Int: [Double]] = [:]

  init(_ compression: Compression, hasFeedback: Bool) {
    (self.compression, self.hasFeedback) = (compression, hasFeedback)
  }

  /// What the server takes for `gradient`.
  mutating func received(_ gradient: [Double], from worker: Int, job: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: .message, worker: worker, job: job)
    guard hasFeedback else { return compressed(gradient, &stream) }
    let old = known[worker] ?? gradient.map { _ in 0 }
    let difference = zip(gradient, old).map { $0 - $1 }
    let factor = 1 + (omega(gradient.count) ?? 0)
    let new = zip(old, compressed(difference, &stream)).map { $0 + $1 / factor }
    known[worker] = new
    return new
  }

  private func omega(_ d: Int) -> Double? {
    switch compression {
    case .randK(let count): Double(d) / Double(count) - 1
    case .natural: 1 / 8
    case .qsgd(let s): min(Double(d) / pow(Double(s), 2), sqrt(Double(d)) / Double(s))
    case .topK, .sign: nil
    }
  }

  private func compressed(_ v: [Double], _ stream: inout RandomStream) -> [Double] {
    let d = v.count
    switch compression {
    case .randK(let count):
      if count >= d { return v }
      var (left, kept) = (Array(0..<d), [Double](repeating: 0, count: d))
      for position in 0..<count {
        left.swapAt(position, position + stream.integer(below: d - position))
        kept[left[position]] = v[left[position]] * Double(d) / Double(count)
      }
      return kept
    case .topK(let count):
      let order = v.indices.sorted { abs(v[$0]) != abs(v[$1]) ? abs(v[$0]) > abs(v[$1]) : $0 < $1 }
      return v.indices.map { order.prefix(count).contains($0) ? v[$0] : 0 }
    case .natural:
      return v.map { a in
        let draw = stream.uniform()
        if a == 0 { return 0 }
        let below = exp2(floor(log2(abs(a))))
        return (draw < (abs(a) - below) / below ? 2 * below : below) * (a < 0 ? -1 : 1)
      }
    case .qsgd(let s):
      let norm = sqrt(v.map { $0 * $0 }.reduce(0, +))
      if norm == 0 { return v }
      return v.map { a in
        let level = abs(a) / norm * Double(s)
        return norm / Double(s) * (floor(level) + (stream.uniform() < level - floor(level) ? 1 : 0))
          * (a < 0 ? -1 : 1)
      }
    case .sign:
      let mean = v.map(abs).reduce(0, +) / Double(d)
      return v.map { $0 == 0 ? 0 : $0 < 0 ? -mean : mean }
    }
  }
}
