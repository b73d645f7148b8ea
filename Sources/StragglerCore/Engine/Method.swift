// SPDX-License-Identifier: Apache-2.0

/// An optimizer: a state machine that receives events and leaves orders in a ``Server``.
///
/// A method is a value whose state is a few numbers; what it needs for every worker comes from the arena in
/// `prepare`. It never touches a vector or a clock, and what it draws at random follows from the seed of the
/// run, so that the simulator, threads and an embedding program can all drive it. Nothing but `keys`,
/// `prepare` and `predict` throws, and nothing allocates. To add one to the library: one file that conforms,
/// and one line in `Methods`; your own method stays in your module, and `Catalogue.add(_:)` registers its
/// name.
///
///     struct Simple: Method {
///       static var name: StaticText { "simple" }
///       static var summary: StaticText { "Asynchronous SGD in its simplest form" }
///       var gamma: Parameter<Double> = 0.1
///       private var sum = Slot()
///
///       init() {}
///       mutating func keys(_ keys: inout Keys) throws(SetupError) {}
///       mutating func prepare(_ setup: inout Setup) throws(SetupError) { sum = setup.slot() }
///       mutating func begin(_ server: inout Server) { server.assignAll() }
///       mutating func receive(_ arrival: Arrival, _ server: inout Server) {
///         server.accumulate(arrival, into: sum)
///         server.step(along: sum, by: gamma.value)
///         server.assign(arrival.worker)
///       }
///     }
public protocol Method: BitwiseCopyable, Sendable {
  /// The name in the command language.
  static var name: StaticText { get }
  /// One line for `help`: what it does and its source.
  static var summary: StaticText { get }
  /// Whether workers may have objectives fᵢ of their own, with f = (1/n) Σ fᵢ; false by default.
  static var allowsHeterogeneousData: Bool { get }

  /// Whether it runs on a network of nodes, without a server; false by default.
  static var needsNetwork: Bool { get }

  /// How random durations enter the time of `predict`; as an estimate where a method does not say.
  static var randomDurations: RandomDurations { get }

  /// The forms that `advise` weighs; nil, where a method does not say, for none.
  static var advised: AdvisedForms? { get }

  /// Which modifiers it takes, such as compression of its gradients; none by default.
  static var modifiers: Modifiers.Kinds { get }

  /// The method with every key at its standard value.
  init()

  /// Names every key once and binds what was given; throws for a value that is out of range. Runs any number
  /// of times.
  mutating func keys(_ keys: inout Keys) throws(SetupError)

  /// Takes memory and fills in parameters that were left out with the values of the theorem. Runs twice:
  /// first against an arena that only measures and gives out empty tables.
  ///
  /// Throws where the theory needs a constant that is not known, the memory is not enough, or the fleet does
  /// not fit.
  mutating func prepare(_ setup: inout Setup) throws(SetupError)

  /// γ, whose value is in force once the method is prepared; NaN for a method that has none.
  var gamma: Parameter<Double> { get }

  /// What the theorem about the method says of the fleet and the goal of `setup`, once prepared with it; nil
  /// where there is none. Lists that it returns are in the arena.
  func predict(_ setup: inout Setup) throws(SetupError) -> Prediction?

  /// The first orders, at x⁰ and time 0.
  mutating func begin(_ server: inout Server)

  /// A worker's job has ended. The worker waits until it is given another one.
  ///
  /// `Server.accumulate` adds the gradient, unless the job was clipped; one that is not used is never
  /// evaluated.
  mutating func receive(_ arrival: Arrival, _ server: inout Server)

  /// A step of the open-ended work of `worker` is complete, and it goes on unless it is ordered otherwise:
  /// `Server.handIn` has it send the sum. For methods that have called `Setup.takeOpenEndedWork(by:)`.
  mutating func completeStep(_ worker: Int, _ server: inout Server)

  /// A message has come to the end of `channel`, on which another may be sent now. For decentralised methods.
  mutating func deliver(_ channel: Int, _ server: inout Server)

  /// A worker is on again. For methods that found none available when a round was to begin
  /// (`Participation`).
  mutating func wake(_ server: inout Server)
}

extension Method {
  /// The method with what `change` sets: `Rennala { $0.batch = 20 }`.
  @inlinable
  public init(_ change: (inout Self) -> Void) {
    self.init()
    change(&self)
  }

  /// A method without open-ended work never sees a step.
  @inlinable
  public mutating func completeStep(_ worker: Int, _ server: inout Server) {}

  /// A method that sends nothing between nodes never receives a message.
  @inlinable
  public mutating func deliver(_ channel: Int, _ server: inout Server) {}

  /// A method that never waits for workers to be on is not called.
  @inlinable
  public mutating func wake(_ server: inout Server) {}
}

extension Method {
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? { nil }

  @inlinable public static var allowsHeterogeneousData: Bool { false }
  @inlinable public static var needsNetwork: Bool { false }
  @inlinable public static var randomDurations: RandomDurations { .estimate }
  @inlinable public static var advised: AdvisedForms? { nil }
  @inlinable public static var modifiers: Modifiers.Kinds { .none }

  /// Throws where workers have different objectives and the method would not converge to the minimum of their
  /// mean.
  @inlinable
  public static func check(_ conditions: Conditions, workers: Int) throws(SetupError) {
    guard conditions.isHeterogeneous, workers > 1, !allowsHeterogeneousData else { return }
    if needsNetwork {
      throw .impossible(
        "a method for nodes that share one objective, on heterogeneous data",
        remedy: "take a method for heterogeneous data such as amelie, or force=true to see where it goes")
    }
    throw .impossible(
      "a method for workers that share one objective, on heterogeneous data",
      remedy:
        """
        take a method for heterogeneous data such as malenia or ringleader, or force=true to see \
        where it goes
        """
    )
  }
}

/// The end of a job, as a method sees it.
public struct Arrival: BitwiseCopyable, Sendable {
  /// Whose job it was, from 0.
  public let worker: Int
  /// δ = k − s: how many updates ago the job's point was the newest.
  public let delay: Int
  /// Whether the job was given up when its allotted time was over: there is no gradient.
  public let isClipped: Bool
  /// How long the job took, in seconds.
  public let duration: Double

  @inlinable
  init(worker: Int, delay: Int, isClipped: Bool, duration: Double) {
    self.worker = worker
    self.delay = delay
    self.isClipped = isClipped
    self.duration = duration
  }
}
