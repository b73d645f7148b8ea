// SPDX-License-Identifier: Apache-2.0

/// What a method sees while it prepares for a run: the fleet, the conditions, and the memory.
public struct Setup: ~Copyable {
  /// The workers; while the arena measures too, so that what is taken may depend on them.
  public let fleet: Fleet
  /// L, σ², Δ, ε and the other constants; NaN where unknown.
  public let conditions: Conditions
  /// Where memory is taken from. It may only measure: its tables are then empty.
  public var arena: Arena
  /// Vectors of the model's length that the method adds gradients up in.
  public private(set) var slots = 0
  /// The largest delay δ of a gradient that the method may still use. Points older than that are dropped.
  public var horizon = Int.max
  /// Points that the method holds besides those that jobs are at, beyond one.
  public var heldPoints = 0
  /// Whether the method gives jobs at points that it holds.
  public var assignsHeldPoints = false
  /// Whether gradients are evaluated at a second point, which the method holds.
  public var evaluatesPairs = false
  /// Whether workers read the model while it changes, for how long depending on a job's duration.
  public internal(set) var readsPiecewise = false
  /// Whether the model has to come to the workers: not where the only one that works makes every point
  /// itself. Between the nodes of a network it comes by messages, whatever this says.
  public var sendsModel = true
  /// The seed of the run, for the method's own choices.
  public internal(set) var seed: UInt64 = 0
  /// The links between the workers, for decentralised methods.
  public var network: Network?
  /// Ways for messages between nodes: each has at most one on it at a time.
  public private(set) var channels = 0
  /// Whether every node has a model of its own, so that the mean of them is reported.
  public private(set) var averages = false
  /// K, the coordinates of a message where gradients are compressed.
  public private(set) var messageLength: Int?
  /// What is put on the method.
  public var modifiers = Modifiers()
  /// Whether the method corrects local steps by a vector, which real workers do not have.
  public var shiftsLocalSteps = false
  /// Who may work where `modifiers` let only some work at a time; all workers where it is empty.
  public var workersInTurn = Table<Int32>()
  /// Whether jobs may have more than one gradient, so that sums along local steps are evaluated.
  public internal(set) var hasLocalSteps = false
  /// Whether workers may make local steps until they are stopped.
  var hasOpenEndedWork = false
  /// What jobs consist of where that is more than a gradient.
  var local = LocalWork()
  /// Whether searches through a large network may end with `unfinished`: the next set-up with the same
  /// network goes on.
  public var isInSlices = false
  private var remarks: InlineArray<4, StaticText?> = InlineArray(repeating: nil)
  /// How many remarks there are, from 0 to 4.
  public private(set) var remarkCount = 0

  /// A set-up that takes memory from `arena`; `finish()` gives it back.
  public init(fleet: Fleet, conditions: Conditions, arena: consuming Arena) {
    self.fleet = fleet
    self.conditions = conditions
    self.arena = arena
  }

  /// How many orders for vectors one event may give. It follows from what the method has taken: a few, one
  /// more for each slot, four for each channel of a network and for each worker that compresses, and five
  /// for each slot where every node has a model.
  public var vectorOrderCapacity: Int {
    16 + (averages ? 5 : 1) * slots + 4 * channels + (messageLength == nil ? 0 : 4 * workers)
  }

  /// Whether workers wait for the model that a server sends. O(n).
  public var hasDownloads: Bool { sendsModel && channels == 0 && !averages && fleet.hasDownloads }

  /// The arena with what has been taken from it; the set-up ends.
  public consuming func finish() -> Arena { arena }

  /// n, the number of workers.
  public var workers: Int { fleet.count }

  /// How many workers are at work at a time, unless the method itself lets fewer work.
  public var concurrency: Int { min(modifiers.active ?? workers, workers) }

  /// A slot to add gradients up in, empty at the start.
  public mutating func slot() -> Slot {
    slots += 1
    return Slot(index: Int32(truncatingIfNeeded: slots - 1))
  }

  /// `count` ways for messages, which have the numbers from the one that is returned on.
  public mutating func channels(_ count: Int) -> Int {
    channels += count
    return channels - count
  }

