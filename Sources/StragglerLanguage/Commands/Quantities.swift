internal import StragglerLab

extension Command {
  /// What a trace holds, and what conditions can be about.
  static let quantities = Quantity.allCases.map(\.rawValue)
}
