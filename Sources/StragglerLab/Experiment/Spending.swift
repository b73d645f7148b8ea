// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// What the loop over events may let a run spend.
@usableFromInline
struct Spending {
  private var (used, discarded, cancelled) = (Int.max, Int.max, Int.max)
  private var (gradients, messages, coordinates) = (Int.max, Int.max, Int.max)
  private var energy = Double.infinity
  /// Until then no more than the energy that there is can have been spent.
  private var clear = -Double.infinity

  init(_ budgets: [Stop.Budget]) {
    for budget in budgets where !budget.bound.isNaN {
      // The least count that is not below it.
      let count = budget.bound < 0x1p62 ? Int(max(0, budget.bound).rounded(.up)) : .max
      switch budget.kind {
      case .used: used = min(used, count)
      case .discarded: discarded = min(discarded, count)
      case .cancelled: cancelled = min(cancelled, count)
      case .gradients: gradients = min(gradients, count)
      case .messages: messages = min(messages, count)
      case .coordinates: coordinates = min(coordinates, count)
      case .energy: energy = min(energy, budget.bound)
      }
    }
  }

  /// Which budget is spent, if one is. O(1), and now and then O(n): where all workers could together have
  /// spent the energy that was left when it was last summed.
  @usableFromInline
  mutating func isSpent(_ server: borrowing DrivenServer) -> StopReason? {
    let counts = server.counts
    if counts.used >= used { return .used }
    if counts.discarded >= discarded { return .discarded }
    if counts.cancelled >= cancelled { return .cancelled }
    if counts.gradients >= gradients { return .gradients }
    if counts.messages >= messages { return .messages }
    if counts.coordinates >= coordinates { return .coordinates }
    guard energy < .infinity, server.time >= clear else { return nil }
    let left = energy - (counts.energy + server.runningTotals.energy)
    if left <= 0 { return .energy }
    // Somewhat earlier, for rounding.
    clear = server.time + left / server.power * (1 - 1e-9)
    return nil
  }
}
