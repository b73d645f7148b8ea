// SPDX-License-Identifier: Apache-2.0

/// What is put on a method without its knowledge: how its stepsize changes, what workers send, and what an
/// update makes of the vector that it steps along.
///
/// The set-up of a run holds them, and the server and the model carry them out, so that they are the same
/// for every method. The theory of the methods knows none of them.
public struct Modifiers: BitwiseCopyable, Equatable, Sendable {
  /// γ as it changes from update to update; nil for the method's constant one.
  public var stepsize: StepsizeSchedule?
  /// What workers send of a gradient; nil for all of it.
  public var compression: Compression?
  /// Whether compression has error feedback, EF21: every worker and the server keep the same vector, a
  /// worker sends its gradient's compressed difference to that, and the server takes the vector with the
  /// difference added for the gradient. Unbiased compressors are divided by 1 + ω for it. n · d scalars of
  /// memory.
  ///
  /// The vector moves when a gradient is used. Source: Richtárik, Sokolov, Fatkhullin, arXiv 2106.05203;
  /// with stochastic gradients arXiv 2110.03294.
  public var hasFeedback = false
  /// What an update makes of the vector that it steps along; nil for the vector itself, as in SGD.
  public var step: StepRule?
  /// c: that vector, G, becomes G·min{1, c/‖G‖} before the rule; nil for no bound.
  public var maxNorm: Double?

  /// H, the local steps of every worker's job in place of its gradient; nil for the gradient.
  public var localSteps: PerWorker?

  /// C, how many workers are at work at a time; nil for all. One that has delivered goes to the back of a
  /// queue of the others, which begins in random order.
  public var active: Int?

  /// A method as it is, but for what is given.
  public init(
    stepsize: StepsizeSchedule? = nil, compression: Compression? = nil, hasFeedback: Bool = false,
    localSteps: PerWorker? = nil, step: StepRule? = nil, maxNorm: Double? = nil, active: Int? = nil
  ) {
    (self.stepsize, self.compression, self.hasFeedback) = (stepsize, compression, hasFeedback)
    (self.localSteps, self.step, self.maxNorm) = (localSteps, step, maxNorm)
    self.active = active
  }

  /// Which modifiers a method takes.
  public struct Kinds: BitwiseCopyable, Sendable {
    /// `Modifiers.stepsize`: every update goes through `Server.step(along:by:over:)` or
    /// `Server.step(keeping:by:over:)`.
    public let stepsize: Bool
    /// `Modifiers.compression`: the gradients that the method uses come from
    /// `Server.accumulate(_:into:weight:)`, and workers send them whole.
    public let compression: Bool
    /// `Modifiers.step` and `Modifiers.maxNorm`: every update goes through a `step(along:…)` or
    /// `step(keeping:…)` of `Server`.
    public let step: Bool
    /// `Modifiers.localSteps`: a job is given by `Server.assign(_:)` and the like, and what it sends comes
    /// in by `Server.accumulate(_:into:weight:)`.
    public let local: Bool

    /// Those that are true; one whose `stepsize` may change also takes a rule of its `step`.
    @inlinable
    public init(
      stepsize: Bool = false, compression: Bool = false, local: Bool = false, step: Bool = false
    ) {
      (self.stepsize, self.compression) = (stepsize, compression)
      (self.local, self.step) = (local, step || stepsize)
    }

    /// `Modifiers.active`: every job is given by `Server.assign(_:)`, at the start to every
    /// worker that may work and then to the one that has delivered. Who is at work then says
    /// `Server.startNext`.
    public private(set) var active = false

    /// These, and only some workers at work at a time.
    public var withTurns: Kinds {
      var kinds = self
      kinds.active = true
      return kinds
    }

    /// No modifiers.
    @inlinable public static var none: Kinds { Kinds() }
    /// A stepsize that changes, and rules of the step.
    @inlinable public static var stepsize: Kinds { Kinds(stepsize: true) }
    /// Compression of gradients.
    @inlinable public static var compression: Kinds { Kinds(compression: true) }
    /// All modifiers but `active`.
    @inlinable public static var all: Kinds { Kinds(stepsize: true, compression: true, local: true) }
  }
}
