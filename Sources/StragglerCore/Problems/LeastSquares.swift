// SPDX-License-Identifier: Apache-2.0

/// Linear regression by least squares: f(x) = the mean over samples of ½(aⱼᵀx − yⱼ)², plus λ/2‖x‖².
///
/// aⱼ are the rows of the data and yⱼ their targets, d the number of features; there is no constant feature
/// but one of the data's own. Worker i's own objective fᵢ is the same over the samples that `split` gives it,
/// and f is the mean of the fᵢ. A stochastic gradient is λx and the mean over `batch` samples, drawn from the
/// worker's own with replacement, or ∇fᵢ itself where the batch is `full`.
///
/// L = λ_max(AᵀA)/m + λ, and Lᵢ the same of the samples of worker i, bounded from above. The variance of a
/// stochastic gradient grows with ‖x‖: no σ² bounds it but 0, where the batch is full; and no ζ² bounds the
/// distance of the ∇fᵢ. L±² ≤ the mean of ‖aⱼ‖⁴. f* is searched for, whatever λ is: see `LeastSquaresSearch`.
public struct LeastSquares<Scalar: StragglerCore.Scalar>: Problem {
  public static var name: StaticText { "least-squares" }
  public static var summary: StaticText { "linear regression by least squares, on rows with a target each" }
  public static var data: DataKind { .measurements }

  /// Where a run starts.
  public enum Start: Int, Sendable {
    /// x⁰ = 0.
    case zeros
    /// x⁰ = (1, …, 1).
    case ones
  }

  /// λ; not negative.
  public var lambda = 0.0
  /// Which samples each worker has, without regard to classes, of which there are none.
  public var split = SampleSplit.Kind.shared
  /// Samples in a stochastic gradient; nil for all of the worker's.
  public var batch: Int? = 1
  /// x⁰.
  public var x0 = Start.zeros
  /// N, the rows on which a run is measured; nil for all. See `EvaluatedSample`.
  public var evaluate: Int?

  private var rows = LabelledRows()
  private var bounds = FeatureBounds(LabelledRows())
  private var parts = SampleSplit()
  private var evaluatedRows = Table<UInt32>()
  private var splitBounds = SplitBounds()
  private var workers = 0
  private var optimum = Double.nan
  private var seed: UInt64 = 0
  private var draws = Table<UInt32>()
  private var partial = Table<Scalar>()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.number(
      "lambda", &lambda, atLeast: 0, "λ, the weight of ½‖x‖²", standard: "0",
      expected: "a number that is not negative")
    try keys.split("split", &split)
    try keys.batch("batch", &batch)
    try keys.choice("x0", &x0, of: "zeros ones", "starting point", standard: "zeros")
    try keys.evaluate(&evaluate)
  }

  private var losses: SquaredLosses { SquaredLosses(rows: rows) }
  public var dimension: Int { rows.width }
}

// MARK: - Set-up

extension LeastSquares {
  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {
    rows = setup.rows
    guard rows.count > 0, rows.targets.count == rows.count else {
      throw .impossible("least squares without samples and targets", remedy: "give data=")
    }
    guard rows.width > 0 else {
      throw .impossible("samples without features", remedy: "give data with features")
    }
    switch split {
    case .shared, .contiguous, .shuffled: break
    case .dirichlet, .byClass:
      throw .invalid(key: "split", expected: "shared, contiguous or shuffled: targets are no classes")
    }
    bounds = setup.bounds ?? FeatureBounds(rows)
    (seed, workers, optimum) = (setup.seed, setup.workers, setup.optimum)
    parts = try SampleSplit(
      split, count: rows.count, workers: workers, seed: seed, arena: &setup.arena
    ) { _ in 0 }
    evaluatedRows = try parts.drawRows(evaluated, of: rows.count, arena: &setup.arena)
    try measureSplit(&setup)
    draws = try setup.arena.table(of: UInt32.self, count: batch ?? 0)
    partial = try setup.arena.table(of: Scalar.self, count: dimension)
  }

