// SPDX-License-Identifier: Apache-2.0

/// The vectors of a run: the points in flight, the slots, and the problem that evaluates gradients.
///
/// It carries out the orders that a method leaves in a `Server`. This is the only place where gradients are
/// evaluated, and only those that a method uses.
@safe
public struct Model<P: Problem>: ~Copyable {
  /// The objective, prepared; evaluations use its workspace.
  public var problem: P
  /// The seed of x⁰ and of the samples ξ.
  public let seed: UInt64
  /// d, the length of a vector.
  public let dimension: Int
  @usableFromInline let stride: Int
  @usableFromInline let points: Table<P.Scalar>
  @usableFromInline let slots: Table<P.Scalar>
  @usableFromInline let scratch: Table<P.Scalar>
  /// Room for a point y^h of local steps; empty where there are none.
  @usableFromInline let path: Table<P.Scalar>
  @usableFromInline let choice: SubsetDraw
  /// What workers send of a gradient; nil for all of it.
  @usableFromInline let compression: Compression?
  /// What worker and server both have of the worker's gradient, for every worker, where compression has error
  /// feedback; otherwise empty.
  @usableFromInline let feedback: Table<P.Scalar>
  /// What an update makes of the vector that it steps along; nil for the vector itself.
  @usableFromInline let stepRule: StepRule?
  /// The norm to which that vector is cut before.
  @usableFromInline let maxNorm: Double?
  /// The vectors that the rule remembers, and its numbers; empty where there is none.
  @usableFromInline let ruleState: Table<P.Scalar>
  @usableFromInline let ruleNumbers: Table<Double>
  @usableFromInline let polarFactor: PolarFactor<P.Scalar>
  /// The place of the newest point, at which gradients are computed.
  @usableFromInline var newest = 0
  /// Where x^k is.
  @usableFromInline var place = ModelPlace.newestPoint
  /// Room for the mean of the nodes' models.
  @usableFromInline let mean: Table<P.Scalar>

  /// Vectors for a prepared problem: `points` places for points and `slots` slots. Bytes: (points + slots +
  /// 1) · d scalars, 4d bytes where messages are compressed, d scalars where the model `averages` the nodes',
  /// d where there are `paths` of local steps, d for each of the `feedback` workers whose `compression` has
  /// error feedback, and what `stepRule` remembers.
  @inlinable
  public init(
    _ problem: consuming P, points: Int, slots: Int, compresses: Bool = false, averages: Bool = false,
    paths: Bool = false, compression: Compression? = nil, feedback workers: Int = 0,
    stepRule: StepRule? = nil, maxNorm: Double? = nil, seed: UInt64, arena: inout Arena
  ) throws(SetupError) {
    let dimension = problem.dimension
    // Long vectors start at cache lines; short ones are packed, since a million workers may have one each.
    let line = dimension < 64 ? 1 : Arena.alignment / MemoryLayout<P.Scalar>.stride
    let stride = (dimension + line - 1) / line * line
    let (pointScalars, pointOverflow) = points.multipliedReportingOverflow(by: stride)
    let (slotScalars, slotOverflow) = slots.multipliedReportingOverflow(by: stride)
    let (feedbackScalars, feedbackOverflow) = workers.multipliedReportingOverflow(by: stride)
    guard !pointOverflow, !slotOverflow, !feedbackOverflow else { throw .outOfMemory }
    let pointTable = try arena.table(of: P.Scalar.self, count: pointScalars)
    let slotTable = try arena.table(of: P.Scalar.self, count: slotScalars)
    let scratch = try arena.table(of: P.Scalar.self, count: dimension)
    let path = try arena.table(of: P.Scalar.self, count: paths ? dimension : 0)
    let mean = try arena.table(of: P.Scalar.self, count: averages ? dimension : 0)
    let feedback = try arena.table(of: P.Scalar.self, count: feedbackScalars)
    let ruleState = try arena.table(of: P.Scalar.self, count: (stepRule?.vectors ?? 0) * stride)
    let ruleNumbers = try arena.table(of: Double.self, count: stepRule == nil ? 0 : StepNumbers.count)
    let polarFactor = try PolarFactor(of: problem, for: stepRule, arena: &arena)
    choice = try SubsetDraw(count: compresses ? dimension : 0, arena: &arena)
    self.ruleState = ruleState
    self.ruleNumbers = ruleNumbers
    self.polarFactor = polarFactor
    self.stepRule = stepRule
    self.maxNorm = maxNorm
    self.feedback = feedback
    self.compression = compression
    self.problem = problem
    self.seed = seed
    self.dimension = dimension
    self.stride = stride
    self.points = pointTable
    self.slots = slotTable
    self.scratch = scratch
    self.path = path
    self.mean = mean
    if !arena.isMeasuring { reset() }
  }

