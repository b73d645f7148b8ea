// SPDX-License-Identifier: Apache-2.0

/// A neural network on images or sparse rows with a class each: layers of hidden units, softmax
/// cross-entropy, averaged over the samples.
///
/// Bytes of images are p/255, standardised where `standardize` is set: to (p/255 − 0.1307)/0.3081 for images
/// of 28×28, and by the mean and the standard deviation of all bytes of the training images otherwise. Rows
/// are taken as they are. At the start weights and biases are drawn from U(−1/√fan-in, 1/√fan-in).
///
/// Worker i's own objective fᵢ is the same over the samples that `split` gives it, and f is the mean of the
/// fᵢ. A stochastic gradient is the mean over `batch` samples of the worker's own, drawn with replacement. It
/// is a finite sum over the samples. The parameters' layout is that of `NetworkLayers` for one layer of ReLU
/// units on images with up to 16 classes, for which there are kernels of their own, and otherwise layer by
/// layer: W with a row for each input, then b.
///
/// Source: the experiments of MindFlayer SGD and Ringleader ASGD. No constants are known: L, σ² and f* are
/// NaN.
public struct NeuralNetwork<Scalar: StragglerCore.Scalar>: Problem {
  public static var name: StaticText { "network" }
  public static var summary: StaticText {
    "network of any number of layers on images or LIBSVM data, softmax cross-entropy"
  }
  public static var data: DataKind { .digits }

  /// The hidden layers; at least one.
  public var hidden = LayerSizes(32)
  /// What a hidden unit makes of its input.
  public var activation = Activation.relu
  /// Samples in a stochastic gradient.
  public var batch = 32
  /// Whether bytes of images are shifted and scaled to mean 0 and variance 1.
  public var standardize = true
  /// Which samples each worker has; all but `shared` make the workers' objectives differ.
  public var split = SampleSplit.Kind.shared
  /// N, the samples on which a run is measured, and as many test images; nil for all. See `EvaluatedSample`.
  public var evaluate: Int?

  private var training = LabelledSamples()
  private var test = LabelledSamples()
  private var parts = SampleSplit()
  private var workers = 0
  private var classes = 1
  private var scale = (slope: LabelledImages.pixelScale, offset: 0.0)
  private var samples = Table<UInt32>()
  private var scratch = Table<Scalar>()
  private var partial = Table<Scalar>()
  private var evaluatedRows = Table<UInt32>()
  /// What is evaluated of the test images; none, for all of them.
  private var evaluatedTests = Table<UInt32>()

  public init() {}

  /// A network with one layer of `hidden` units, from 1 to 2²⁰; numbers beyond the bounds are moved to them.
  public init(hidden: Int, batch: Int = 32, standardize: Bool = true) {
    self.init(hidden: LayerSizes(hidden), batch: batch, standardize: standardize)
  }

