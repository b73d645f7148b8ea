// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// When a run stops: the arguments of `run`, `compare` and `sweep`.
struct StopArguments: ArgumentSet {
  var updates: Given<Int>?
  var time: Given<Double>?
  var arrivals: Given<Int>?
  var budget = Stop.Budget()
  var conditions: [Given<Stop.Condition>] = []

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.key("updates", formerly: "steps", &updates, .integer(0...), "updates of the model")
    arguments.key("time", &time, .nonnegative, "simulated seconds")
    arguments.key("arrivals", &arrivals, .integer(0...), "gradients delivered to the server")
    for (quantity, part, summary) in Stop.Budget.counts {
      var bound: Given<Int>?
      arguments.key(quantity.rawValue, &bound, .integer(1...), summary)
      if let bound { budget[keyPath: part] = bound.value }
    }
    var energy: Given<Double>?
    arguments.key(Quantity.energy.rawValue, &energy, .nonnegative, "power times seconds over all jobs")
    if let energy { budget.energy = energy.value }
    arguments.conditions(&conditions)
  }

  var stop: Stop {
    Stop(updates: updates?.value, time: time?.value, arrivals: arrivals?.value, budget: budget)
  }

  /// The same for a command that needs one.
  func stop(for command: String, at place: Place) throws(Diagnostic) -> Stop {
    guard !stop.isEmpty || !conditions.isEmpty else { throw Diagnostic(.noStop(of: command), at: place) }
    return stop
  }

  /// All of it, as words of a configuration.
  var words: [String] {
    let counts: [(String, Double?)] =
      [
        ("updates", updates.map { Double($0.value) }), ("time", time?.value),
        ("arrivals", arrivals.map { Double($0.value) }),
      ] + budget.parts.map { ($0.rawValue, $1) }
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

extension Stop.Budget {
  /// The parts that are counts.
  fileprivate static var counts: [(Quantity, WritableKeyPath<Stop.Budget, Int?>, summary: String)] {
    [
      (.used, \.used, "gradients used"),
      (.discarded, \.discarded, "gradients delivered and not used"),
      (.cancelled, \.cancelled, "jobs stopped before their end"),
      (.gradients, \.gradients, "stochastic gradients worth of worker time"),
      (.messages, \.messages, "messages from workers"),
      (.coordinates, \.coordinates, "coordinates in messages from workers"),
    ]
  }

  /// The parts that are given, as numbers.
  var parts: [(Quantity, Double)] {
    Self.counts.compactMap { quantity, part, _ in self[keyPath: part].map { (quantity, Double($0)) } }
      + (energy.map { [(.energy, $0)] } ?? [])
  }
}
