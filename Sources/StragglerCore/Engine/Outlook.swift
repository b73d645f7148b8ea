// SPDX-License-Identifier: Apache-2.0

/// What can still come of a run, as far as its method knows: each includes those before it.
public enum Outlook: UInt8, BitwiseCopyable, Comparable, Sendable {
  /// Workers are busy, and time passes.
  case time
  /// Gradients, too.
  case arrivals
  /// Updates of the model, too.
  case updates

  public static func < (left: Outlook, right: Outlook) -> Bool { left.rawValue < right.rawValue }
}

extension Server {
  /// Whether to look if the run is hopeless: some job will never end, and the method has not said what that
  /// means for all others.
  @inlinable @inline(__always)
  public var mayBeHopeless: Bool { endless > 0 && outlook > .time }

  /// Says that from now on nothing beyond `outlook` can come, since that needs a gradient of a worker that
  /// will never deliver.
  ///
  /// The method goes on with its orders: a run up to a time has all that happens until then. One whose end
  /// depends on what cannot come ends as `.starved`.
  @inlinable
  public mutating func expectOnly(_ outlook: Outlook) { self.outlook = min(self.outlook, outlook) }
}

extension Stop {
  /// What a run must have in prospect to come to its end.
  public var outlook: Outlook {
    if let time, time < .infinity { return .time }
    if let energy = budget.energy, energy < .infinity { return .time }
    let isOfArrivals =
      arrivals != nil || budget.used != nil || budget.gradients != nil || budget.messages != nil
      || budget.coordinates != nil
    return isOfArrivals ? .arrivals : .updates
  }
}
