// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// Notices that a run gets no nearer to its end: where jobs take no time, events can come forever at the
/// same instant.
struct Standstill {
  private let counts: (updates: Bool, arrivals: Bool)
  /// How many events may go by at an instant, for synchronous methods of many workers too.
  private let patience: Int
  private var mark = (time: -1.0, iteration: 0, arrivals: 0)
  private var markedAt = 0

  init(_ goal: Goal, workers: Int) {
    // A limit on events ends every run.
    let (stop, isCounted) = (goal.stop, goal.stop.events != nil)
    // Whatever is spent without end, gradients or messages come.
    counts = (
      isCounted || stop.updates != nil || !goal.conditions.isEmpty,
      isCounted || stop.arrivals != nil || stop.budget.isOfCounts
    )
    patience = 100_000 + 64 * workers
  }

  /// Whether neither time nor what the run's end depends on has moved for very many events.
  mutating func lasts(_ state: Engine.State, events: Int) -> Bool {
    let now = (
      time: state.time, iteration: counts.updates ? state.iteration : 0,
      arrivals: counts.arrivals ? state.counts.arrivals + state.counts.messages : 0
    )
    if now != mark {
      mark = now
      markedAt = events
    }
    return events - markedAt > patience
  }
}

extension Stop.Budget {
  /// Whether something besides energy is bounded.
  fileprivate var isOfCounts: Bool {
    var counts = self
    counts.energy = nil
    return counts != Stop.Budget()
  }
}