  /// A model for every node in slots, from which the mean is reported.
  public mutating func models() -> Slots {
    averages = true
    return slotsForWorkers()
  }

  /// A value for every worker, all bytes zero. While the arena measures, the table is empty: loop over its
  /// indices. Throws `outOfMemory`. O(n).
  public mutating func table<Element: BitwiseCopyable>(
    of type: Element.Type
  ) throws(SetupError) -> Table<Element> {
    try arena.table(of: type, count: fleet.count)
  }

  /// Has workers send `coordinates` of the d coordinates of a vector only, and returns ω = d/K − 1 of RandK,
  /// which keeps K coordinates drawn without replacement, times d/K: E‖C(v) − v‖² ≤ ω‖v‖². Throws unless K is
  /// from 1 to d.
  public mutating func compress(to coordinates: Int) throws(SetupError) -> Double {
    guard coordinates >= 1, coordinates <= min(conditions.dimension, Int(Int32.max)) else {
      throw .invalid(key: "K", expected: "an integer from 1 to d, the dimension of the problem")
    }
    messageLength = coordinates
    return Double(conditions.dimension) / Double(coordinates) - 1
  }

  /// Has workers send vectors as `compression` makes them. Throws where that does not fit the dimension.
  public mutating func compress(by compression: Compression) throws(SetupError) {
    switch compression {
    case .randK(let count), .topK(let count):
      guard count >= 1, count <= min(conditions.dimension, Int(Int32.max)) else {
        throw .invalid(key: "compress", expected: "from 1 to d coordinates, the dimension of the problem")
      }
    case .qsgd(let levels):
      guard levels >= 1, levels < Int32.max else {
        throw .invalid(key: "compress", expected: "from 1 to 2^31 - 2 levels")
      }
    case .natural, .sign: break
    }
    messageLength = compression.coordinates(dimension: conditions.dimension)
  }

  /// Puts `modifiers` on the method, which has prepared and takes those of `kinds`. Throws where it does not
  /// take one that is there, or where that does not fit the problem.
  mutating func modify(_ kinds: Modifiers.Kinds, gamma: Parameter<Double>) throws(SetupError) {
    try modifyJobs(kinds, gamma)
    if let stepsize = modifiers.stepsize {
      guard kinds.stepsize, !stepsize.isTooLong else {
        throw .impossible(
          "an expression for gamma in a method whose stepsize has a rule of its own, or one that is too long",
          remedy: "give a number")
      }
    }
    try checkStepRule(kinds, hasTheorysStepsize: gamma.given == nil)
    try checkActive(kinds, hasTheorysStepsize: gamma.given == nil)
    guard let compression = modifiers.compression else { return }
    guard kinds.compression else {
      throw .impossible(
        "compression in a method that does not send whole gradients to a server",
        remedy: "take one that does, such as rennala or ringmaster")
    }
    try compress(by: compression)
    if gamma.given == nil {
      try remark("gamma is the theorem's for whole gradients, and these are compressed: it promises nothing")
    }
  }

  private mutating func checkActive(
    _ kinds: Modifiers.Kinds, hasTheorysStepsize: Bool
  ) throws(SetupError) {
    guard let active = modifiers.active else { return }
    guard kinds.active else {
      throw .impossible(
        "workers that wait for their turn, in a method that chooses its workers by itself",
        remedy: "take one that does not, such as asgd or ringmaster")
    }
    guard active >= 1, active <= workers else {
      throw .invalid(key: "active", expected: "an integer from 1 to n, the number of workers")
    }
    if hasTheorysStepsize, active < workers {
      try remark("gamma is the theorem's for all workers at work, and some wait here: it promises nothing")
    }
  }

  /// Adds a remark for users about the method as it is configured: a part of a sentence, without a full
  /// stop. A fifth throws `impossible`.
  public mutating func remark(_ text: StaticText) throws(SetupError) {
    guard remarkCount < remarks.count else {
      throw .impossible(
        "a method with more than 4 remarks", remedy: "make fewer in its prepare(_:) and predict(_:)")
    }
    remarks[remarkCount] = text
    remarkCount += 1
  }

  /// Remark number `index`, in the order in which they were made.
  public func remark(_ index: Int) -> StaticText? { index < remarkCount ? remarks[index] : nil }
}