  /// Bounds the samples of every worker: tightly, unless that would take much more than a tenth of a second.
  private mutating func measureSplit(_ setup: inout ProblemSetup) throws(SetupError) {
    guard split != .shared else { return }
    let isCheap = 60 * (Double(rows.values.count) + Double(workers) * Double(rows.width)) < 3e8
    let workspace = try setup.arena.table(
      of: Double.self, count: isCheap ? FeatureBounds.workspaceCount(width: rows.width) : 0)
    let samples = LabelledSamples(rows, or: LabelledImages())
    splitBounds = SplitBounds(parts, workers: workers) { selection in
      FeatureBounds(samples, selection: selection, withConstant: false, slope: 1, workspace: workspace)
    }
  }

  public var conditions: Conditions {
    var conditions = Conditions()
    conditions.smoothness = bounds.largestEigenvalue / Double(parts.used) + lambda
    if batch == nil { conditions.variance = 0 }
    conditions.optimum = optimum
    // One worker alone has f.
    conditions.isHeterogeneous = split != .shared && workers != 1
    if conditions.isHeterogeneous {
      conditions.workerSmoothness = splitBounds.smoothness(1, adding: lambda)
    }
    // No more than the mean of the squares of the samples' own constants.
    conditions.hessianVariance = bounds.quarticNormSum / Double(parts.used)
    return conditions
  }

  /// A pass without gradient costs about half of one with it.
  public var evaluationCost: Double { 1.5 * Double(evaluatedCount) / Double(batch ?? parts.block) }

  public var evaluationWork: EvaluationWork {
    let forward = 10 + 1.5 * Double(rows.values.count) / Double(max(1, rows.count))
    let regular = 2 * Double(dimension)
    let (count, size) = (Double(evaluatedCount), Double(batch ?? parts.block))
    return EvaluationWork(
      value: count * forward + regular, gradient: 2 * count * forward + regular, accuracy: 0,
      sample: size * (20 + 2 * forward) + regular)
  }
}

// MARK: - f*

extension LeastSquares {
  public var minimumSearch: MinimumSearch? { parts.search(of: rows.count, weight: lambda, seed: seed) }

  public var evaluatedSearch: MinimumSearch? {
    guard evaluatedCount < parts.used else { return nil }
    return parts.search(of: rows.count, weight: lambda, seed: seed, evaluated: evaluatedCount)
  }

  public mutating func minimum(
    _ search: MinimumSearch, _ arena: inout Arena, goesOn: (Double) -> Bool
  ) throws(SetupError) -> Double {
    let selection =
      search.evaluated > 0 ? evaluatedRows : try parts.ascending(of: rows.count, arena: &arena)
    var search = try LeastSquaresSearch(losses, samples: selection, lambda: lambda, arena: &arena)
    return arena.isMeasuring ? .nan : search.minimum(goesOn)
  }
}

// MARK: - Evaluation

extension LeastSquares {
  public var evaluated: EvaluatedSample? { EvaluatedSample(evaluate, of: parts.used, tests: 0) }
  private var evaluatedCount: Int { evaluated?.rows ?? parts.used }

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
    losses.loss(of: list, at: x) / Double(list.count) + lambda / 2 * Scalar.squaredNorm(x)
  }

  private func gradient(of list: Table<UInt32>, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    Scalar.fill(&g, with: 0)
    accumulate(1, meanOf: list, at: x, into: &g)
    if lambda > 0 { Scalar.add(Scalar(lambda), x, to: &g) }
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
      losses.accumulate(weight / Double(draws.count), draws, at: x, into: &g)
    }
    if lambda > 0 { Scalar.add(Scalar(weight * lambda), x, to: &g) }
  }

  /// g += weight · the mean of the losses' gradients over the samples in `list`.
  private func accumulate(
    _ weight: Double, meanOf list: Table<UInt32>, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    let each = weight / Double(list.count)
    Scalar.addBlockwise(list, partial: partial, to: &g) { block, sums in
      losses.accumulate(each, block, at: x, into: &sums)
    }
  }
}

// MARK: - As a finite sum

extension LeastSquares {
  public var sampleCount: Int { parts.used }

  public mutating func value(index: Int, at x: Span<Scalar>) -> Double {
    guard parts.order.indices.contains(index) else { return .nan }
    return losses.loss(of: parts.order[index..<index + 1], at: x) + lambda / 2 * Scalar.squaredNorm(x)
  }

  public mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard parts.order.indices.contains(index) else { return }
    losses.accumulate(weight, parts.order[index..<index + 1], at: x, into: &g)
    if lambda > 0 { Scalar.add(Scalar(weight * lambda), x, to: &g) }
  }
}
