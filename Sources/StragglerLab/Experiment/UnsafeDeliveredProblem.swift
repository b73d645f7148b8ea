// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A problem whose stochastic gradients are handed in, or computed by themselves before they are added to
/// anything; all that is measured is its own.
struct DeliveredProblem<P: Problem>: Problem {
  typealias Scalar = P.Scalar

  static var name: StaticText { P.name }
  static var summary: StaticText { P.summary }
  static var data: DataKind { P.data }

  private var problem: P
  /// The gradient at hand.
  private let delivered: Table<P.Scalar>

  /// Whether it is computed here.
  private let computes: Bool

  init() { self.init(P(), delivered: Table()) }

  init(_ problem: P, delivered: Table<P.Scalar>, computes: Bool = false) {
    (self.problem, self.delivered, self.computes) = (problem, delivered, computes)
  }

  mutating func keys(_ keys: inout Keys) throws(SetupError) { try problem.keys(&keys) }
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) { try problem.prepare(&setup) }
  var dimension: Int { problem.dimension }
  var conditions: Conditions { problem.conditions }
  var evaluationCost: Double { problem.evaluationCost }
  var evaluationWork: EvaluationWork { problem.evaluationWork }
  var weightMatrixCount: Int { problem.weightMatrixCount }
  func weightMatrix(_ index: Int) -> WeightMatrix { problem.weightMatrix(index) }
  var evaluated: EvaluatedSample? { problem.evaluated }
  var sampleCount: Int { problem.sampleCount }

  mutating func start(_ x: inout MutableSpan<P.Scalar>, seed: UInt64) { problem.start(&x, seed: seed) }
  mutating func value(at x: Span<P.Scalar>) -> Double { problem.value(at: x) }
  mutating func gradient(at x: Span<P.Scalar>, into g: inout MutableSpan<P.Scalar>) {
    problem.gradient(at: x, into: &g)
  }
  mutating func accuracy(at x: Span<P.Scalar>) -> Double { problem.accuracy(at: x) }
  mutating func evaluatedValue(at x: Span<P.Scalar>) -> Double { problem.evaluatedValue(at: x) }
  mutating func evaluatedGradient(at x: Span<P.Scalar>, into g: inout MutableSpan<P.Scalar>) {
    problem.evaluatedGradient(at: x, into: &g)
  }
  mutating func value(index: Int, at x: Span<P.Scalar>) -> Double { problem.value(index: index, at: x) }

  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<P.Scalar>, into g: inout MutableSpan<P.Scalar>
  ) {
    if computes {
      var gradient = unsafe delivered.buffer.mutableSpan
      P.Scalar.fill(&gradient, with: 0)
      problem.accumulate(1, sample, at: x, into: &gradient)
    }
    P.Scalar.add(P.Scalar(weight), unsafe delivered.buffer.span, to: &g)
  }

  mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<P.Scalar>, into g: inout MutableSpan<P.Scalar>
  ) {
    problem.accumulate(weight, index: index, at: x, into: &g)
  }
}

extension ProblemAssembly {
  /// The vectors of a run whose gradients are handed in.
  @usableFromInline
  struct Served: ~Copyable {
    var arena: Arena
    /// Nil while the arena measures.
    let vectors: Vectors?
    /// Takes the bytes of a gradient, which the orders for vectors of the event at hand use; false where
    /// their number is wrong.
    let handIn: ([UInt8]) -> Bool
  }

  /// As `vectors(of:_:seed:epsilon:optimum:evaluated:_:)`, for gradients that are handed in.
  @usableFromInline
  static func served<P: Problem>(
    _ problem: P, _ needs: VectorNeeds, seed: UInt64, epsilon: Double, optimum: Double, evaluated: Double,
    _ arena: consuming Arena
  ) throws(SetupError) -> Served {
    var arena = arena
    let delivered = try arena.table(of: P.Scalar.self, count: problem.dimension)
    let allocated = try vectors(
      of: DeliveredProblem(problem, delivered: delivered), needs, seed: seed, epsilon: epsilon,
      optimum: optimum, evaluated: evaluated, arena)
    let vectors = allocated.vectors
    return Served(arena: allocated.arena, vectors: vectors, handIn: { delivered.take($0) })
  }

  /// The same for gradients that are computed by themselves before they are added to anything.
  @usableFromInline
  static func vectorsOfWholes<P: Problem>(
    _ problem: P, _ needs: VectorNeeds, seed: UInt64, epsilon: Double, optimum: Double, evaluated: Double,
    _ arena: consuming Arena
  ) throws(SetupError) -> Allocated {
    var arena = arena
    let gradient = try arena.table(of: P.Scalar.self, count: problem.dimension)
    return try vectors(
      of: DeliveredProblem(problem, delivered: gradient, computes: true), needs, seed: seed,
      epsilon: epsilon, optimum: optimum, evaluated: evaluated, arena)
  }
}
