// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Where along a run looks at its conditions were far apart.
///
/// A quantity that only comes nearer to its bound cannot have met it between two looks at which it had not.
/// One that comes and goes can, for some updates: then looks have to be near each other all along, or nothing
/// is known of the updates between them. How far it goes back between looks says which of the stretches
/// without one may hide that.
struct SparseLooks {
  /// A look at which no condition held.
  struct Look {
    let iteration: Int
    let time: Double
    /// How far from its bound the nearest of the quantities was.
    let distance: Double
  }

  /// A stretch without a look, of more than 2 % of the updates up to its end.
  private struct Stretch {
    let begin: Look
    /// How near a quantity was to its bound at the ends.
    let distance: Double
  }

  private var stretches: [Stretch] = []
  /// How far quantities went back between looks, at most, by the binary digits of the updates until then.
  private var retreats = [Double](repeating: 0, count: Int.bitWidth + 1)
  private(set) var last: Look?

  /// Notes that none of `conditions` holds at `point`.
  mutating func note(_ point: TracePoint, _ conditions: [Stop.Condition]) {
    let distance = conditions.map { $0.distance(at: point) }.min() ?? .infinity
    let look = Look(iteration: point.iteration, time: point.time, distance: distance)
    if let last, look.iteration > last.iteration {
      let retreat = distance - last.distance
      let digits = Int.bitWidth - look.iteration.leadingZeroBitCount
      if retreat > retreats[digits], retreat < .infinity { retreats[digits] = retreat }
      let updates = look.iteration - last.iteration
      if updates > 1, Double(updates) > 0.02 * Double(look.iteration) {
        stretches.append(Stretch(begin: last, distance: min(distance, last.distance)))
      }
    }
    last = look
  }

  /// Forgets what came after `look`: the run has gone back there.
  mutating func goBack(to look: Look?) {
    guard let look else { return }
    stretches.removeAll { $0.begin.iteration >= look.iteration }
    last = look
  }

  /// The look from which on a condition may have held before update `end`; nil where it was seen not to.
  func doubtful(before end: Int) -> Look? {
    let digits = Int.bitWidth - end.leadingZeroBitCount
    let retreat = max(retreats[digits], retreats[max(0, digits - 1)])
    return stretches.first { $0.begin.iteration < end && $0.distance < retreat }?.begin
  }
}

extension Stop.Condition {
  /// How far what it is about is from the bound, 0 where it is there: by which factor, in logarithms, where
  /// something positive is to become small, else the difference.
  fileprivate func distance(at point: TracePoint) -> Double {
    let value = point[quantity]
    switch relation {
    case .below, .atMost: return value > 0 && bound > 0 ? Elementary.log(value / bound) : value - bound
    case .above, .atLeast: return bound - value
    }
  }
}
