// SPDX-License-Identifier: Apache-2.0

/// The polar factor UVᵀ of matrices M = UΣVᵀ, roughly: its singular values are about 0.7 to 1.2 where those
/// of M are not tiny beside ‖M‖, its Frobenius norm.
///
/// Five steps X ← aX + (bA + cA²)X with A = XXᵀ from X = M/‖M‖, where (a, b, c) = (3.4445, −4.7750, 2.0315):
/// Newton–Schulz with the coefficients of the public implementation of Muon. With r the smaller and s the
/// larger size of a matrix, O(r²s) time, and memory for 2rs + 2r² scalars of the largest.
public struct PolarFactor<S: Scalar>: BitwiseCopyable, Sendable {
  @usableFromInline let x: Table<S>
  @usableFromInline let y: Table<S>
  @usableFromInline let gram: Table<S>
  @usableFromInline let polynomial: Table<S>

  /// Room for the weight matrices of `problem` where `rule` is about them. Throws where one of them is not
  /// among its parameters.
  @inlinable
  public init<P: Problem>(
    of problem: borrowing P, for rule: StepRule?, arena: inout Arena
  ) throws(SetupError) where P.Scalar == S {
    var (elements, squares) = (0, 0)
    for index in 0..<(rule?.isAboutMatrices == true ? problem.weightMatrixCount : 0) {
      let matrix = problem.weightMatrix(index)
      let (count, overflow) = matrix.inputs.multipliedReportingOverflow(by: matrix.outputs)
      guard matrix.first >= 0, matrix.inputs > 0, matrix.outputs > 0, !overflow,
        count <= problem.dimension, matrix.first <= problem.dimension - count
      else {
        throw .impossible(
          "a weight matrix that is not among the problem's parameters",
          remedy: "mend the problem's weightMatrix(_:)")
      }
      elements = max(elements, count)
      let side = min(matrix.inputs, matrix.outputs)
      squares = max(squares, side * side)
    }
    x = try arena.table(of: S.self, count: elements)
    y = try arena.table(of: S.self, count: elements)
    gram = try arena.table(of: S.self, count: squares)
    polynomial = try arena.table(of: S.self, count: squares)
  }

  /// result = weight · the polar factor of m, both `matrix.count` elements; 0 where m is 0.
  @inlinable @inline(never)
  public func find(_ matrix: WeightMatrix, of m: Table<S>, times weight: S, into result: Table<S>) {
    let isTall = matrix.rows > matrix.columns
    let (rows, columns) = (min(matrix.rows, matrix.columns), max(matrix.rows, matrix.columns))
    let norm = m.norm
    guard norm > 0 else { return result.fill(0) }
    // The rows of `source` are the shorter side of the matrix.
    var (source, target) = (x, y)
    for row in 0..<rows {
      for column in 0..<columns {
        let index = isTall ? column * rows + row : row * columns + column
        source[row * columns + column] = S(Double(m[index]) / norm)
      }
    }
    for _ in 0..<5 {
      improve(source, rows, columns, into: target)
      (source, target) = (target, source)
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let index = isTall ? column * rows + row : row * columns + column
        result[index] = weight * source[row * columns + column]
      }
    }
  }

  /// target = aX + (bA + cA²)X, where X is `source`.
  @inlinable
  func improve(_ source: Table<S>, _ rows: Int, _ columns: Int, into target: Table<S>) {
    let (a, b, c) = (S(3.4445), S(-4.7750), S(2.0315))
    multiplyByTranspose(source, rows, columns, into: gram)
    multiplyByTranspose(gram, rows, rows, into: polynomial)
    let squares = rows * rows
    var sum = unsafe polynomial[0..<squares].buffer.mutableSpan
    unsafe S.combine(c, &sum, b, gram[0..<squares].buffer.span)
    for row in 0..<rows {
      var own = unsafe target[row * columns..<(row + 1) * columns].buffer.mutableSpan
      unsafe S.copy(source[row * columns..<(row + 1) * columns].buffer.span, to: &own)
      S.scale(&own, by: a)
      for other in 0..<rows {
        S.add(
          polynomial[row * rows + other],
          unsafe source[other * columns..<(other + 1) * columns].buffer.span, to: &own)
      }
    }
  }

  /// product = MMᵀ of a matrix with `rows` rows.
  @inlinable
  func multiplyByTranspose(_ m: Table<S>, _ rows: Int, _ columns: Int, into product: Table<S>) {
    for row in 0..<rows {
      let own = m[row * columns..<(row + 1) * columns]
      for other in 0...row {
        let value = unsafe S(S.dot(own.buffer.span, m[other * columns..<(other + 1) * columns].buffer.span))
        product[row * rows + other] = value
        product[other * rows + row] = value
      }
    }
  }
}

extension Table where Element: Scalar {
  /// The Euclidean norm, also of vectors the squares of whose elements are too large or too small for
  /// doubles.
  @inlinable
  var norm: Double {
    let square = unsafe Element.squaredNorm(buffer.span)
    if square > 0x1p-900 && square < .infinity { return square.squareRoot() }
    var largest = 0.0
    for index in indices { largest = Swift.max(largest, Double(self[index].magnitude)) }
    guard largest > 0, largest < .infinity else { return square.isNaN ? square : largest }
    var sum = 0.0
    for index in indices {
      let ratio = Double(self[index]) / largest
      sum += ratio * ratio
    }
    return largest * sum.squareRoot()
  }
}
