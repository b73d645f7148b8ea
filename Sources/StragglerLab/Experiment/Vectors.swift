// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// The vectors and the problem of a run behind closures, one indirect call a gradient, so that methods and
/// problems are not compiled for every combination.
@usableFromInline
struct Vectors {
  /// Carries out the orders for vectors in the server; false if the model is no longer finite.
  @usableFromInline let execute: (inout DrivenServer) -> Bool
  @usableFromInline let conditions: Conditions
  /// What is measured along the run.
  let measured: Measured
  /// What evaluating f costs, in stochastic gradients.
  let evaluationCost: Double
  /// What evaluations take, in nanoseconds.
  let work: EvaluationWork
  let reset: () -> Void
  /// f(x^k), ‖∇f(x^k)‖² or the accuracy.
  let measure: (Evaluation) -> Double
  /// Saves the state of the vectors, except for their arena, and returns a closure that restores it.
  let mark: () -> () -> Void
  /// x^k in doubles.
  let model: () -> [Double]
  /// (1/n) Σ ‖xᵢ − x̄‖² where every node has a model.
  let consensus: () -> Double
  /// Everything that the vectors hold.
  let state: () -> [UInt8]
  /// How many bytes that is.
  let stateByteCount: Int
  /// Takes over what `state` gave; false where it is of other vectors.
  let setState: ([UInt8]) -> Bool
  /// The bytes of the point at which the worker of an order computes.
  let point: (JobOrder) -> [UInt8]

  @inlinable
  init<P: Problem>(_ model: consuming Model<P>, conditions: Conditions, optimum: Double) {
    let box = Shared(model)
    let sample = box.value.problem.evaluated
    let isWhole = sample.map { $0.rows == $0.allRows } ?? true
    let measured =
      isWhole
      ? Measured(optimum: conditions.optimum, gap: conditions.gap, sample: sample)
      : Measured(optimum: optimum, gap: box.value.value() - optimum, sample: sample)
    self.init(
      execute: { server in box.value.execute(&server) },
      conditions: conditions, measured: measured, evaluationCost: box.value.problem.evaluationCost,
      work: box.value.problem.evaluationWork,
      reset: { box.value.reset() },
      measure: { evaluation in
        switch evaluation {
        case .value: box.value.value()
        case .squaredGradientNorm: box.value.squaredGradientNorm()
        case .accuracy: box.value.accuracy()
        }
      },
      mark: {
        let mark = box.value.mark
        return { box.value.goBack(to: mark) }
      },
      model: {
        let x = box.value.x
        return x.indices.map { Double(x[$0]) }
      },
      state: {
        var bytes = [UInt8](repeating: 0, count: box.value.stateByteCount)
        var span = bytes.mutableSpan
        _ = box.value.copyState(into: &span)
        return bytes
      },
      stateByteCount: box.value.stateByteCount,
      setState: { box.value.setState(from: $0.span) }, consensus: { box.value.consensus() },
      point: { box.value.point(for: $0).bytes })
  }

  /// Vectors of which nothing is ever evaluated.
  static var idle: Vectors {
    Vectors(
      execute: { server in
        server.vectorOrdersAreDone()
        return true
      },
      conditions: Conditions(), measured: Measured(optimum: .nan, gap: .nan, sample: nil),
      evaluationCost: 1,
      work: EvaluationWork(value: 0, gradient: 0, accuracy: 0, sample: 0), reset: {}, measure: { _ in .nan },
      mark: { {} }, model: { [] }, state: { [] }, stateByteCount: 0, setState: { _ in false },
      consensus: { .nan }, point: { _ in [] })
  }

  @usableFromInline
  init(
    execute: @escaping (inout DrivenServer) -> Bool, conditions: Conditions, measured: Measured,
    evaluationCost: Double, work: EvaluationWork, reset: @escaping () -> Void,
    measure: @escaping (Evaluation) -> Double,
    mark: @escaping () -> () -> Void, model: @escaping () -> [Double], state: @escaping () -> [UInt8],
    stateByteCount: Int,
    setState: @escaping ([UInt8]) -> Bool, consensus: @escaping () -> Double,
    point: @escaping (JobOrder) -> [UInt8]
  ) {
    self.execute = execute
    self.conditions = conditions
    self.measured = measured
    self.evaluationCost = evaluationCost
    self.work = work
    self.reset = reset
    self.measure = measure
    self.mark = mark
    self.model = model
    self.consensus = consensus
    self.state = state
    self.stateByteCount = stateByteCount
    self.setState = setState
    self.point = point
  }
}

/// What is measured along a run: f, or its mean over some of the samples.
@usableFromInline
struct Measured {
  /// Its infimum; NaN where that is not known.
  @usableFromInline let optimum: Double
  /// How much it is above that at x⁰.
  @usableFromInline let gap: Double
  /// How much of the data it is; nil for all.
  @usableFromInline let sample: EvaluatedSample?