  /// Back to x⁰, every slot empty.
  @inlinable
  public mutating func reset() {
    newest = 0
    place = .newestPoint
    finite = true
    slots.fill(0)
    feedback.fill(0)
    ruleState.fill(0)
    ruleNumbers.fill(0)
    if !ruleNumbers.isEmpty {
      (ruleNumbers[StepNumbers.power1], ruleNumbers[StepNumbers.power2]) = (1, 1)
    }
    var x = unsafe point(0).buffer.mutableSpan
    problem.start(&x, seed: seed)
  }

  /// x^k. The view ends with the next call to the model.
  @inlinable
  public var x: Table<P.Scalar> {
    switch place {
    case .newestPoint: point(newest)
    case .slot(let slot): self.slot(slot)
    case .mean(let models): mean(of: models)
    }
  }

  /// The point at which a worker computes for `order`: x^k for most methods. The view ends with the next
  /// call.
  @inlinable
  public func point(for order: WorkerOrder) -> Table<P.Scalar> {
    order.isCancellation ? point(newest) : point(Int(order.point))
  }

  /// The same for an order of a real worker.
  @inlinable
  public func point(for order: JobOrder) -> Table<P.Scalar> { point(Int(order.point)) }

  /// Whether x^k is finite; a run whose model is not has diverged.
  @inlinable public var isFinite: Bool { finite }
  @usableFromInline var finite = true

  /// Carries out the pending orders for vectors in `server`. False where x^k is not finite.
  @inlinable
  @discardableResult
  public mutating func execute(_ server: inout DrivenServer) -> Bool {
    for index in 0..<server.vectorOrderCount { carryOut(server.vectorOrder(index)) }
    server.vectorOrdersAreDone()
    return finite
  }

  @inlinable
  func point(_ place: Int) -> Table<P.Scalar> { points[place * stride..<place * stride + dimension] }

  @inlinable
  func slot(_ slot: Slot) -> Table<P.Scalar> {
    let start = Int(slot.index) * stride
    return slots[start..<start + dimension]
  }
}

// MARK: - Measurements

extension Model {
  /// f(x^k), whatever is evaluated of it along a run.
  @inlinable
  public mutating func objective() -> Double { unsafe problem.value(at: x.buffer.span) }

  /// f(x^k), or what is evaluated of it.
  @inlinable
  public mutating func value() -> Double { unsafe problem.evaluatedValue(at: x.buffer.span) }

  /// ‖∇f(x^k)‖², exact, or of what is evaluated of f.
  @inlinable
  public mutating func squaredGradientNorm() -> Double {
    let x = unsafe x.buffer.span
    var g = unsafe scratch.buffer.mutableSpan
    problem.evaluatedGradient(at: x, into: &g)
    return unsafe P.Scalar.squaredNorm(scratch.buffer.span)
  }

  /// The share of the test set that x^k gets right; NaN without a test set.
  @inlinable
  public mutating func accuracy() -> Double { unsafe problem.accuracy(at: x.buffer.span) }

  /// L, σ², f* and Δ, as far as the problem knows them, for the accuracy ε = `epsilon`. At x⁰.
  @inlinable
  public mutating func conditions(epsilon: Double) -> Conditions {
    var conditions = problem.conditions
    conditions.epsilon = epsilon
    conditions.dimension = dimension
    conditions.sampleCount = problem.sampleCount
    conditions.gap = objective() - conditions.optimum
    return conditions
  }
}
