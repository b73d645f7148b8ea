internal import StragglerCore

/// The vectors and the problem of a run behind one indirect call, so that methods and problems need not be
/// compiled for each other.
protocol Vectors: AnyObject {
  /// Prepares the problem and takes its workspace from `arena`.
  func prepare(arena: consuming Arena) throws(SetupError) -> Arena
  /// Takes memory for points and slots from `arena`, after `prepare`.
  func allocate(points: Int, slots: Int, arena: inout Arena) throws(SetupError)
  /// L, σ², f*, Δ and ε; Δ takes an evaluation and is known only once vectors are allocated.
  var conditions: Conditions { get }
  /// Carries out the orders for vectors in `server`; false if the model is no longer finite.
  func execute(_ server: inout Server) -> Bool
  func reset()
  /// What evaluating f costs, in stochastic gradients.
  var evaluationCost: Double { get }
  var dimension: Int { get }
  func value() -> Double
  func squaredGradientNorm() -> Double
  func accuracy() -> Double
  /// x^k in doubles.
  func model() -> [Double]
}

/// `Vectors` of a problem of type `P`.
final class VectorsOf<P: Problem>: Vectors {
  private var problem: P
  private var vectors: Model<P>?
  private let workers: Int
  private let seed: UInt64
  private let epsilon: Double
  private let data: ProblemData
  private(set) var conditions = Conditions()

  init(_ problem: P, workers: Int, seed: UInt64, epsilon: Double, data: ProblemData) {
    self.problem = problem
    self.epsilon = epsilon
    self.workers = workers
    self.seed = seed
    self.data = data
  }

  func prepare(arena: consuming Arena) throws(SetupError) -> Arena {
    var setup = ProblemSetup(
      workers: workers, seed: seed, training: data.training, test: data.test, arena: arena)
    try problem.prepare(&setup)
    conditions = problem.conditions
    conditions.epsilon = epsilon
    return setup.finish()
  }

  func allocate(points: Int, slots: Int, arena: inout Arena) throws(SetupError) {
    let isMeasuring = arena.isMeasuring
    var model = try Model(problem, points: points, slots: slots, seed: seed, arena: &arena)
    if isMeasuring { return }
    conditions = model.conditions(epsilon: epsilon)
    vectors = consume model
  }

  func execute(_ server: inout Server) -> Bool {
    vectors?.execute(&server)
    return vectors?.isFinite ?? true
  }

  func reset() { vectors?.reset() }
  var evaluationCost: Double { problem.evaluationCost }
  var dimension: Int { problem.dimension }
  func value() -> Double { vectors?.value() ?? .nan }
  func squaredGradientNorm() -> Double { vectors?.squaredGradientNorm() ?? .nan }
  func accuracy() -> Double { vectors?.accuracy() ?? .nan }

  func model() -> [Double] {
    guard let x = vectors?.x else { return [] }
    return x.indices.map { Double(x[$0]) }
  }
}