  @usableFromInline
  init(optimum: Double, gap: Double, sample: EvaluatedSample?) {
    self.optimum = optimum
    self.gap = gap
    self.sample = sample
  }
}

/// What can be evaluated of a model.
@usableFromInline
enum Evaluation { case value, squaredGradientNorm, accuracy }

/// What vectors a method needs.
@usableFromInline
struct VectorNeeds {
  @usableFromInline let points: Int
  @usableFromInline let slots: Int
  /// Whether messages are compressed.
  @usableFromInline let compresses: Bool
  /// Whether the model is the mean of the nodes'.
  @usableFromInline let averages: Bool
  /// Whether there are local steps.
  @usableFromInline let paths: Bool
  /// What workers send of a gradient; nil for all of it.
  @usableFromInline let compression: Compression?
  /// For how many workers there is error feedback.
  @usableFromInline let feedback: Int
  /// What an update makes of the vector that it steps along, and the norm to which that is cut before.
  @usableFromInline let stepRule: StepRule?
  @usableFromInline let maxNorm: Double?

  @usableFromInline
  init(
    points: Int, slots: Int, compresses: Bool, averages: Bool, paths: Bool = false,
    compression: Compression? = nil, feedback: Int = 0, stepRule: StepRule? = nil, maxNorm: Double? = nil
  ) {
    self.paths = paths
    (self.stepRule, self.maxNorm) = (stepRule, maxNorm)
    (self.compression, self.feedback) = (compression, feedback)
    self.points = points
    self.slots = slots
    self.compresses = compresses
    self.averages = averages
  }
}

/// A problem on its way into a run: first what its set-up needs is measured, then it is set up.
@usableFromInline
struct ProblemAssembly {
  /// The owner of the problem's data.
  @usableFromInline let data: ProblemData
  /// Takes the problem's workspace, and says what is known of it without an evaluation.
  @usableFromInline let prepare: (consuming Arena) throws(SetupError) -> Prepared
  /// Searches for f*, and the same of what is evaluated, where that is needed and neither given nor known to
  /// the data; after a `prepare`, and before the last one. False where the closure, which is told the share
  /// of the work that is done, said no.
  @usableFromInline let findOptimum: (_ goesOn: (Double) -> Bool) throws(SetupError) -> Bool
  /// Takes memory for points and slots, after the workspace.
  @usableFromInline let allocate:
    (_ needs: VectorNeeds, _ arena: consuming Arena) throws(SetupError) -> Allocated
  /// The same for a run whose gradients are handed in.
  @usableFromInline let serve: (_ needs: VectorNeeds, _ arena: consuming Arena) throws(SetupError) -> Served
  /// What a worker of the problem needs, with memory of its own; after `findOptimum`.
  @usableFromInline let labour: () throws(SetupError) -> Labour

  /// A tuple cannot hold an arena.
  @usableFromInline
  struct Prepared: ~Copyable {
    @usableFromInline var arena: Arena
    @usableFromInline let conditions: Conditions
    /// d.
    @usableFromInline let dimension: Int
    /// Under which names the data remember f*, and the same of what is evaluated; none where nothing need be
    /// searched for.
    @usableFromInline let optimumKeys: [String]

    @usableFromInline
    init(arena: consuming Arena, conditions: Conditions, dimension: Int, optimumKeys: [String]) {
      self.optimumKeys = optimumKeys
      self.arena = arena
      self.conditions = conditions
      self.dimension = dimension
    }
  }

  @usableFromInline
  struct Allocated: ~Copyable {
    @usableFromInline var arena: Arena
    /// Nil while the arena measures.
    @usableFromInline let vectors: Vectors?

    @usableFromInline
    init(arena: consuming Arena, vectors: Vectors?) {
      self.arena = arena
      self.vectors = vectors
    }
  }

