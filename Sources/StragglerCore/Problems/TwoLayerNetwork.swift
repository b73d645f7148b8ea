/// A neural network of two layers on images of digits: 784 pixels, `hidden` ReLU units, 10 classes, softmax
/// cross-entropy, averaged over the training images.
///
/// Pixels are p/255, standardised to (p/255 − 0.1307)/0.3081 where `standardize` is set. At the start weights
/// and biases are drawn from U(−1/√fan-in, 1/√fan-in). A stochastic gradient is the mean over `batch` images
/// drawn with replacement. The parameters' layout is that of `NetworkLayers`. It is a finite sum over the
/// images.
///
/// Source: the experiments of MindFlayer SGD and Ringleader ASGD. No constants are known: L, σ² and f* are
/// NaN.
public struct TwoLayerNetwork<Scalar: StragglerCore.Scalar>: Problem {
  public static var name: StaticText { "network" }
  public static var summary: StaticText {
    "784–hidden–10 ReLU network on images of digits, softmax cross-entropy"
  }
  public static var data: DataKind { .digits }

  private static var pixels: Int { 28 * 28 }
  private static var classes: Int { 10 }

  /// h, the number of hidden units.
  public var hidden = 32
  /// Images in a stochastic gradient.
  public var batch = 32
  /// Whether pixels are standardised by mean 0.1307 and standard deviation 0.3081.
  public var standardize = true
  /// N, the images on which a run is measured, and as many test images; nil for all. See `EvaluatedSample`.
  public var evaluate: Int?

  private var training = LabelledImages()
  private var test = LabelledImages()
  private var samples = Table<UInt32>()
  private var scratch = Table<Scalar>()
  private var partial = Table<Scalar>()
  /// What is evaluated of the images; none, for all of them.
  private var evaluatedRows = Table<UInt32>()
  private var evaluatedTests = Table<UInt32>()

  public init() {}

