// SPDX-License-Identifier: Apache-2.0

/// How much of its data a problem is evaluated on along a run, where that is not all of them.
public struct EvaluatedSample: BitwiseCopyable, Equatable, Sendable {
  /// The rows that loss, gap and ‖∇f‖² are of.
  public let rows: Int
  /// The rows that there are.
  public let allRows: Int
  /// The rows of the test set that the accuracy is of.
  public let tests: Int
  /// The rows of the test set that there are; 0 without one.
  public let allTests: Int

  /// At most `wanted` rows of `allRows` and of `allTests`; nil where that is all, or `wanted` is.
  public init?(_ wanted: Int?, of allRows: Int, tests allTests: Int) {
    guard let wanted, wanted < allRows || wanted < allTests else { return nil }
    (rows, tests) = (min(wanted, allRows), min(wanted, allTests))
    (self.allRows, self.allTests) = (allRows, allTests)
  }

  /// Fills `sample` with numbers below `count` for which `isIn` holds, as it does for `total` of them: in
  /// ascending order, none twice, every choice of them equally likely, and the same whatever a run's seed is.
  ///
  /// Different `draw`s are independent. O(`count`). Source: Fan, Muller and Rezucha, "Development of sampling
  /// plans by using sequential (item by item) selection techniques" (1962), method 1.
  static func draw(
    _ draw: Int, into sample: Table<UInt32>, below count: Int, total: Int, where isIn: (Int) -> Bool
  ) {
    var stream = RandomStream(seed: 0, purpose: .data, job: draw)
    var (next, left) = (0, total)
    for number in 0..<count where next < sample.count && left > 0 && isIn(number) {
      if stream.integer(below: left) < sample.count - next {
        sample[next] = UInt32(truncatingIfNeeded: number)
        next += 1
      }
      left -= 1
    }
  }

  /// The numbers of draws of rows and of tests; smaller ones stand for splits of the data.
  static var rowDraw: Int { 2 }
  static var testDraw: Int { 3 }

  /// The rows of the test set that are evaluated; none, for all of them.
  static func drawTests(
    _ evaluated: EvaluatedSample?, arena: inout Arena
  ) throws(SetupError) -> Table<UInt32> {
    guard let evaluated, evaluated.tests < evaluated.allTests else { return Table() }
    let sample = try arena.table(of: UInt32.self, count: evaluated.tests)
    draw(testDraw, into: sample, below: evaluated.allTests, total: evaluated.allTests) { _ in true }
    return sample
  }
}

extension SampleSplit {
  /// The samples that are evaluated, of the `count` that there are: all that are in use, in their order, or
  /// some of these. O(`count`).
  func drawRows(
    _ evaluated: EvaluatedSample?, of count: Int, arena: inout Arena
  ) throws(SetupError) -> Table<UInt32> {
    guard let evaluated, evaluated.rows < used else { return order }
    let sample = try arena.table(of: UInt32.self, count: evaluated.rows)
    // Which samples are used must not depend on the order in which they are stored.
    let isUsed = try arena.table(of: Bool.self, count: used < count ? count : 0)
    isUsed.fill(false)
    for index in order.indices where !isUsed.isEmpty { isUsed[Int(order[index])] = true }
    guard !sample.isEmpty else { return sample }
    EvaluatedSample.draw(EvaluatedSample.rowDraw, into: sample, below: count, total: used) { number in
      isUsed.isEmpty || isUsed[number]
    }
    return sample
  }
}
