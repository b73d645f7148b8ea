extension Delay {
  /// Whether both are the same law with the same numbers; false for recordings, which are not compared.
  func isSame(as other: Delay) -> Bool {
    switch (self, other) {
    case (.trace, _): false
    case (.mixture(let a), .mixture(let b)):
      a.probability == b.probability && a.first.isSame(as: b.first) && a.second.isSame(as: b.second)
    default:
      parts.law.name == other.parts.law.name && parts.values == other.parts.values && work == other.work
    }
  }

  /// The work that outages interrupt.
  private var work: Double {
    if case .markov(_, _, let work) = self { return work }
    return 0
  }

  /// The allotted time that makes `gain` largest; the peak near `start` where given.
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    visit(BestClip(gain: gain, start: start))
  }

  /// The same from the peak at `known` and the best time of `grid`.
  func clip(for gain: ClippingGain, known: Double, _ grid: borrowing ClippingGrid) -> Double {
    let height = gain.at(known, cdf(known))
    guard let candidate = grid.best(for: gain, apartFrom: known, height) else { return known }
    let other = clip(for: gain, near: ClippingStart(time: candidate, change: 1))
    return gain.at(other, cdf(other)) > height ? other : known
  }

  /// d ln F/d ln t at t = eˣ; see `DelayLaw`.
  func elasticity(_ t: Double, _ x: Double) -> Double { visit(Elasticity(t: t, x: x)) }

  private struct BestClip: DelayVisitor {
    let gain: ClippingGain
    let start: ClippingStart?
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> Double { law.clip(for: gain, near: start) }
  }

  private struct Elasticity: DelayVisitor {
    let t, x: Double
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> Double { law.elasticity(t, x) }
  }
}
