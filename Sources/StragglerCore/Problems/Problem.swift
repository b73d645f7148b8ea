// SPDX-License-Identifier: Apache-2.0

/// An objective f to minimise, with its stochastic gradients.
///
/// A problem is a value over memory of others: data it views, workspace it takes from the arena in `prepare`.
/// Evaluations may use the workspace, hence they mutate; they allocate nothing, and are functions of their
/// arguments and the data alone. Every span has d elements. To add a problem to the library: one file that
/// conforms, and one line in `Problems`; one of your own stays in your module.
public protocol Problem: Sendable {
  /// The precision of the model and its gradients.
  associatedtype Scalar: StragglerCore.Scalar

  /// The kind in the command language.
  static var name: StaticText { get }
  /// One line for `help`.
  static var summary: StaticText { get }
  /// What data it needs, for the code that loads it.
  static var data: DataKind { get }

  /// The problem with every key at its standard value.
  init()

  /// Names every key once and binds what was given; throws for a value that is out of range.
  mutating func keys(_ keys: inout Keys) throws(SetupError)

  /// Takes workspace and views the data. Runs twice: first against an arena that only measures, whose tables
  /// are empty. Throws where the memory or the data are not enough.
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError)

  /// d, known once prepared.
  var dimension: Int { get }
  /// L, σ² and f*, where known; the caller fills in the rest.
  var conditions: Conditions { get }
  /// What f* depends on besides the data where it has to be searched for, once prepared or measured; nil
  /// where it is known without a search, or cannot be known. Nil if a problem does not say.
  var minimumSearch: MinimumSearch? { get }
  /// Searches for f*, or for the infimum of what is evaluated, as `search` says, which is the problem's own,
  /// with memory from `arena`, once the problem has been prepared. Runs twice: first against an arena that
  /// only measures, where it gives NaN at once.
  ///
  /// The result is at most f*, so that no gap is negative, and as close to it as the problem says. It is NaN
  /// where it could not be found, or `goesOn`, which is told now and then the share of the work that is done,
  /// said no.
  mutating func minimum(
    _ search: MinimumSearch, _ arena: inout Arena, goesOn: (Double) -> Bool
  ) throws(SetupError) -> Double
  /// What evaluating f costs, in stochastic gradients: the driver spaces its measurements by it. 1 if a
  /// problem does not say.
  var evaluationCost: Double { get }
  /// What evaluations take, for drivers that look how far a run has come. A few nanoseconds a coordinate, and
  /// the full gradient as many stochastic ones as `evaluationCost` says, if a problem does not say.
  var evaluationWork: EvaluationWork { get }

  /// How many weight matrices there are among the parameters, known once prepared: what the rule `muon` of
  /// the step is about. 0 if a problem does not say.
  var weightMatrixCount: Int { get }
  /// Weight matrix number `index`, from 0; matrices do not overlap.
  func weightMatrix(_ index: Int) -> WeightMatrix

  /// Writes x⁰, drawn from `seed` where it is random.
  mutating func start(_ x: inout MutableSpan<Scalar>, seed: UInt64)

  /// f(x). O(cost of a full evaluation).
  mutating func value(at x: Span<Scalar>) -> Double

  /// g = ∇f(x), exact.
  mutating func gradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>)

  /// g += weight · ∇f(x; ξ), where ξ is `sample`: unbiased for the objective of the sample's worker, and of
  /// variance at most the σ² of `conditions`, where that is known.
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>)

  /// The share of the test set that the model gets right, from 0 to 1, or of what is evaluated of it; NaN
  /// without a test set.
  mutating func accuracy(at x: Span<Scalar>) -> Double

  // What is measured along a run, where that is not f but the mean over some of its samples.

  /// How much of the data that is, known once prepared or measured; nil where it is all. Nil if a problem
  /// does not say, and then f itself is measured.
  var evaluated: EvaluatedSample? { get }
  /// What `minimumSearch` is of f, of the function that is measured; nil where that is f.
  var evaluatedSearch: MinimumSearch? { get }
  /// The value at x of the function that is measured. In every bit f(x) where that is f.
  mutating func evaluatedValue(at x: Span<Scalar>) -> Double
  /// g = the gradient at x of the function that is measured. In every bit ∇f(x) where that is f.
  mutating func evaluatedGradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>)

  // Where f is a finite sum; see `FiniteSum.swift` for what holds where it is none.

  /// m of a finite sum f = (1/m) Σⱼ fⱼ, known once prepared; 0 where f is none.
  var sampleCount: Int { get }

  /// fⱼ(x) of sample j = `index`, from 0 to m − 1.
  mutating func value(index: Int, at x: Span<Scalar>) -> Double

  /// g += weight · ∇fⱼ(x) of sample j = `index`, from 0 to m − 1, exact.
  mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>)
}

extension Problem {
  /// The problem with what `change` sets: `Quadratic<Double> { $0.samples = 100 }`.
  @inlinable
  public init(_ change: (inout Self) -> Void) {
    self.init()
    change(&self)
  }
}

