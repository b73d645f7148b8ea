// SPDX-License-Identifier: Apache-2.0

/// Logistic regression with a regulariser: f(x) = the mean over samples of ℓⱼ(x), plus λ·r(x).
///
/// On sparse rows aⱼ of two classes, yⱼ = ±1, the loss is ℓⱼ = ln(1 + exp(−yⱼ·aⱼᵀx)). On rows of more classes
/// and on images it is the cross-entropy of the softmax over the C classes, with a constant feature besides
/// the p of the data: d = (p + 1)·C. The bytes of images are divided by 255. The regulariser counts every
/// coordinate.
///
/// Worker i's own objective fᵢ is the same over the samples that `split` gives it, and f is the mean of the
/// fᵢ. A stochastic gradient is ∇r and the mean over `batch` samples, drawn from the worker's own with
/// replacement, or ∇fᵢ itself where the batch is `full`.
///
/// L ≤ λ_max(AᵀA)/(4m) + λ·sup|r″|, for softmax half instead of a quarter (Böhning, 1992), and Lᵢ the same of
/// the samples of worker i. σ² ≤ E‖∇ℓⱼ‖²/batch, where ‖∇ℓⱼ‖² ≤ ‖aⱼ‖², for softmax twice that; at any point
/// (1/n) Σ ‖∇fᵢ − ∇f‖² ≤ the mean of min{λ_max(AᵢᵀAᵢ)/mᵢ, (mean ‖aⱼ‖)²}, for softmax twice that. L±² ≤ the
/// mean of ‖aⱼ‖⁴/16, for softmax of ‖aⱼ‖⁴/4. f* is searched for with `l2`, whatever λ > 0 is: see
/// `NewtonSearch`.
///
/// Source: the experiments of AsGrad (nonconvex regulariser, contiguous split) and of Freya PAGE (digits).
public struct Logistic<Scalar: StragglerCore.Scalar>: Problem {
  public static var name: StaticText { "logistic" }
  public static var summary: StaticText {
    "logistic regression on two classes, or softmax regression on more or on images, with a regulariser"
  }
  public static var data: DataKind { .samples }

  /// Where a run starts.
  public enum Start: Int, Sendable {
    /// x⁰ = 0.
    case zeros
    /// x⁰ = (1, …, 1).
    case ones
  }

  /// λ, the weight of the regulariser; not negative.
  public var lambda = 0.1
  /// r, which λ weighs.
  public var regularizer = Regularizer.nonconvex
  /// Which samples each worker has; all but `shared` make the workers' objectives differ.
  public var split = SampleSplit.Kind.shared
  /// Samples in a stochastic gradient; nil for all of the worker's.
  public var batch: Int? = 1
  /// x⁰.
  public var x0 = Start.zeros
  /// N, the rows on which a run is measured, and as many test images; nil for all. See `EvaluatedSample`.
  public var evaluate: Int?

  private var samples = LabelledSamples()
  private var test = LabelledSamples()
  private var classes = 0
  private var bounds = FeatureBounds(LabelledRows())
  private var parts = SampleSplit()
  private var evaluatedRows = Table<UInt32>()
  private var evaluatedTests = Table<UInt32>()
  private var splitBounds = SplitBounds()
  private var workers = 0
  private var optimum = Double.nan
  private var seed: UInt64 = 0
  private var draws = Table<UInt32>()
  private var scratch = Table<Scalar>()
  private var partial = Table<Scalar>()

  public init() {}