  /// A network with these hidden layers; numbers beyond the bounds are moved to them.
  public init(
    hidden: LayerSizes, activation: Activation = .relu, batch: Int = 32, standardize: Bool = true,
    split: SampleSplit.Kind = .shared
  ) {
    self.hidden = hidden.count > 0 ? hidden : LayerSizes(32)
    self.activation = activation
    self.batch = min(max(1, batch), 1 << 30)
    self.standardize = standardize
    self.split = split
  }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.layers("hidden", &hidden, "hidden units, or a list of them for several layers", standard: "32")
    try keys.choice(
      "activation", &activation, of: "relu tanh gelu", "what a hidden unit makes of its input",
      standard: "relu")
    try keys.count(
      "batch", &batch, limit: 1 << 30, "samples in a stochastic gradient", standard: "32",
      expected: "a positive integer")
    try keys.flag("standardize", &standardize, "shift and scale pixels to mean 0 and variance 1")
    try keys.split("split", &split)
    try keys.evaluate(&evaluate)
  }

  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {
    training = LabelledSamples(setup.rows, or: setup.training)
    test = training.isSparse ? LabelledSamples() : LabelledSamples(LabelledRows(), or: setup.test)
    guard training.count > 0 else {
      throw .impossible("network without training samples", remedy: "give data=")
    }
    guard training.width > 0 else {
      throw .impossible("samples without features", remedy: "give data with index:value pairs")
    }
    guard training.width < 1 << 24 else {
      throw .impossible("a network on samples of 2²⁴ features and more", remedy: "give data with fewer")
    }
    try training.check()
    try test.check()
    guard test.count == 0 || test.width == training.width else {
      throw .impossible("test images of another size", remedy: "give images of one size")
    }
    classes = test.count > 0 ? max(training.classes, test.classes) : training.classes
    if standardize && !training.isSparse { scale = Self.scale(training.images) }
    workers = setup.workers
    let (all, count) = (training, training.count)
    parts = try SampleSplit(
      split, count: count, workers: setup.workers, seed: setup.seed, arena: &setup.arena
    ) { all.label($0) }
    samples = try setup.arena.table(of: UInt32.self, count: batch)
    scratch = try setup.arena.table(
      of: Scalar.self, count: hasTwoLayers ? twoLayers.scratchCount : layers.scratchCount)
    partial = try setup.arena.table(of: Scalar.self, count: dimension)
    evaluatedRows = try parts.drawRows(evaluated, of: count, arena: &setup.arena)
    evaluatedTests = try EvaluatedSample.drawTests(evaluated, arena: &setup.arena)
  }

  /// What standardises the bytes of `images`.
  private static func scale(_ images: LabelledImages) -> (slope: Double, offset: Double) {
    var (mean, deviation) = (0.1307, 0.3081)
    if images.width != 28 * 28 {
      // Sums of bytes and their squares are exact.
      var (sum, squares) = (0, 0)
      for index in images.images.indices {
        let byte = Int(images.images[index])
        sum += byte
        squares += byte * byte
      }
      let count = Double(max(1, images.images.count))
      mean = Double(sum) / count / 255
      let variance = Double(squares) / count / (255 * 255) - mean * mean
      deviation = variance > 0 ? variance.squareRoot() : 1
    }
    return (1 / (255 * deviation), -mean / deviation)
  }

  /// Whether the kernels of the network of two layers do.
  private var hasTwoLayers: Bool {
    hidden.count == 1 && activation == .relu && !training.isSparse && classes <= NetworkLayers.classesLimit
  }

  private var twoLayers: NetworkLayers {
    NetworkLayers(
      inputs: max(1, training.width), hidden: hidden[0], classes: classes, slope: scale.slope,
      offset: scale.offset)
  }

  private var layers: LayeredNetwork {
    LayeredNetwork(
      inputs: max(1, training.width), hidden: hidden, classes: classes, activation: activation,
      slope: scale.slope, offset: scale.offset)
  }

  public var dimension: Int { layers.dimension }
  public var conditions: Conditions {
    var conditions = Conditions()
    conditions.isConvex = false
    // One worker alone has f.
    conditions.isHeterogeneous = split != .shared && workers != 1
    return conditions
  }

  public var evaluated: EvaluatedSample? { EvaluatedSample(evaluate, of: parts.used, tests: test.count) }
  private var evaluatedCount: Int { evaluated?.rows ?? parts.used }
  private var testCount: Int { evaluated?.tests ?? test.count }

  /// A pass without gradient costs about half of one with it.
  public var evaluationCost: Double {
    (1.5 * Double(evaluatedCount) + 0.5 * Double(testCount)) / Double(batch)
  }

  public var evaluationWork: EvaluationWork {
    // Some 60 products of the first layer take about a nanosecond, where most pixels are 0; some 8 of others.
    var forward = 100 + Double(training.width * hidden[0]) / 60
    for index in 1..<layers.layers where !hasTwoLayers {
      forward += Double(layers.size(index) * layers.size(index + 1)) / 8
    }
    let (count, size) = (Double(evaluatedCount), Double(batch))
    return EvaluationWork(
      value: count * forward, gradient: 2 * count * forward, accuracy: Double(testCount) * forward,
      sample: 2 * size * forward + 2 * Double(dimension))
  }

  public var weightMatrixCount: Int { layers.layers }
  public func weightMatrix(_ index: Int) -> WeightMatrix {
    var matrix = layers.weights(index)
    // There W₂ has a row for each class.
    if hasTwoLayers, index == 1 { matrix.hasRowsOfOutputs = true }
    return matrix
  }

  public mutating func start(_ x: inout MutableSpan<Scalar>, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .start)
    var next = 0
    for layer in 0..<layers.layers {
      let (inputs, outputs) = (layers.size(layer), layers.size(layer + 1))
      let bound = 1 / Double(inputs).squareRoot()
      let end = min(next + (inputs + 1) * outputs, x.count)
      while next < end {
        x[next] = Scalar(bound * (2 * stream.uniform() - 1))
        next += 1
      }
    }
  }
}

