// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore

/// A rule of the step in the plainest words, with arrays; it knows no matrices, so that `muon` is `sign`.
struct SlowStepRule {
  let rule: StepRule?
  let maxNorm: Double?
  private var m: [Double] = []
  private var v: [Double] = []
  private var recent: [[Double]] = []
  private var t = 0

  init(_ rule: StepRule?, maxNorm: Double? = nil) { (self.rule, self.maxNorm) = (rule, maxNorm) }

  /// What is taken off x in an update along g with the stepsize γ.
  mutating func change(_ g: [Double], _ gamma: Double) -> [Double] {
    if m.isEmpty { (m, v) = (g.map { _ in 0 }, g.map { _ in 0 }) }
    t += 1
    var g = g
    let norm = sqrt(g.map { $0 * $0 }.reduce(0, +))
    if let maxNorm, norm > maxNorm { g = g.map { $0 * (maxNorm / norm) } }
    switch rule {
    case nil: return g.map { gamma * $0 }
    case .heavyBall(let beta):
      m = zip(m, g).map { beta * $0 + $1 }
      return m.map { gamma * $0 }
    case .nesterov(let beta):
      m = zip(m, g).map { beta * $0 + $1 }
      return zip(m, g).map { gamma * ($1 + beta * $0) }
    case .adam(let beta1, let beta2, let eps):
      m = zip(m, g).map { beta1 * $0 + (1 - beta1) * $1 }
      v = zip(v, g).map { beta2 * $0 + (1 - beta2) * $1 * $1 }
      let (c1, c2) = (1 - pow(beta1, Double(t)), 1 - pow(beta2, Double(t)))
      return zip(m, v).map { gamma * ($0 / c1) / (sqrt($1 / c2) + eps) }
    case .normalized(let a):
      average(g, a)
      let norm = sqrt(m.map { $0 * $0 }.reduce(0, +))
      return m.map { norm == 0 ? 0 : gamma * $0 / norm }
    case .sign(let a), .muon(let a):
      average(g, a)
      return m.map { $0 == 0 ? 0 : $0 > 0 ? gamma : -gamma }
    case .delayedNesterov(let beta, let period):
      let n = Double(period)
      recent.append(g)
      guard recent.count == period else { return g.map { gamma * $0 / n } }
      let sum = g.indices.map { j in recent.map { $0[j] }.reduce(0, +) }
      recent = []
      m = zip(m, sum).map { beta * $0 + $1 / n }
      return zip(m, g).map { gamma * ($1 / n + beta * $0) }
    }
  }

  private mutating func average(_ g: [Double], _ a: Double) { m = zip(m, g).map { (1 - a) * $0 + a * $1 } }
}