extension Problem {
  public static var data: DataKind { .none }
  public var evaluationCost: Double { 1 }
  public var evaluationWork: EvaluationWork {
    let sample = 20 + 2 * Double(dimension)
    let full = max(1, evaluationCost) * sample
    return EvaluationWork(value: full, gradient: full, accuracy: 0, sample: sample)
  }
  public var weightMatrixCount: Int { 0 }
  public func weightMatrix(_ index: Int) -> WeightMatrix { WeightMatrix() }
  public var minimumSearch: MinimumSearch? { nil }
  public mutating func minimum(
    _ search: MinimumSearch, _ arena: inout Arena, goesOn: (Double) -> Bool
  ) throws(SetupError) -> Double { .nan }
  public mutating func accuracy(at x: Span<Scalar>) -> Double { .nan }
  public var evaluated: EvaluatedSample? { nil }
  public var evaluatedSearch: MinimumSearch? { nil }
  public mutating func evaluatedValue(at x: Span<Scalar>) -> Double { value(at: x) }
  public mutating func evaluatedGradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    gradient(at: x, into: &g)
  }
}

/// The sample ξ of a stochastic gradient: a pure function of (seed, worker, job).
public struct Sample: BitwiseCopyable, Sendable {
  /// The seed of the run.
  public let seed: UInt64
  /// Whose gradient it is, from 0.
  public let worker: Int
  /// Which of the worker's jobs, from 1.
  public let job: Int

  /// The sample of gradient number `job` (from 1, below 2⁵⁶) of `worker` (from 0, below 2³²).
  @inlinable
  public init(seed: UInt64, worker: Int, job: Int) {
    self.seed = seed
    self.worker = worker
    self.job = job
  }

  /// The random numbers of the sample.
  @inlinable public var stream: RandomStream {
    RandomStream(seed: seed, purpose: .sample, worker: worker, job: job)
  }
}

/// What data a problem views.
public enum DataKind: Sendable {
  /// None: the problem is a formula.
  case none
  /// A matrix and a vector in files, or none.
  case system
  /// Rows with a number each, the target; drawn rows unless there is a file.
  case measurements
  /// Images or sparse rows, with a class each; drawn digits unless there is a file.
  case digits
  /// Sparse rows or images, with a class each; drawn rows unless there is a file.
  case samples
}

/// Images and labels in the caller's memory: `images` holds `labels.count` rows of `width` bytes.
public struct LabelledImages: BitwiseCopyable, Sendable {
  /// What brings bytes to 0 … 1.
  public static var pixelScale: Double { 1 / 255 }

  /// Pixels from 0 to 255, row after row: image j begins at j · `width`.
  public let images: Table<UInt8>
  /// What each image shows, from 0.
  public let labels: Table<UInt8>
  /// Pixels in an image.
  public let width: Int
  /// How many classes there are; labels are below that.
  public let classes: Int

  /// A view of images, which the caller keeps alive; `images` has `labels.count` · `width` elements.
  public init(images: Table<UInt8>, labels: Table<UInt8>, width: Int, classes: Int = 10) {
    self.images = images
    self.labels = labels
    self.width = width
    self.classes = classes
  }

  /// No images.
  public init() { self.init(images: Table(), labels: Table(), width: 0) }

  /// How many images there are.
  public var count: Int { labels.count }
}

/// What a problem sees while it prepares for a run.
public struct ProblemSetup: ~Copyable {
  /// Where workspace is taken from. It may only measure: its tables are then empty.
  public var arena: Arena
  /// n, the number of workers.
  public let workers: Int
  /// The seed of the run, for splits of the data and the like.
  public let seed: UInt64
  /// The images to train with; none unless `Problem.data` asks for them.
  public let training: LabelledImages
  /// The images that `Problem.accuracy(at:)` is about; often none.
  public let test: LabelledImages
  /// The sparse samples to train with; none unless `Problem.data` asks for them.
  public let rows: LabelledRows
  /// What is known of the sizes of `rows`, or of `training` where there are none.
  public let bounds: FeatureBounds?
  /// f*, where it has been searched for, or is given; otherwise NaN.
  public let optimum: Double
  /// The matrix and the vector of a quadratic; none unless `Problem.data` asks for them and there are files.
  public let system: LinearSystem

  /// A set-up that takes memory from `arena`, for a problem whose data stay in the caller's memory.
  public init(
    workers: Int, seed: UInt64, training: LabelledImages = LabelledImages(),
    test: LabelledImages = LabelledImages(), rows: LabelledRows = LabelledRows(),
    bounds: FeatureBounds? = nil, optimum: Double = .nan, system: LinearSystem = LinearSystem(),
    arena: consuming Arena
  ) {
    self.arena = arena
    self.workers = workers
    self.seed = seed
    self.training = training
    self.test = test
    self.rows = rows
    self.bounds = bounds
    self.optimum = optimum
    self.system = system
  }

  /// Prepares `problem`. Throws, first of all, where one of its parameters is out of the range of its key.
  public mutating func prepare(_ problem: inout some Problem) throws(SetupError) {
    var copy = problem
    var keys = Keys.describing()
    try copy.keys(&keys)
    try problem.prepare(&self)
  }

  /// The arena with what has been taken from it; the set-up ends.
  public consuming func finish() -> Arena { arena }

  /// Throws `error` where `condition` does not hold; passes while the arena only measures.
  public func require(_ condition: @autoclosure () -> Bool, _ error: SetupError) throws(SetupError) {
    if !arena.isMeasuring && !condition() { throw error }
  }
}
