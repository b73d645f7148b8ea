// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// When a run stops: the arguments of `run`, `compare` and `sweep`.
struct StopArguments: ArgumentSet {
  var updates: Given<Int>?
  var time: Given<Double>?
  var arrivals: Given<Int>?
  var budgets: [Stop.Budget] = []
  var conditions: [Given<Stop.Condition>] = []

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.key("updates", formerly: "steps", &updates, .integer(0...), "updates of the model")
    arguments.key("time", &time, .nonnegative, "simulated seconds")
    arguments.key("arrivals", &arrivals, .integer(0...), "gradients delivered to the server")
    for kind in Stop.Budget.Kind.allCases {
      var bound: Given<Double>?
      arguments.key(kind.rawValue, &bound, kind == .energy ? .nonnegative : .count, kind.summary)
      if let bound { budgets.append(Stop.Budget(kind, bound.value)) }
    }
    arguments.conditions(&conditions)
  }

  var stop: Stop {
    Stop(
      updates: updates?.value, time: time?.value, arrivals: arrivals?.value,
      budgets: budgets, conditions: conditions.map(\.value))
  }

  /// The same for a command that needs one.
  func stop(for command: String, at place: Place) throws(Diagnostic) -> Stop {
    guard !stop.isEmpty else { throw Diagnostic(.noStop(of: command), at: place) }
    return stop
  }

  /// All of it, as words of a configuration.
  var words: [String] {
    let counts: [(String, Double?)] =
      [
        ("updates", updates.map { Double($0.value) }), ("time", time?.value),
        ("arrivals", arrivals.map { Double($0.value) }),
      ] + budgets.map { ($0.kind.rawValue, $0.bound) }
    return counts.compactMap { name, number in number.map { "\(name)=\(NumberFormat.text($0))" } }
  }

  /// The conditions, in the same way.
  var conditionWords: [String] {
    conditions.map(\.value).map {
      $0.quantity.rawValue + $0.relation.rawValue + NumberFormat.text($0.bound)
    }
  }
}

/// The seeds of a comparison or sweep.
struct SeedArguments: ArgumentSet {
  var count: Given<Int>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.key(
      "seeds", &count, .integer(1...1_000_000), "how many seeds, from the one of `seed` on", standard: "1")
  }

  /// The seeds from `first` on.
  func seeds(from first: UInt64) -> [UInt64] { (0..<(count?.value ?? 1)).map { first &+ UInt64($0) } }
}

extension Stop.Budget.Kind {
  fileprivate var summary: String {
    switch self {
    case .used: "gradients used"
    case .discarded: "gradients delivered and not used"
    case .cancelled: "jobs stopped before their end"
    case .gradients: "stochastic gradients worth of worker time"
    case .messages: "messages from workers"
    case .coordinates: "coordinates in messages from workers"
    case .energy: "power times seconds over all jobs"
    }
  }
}
