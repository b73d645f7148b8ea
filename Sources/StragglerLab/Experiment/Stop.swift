/// When a run stops: at the first of these. What is left out does not stop it.
public struct Stop: Sendable {
  /// Model updates, counted from iteration 0.
  public var steps: Int?
  /// Simulated seconds.
  public var time: Double?
  /// Gradients delivered.
  public var arrivals: Int?
  /// Events handled, of whatever kind.
  public var events: Int?
  /// Looked at whenever a point of the trace is taken.
  public var conditions: [Condition]

  public init(
    steps: Int? = nil, time: Double? = nil, arrivals: Int? = nil, events: Int? = nil,
    conditions: [Condition] = []
  ) {
    self.steps = steps
    self.time = time
    self.arrivals = arrivals
    self.events = events
    self.conditions = conditions
  }

  /// Whether nothing would stop the run.
  public var isEmpty: Bool {
    steps == nil && time == nil && arrivals == nil && events == nil && conditions.isEmpty
  }

  /// A comparison such as ‖∇f‖² < 1e-4.
  public struct Condition: Sendable, Equatable {
    public enum Relation: String, Sendable, CaseIterable {
      case below = "<", atMost = "<=", above = ">", atLeast = ">="
    }

    public var quantity: Quantity
    public var relation: Relation
    public var bound: Double

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
  case steps, time, arrivals, condition
  /// No event can ever come, since every worker is stuck; or time stands still, since jobs take none.
  case starved
  /// The model or the loss is no longer finite.
  case diverged
  case interrupted
}
