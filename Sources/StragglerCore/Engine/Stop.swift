// SPDX-License-Identifier: Apache-2.0

/// When a run stops, in simulation or with real workers: at the first of these bounds. What is left out does
/// not stop it.
///
///     Stop(updates: 10_000, time: 60)
public struct Stop: BitwiseCopyable, Equatable, Sendable {
  /// Model updates k, counted from iteration 0.
  public var updates: Int?
  /// Seconds from the start, simulated or of the workers' clock; no event after that is handled. One that is
  /// NaN is none.
  public var time: Double?
  /// Gradients delivered from the start, used or not.
  public var arrivals: Int?
  /// Events handled from the start, of whatever kind; the run is then `.interrupted`.
  public var events: Int?
  /// What may be spent from the start; the run stops after the event that spends the rest of it.
  public var budget: Budget

  /// The bounds that are given; without any, a run goes on until it starves or diverges.
  public init(
    updates: Int? = nil, time: Double? = nil, arrivals: Int? = nil, events: Int? = nil,
    budget: Budget = Budget()
  ) {
    (self.updates, self.time, self.arrivals, self.events) = (updates, time, arrivals, events)
    self.budget = budget
  }

  /// Whether nothing would stop the run.
  public var isEmpty: Bool { self == Stop() }

  /// How much there is of what a run spends: what never becomes less along it, besides updates, time and
  /// arrivals.
  public struct Budget: BitwiseCopyable, Equatable, Sendable {
    /// Gradients used.
    public var used: Int?
    /// Gradients delivered and not used.
    public var discarded: Int?
    /// Jobs stopped before their end.
    public var cancelled: Int?
    /// Stochastic gradients worth of worker time.
    public var gradients: Int?
    /// Messages that have come from workers.
    public var messages: Int?
    /// Coordinates in these messages.
    public var coordinates: Int?
    /// Σ power · seconds over all jobs; one that is NaN is none.
    public var energy: Double?

    /// The parts that are given.
    public init(
      used: Int? = nil, discarded: Int? = nil, cancelled: Int? = nil, gradients: Int? = nil,
      messages: Int? = nil, coordinates: Int? = nil, energy: Double? = nil
    ) {
      (self.used, self.discarded, self.cancelled) = (used, discarded, cancelled)
      (self.gradients, self.messages, self.coordinates) = (gradients, messages, coordinates)
      self.energy = energy
    }
  }
}

/// Why a run stopped.
public enum StopReason: UInt8, BitwiseCopyable, Sendable {
  /// As many updates as asked for.
  case updates
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
  /// The model is no longer finite, or in an experiment the loss, or the gap has grown beyond 10⁶ times the
  /// first.
  case diverged
  /// The method's code has a mistake; `DrivenServer.fault` and `Run.failure` say which.
  case failed
  /// It was interrupted, or the bound on events was met; it can go on.
  case interrupted
}