  /// A regression with λ = `lambda`; `batch` is nil for the whole of a worker's samples.
  public init(
    lambda: Double, regularizer: Regularizer = .nonconvex, split: SampleSplit.Kind = .shared,
    batch: Int? = 1, x0: Start = .zeros
  ) {
    self.lambda = lambda >= 0 && lambda < .infinity ? lambda : 0
    self.regularizer = regularizer
    self.split = split
    self.batch = batch.map { $0 < 1 ? 1 : $0 < 1 << 30 ? $0 : 1 << 30 }
    self.x0 = x0
  }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.number(
      "lambda", &lambda, atLeast: 0, "λ, the weight of the regulariser", standard: "0.1",
      expected: "a number that is not negative")
    try keys.choice(
      "regularizer", &regularizer, of: "nonconvex l2 none", "Σ x²/(1 + x²), ½‖x‖², or none",
      standard: "nonconvex")
    try keys.split("split", &split)
    try keys.batch("batch", &batch)
    try keys.choice("x0", &x0, of: "zeros ones", "starting point", standard: "zeros")
    try keys.evaluate(&evaluate)
  }

  private var isSoftmax: Bool { !samples.isSparse || samples.classes > 2 }
  private var losses: BinaryLosses { BinaryLosses(rows: samples.rows) }
  private var regression: LayeredNetwork {
    LayeredNetwork(inputs: max(1, samples.width), classes: max(1, classes))
  }

  public var dimension: Int { isSoftmax ? regression.dimension : samples.width }
  public var weightMatrixCount: Int { isSoftmax ? 1 : 0 }
  public func weightMatrix(_ index: Int) -> WeightMatrix { regression.weights(index) }
}

// MARK: - Set-up

extension Logistic {
  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {
    samples = LabelledSamples(setup.rows, or: setup.training)
    test = samples.isSparse ? LabelledSamples() : LabelledSamples(LabelledRows(), or: setup.test)
    classes = test.count > 0 ? max(samples.classes, test.classes) : samples.classes
    seed = setup.seed
    try checkData()
    bounds = setup.bounds ?? rawBounds
    let samples = samples
    parts = try SampleSplit(
      split, count: samples.count, workers: setup.workers, seed: setup.seed, arena: &setup.arena
    ) { samples.label($0) }
    workers = setup.workers
    evaluatedRows = try parts.drawRows(evaluated, of: samples.count, arena: &setup.arena)
    evaluatedTests = try EvaluatedSample.drawTests(evaluated, arena: &setup.arena)
    try measureSplit(&setup)
    draws = try setup.arena.table(of: UInt32.self, count: batch ?? 0)
    scratch = try setup.arena.table(of: Scalar.self, count: isSoftmax ? regression.scratchCount : 0)
    partial = try setup.arena.table(of: Scalar.self, count: dimension)
    optimum = setup.optimum
  }

  private var rawBounds: FeatureBounds {
    samples.isSparse
      ? FeatureBounds(samples.rows, withConstant: isSoftmax) : FeatureBounds(samples.images)
  }

  /// Bounds the samples of every worker: tightly, unless that would take much more than a tenth of a second.
  private mutating func measureSplit(_ setup: inout ProblemSetup) throws(SetupError) {
    guard split != .shared else { return }
    let (width, passes) = (isSoftmax ? samples.width + 1 : samples.width, 60.0)
    let isCheap = passes * (Double(samples.storedFeatures) + Double(workers) * Double(width)) < 3e8
    let workspace = try setup.arena.table(
      of: Double.self, count: isCheap ? FeatureBounds.workspaceCount(width: width) : 0)
    let (samples, isSoftmax) = (samples, isSoftmax)
    splitBounds = SplitBounds(parts, workers: workers) { selection in
      FeatureBounds(
        samples, selection: selection, withConstant: isSoftmax, slope: LabelledImages.pixelScale,
        workspace: workspace)
    }
  }

  /// Throws unless there are samples with features, and test images like them.
  private func checkData() throws(SetupError) {
    guard samples.count > 0 else {
      throw .impossible("logistic regression without samples", remedy: "give data=")
    }
    guard samples.width > 0 else {
      throw .impossible("samples without features", remedy: "give data with index:value pairs")
    }
    try samples.check()
    try test.check()
    guard test.count == 0 || test.width == samples.width else {
      throw .impossible("test images of another size", remedy: "give images of one size")
    }
  }

