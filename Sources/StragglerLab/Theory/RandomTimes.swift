internal import StragglerCore

extension Forecast {
  /// Whether constants of the problem are missing that would let the theory say something.
  public var isIncomplete: Bool { applies && scope == nil && !notes.isEmpty }

  /// Adds what random durations do to the time.
  public mutating func addRandomTimes(_ situation: Situation) {
    guard situation.isRandom, !time.isNaN else { return }
    if method != "mindflayer" && method != "vecna" {
      notes.append("durations are random, and their means stand for them: an estimate, no bound")
    }
  }
}
