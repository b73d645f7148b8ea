// SPDX-License-Identifier: Apache-2.0

/// When a run stops: at the first of these bounds. What is left out does not stop it.
///
///     Stop(time: 5_000, conditions: [.init(.gradnorm2, .below, 1e-4)])
public struct Stop: Sendable {
  /// Model updates k, counted from iteration 0.
  public var updates: Int?
  /// Simulated seconds from the start; no event after that is handled.
  public var time: Double?
  /// Gradients delivered from the start, used or not.
  public var arrivals: Int?
  /// What may be spent from the start; the run stops after the event that spends the rest of one of them.
  public var budgets: [Budget]
  /// Events handled from the start, of whatever kind; the run is then `.interrupted`.
  public var events: Int?
  /// Any of these suffices. They are looked at after updates, as often as
  /// `Run.run(until:progress:interrupted:clock:)` says.
  public var conditions: [Condition]

  /// The bounds that are given; without any, a run goes on until it starves or diverges.
  public init(
    updates: Int? = nil, time: Double? = nil, arrivals: Int? = nil, events: Int? = nil,
    budgets: [Budget] = [], conditions: [Condition] = []
  ) {
    self.updates = updates
    self.time = time
    self.arrivals = arrivals
    self.events = events
    self.budgets = budgets
    self.conditions = conditions
  }

  /// Whether nothing would stop the run.
  public var isEmpty: Bool {
    isUnbounded && conditions.isEmpty
  }

  /// Whether only a condition would stop the run.
  var isUnbounded: Bool {
    updates == nil && time == nil && arrivals == nil && events == nil && budgets.isEmpty
  }

  /// Something that a run spends, and how much of it there is.
  public struct Budget: Sendable, Equatable {
    /// What never becomes less along a run, besides updates, time and arrivals.
    public enum Kind: String, Sendable, CaseIterable {
      /// Gradients used.
      case used
      /// Gradients delivered and not used.
      case discarded
      /// Jobs stopped before their end.
      case cancelled
      /// Stochastic gradients worth of worker time.
      case gradients
      /// Messages that have come from workers.
      case messages
      /// Coordinates in these messages.
      case coordinates
      /// Σ power · seconds over all jobs.
      case energy
    }

    /// What is spent.
    public var kind: Kind
    /// How much of it there is; for counts a whole number.
    public var bound: Double

    /// A budget of `bound`; where that is NaN there is none.
    public init(_ kind: Kind, _ bound: Double) { (self.kind, self.bound) = (kind, bound) }

    /// What has been spent at `point`.
    public func spent(at point: TracePoint) -> Double {
      switch kind {
      case .used: point[.used]
      case .discarded: point[.discarded]
      case .cancelled: point[.cancelled]
      case .gradients: point[.gradients]
      case .messages: point[.messages]
      case .coordinates: point[.coordinates]
      case .energy: point[.energy]
      }
    }
  }

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

/// Why a run stopped.
public enum StopReason: String, Sendable {
  /// As many updates as asked for.
  case updates = "steps"
  /// The next event would be later than asked for.
  case time
  /// As many gradients delivered as asked for.
  case arrivals
  /// As many gradients used as there was a budget for.
  case used
  /// As many gradients discarded.
  case discarded
  /// As many jobs cancelled.
  case cancelled
  /// As many stochastic gradients.
  case gradients
  /// As many messages.
  case messages
  /// As many coordinates.
  case coordinates
  /// As much energy.
  case energy
  /// One of the conditions holds.
  case condition
  /// No event can come: every worker is stuck, or jobs take no time.
  case starved
  /// The model or the loss is no longer finite, or the gap has grown beyond 10⁶ times the first.
  case diverged
  /// The method's code has a mistake; ``Run/failure`` says which.
  case failed
  /// It was interrupted, or the bound on events was met; it can go on.
  case interrupted
}
