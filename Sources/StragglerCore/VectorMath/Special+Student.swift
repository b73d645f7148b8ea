extension Special {
  /// P(T ≤ t) of Student's law with `dof` > 0 degrees of freedom, accurate in the lower tail too.
  public static func studentCDF(_ t: Double, dof: Double) -> Double {
    guard dof > 0 && !t.isNaN else { return .nan }
    if dof > 10_000 { return normalCDF(normalScore(t, dof)) }
    let part = studentParts(t.magnitude, dof)
    return t <= 0 ? part.tail : 0.5 + part.center
  }

  /// The density of Student's law.
  public static func studentDensity(_ t: Double, dof: Double) -> Double {
    guard dof > 0 && !t.isNaN else { return .nan }
    if dof == .infinity { return normalDensity(t) }
    let log = -0.5 * (dof + 1) * logOnePlusSquare(t, dof) - logBeta(0.5 * dof, 0.5)
    return Elementary.exp(log) / dof.squareRoot()
  }

  /// The t with P(T ≤ t) = p: −∞ at 0, ∞ at 1, and where it exceeds the doubles.
  public static func studentQuantile(_ p: Double, dof: Double) -> Double {
    guard dof > 0 && p >= 0 && p <= 1 else { return .nan }
    if p == 0.5 { return 0 }
    if p == 0 || p == 1 { return p == 0 ? -.infinity : .infinity }
    let tail = p < 0.5 ? p : 1 - p
    let center = (p - 0.5).magnitude
    let isTail = tail < 0.25
    let target = Elementary.log(isTail ? tail : center)
    // Both ends are power laws: ln of the probability is nearly linear in ln t, which suits Newton's method.
    let edge = 0.5 * Elementary.log(dof)
    let start = min(
      isTail ? edge - (target + Elementary.log(2)) / dof : target + 0.9189385332046728,
      isTail ? Elementary.log(-normalQuantile(tail)) + 2 / dof : .infinity)
    let size = LogNewton.solve(start: start, lowest: -750, highest: 710, increasing: !isTail) { u in
      let t = Elementary.exp(u)
      let part: (center: Double, tail: Double)
      if dof > 10_000 {
        let below = normalCDF(-normalScore(t, dof))
        part = (0.5 - below, below)
      } else {
        part = studentParts(t, dof)
      }
      let value = isTail ? part.tail : part.center
      let slope = t * studentDensity(t, dof: dof) / value
      return (Elementary.log(value) - target, isTail ? -slope : slope)
    }
    return p < 0.5 ? -size : size
  }

  /// P(0 ≤ T ≤ t) and P(T ≥ t) for t ≥ 0, each from the function that has it small.
  private static func studentParts(_ t: Double, _ dof: Double) -> (center: Double, tail: Double) {
    if t == 0 { return (0, 0.5) }
    if t == .infinity { return (0.5, 0) }
    let ratio = t / dof.squareRoot()
    let square = ratio * ratio
    let logBoth = logOnePlusSquare(t, dof)
    // x = ν/(ν + t²), y = 1 − x.
    let (x, y) = square < .infinity ? (1 / (1 + square), square / (1 + square)) : (0, 1)
    let logs = (x: -logBoth, y: 2 * Elementary.log(ratio) - logBoth)
    if square > 0.5 / dof * 1.5 {
      let tail = 0.5 * incompleteBeta(0.5 * dof, 0.5, x, y, log: logs)
      return (0.5 - tail, tail)
    }
    let center = 0.5 * incompleteBeta(0.5, 0.5 * dof, y, x, log: (logs.y, logs.x))
    return (center, 0.5 - center)
  }

  /// ln(1 + t²/ν), without overflow.
  private static func logOnePlusSquare(_ t: Double, _ dof: Double) -> Double {
    let ratio = t.magnitude / dof.squareRoot()
    return ratio < 1e150 ? Elementary.log1p(ratio * ratio) : 2 * Elementary.log(ratio)
  }

  /// The z with Φ(z) = P(T ≤ t), for many degrees of freedom. Source: Hill, algorithm 395 (1970).
  private static func normalScore(_ t: Double, _ dof: Double) -> Double {
    guard dof < 1e15 && t.magnitude < .infinity else { return t }
    let a = dof - 0.5
    let b = 48 * a * a
    let y = a * logOnePlusSquare(t, dof)
    let above = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3
    let z = (above / b + 1) * y.squareRoot()
    return t < 0 ? -z : z
  }
}