// MARK: - Evaluation

extension NeuralNetwork {
  /// The score of the samples in `list`.
  private func score(_ all: LabelledSamples, _ list: Table<UInt32>?, at x: Span<Scalar>) -> NetworkScore {
    hasTwoLayers
      ? twoLayers.score(all.images, samples: list, at: x, scratch: scratch)
      : layers.score(all, list: list, at: x, scratch: scratch)
  }

  /// g += weight · Σ ∇loss over the training samples in `list`.
  private func accumulate(
    _ weight: Double, _ list: Table<UInt32>, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    if hasTwoLayers {
      twoLayers.accumulate(weight, training.images, samples: list, at: x, into: &g, scratch: scratch)
    } else {
      layers.accumulate(weight, training, list: list, at: x, into: &g, scratch: scratch)
    }
  }

  private func value(of list: Table<UInt32>, at x: Span<Scalar>) -> Double {
    score(training, list, at: x).loss / Double(list.count)
  }

  private func gradient(of list: Table<UInt32>, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    Scalar.fill(&g, with: 0)
    let each = 1 / Double(list.count)
    Scalar.addBlockwise(list, partial: partial, to: &g) { block, sums in
      accumulate(each, block, at: x, into: &sums)
    }
  }

  public mutating func value(at x: Span<Scalar>) -> Double { value(of: parts.order, at: x) }

  public mutating func gradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    gradient(of: parts.order, at: x, into: &g)
  }

  public mutating func evaluatedValue(at x: Span<Scalar>) -> Double { value(of: evaluatedRows, at: x) }

  public mutating func evaluatedGradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    gradient(of: evaluatedRows, at: x, into: &g)
  }

  public mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    let own = parts.samples(of: sample.worker)
    guard own.count > 0 else { return }
    var stream = sample.stream
    for index in samples.indices { samples[index] = own[stream.integer(below: own.count)] }
    accumulate(weight / Double(batch), samples, at: x, into: &g)
  }

  public mutating func accuracy(at x: Span<Scalar>) -> Double {
    guard test.count > 0 else { return .nan }
    let list = evaluatedTests.isEmpty ? nil : evaluatedTests
    return Double(score(test, list, at: x).correct) / Double(testCount)
  }
}

// MARK: - As a finite sum, over the samples in use

extension NeuralNetwork {
  public var sampleCount: Int { parts.used }

  public mutating func value(index: Int, at x: Span<Scalar>) -> Double {
    guard parts.order.indices.contains(index) else { return .nan }
    return score(training, parts.order[index..<index + 1], at: x).loss
  }

  public mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard parts.order.indices.contains(index) else { return }
    accumulate(weight, parts.order[index..<index + 1], at: x, into: &g)
  }
}
