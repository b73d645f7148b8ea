// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore

/// Random sparse rows with labels.
struct TestRows {
  var dense: [[Double]]
  var labels: [Int8]

  /// Rows with about a third of their features, and some without any.
  init(count: Int, width: Int, seed: UInt64, nonnegative: Bool = false) {
    var stream = RandomStream(seed: seed, purpose: .data)
    dense = (0..<count).map { row in
      (0..<width).map { _ in
        guard row % 7 != 3, stream.integer(below: 3) == 0 else { return 0 }
        let value = stream.normal()
        return nonnegative ? abs(value) : value
      }
    }
    labels = (0..<count).map { _ in stream.integer(below: 3) == 0 ? 1 : -1 }
  }

  var width: Int { dense[0].count }

  /// As the core views them; with `labels` as classes, where they are given.
  func view(_ memory: TestMemory, labels classes: [UInt8]? = nil) throws -> LabelledRows {
    var (starts, columns, values) = ([0], [UInt32](), [Double]())
    for row in dense {
      for (column, value) in row.enumerated() where value != 0 {
        columns.append(UInt32(column))
        values.append(value)
      }
      starts.append(columns.count)
    }
    let view = LabelledRows(
      starts: memory.table(starts), columns: memory.table(columns), values: memory.table(values),
      labels: memory.table(classes ?? labels.map { $0 > 0 ? 1 : 0 }), width: width)
    guard let view else { throw SetupError.outOfMemory }
    return view
  }

  /// y · aᵀx of a row.
  func margin(_ row: Int, at x: [Double]) -> Double {
    Double(labels[row]) * zip(dense[row], x).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The mean loss of some rows and its gradient, as the definition reads, with the C library's functions.
  func mean(_ rows: [Int], at x: [Double]) -> (loss: Double, gradient: [Double]) {
    var (loss, gradient) = (0.0, [Double](repeating: 0, count: width))
    for row in rows {
      let z = margin(row, at: x)
      loss += log(1 + exp(-z)) / Double(rows.count)
      let slope = -Double(labels[row]) / (1 + exp(z)) / Double(rows.count)
      for j in 0..<width { gradient[j] += slope * dense[row][j] }
    }
    return (loss, gradient)
  }

  /// λ_max(AᵀA) by power iteration on the dense matrix, until it settles.
  var largestEigenvalue: Double {
    var v = (0..<width).map { 1 + Double($0 * 7 % 5) / 10 }
    var (value, last) = (0.0, -1.0)
    while value > last * (1 + 1e-12) {
      last = value
      let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      v = v.map { $0 / norm }
      let products: [Double] = dense.map { zip($0, v).reduce(0) { $0 + $1.0 * $1.1 } }
      value = products.reduce(0) { $0 + $1 * $1 }
      var next = [Double](repeating: 0, count: width)
      for (row, product) in zip(dense, products) {
        for j in 0..<width { next[j] += product * row[j] }
      }
      v = next
    }
    return value
  }
}

extension Regularizer {
  /// Value and gradient, as the definition reads.
  func slow(at x: [Double]) -> (value: Double, gradient: [Double]) {
    switch self {
    case .none: (0, x.map { _ in 0 })
    case .l2: (x.reduce(0) { $0 + $1 * $1 } / 2, x)
    case .nonconvex:
      (x.reduce(0) { $0 + $1 * $1 / (1 + $1 * $1) }, x.map { 2 * $0 / pow(1 + $0 * $0, 2) })
    }
  }
}

extension Logistic {
  /// Prepared on `rows` or `images`, after the same set-up has been measured.
  func prepared(
    _ memory: TestMemory, rows: TestRows? = nil, images: TestImages? = nil, test: TestImages? = nil,
    workers: Int = 3, seed: UInt64 = 1, bounds: FeatureBounds? = nil
  ) throws -> Logistic {
    var logistic = self
    let view = try rows?.view(memory) ?? LabelledRows()
    func setup(_ arena: consuming Arena) -> ProblemSetup {
      ProblemSetup(
        workers: workers, seed: seed, training: images?.view(memory) ?? LabelledImages(),
        test: test?.view(memory) ?? LabelledImages(), rows: view, bounds: bounds, arena: arena)
    }
    var measuring = setup(.measuring())
    try logistic.prepare(&measuring)
    let conditions = logistic.conditions
    var real = setup(Arena(memory.bytes(measuring.arena.used)))
    try logistic.prepare(&real)
    guard real.arena.used == measuring.arena.used,
      conditions.smoothness == logistic.conditions.smoothness,
      conditions.variance == logistic.conditions.variance
    else { throw SetupError.outOfMemory }
    return logistic
  }

  /// What `body` adds to zeros.
  mutating func added(_ body: (inout Logistic, inout MutableSpan<Scalar>) -> Void) -> [Scalar] {
    var g = [Scalar](repeating: 0, count: dimension)
    var span = g.mutableSpan
    body(&self, &span)
    return g
  }
}
