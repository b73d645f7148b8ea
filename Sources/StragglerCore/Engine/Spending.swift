// SPDX-License-Identifier: Apache-2.0

/// What is left of a budget, as the loop over events asks for it: without optionals.
public struct Spending: BitwiseCopyable, Sendable {
  private let (used, discarded, cancelled): (Int, Int, Int)
  private let (gradients, messages, coordinates): (Int, Int, Int)
  private let energy: Double
  /// Until then no more than the energy that there is can have been spent.
  private var clear = -Double.infinity

  /// `budget`; nil where that is none.
  public init?(_ budget: Stop.Budget) {
    guard budget != Stop.Budget() else { return nil }
    (used, discarded) = (budget.used ?? .max, budget.discarded ?? .max)
    (cancelled, gradients) = (budget.cancelled ?? .max, budget.gradients ?? .max)
    (messages, coordinates) = (budget.messages ?? .max, budget.coordinates ?? .max)
    let energy = budget.energy ?? .infinity
    self.energy = energy.isNaN ? .infinity : energy
  }

  /// Which part of the budget is spent, if one is. O(1), and now and then O(n): where all workers could
  /// together have spent the energy that was left when it was last summed.
  public mutating func isSpent(_ server: borrowing DrivenServer) -> StopReason? {
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
