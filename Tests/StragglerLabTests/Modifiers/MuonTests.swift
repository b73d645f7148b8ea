// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// Steps along polar factors of weight matrices.
@Suite struct MuonTests {
  /// The five steps with arrays of arrays, from M over its norm.
  static func polarFactor(_ m: [[Double]]) -> [[Double]] {
    if m.count > m[0].count { return transposed(polarFactor(transposed(m))) }
    let norm = sqrt(m.joined().map { $0 * $0 }.reduce(0, +))
    guard norm > 0 else { return m }
    var x = m.map { $0.map { $0 / norm } }
    for _ in 0..<5 {
      let a = product(x, transposed(x))
      let aa = product(a, a)
      let ax = product(a, x)
      let aax = product(aa, x)
      for i in x.indices {
        for j in x[i].indices { x[i][j] = 3.4445 * x[i][j] - 4.7750 * ax[i][j] + 2.0315 * aax[i][j] }
      }
    }
    return x
  }

  private static func transposed(_ m: [[Double]]) -> [[Double]] {
    m[0].indices.map { j in m.map { $0[j] } }
  }

  private static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    let columns = transposed(b)
    return a.map { row in columns.map { zip(row, $0).map(*).reduce(0, +) } }
  }

  /// −γ times the steps that a run of one worker makes, whose gradient is always the same.
  private func steps(
    _ problem: Fixed, a: Double = 1, gamma: Double = 0.01, count: Int = 1
  ) throws -> [[Double]] {
    let run = try Experiment(
      problem: ProblemChoice(problem), workers: [Worker(tau: 1)],
      method: MethodChoice(
        configured(Hero.self) { $0.gamma.given = gamma }, modifiers: Modifiers(step: .muon(a: a)))
    ).start()
    var (last, steps) = (run.model, [[Double]]())
    for update in 1...count {
      run.run(until: Stop(updates: update))
      steps.append(zip(last, run.model).map { ($0 - $1) / gamma })
      last = run.model
    }
    return steps
  }

  @Test(arguments: [(1, 1), (1, 7), (7, 1), (3, 5), (5, 3), (4, 4), (17, 40)], [false, true])
  func agreesWithArrays(_ size: (inputs: Int, outputs: Int), hasRowsOfOutputs: Bool) throws {
    var draw = RandomStream(seed: 3, purpose: .data, worker: size.inputs, job: size.outputs)
    let count = size.inputs * size.outputs
    // A number before the matrix and two after it.
    let g = (0..<count + 3).map { _ in draw.uniform() - 0.5 }
    let matrix = WeightMatrix(
      first: 1, inputs: size.inputs, outputs: size.outputs, hasRowsOfOutputs: hasRowsOfOutputs)
    let step = try #require(try steps(Fixed(g, [matrix])).first)
    let rows = (0..<matrix.rows).map { Array(g[1 + $0 * matrix.columns..<1 + ($0 + 1) * matrix.columns]) }
    let weight = sqrt(max(1, Double(size.outputs) / Double(size.inputs)))
    let expected = Self.polarFactor(rows).joined().map { weight * $0 }
    expectClose(Array(step[1...count]), expected, 1e-9)
    for index in [0, count + 1, count + 2] { #expect(abs(step[index] - (g[index] > 0 ? 1 : -1)) < 1e-9) }
  }

  /// Singular values become about 1.
  @Test func diagonalsBecomeSigns() throws {
    let signs = [1.0, -1, 1, 1, -1, -1, 1, -1]
    var g = [Double](repeating: 0, count: 64)
    for index in 0..<8 { g[9 * index] = signs[index] * (1 + Double(index) / 4) }
    let step = try #require(
      try steps(Fixed(g, [WeightMatrix(first: 0, inputs: 8, outputs: 8)])).first)
    for row in 0..<8 {
      for column in 0..<8 {
        let value = step[8 * row + column]
        #expect(abs(value - (row == column ? signs[row] : 0)) < (row == column ? 0.35 : 1e-9))
      }
    }
  }

  @Test func matricesOfNothingStay() throws {
    let step = try #require(
      try steps(Fixed([0, 0, 0, 0, 1], [WeightMatrix(first: 0, inputs: 2, outputs: 2)])).first)
    #expect(step.prefix(4).allSatisfy { $0 == 0 } && abs(step[4] - 1) < 1e-9)
  }

  @Test func matricesAreAmongTheParameters() throws {
    for matrix in [
      WeightMatrix(first: 2, inputs: 2, outputs: 2), WeightMatrix(first: -1, inputs: 1, outputs: 1),
      WeightMatrix(first: 0, inputs: 0, outputs: 3), WeightMatrix(first: 0, inputs: .max, outputs: 2),
    ] {
      #expect(throws: LabError.self) { try steps(Fixed([1, 2, 3, 4, 5], [matrix])) }
    }
  }

  /// The layers of a network and the weights of a softmax regression cover all parameters but the biases.
  @Test func problemsNameTheirMatrices() throws {
    func matrices(_ problem: some Problem) -> [WeightMatrix] {
      (0..<problem.weightMatrixCount).map { problem.weightMatrix($0) }
    }
    #expect(matrices(Quadratic<Double>(dimension: 5)).isEmpty)
    for (name, settings, biases) in [
      ("network", ["hidden": 6], 6 + 10), ("network", ["hidden": .list([6, 5])], 6 + 5 + 10),
      ("logistic", ["data": "digits"], 10),
    ] as [(String, Settings, Int)] {
      guard let entry = Catalogue().problem(name), let choice = try? entry.choose(settings) else { continue }
      let run = try Experiment(
        problem: choice, workers: [Worker(tau: 1)],
        method: MethodChoice(
          configured(Hero.self) { $0.gamma = 0.01 }, modifiers: Modifiers(step: .muon(a: 1)))
      ).start()
      let start = run.model
      run.run(until: Stop(updates: 1))
      // A bias moves by γ, or not at all; a weight hardly ever by just that.
      let moved = zip(start, run.model).count { abs(abs($0 - $1) - 0.01) < 1e-6 }
      #expect(moved <= biases && moved >= biases / 2, "\(name) \(settings): \(moved)")
    }
  }

  @Test func isTheSameInEveryRun() throws {
    let runs = try (0..<2).map { _ in
      try steps(
        Fixed((0..<24).map { sin(Double($0)) }, [WeightMatrix(first: 0, inputs: 4, outputs: 6)]), a: 0.3,
        count: 5)
    }
    #expect(runs[0] == runs[1])
  }
}

/// A linear function of g, with matrices among its parameters.
struct Fixed: Problem {
  static var name: StaticText { "fixed" }
  static var summary: StaticText { "a linear function" }
  var g: [Double] = [1]
  var matrices: [WeightMatrix] = []
  init() {}
  init(_ g: [Double], _ matrices: [WeightMatrix]) { (self.g, self.matrices) = (g, matrices) }
  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  var dimension: Int { g.count }
  var conditions: Conditions { Conditions() }
  var weightMatrixCount: Int { matrices.count }
  func weightMatrix(_ index: Int) -> WeightMatrix { matrices[index] }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) {
    for index in x.indices { x[index] = 0 }
  }
  mutating func value(at x: Span<Double>) -> Double { x.indices.reduce(0) { $0 + g[$1] * x[$1] } }
  mutating func gradient(at x: Span<Double>, into result: inout MutableSpan<Double>) {
    for index in result.indices { result[index] = g[index] }
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into result: inout MutableSpan<Double>
  ) {
    for index in result.indices { result[index] += weight * g[index] }
  }
}
