public import StragglerCore

/// The vectors and the problem of a run behind closures, one indirect call a gradient, so that methods and problems
/// need not be compiled for each other.
@usableFromInline
struct Vectors {
  /// Carries out the orders for vectors in the server; false if the model is no longer finite.
  @usableFromInline let execute: (inout Server) -> Bool
  @usableFromInline let conditions: Conditions
  /// What evaluating f costs, in stochastic gradients.
  let evaluationCost: Double
  /// What evaluations take, in nanoseconds.
  let work: EvaluationWork
  let reset: () -> Void
  /// f(x^k), ‖∇f(x^k)‖² or the accuracy.
  let measure: (Evaluation) -> Double
  /// Notes where the vectors are, but for their arena, and gives what puts that back.
  let mark: () -> () -> Void
  /// x^k in doubles.
  let model: () -> [Double]
  /// (1/n) Σ ‖xᵢ − x̄‖² where every node has a model.
  let consensus: () -> Double
  /// Everything that the vectors hold.
  let state: () -> [UInt8]
  /// Takes over what `state` gave; false where it is of other vectors.
  let setState: ([UInt8]) -> Bool

  @inlinable
  init<P: Problem>(_ model: consuming Model<P>, conditions: Conditions) {
    let box = Shared(model)
    self.init(
      execute: { server in
        box.value.execute(&server)
        return box.value.isFinite
      },
      conditions: conditions, evaluationCost: box.value.problem.evaluationCost,
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
        return { box.value.mark = mark }
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
      setState: { box.value.setState(from: $0.span) }, consensus: { box.value.consensus() })
  }

  /// Vectors of which nothing is ever evaluated.
  static var idle: Vectors {
    Vectors(
      execute: { server in
        server.vectorOrdersAreDone()
        return true
      },
      conditions: Conditions(), evaluationCost: 1,
      work: EvaluationWork(value: 0, gradient: 0, accuracy: 0, sample: 0), reset: {}, measure: { _ in .nan },
      mark: { {} }, model: { [] }, state: { [] }, setState: { _ in false }, consensus: { .nan })
  }

  @usableFromInline
  init(
    execute: @escaping (inout Server) -> Bool, conditions: Conditions, evaluationCost: Double,
    work: EvaluationWork, reset: @escaping () -> Void, measure: @escaping (Evaluation) -> Double,
    mark: @escaping () -> () -> Void, model: @escaping () -> [Double], state: @escaping () -> [UInt8],
    setState: @escaping ([UInt8]) -> Bool, consensus: @escaping () -> Double
  ) {
    self.execute = execute
    self.conditions = conditions
    self.evaluationCost = evaluationCost
    self.work = work
    self.reset = reset
    self.measure = measure
    self.mark = mark
    self.model = model
    self.consensus = consensus
    self.state = state
    self.setState = setState
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

  @usableFromInline
  init(points: Int, slots: Int, compresses: Bool, averages: Bool) {
    self.points = points
    self.slots = slots
    self.compresses = compresses
    self.averages = averages
  }
}

/// A problem on its way into a run: first what its set-up needs is measured, then it is set up.
@usableFromInline
struct ProblemAssembly {
  /// What owns the data that the problem looks at.
  @usableFromInline let data: ProblemData
  /// Takes the problem's workspace, and says what is known of it without an evaluation.
  @usableFromInline let prepare: (consuming Arena) throws(SetupError) -> Prepared
  /// Takes memory for points and slots, after the workspace.
  @usableFromInline let allocate:
    (_ needs: VectorNeeds, _ arena: consuming Arena) throws(SetupError) -> Allocated

  /// An arena cannot stand in a tuple.
  @usableFromInline
  struct Prepared: ~Copyable {
    @usableFromInline var arena: Arena
    @usableFromInline let conditions: Conditions
    /// d.
    @usableFromInline let dimension: Int

    @usableFromInline
    init(arena: consuming Arena, conditions: Conditions, dimension: Int) {
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
    _ problem: P, key: String?, workers: Int, seed: UInt64, epsilon: Double, data: ProblemData
  ) {
    let box = Shared(problem)
    let bounds = P.data == .samples ? data.bounds() : nil
    // What is computed once stands for the configuration, the fleet's size and the seed.
    let cacheKey = P.data == .samples ? key.map { "\($0) workers=\(workers) seed=\(seed)" } : nil
    let optimum = cacheKey.map { data.optimum(of: $0) } ?? .nan
    self.init(
      data: data,
      prepare: { (arena) throws(SetupError) in
        var setup = ProblemSetup(
          workers: workers, seed: seed, training: data.training, test: data.test, rows: data.rows,
          bounds: bounds, optimum: optimum, arena: arena)
        try box.value.prepare(&setup)
        var conditions = box.value.conditions
        conditions.epsilon = epsilon
        conditions.dimension = box.value.dimension
        conditions.sampleCount = box.value.sampleCount
        if let cacheKey { data.keep(optimum: conditions.optimum, of: cacheKey) }
        return Prepared(arena: setup.finish(), conditions: conditions, dimension: box.value.dimension)
      },
      allocate: { (needs, arena) throws(SetupError) in
        var arena = arena
        var model = try Model(
          box.value, points: needs.points, slots: needs.slots, compresses: needs.compresses,
          averages: needs.averages, seed: seed, arena: &arena)
        if arena.isMeasuring { return Allocated(arena: arena, vectors: nil) }
        let conditions = model.conditions(epsilon: epsilon)
        return Allocated(arena: arena, vectors: Vectors(model, conditions: conditions))
      })
  }

  @usableFromInline
  init(
    data: ProblemData,
    prepare: @escaping (consuming Arena) throws(SetupError) -> Prepared,
    allocate: @escaping (VectorNeeds, consuming Arena) throws(SetupError) -> Allocated
  ) {
    self.data = data
    self.prepare = prepare
    self.allocate = allocate
  }
}
