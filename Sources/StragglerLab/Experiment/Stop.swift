// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

// What an experiment adds to the bounds of a run: conditions on what is measured, and words.

extension Stop {
  /// A comparison such as ‖∇f‖² < 1e-4.
  public struct Condition: Sendable, Equatable {
    /// How a quantity is compared with the bound.
    public enum Relation: String, Sendable, CaseIterable {
      /// Less than the bound.
      case below = "<"
      /// Less than the bound or equal to it.
      case atMost = "<="
      /// Greater than the bound.
      case above = ">"
      /// Greater than the bound or equal to it.
      case atLeast = ">="
    }

    /// What is compared.
    public var quantity: Quantity
    /// How it is compared.
    public var relation: Relation
    /// What it is compared with; nothing compares with NaN.
    public var bound: Double

    /// `quantity` `relation` `bound`, as in `Condition(.gap, .below, 1e-6)`.
    public init(_ quantity: Quantity, _ relation: Relation, _ bound: Double) {
      self.quantity = quantity
      self.relation = relation
      self.bound = bound
    }

    /// Whether it holds at `point`; a quantity that is not known meets nothing.
    public func holds(at point: TracePoint) -> Bool {
      let value = point[quantity]
      return switch relation {
      case .below: value < bound
      case .atMost: value <= bound
      case .above: value > bound
      case .atLeast: value >= bound
      }
    }
  }
}

extension StopReason {
  /// The reason in a word, as in reports.
  public var word: String {
    switch self {
    case .updates: "steps"
    case .time: "time"
    case .arrivals: "arrivals"
    case .used: "used"
    case .discarded: "discarded"
    case .cancelled: "cancelled"
    case .gradients: "gradients"
    case .messages: "messages"
    case .coordinates: "coordinates"
    case .energy: "energy"
    case .condition: "condition"
    case .starved: "starved"
    case .diverged: "diverged"
    case .failed: "failed"
    case .interrupted: "interrupted"
    }
  }

  /// The reason that has this word; nil where none has.
  init?(word: String) {
    let all = (0...UInt8.max).lazy.compactMap { Self(rawValue: $0) }
    guard let reason = all.first(where: { $0.word == word }) else { return nil }
    self = reason
  }
}

/// What a run is to come to: the bounds of its stop, and conditions of which any suffices.
struct Goal: Sendable {
  var stop = Stop()
  var conditions: [Stop.Condition] = []

  /// Whether only a condition would stop the run.
  var isUnbounded: Bool { stop.isEmpty }

  /// Whether a run that ended so came to what was asked for: the condition, or without one its bounds.
  func isReached(_ reason: StopReason?) -> Bool {
    switch reason {
    case .condition: true
    case .updates, .time, .arrivals, .used, .discarded, .cancelled, .gradients, .messages, .coordinates,
      .energy:
      conditions.isEmpty
    case .starved, .diverged, .failed, .interrupted, nil: false
    }
  }
}

extension Comparison { var goal: Goal { Goal(stop: stop, conditions: conditions) } }

extension Sweep { var goal: Goal { Goal(stop: stop, conditions: conditions) } }

extension Stop {
  /// The same with `share` of its bounds.
  func scaled(by share: Double) -> Stop {
    func part(_ count: Int?) -> Int? { count.map { Int(share * Double($0)) } }
    let budget = Budget(
      used: part(budget.used), discarded: part(budget.discarded), cancelled: part(budget.cancelled),
      gradients: part(budget.gradients), messages: part(budget.messages),
      coordinates: part(budget.coordinates), energy: budget.energy.map { share * $0 })
    return Stop(
      updates: part(updates), time: time.map { share * $0 }, arrivals: part(arrivals), events: part(events),
      budget: budget)
  }
}