  @inlinable
  init<P: Problem>(
    _ problem: P, workers: Int, seed: UInt64, epsilon: Double, optimum given: Double, addsWhole: Bool,
    data: ProblemData
  ) {
    let box = Shared((problem: problem, optimum: given, evaluated: Double.nan))
    let searches: () -> [MinimumSearch] = {
      [given.isNaN ? box.value.problem.minimumSearch : nil, box.value.problem.evaluatedSearch]
        .compactMap(\.self)
    }
    let needsBounds = P.data == .samples || P.data == .measurements
    let bounds = needsBounds ? data.bounds() : nil
    let hasBounds = !needsBounds || bounds != nil
    let setUp: (consuming Arena) -> ProblemSetup = { arena in
      ProblemSetup(
        workers: workers, seed: seed, training: data.training, test: data.test, rows: data.rows,
        bounds: bounds, optimum: box.value.optimum, system: data.system, arena: arena)
    }
    self.init(
      data: data,
      prepare: { (arena) throws(SetupError) in
        guard hasBounds else { throw .outOfMemory }
        var setup = setUp(arena)
        try setup.prepare(&box.value.problem)
        var conditions = box.value.problem.conditions
        if !box.value.optimum.isNaN { conditions.optimum = box.value.optimum }
        conditions.epsilon = epsilon
        conditions.dimension = box.value.problem.dimension
        conditions.sampleCount = box.value.problem.sampleCount
        return Prepared(
          arena: setup.finish(), conditions: conditions, dimension: box.value.problem.dimension,
          optimumKeys: searches().map { optimumKey("\(P.name)", $0) })
      },
      findOptimum: { (goesOn) throws(SetupError) in
        for search in searches() {
          let optimum = try data.optimum(of: optimumKey("\(P.name)", search)) { () throws(SetupError) in
            var isStopped = false
            var measuring = setUp(.measuring())
            try measuring.prepare(&box.value.problem)
            _ = try box.value.problem.minimum(search, &measuring.arena) { _ in true }
            guard let memory = OwnedArena(bytes: measuring.finish().used) else {
              throw SetupError.outOfMemory
            }
            var setup = setUp(memory.arena())
            try setup.prepare(&box.value.problem)
            let optimum = try box.value.problem.minimum(search, &setup.arena) { share in
              if !goesOn(share) { isStopped = true }
              return !isStopped
            }
            withExtendedLifetime(memory) {}
            return isStopped ? nil : optimum
          }
          guard let optimum else { return false }
          if search.evaluated > 0 { box.value.evaluated = optimum } else { box.value.optimum = optimum }
        }
        return true
      },
      allocate: { (needs, arena) throws(SetupError) in
        guard !addsWhole else {
          return try Self.vectorsOfWholes(
            box.value.problem, needs, seed: seed, epsilon: epsilon, optimum: given,
            evaluated: box.value.evaluated, arena)
        }
        return try Self.vectors(
          of: box.value.problem, needs, seed: seed, epsilon: epsilon, optimum: given,
          evaluated: box.value.evaluated, arena)
      },
      serve: { (needs, arena) throws(SetupError) in
        try Self.served(
          box.value.problem, needs, seed: seed, epsilon: epsilon, optimum: given,
          evaluated: box.value.evaluated, arena)
      },
      labour: { () throws(SetupError) in
        guard hasBounds else { throw .outOfMemory }
        return try Labour(problem, seed: seed, owner: data, setUp)
      })
  }

  /// The vectors of a run of `problem`, which is prepared, with memory from `arena`. `optimum` is f* where it
  /// is given, and `evaluated` the infimum of what is evaluated.
  @inlinable
  static func vectors<P: Problem>(
    of problem: P, _ needs: VectorNeeds, seed: UInt64, epsilon: Double, optimum: Double, evaluated: Double,
    _ arena: consuming Arena
  ) throws(SetupError) -> Allocated {
    var arena = arena
    var model = try Model(
      problem, points: needs.points, slots: needs.slots, compresses: needs.compresses,
      averages: needs.averages, paths: needs.paths, compression: needs.compression, feedback: needs.feedback,
      stepRule: needs.stepRule, maxNorm: needs.maxNorm, seed: seed, arena: &arena)
    if arena.isMeasuring { return Allocated(arena: arena, vectors: nil) }
    var conditions = model.conditions(epsilon: epsilon)
    if !optimum.isNaN {
      conditions.optimum = optimum
      conditions.gap = model.objective() - optimum
      if conditions.gap < 0 {
        throw .impossible(
          "a value of f* above f(x⁰)", remedy: "f* is the infimum of f: give target a smaller fstar=")
      }
    }
    return Allocated(arena: arena, vectors: Vectors(model, conditions: conditions, optimum: evaluated))
  }

  @usableFromInline
  init(
    data: ProblemData,
    prepare: @escaping (consuming Arena) throws(SetupError) -> Prepared,
    findOptimum: @escaping ((Double) -> Bool) throws(SetupError) -> Bool,
    allocate: @escaping (VectorNeeds, consuming Arena) throws(SetupError) -> Allocated,
    serve: @escaping (VectorNeeds, consuming Arena) throws(SetupError) -> Served,
    labour: @escaping () throws(SetupError) -> Labour
  ) {
    self.data = data
    self.prepare = prepare
    self.findOptimum = findOptimum
    self.allocate = allocate
    (self.serve, self.labour) = (serve, labour)
  }
}

/// A name for what f* depends on, other than the data.
@usableFromInline
func optimumKey(_ problem: String, _ search: MinimumSearch) -> String {
  "\(problem) \(search.weight) \(search.samples) \(search.choice) \(search.parameter) \(search.workers) "
    + "\(search.seed) \(search.evaluated)"
}