  public var conditions: Conditions {
    var conditions = Conditions()
    // The second derivative of the loss by a logit, and the square of its gradient by all logits, at most.
    let (curvature, square) = isSoftmax ? (0.5, 2.0) : (0.25, 1.0)
    conditions.smoothness =
      curvature * bounds.largestEigenvalue / Double(parts.used) + lambda * regularizer.smoothness
    // Whichever samples a worker has, none is longer than the longest.
    let norm = split == .shared ? bounds.meanSquaredNorm : bounds.largestSquaredNorm
    conditions.variance = batch.map { square * norm / Double($0) } ?? 0
    conditions.sampleVariance = square * bounds.meanSquaredNorm * Double(samples.count) / Double(parts.used)
    conditions.optimum = optimum
    conditions.isConvex = regularizer != .nonconvex || lambda == 0
    // One worker alone has f.
    conditions.isHeterogeneous = split != .shared && workers != 1
    if conditions.isHeterogeneous {
      conditions.workerSmoothness = splitBounds.smoothness(
        curvature, adding: lambda * regularizer.smoothness)
      conditions.dissimilarity = Dissimilarity(constant: square * splitBounds.meanSquaredSum)
    }
    // No more than the mean of Lⱼ² of the losses: the regulariser is the same in every sample and cancels.
    conditions.hessianVariance = curvature * curvature * bounds.quarticNormSum / Double(parts.used)
    return conditions
  }

  /// A pass without gradient costs about half of one with it.
  public var evaluationCost: Double {
    let passes = 1.5 * Double(evaluatedCount) + (isSoftmax ? 0.5 * Double(testCount) : 0)
    return passes / Double(batch ?? parts.block)
  }
}

// MARK: - What evaluations take

extension Logistic {
  public var evaluationWork: EvaluationWork {
    // A loss takes an exponential and a logarithm for every class, and every feature that is not zero a
    // product with every class; of images, for ten classes, some two nanoseconds a pixel.
    let features = Double(samples.storedFeatures) / Double(max(1, samples.count))
    let forward =
      isSoftmax
      ? (samples.isSparse ? 1 : 0.2) * features * Double(max(10, classes)) : 25 + 1.5 * features
    let regular = 2 * Double(dimension)
    let (count, size) = (Double(evaluatedCount), Double(batch ?? parts.block))
    return EvaluationWork(
      value: count * forward + regular, gradient: 2 * count * forward + regular,
      accuracy: isSoftmax ? Double(testCount) * forward : 0, sample: size * (20 + 2 * forward) + regular)
  }
}

// MARK: - f*

extension Logistic {
  public var minimumSearch: MinimumSearch? {
    guard regularizer == .l2, lambda > 0 else { return nil }
    return parts.search(of: samples.count, weight: lambda, seed: seed)
  }

  public var evaluatedSearch: MinimumSearch? {
    guard minimumSearch != nil, evaluatedCount < parts.used else { return nil }
    return parts.search(of: samples.count, weight: lambda, seed: seed, evaluated: evaluatedCount)
  }

  public mutating func minimum(
    _ search: MinimumSearch, _ arena: inout Arena, goesOn: (Double) -> Bool
  ) throws(SetupError) -> Double {
    let selection =
      search.evaluated > 0 ? evaluatedRows : try parts.ascending(of: samples.count, arena: &arena)
    let longest = bounds.largestSquaredNorm.squareRoot()
    guard isSoftmax else {
      var search = try NewtonSearch(
        MeanBinaryLoss(losses: losses, samples: selection, longest: longest), lambda: lambda, arena: &arena)
      return arena.isMeasuring ? .nan : search.minimum(goesOn)
    }
    let scratch = try arena.table(of: Double.self, count: regression.scratchCount)
    let values = try arena.table(of: Double.self, count: samples.width + 1)
    let places = try arena.table(of: Int.self, count: samples.width + 1)
    var search = try NewtonSearch(
      MeanSoftmaxLoss(
        regression: regression, all: samples, samples: selection, scratch: scratch, values: values,
        places: places, longest: longest), lambda: lambda, arena: &arena)
    return arena.isMeasuring ? .nan : search.minimum(goesOn)
  }
}