  /// A network with `hidden` units, from 1 to 2²⁰; numbers beyond the bounds are moved to them.
  public init(hidden: Int, batch: Int = 32, standardize: Bool = true) {
    self.hidden = min(max(1, hidden), 1 << 20)
    self.batch = min(max(1, batch), 1 << 30)
    self.standardize = standardize
  }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.count(
      "hidden", &hidden, limit: 1 << 20, "hidden units", standard: "32",
      expected: "an integer from 1 to 1048576")
    try keys.count(
      "batch", &batch, limit: 1 << 30, "images in a stochastic gradient", standard: "32",
      expected: "a positive integer")
    try keys.flag("standardize", &standardize, "shift and scale pixels to mean 0 and variance 1")
    try keys.evaluate(&evaluate)
  }

  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {
    training = setup.training
    test = setup.test
    try setup.require(
      training.count > 0, .impossible("network without training images", remedy: "load images of digits"))
    try check(training, setup)
    try check(test, setup)
    samples = try setup.arena.table(of: UInt32.self, count: batch)
    scratch = try setup.arena.table(of: Scalar.self, count: layers.scratchCount)
    partial = try setup.arena.table(of: Scalar.self, count: dimension)
    evaluatedTests = try EvaluatedSample.drawTests(evaluated, arena: &setup.arena)
    guard let evaluated, evaluated.rows < evaluated.allRows else { return }
    evaluatedRows = try setup.arena.table(of: UInt32.self, count: evaluated.rows)
    EvaluatedSample.draw(
      EvaluatedSample.rowDraw, into: evaluatedRows, below: training.count, total: training.count
    ) { _ in true }
  }

  /// Throws unless the images are 28×28 and labelled 0 … 9.
  private func check(_ set: LabelledImages, _ setup: borrowing ProblemSetup) throws(SetupError) {
    guard set.count > 0 else { return }
    try setup.require(
      set.width == Self.pixels && set.images.count / Self.pixels >= set.count && set.count <= Int(UInt32.max),
      .impossible("network on images that are not 28×28", remedy: "give images of 784 bytes each"))
    for index in set.labels.indices {
      try setup.require(
        Int(set.labels[index]) < Self.classes,
        .impossible("a label that is not a digit", remedy: "give labels from 0 to 9"))
    }
  }

  private var layers: NetworkLayers {
    NetworkLayers(
      inputs: Self.pixels, hidden: hidden, classes: Self.classes,
      slope: standardize ? 1 / (255 * 0.3081) : 1 / 255, offset: standardize ? -0.1307 / 0.3081 : 0)
  }

  public var dimension: Int { layers.dimension }
  public var conditions: Conditions {
    var conditions = Conditions()
    conditions.isConvex = false
    return conditions
  }

  public var evaluated: EvaluatedSample? {
    EvaluatedSample(evaluate, of: training.count, tests: test.count)
  }
  private var evaluatedCount: Int { evaluated?.rows ?? training.count }
  private var testCount: Int { evaluated?.tests ?? test.count }

  /// A pass without gradient costs about half of one with it.
  public var evaluationCost: Double {
    (1.5 * Double(evaluatedCount) + 0.5 * Double(testCount)) / Double(batch)
  }

  public var evaluationWork: EvaluationWork {
    // Some 60 products of the first layer take about a nanosecond.
    let forward = 100 + Double(Self.pixels * hidden) / 60
    let (count, size) = (Double(evaluatedCount), Double(batch))
    return EvaluationWork(
      value: count * forward, gradient: 2 * count * forward, accuracy: Double(testCount) * forward,
      sample: 2 * size * forward + 2 * Double(dimension))
  }

  public mutating func start(_ x: inout MutableSpan<Scalar>, seed: UInt64) {
    var stream = Stream(seed: seed, purpose: .start)
    let first = min(Self.pixels * hidden + hidden, x.count)
    let bounds = (1 / Double(Self.pixels).squareRoot(), 1 / Double(hidden).squareRoot())
    for index in x.indices {
      let bound = index < first ? bounds.0 : bounds.1
      x[index] = Scalar(bound * (2 * stream.uniform() - 1))
    }
  }

  public mutating func value(at x: Span<Scalar>) -> Double {
    layers.score(training, at: x, scratch: scratch).loss / Double(training.count)
  }

  public mutating func gradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    Scalar.fill(&g, with: 0)
    layers.accumulate(
      1 / Double(training.count), training, at: x, into: &g, partial: partial, scratch: scratch)
  }

  public mutating func evaluatedValue(at x: Span<Scalar>) -> Double {
    guard !evaluatedRows.isEmpty else { return value(at: x) }
    return layers.score(training, samples: evaluatedRows, at: x, scratch: scratch).loss
      / Double(evaluatedRows.count)
  }

  public mutating func evaluatedGradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    guard !evaluatedRows.isEmpty else { return gradient(at: x, into: &g) }
    Scalar.fill(&g, with: 0)
    let (layers, training, scratch, each) = (layers, training, scratch, 1 / Double(evaluatedRows.count))
    Scalar.addBlockwise(evaluatedRows, partial: partial, to: &g) { block, sums in
      layers.accumulate(each, training, samples: block, at: x, into: &sums, scratch: scratch)
    }
  }

  public mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard training.count > 0 else { return }
    var stream = sample.stream
    for index in samples.indices {
      samples[index] = UInt32(truncatingIfNeeded: stream.integer(below: training.count))
    }
    layers.accumulate(
      weight / Double(batch), training, samples: samples, at: x, into: &g, scratch: scratch)
  }

  public var sampleCount: Int { training.count }

  public mutating func value(index: Int, at x: Span<Scalar>) -> Double {
    guard index >= 0, index < training.count else { return .nan }
    return layers.score(training[index..<index + 1], at: x, scratch: scratch).loss
  }

  public mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard index >= 0, index < training.count else { return }
    samples[0] = UInt32(truncatingIfNeeded: index)
    layers.accumulate(weight, training, samples: samples[0..<1], at: x, into: &g, scratch: scratch)
  }

  public mutating func accuracy(at x: Span<Scalar>) -> Double {
    guard test.count > 0 else { return .nan }
    let samples = evaluatedTests.isEmpty ? nil : evaluatedTests
    return Double(layers.score(test, samples: samples, at: x, scratch: scratch).correct) / Double(testCount)
  }
}
