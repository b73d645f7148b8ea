/// What a method sees while it prepares for a run: the fleet, the conditions, and the memory.
public struct Setup: ~Copyable {
  /// The workers; while the arena measures too, so that what is taken may depend on them.
  public let fleet: Fleet
  /// L, σ², Δ, ε and the rest, nan where nobody knows them.
  public let conditions: Conditions
  /// Where memory is taken from. It may only measure: its tables are then empty.
  public var arena: Arena
  /// Vectors of the model's length that the method adds gradients up in.
  public private(set) var slots = 0
  /// The largest delay δ of a gradient that the method may still use. Points older than that are dropped.
  public var horizon = Int.max
  /// The most orders for vectors that the method gives in one event.
  public var vectorOrders = 8
  /// Points that the method holds besides those that jobs are at, beyond one.
  public var heldPoints = 0
  /// Whether the method gives jobs at points that it holds.
  public var assignsHeldPoints = false
  /// Whether workers read the model while it changes, for how long depending on a job's duration.
  public internal(set) var readsPiecewise = false
  /// The seed of the run, for the method's own choices.
  public internal(set) var seed: UInt64 = 0
  /// Who is linked to whom, for decentralised methods.
  public var network: Network?
  /// Ways for messages between nodes: each has at most one on it at a time.
  public private(set) var channels = 0
  /// Whether every node has a model of its own, so that the mean of them is reported.
  public private(set) var averages = false
  /// K, the coordinates of a message where gradients are compressed.
  public private(set) var messageLength: Int?
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

  /// The arena with what has been taken from it; the set-up ends.
  public consuming func finish() -> Arena { arena }

  /// n, the number of workers.
  public var workers: Int { fleet.count }

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
      throw .invalid(key: "k", expected: "an integer from 1 to d, the dimension of the problem")
    }
    messageLength = coordinates
    return Double(conditions.dimension) / Double(coordinates) - 1
  }

  /// Notes what users have to be told of the method as it is configured: a part of a sentence, without a full
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

  /// Throws `error` where `condition` does not hold; passes while the arena only measures, when tables are
  /// empty.
  public func require(
    _ condition: @autoclosure () -> Bool, _ error: SetupError
  ) throws(SetupError) {
    if !arena.isMeasuring && !condition() { throw error }
  }

  /// L for the theory's value of `key`; throws `noTheory` where it is not known.
  public func smoothness(for key: StaticText) throws(SetupError) -> Double {
    guard conditions.smoothness > 0 else { throw .noTheory(key: key, missing: .smoothness) }
    return conditions.smoothness
  }

  /// σ²/ε for the theory's value of `key`; throws `noTheory` where it is not known.
  public func noiseRatio(for key: StaticText) throws(SetupError) -> Double {
    guard conditions.noiseRatio >= 0 else {
      throw .noTheory(key: key, missing: .variance)
    }
    return conditions.noiseRatio
  }

  /// max{1, ⌈σ²/ε⌉}, the batch of the theory, for `key`; throws where σ²/ε is not known or beyond 2⁵³.
  public func batch(for key: StaticText) throws(SetupError) -> Int {
    let batch = max(1, Theory.ceiling(try noiseRatio(for: key)))
    guard batch <= 0x1p53 else {
      throw .invalid(key: key, expected: "a batch given, since σ²/ε is beyond all bounds")
    }
    return Int(batch)
  }

  /// γ = (1/2L) min{1, εB/σ²}, the stepsize of SGD whose gradients have variance σ²/B.
  ///
  /// Throws where L or σ²/ε is not known. Source: the classical theorem for nonconvex SGD (Ghadimi and Lan,
  /// 2013).
  public func stepsize(batch: Double) throws(SetupError) -> Double {
    let noise = try noiseRatio(for: "gamma")
    return min(1, noise > 0 ? batch / noise : 1) / (2 * (try smoothness(for: "gamma")))
  }
}
