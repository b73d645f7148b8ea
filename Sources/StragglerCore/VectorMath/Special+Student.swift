// SPDX-License-Identifier: Apache-2.0

extension Special {
  /// P(T ≤ t) of Student's law with `dof` > 0 degrees of freedom, accurate in the lower tail too.
  public static func studentCDF(_ t: Double, dof: Double) -> Double { Student(dof: dof).cdf(t) }

  /// The density of Student's law.
  public static func studentDensity(_ t: Double, dof: Double) -> Double { Student(dof: dof).density(t) }

  /// ln of the density of Student's law at 0.
  public static func logStudentConstant(_ dof: Double) -> Double {
    logGamma(0.5 * (dof + 1)) - logGamma(0.5 * dof) - 0.5 * Elementary.log(dof) - logRootPi
  }

  /// The t with P(T ≤ t) = p: −∞ at 0, ∞ at 1, and where it exceeds the doubles.
  public static func studentQuantile(_ p: Double, dof: Double) -> Double { Student(dof: dof).quantile(p) }
}

/// Student's law with its constants, for many evaluations with the same degrees of freedom.
struct Student: BitwiseCopyable, Sendable {
  /// ν > 0.
  let dof: Double
  /// √ν.
  private let root: Double
  /// ln B(ν/2, ½).
  private let logBeta: Double
  /// Beyond this number of degrees of freedom the expansion around the normal law is exact enough.
  private var isNearlyNormal: Bool { dof > 10_000 }

  init(dof: Double) {
    self.dof = dof
    root = dof.squareRoot()
    logBeta = dof > 0 && dof < .infinity ? Special.logBeta(0.5 * dof, 0.5) : .nan
  }

  func cdf(_ t: Double) -> Double {
    guard dof > 0 && !t.isNaN else { return .nan }
    if isNearlyNormal { return Special.normalCDF(normalScore(t)) }
    let part = parts(t.magnitude)
    return t <= 0 ? part.tail : 0.5 + part.center
  }

  func density(_ t: Double) -> Double {
    guard dof > 0 && !t.isNaN else { return .nan }
    if dof == .infinity { return Special.normalDensity(t) }
    return Elementary.exp(-0.5 * (dof + 1) * logOnePlusSquare(t.magnitude / root) - logBeta) / root
  }

  func quantile(_ p: Double) -> Double {
    guard dof > 0 && p >= 0 && p <= 1 else { return .nan }
    if p == 0.5 { return 0 }
    if p == 0 || p == 1 { return p == 0 ? -.infinity : .infinity }
    let tail = p < 0.5 ? p : 1 - p
    let center = (p - 0.5).magnitude
    let isTail = tail < 0.25
    let target = Elementary.log(isTail ? tail : center)
    // Both ends are power laws: ln of the probability is nearly linear in ln t, which suits Newton's method.
    let edge = Elementary.log(root)
    let start = min(
      isTail ? edge - (target + Elementary.log(2)) / dof : target + Special.logRootTwoPi,
      isTail ? Elementary.log(-Special.normalQuantile(tail)) + 2 / dof : .infinity)
    let size = LogNewton.solve(start: start, lowest: -750, highest: 710, increasing: !isTail) { u in
      let t = Elementary.exp(u)
      let value: Double
      if isNearlyNormal {
        let below = Special.normalCDF(-normalScore(t))
        value = isTail ? below : 0.5 - below
      } else {
        let part = parts(t)
        value = isTail ? part.tail : part.center
      }
      let slope = t * density(t) / value
      return (Elementary.log(value) - target, isTail ? -slope : slope)
    }
    return p < 0.5 ? -size : size
  }

  /// P(0 ≤ T ≤ t) and P(T ≥ t) for t ≥ 0, each from the function that has it small.
  private func parts(_ t: Double) -> (center: Double, tail: Double) {
    if t == 0 { return (0, 0.5) }
    if t == .infinity { return (0.5, 0) }
    let ratio = t / root
    let square = ratio * ratio
    let logBoth = logOnePlusSquare(ratio)
    // x = ν/(ν + t²), y = 1 − x.
    let (x, y) = square < .infinity ? (1 / (1 + square), square / (1 + square)) : (0, 1)
    let logs = (x: -logBoth, y: 2 * Elementary.log(ratio) - logBoth)
    if square > 0.75 / dof {
      let tail = 0.5 * Special.incompleteBeta(0.5 * dof, 0.5, x, y, log: logs, logBeta: logBeta)
      return (0.5 - tail, tail)
    }
    let center = 0.5 * Special.incompleteBeta(0.5, 0.5 * dof, y, x, log: (logs.y, logs.x), logBeta: logBeta)
    return (center, 0.5 - center)
  }

  /// ln(1 + ratio²), without overflow.
  private func logOnePlusSquare(_ ratio: Double) -> Double {
    ratio < 1e150 ? Elementary.log1p(ratio * ratio) : 2 * Elementary.log(ratio)
  }

  /// The z with Φ(z) = P(T ≤ t), for many degrees of freedom. Source: Hill, algorithm 395 (1970).
  private func normalScore(_ t: Double) -> Double {
    guard dof < 1e15 && t.magnitude < .infinity else { return t }
    let a = dof - 0.5
    let b = 48 * a * a
    let y = a * logOnePlusSquare(t.magnitude / root)
    let above = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3
    let z = (above / b + 1) * y.squareRoot()
    return t < 0 ? -z : z
  }
}
