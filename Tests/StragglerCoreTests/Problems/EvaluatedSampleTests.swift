// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

/// A run is measured on a fixed sample: which one, and what is measured on it.
@Suite struct EvaluatedSampleTests {
  private let rows = TestRows(count: 47, width: 11, seed: 5)
  private let images = TestImages(count: 30, width: 784, classes: 10, seed: 4)
  private let x = (0..<11).map { 0.3 * Double($0 % 4) - 0.4 }

  /// The rows that are drawn of those that a split of 47 has in use.
  private func drawn(
    _ wanted: Int?, _ kind: SampleSplit.Kind = .shared, workers: Int = 3, seed: UInt64 = 1
  ) throws -> [Int] {
    let memory = TestMemory()
    var arena = Arena(memory.bytes(1 << 16))
    let split = try SampleSplit(kind, count: 47, workers: workers, seed: seed, arena: &arena) {
      rows.labels[$0] > 0 ? 1 : 0
    }
    let sample = EvaluatedSample(wanted, of: split.used, tests: 0)
    let table = try split.drawRows(sample, of: 47, arena: &arena)
    return table.indices.map { Int(table[$0]) }
  }

  @Test func isDrawnOnceAndWithoutRepetition() throws {
    for count in [1, 2, 10, 44] {
      let sample = try drawn(count)
      #expect(sample.count == count && sample == Set(sample).sorted() && sample.allSatisfy { $0 < 47 })
      // One sample for every seed, fleet and order of the samples.
      #expect(try sample == drawn(count, seed: 9) && sample == drawn(count, workers: 7))
      #expect(try sample == drawn(count, .shuffled, workers: 1, seed: 8))
    }
    #expect(try drawn(nil) == Array(0..<47) && drawn(47) == Array(0..<47) && drawn(900) == Array(0..<47))
    // Of samples that are left out none is drawn.
    for kind in [SampleSplit.Kind.contiguous, .shuffled, .dirichlet(0.5)] {
      let (some, all) = (try drawn(20, kind, workers: 9), try drawn(nil, kind, workers: 9))
      #expect(Set(some).isSubset(of: all) && some.count == 20 && some == some.sorted())
      #expect(try drawn(45, kind, workers: 9) == all)
    }
  }

  /// Each of 40 numbers is one of 10 drawn in a quarter of all draws.
  @Test func everyNumberIsAsLikely() {
    let memory = TestMemory()
    var counts = [Int](repeating: 0, count: 40)
    let draws = 4_000
    let sample = memory.table([UInt32](repeating: 0, count: 10))
    for draw in 0..<draws {
      EvaluatedSample.draw(draw, into: sample, below: 40, total: 40) { _ in true }
      for index in sample.indices { counts[Int(sample[index])] += 1 }
    }
    let deviation = (Double(draws) * 0.25 * 0.75).squareRoot()
    #expect(counts.allSatisfy { abs(Double($0) - 0.25 * Double(draws)) < 5 * deviation }, "\(counts)")
  }

  @Test func rowsAreMeasuredAsTheDefinitionReads() throws {
    let memory = TestMemory()
    for (regularizer, kind) in [(Regularizer.nonconvex, SampleSplit.Kind.shared), (.l2, .contiguous)] {
      var f = Logistic<Double>(lambda: 0.2, regularizer: regularizer, split: kind)
      let full = try f.prepared(memory, rows: rows)
      f.evaluate = 12
      var g = try f.prepared(memory, rows: rows)
      #expect(g.evaluated == EvaluatedSample(12, of: kind == .shared ? 47 : 45, tests: 0))
      let (part, added) = (rows.mean(try drawn(12, kind), at: x), regularizer.slow(at: x))
      #expect(abs(g.evaluatedValue(at: x.span) - part.loss - 0.2 * added.value) < 1e-14)
      let gradient = g.added { f, g in f.evaluatedGradient(at: x.span, into: &g) }
      for j in x.indices {
        #expect(abs(gradient[j] - part.gradient[j] - 0.2 * added.gradient[j]) < 1e-14)
      }
      // f itself and what theory knows of it are as they were.
      var whole = full
      #expect(g.value(at: x.span) == whole.value(at: x.span))
      #expect(g.conditions.smoothness == full.conditions.smoothness)
      #expect(g.conditions.variance == full.conditions.variance)
      #expect(g.evaluationWork.value < 0.3 * full.evaluationWork.value)
      #expect(g.evaluationWork.sample == full.evaluationWork.sample)
    }
  }