// MARK: - Evaluation

extension Logistic {
  public var evaluated: EvaluatedSample? {
    EvaluatedSample(evaluate, of: parts.used, tests: isSoftmax ? test.count : 0)
  }
  private var evaluatedCount: Int { evaluated?.rows ?? parts.used }
  private var testCount: Int { evaluated?.tests ?? test.count }

  public mutating func start(_ x: inout MutableSpan<Scalar>, seed: UInt64) {
    Scalar.fill(&x, with: x0 == .ones ? 1 : 0)
  }

  public mutating func value(at x: Span<Scalar>) -> Double { value(of: parts.order, at: x) }

  public mutating func gradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    gradient(of: parts.order, at: x, into: &g)
  }

  public mutating func evaluatedValue(at x: Span<Scalar>) -> Double { value(of: evaluatedRows, at: x) }

  public mutating func evaluatedGradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    gradient(of: evaluatedRows, at: x, into: &g)
  }

  private func value(of list: Table<UInt32>, at x: Span<Scalar>) -> Double {
    loss(of: list, at: x) / Double(list.count) + lambda * regularizer.value(at: x)
  }

  /// Σ ℓ over the samples in `list`.
  private func loss(of list: Table<UInt32>, at x: Span<Scalar>) -> Double {
    isSoftmax
      ? regression.score(samples, list: list, at: x, scratch: scratch).loss : losses.loss(of: list, at: x)
  }

  private func gradient(of list: Table<UInt32>, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    Scalar.fill(&g, with: 0)
    accumulate(1, meanOf: list, at: x, into: &g)
    regularizer.accumulate(lambda, at: x, into: &g)
  }

  public mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    let own = parts.samples(of: sample.worker)
    if batch == nil {
      accumulate(weight, meanOf: own, at: x, into: &g)
    } else {
      var stream = sample.stream
      for index in draws.indices { draws[index] = own[stream.integer(below: own.count)] }
      accumulateDirectly(weight / Double(draws.count), draws, at: x, into: &g)
    }
    regularizer.accumulate(weight * lambda, at: x, into: &g)
  }

  /// g += weight · the mean of ∇ℓ over the samples in `list`.
  private func accumulate(
    _ weight: Double, meanOf list: Table<UInt32>, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    let each = weight / Double(list.count)
    Scalar.addBlockwise(list, partial: partial, to: &g) { block, sums in
      accumulateDirectly(each, block, at: x, into: &sums)
    }
  }

  /// g += weight · Σ ∇ℓ over the samples in `list`.
  private func accumulateDirectly(
    _ weight: Double, _ list: Table<UInt32>, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    if isSoftmax {
      regression.accumulate(weight, samples, list: list, at: x, into: &g, scratch: scratch)
    } else {
      losses.accumulate(weight, list, at: x, into: &g)
    }
  }

  public mutating func accuracy(at x: Span<Scalar>) -> Double {
    guard isSoftmax, test.count > 0 else { return .nan }
    let list = evaluatedTests.isEmpty ? nil : evaluatedTests
    return Double(regression.score(test, list: list, at: x, scratch: scratch).correct) / Double(testCount)
  }
}

// MARK: - As a finite sum: fⱼ = ℓⱼ + λr, over the samples in use

extension Logistic {
  public var sampleCount: Int { parts.used }

  public mutating func value(index: Int, at x: Span<Scalar>) -> Double {
    guard parts.order.indices.contains(index) else { return .nan }
    return loss(of: parts.order[index..<index + 1], at: x) + lambda * regularizer.value(at: x)
  }

  public mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard parts.order.indices.contains(index) else { return }
    accumulateDirectly(weight, parts.order[index..<index + 1], at: x, into: &g)
    regularizer.accumulate(weight * lambda, at: x, into: &g)
  }
}