  @Test func asManyAsThereAreIsAll() throws {
    let memory = TestMemory()
    var plain = try Logistic<Double>(lambda: 0.2, split: .shuffled).prepared(memory, rows: rows)
    var f = Logistic<Double>(lambda: 0.2, split: .shuffled)
    f.evaluate = 45
    f = try f.prepared(memory, rows: rows)
    #expect(f.evaluated == nil && f.evaluatedSearch == nil)
    #expect(f.evaluatedValue(at: x.span) == plain.value(at: x.span))
    let gradient = f.added { f, g in f.evaluatedGradient(at: x.span, into: &g) }
    #expect(gradient == plain.added { f, g in f.gradient(at: x.span, into: &g) })
    #expect(f.evaluationWork.value == plain.evaluationWork.value)
    #expect(f.evaluationCost == plain.evaluationCost)
  }

  @Test(arguments: [0.05, 1e-4]) func hasAMinimumOfItsOwn(_ lambda: Double) throws {
    let memory = TestMemory()
    var f = Logistic<Double>(lambda: lambda, regularizer: .l2)
    f.evaluate = 30
    f = try f.prepared(memory, rows: rows)
    let search = try #require(f.evaluatedSearch)
    #expect(search != f.minimumSearch)
    var measuring = Arena.measuring()
    _ = try f.minimum(search, &measuring) { _ in true }
    var arena = Arena(memory.bytes(measuring.used))
    let optimum = try f.minimum(search, &arena) { _ in true }
    var part = rows
    part.dense = try drawn(30).map { rows.dense[$0] }
    part.labels = try drawn(30).map { rows.labels[$0] }
    let above = part.minimum(lambda: lambda) - optimum
    #expect(above >= 0 && above <= 2e-13)
    #expect(abs(optimum - rows.minimum(lambda: lambda)) > 1e-3)
  }

  @Test func imagesAreMeasuredAsTheDefinitionReads() throws {
    let memory = TestMemory()
    var f = NeuralNetwork<Double>(hidden: 4)
    f.evaluate = 12
    func setup(_ arena: consuming Arena) -> ProblemSetup {
      ProblemSetup(
        workers: 3, seed: 1, training: images.view(memory), test: images.view(memory), arena: arena)
    }
    var measuring = setup(.measuring())
    try f.prepare(&measuring)
    var real = setup(Arena(memory.bytes(measuring.arena.used)))
    try f.prepare(&real)
    #expect(real.arena.used == measuring.arena.used)
    var w = [Double](repeating: 0, count: f.dimension)
    var span = w.mutableSpan
    f.start(&span, seed: 3)
    func chosen(_ draw: Int) -> [Int] {
      let sample = memory.table([UInt32](repeating: 0, count: 12))
      EvaluatedSample.draw(draw, into: sample, below: 30, total: 30) { _ in true }
      return sample.indices.map { Int(sample[$0]) }
    }
    let layers = NetworkLayers(
      inputs: 784, hidden: 4, classes: 10, slope: 1 / (255 * 0.3081), offset: -0.1307 / 0.3081)
    let slow = SlowNetwork(layers: layers, images: images)
    let (rows, tests) = (chosen(EvaluatedSample.rowDraw), chosen(EvaluatedSample.testDraw))
    #expect(rows != tests)
    let part = slow.sums(rows, at: w)
    #expect(abs(f.evaluatedValue(at: w.span) - part.loss / 12) < 1e-12)
    var g = [Double](repeating: 0, count: w.count)
    var gradient = g.mutableSpan
    f.evaluatedGradient(at: w.span, into: &gradient)
    #expect(zip(g, part.gradient).allSatisfy { abs($0 - $1 / 12) < 1e-12 })
    #expect(f.accuracy(at: w.span) == Double(slow.sums(tests, at: w).correct) / 12)

    var softmax = Logistic<Double>(lambda: 0, regularizer: .none)
    softmax.evaluate = 12
    var regression = try softmax.prepared(memory, images: images, test: images)
    let y = (0..<7_850).map { 0.1 * Double($0 % 7) - 0.3 }
    var (loss, correct) = (0.0, 0)
    for row in rows { loss += regression.value(index: row, at: y.span) / 12 }
    for test in tests {
      let one = TestImages(images, test)
      var alone = try Logistic<Double>(lambda: 0, regularizer: .none)
        .prepared(memory, images: images, test: one)
      correct += alone.accuracy(at: y.span) == 1 ? 1 : 0
    }
    #expect(abs(regression.evaluatedValue(at: y.span) - loss) < 1e-12)
    #expect(regression.accuracy(at: y.span) == Double(correct) / 12)
  }
}

extension TestImages {
  /// One of the images.
  fileprivate init(_ other: TestImages, _ index: Int) {
    self = other
    pixels = Array(other.pixels[index * width..<(index + 1) * width])
    labels = [other.labels[index]]
  }
}
