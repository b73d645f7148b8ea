// SPDX-License-Identifier: Apache-2.0

/// Numbers in rows and columns, as a file has them.
public struct NumberArray: Equatable, Sendable {
  /// The lengths of the dimensions, the slowest first: rows, columns; one of a vector.
  public let shape: [Int]
  /// The numbers, row by row, all finite.
  public let values: [Double]
  /// The titles of the columns; empty without a line for them.
  public let titles: [String]

  init(shape: [Int], values: [Double], titles: [String] = []) {
    self.shape = shape
    self.values = values
    self.titles = titles
  }

  /// How many rows there are.
  public var rows: Int { shape.first ?? 0 }
  /// How many numbers a row has; 1 in a vector.
  public var columns: Int { shape.count > 1 ? shape[1] : 1 }
  /// `60 × 4`.
  public var size: String { shape.map(String.init).joined(separator: " × ") }

  /// Reads the file at `path`, plain or gzip: a NumPy array where it begins as one, otherwise a table of
  /// numbers in text. O(size). Throws for what is neither, at its place.
  public static func read(_ path: String) throws(DataError) -> NumberArray {
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) {
      return NPY.isOne(bytes) ? try NPY.parse(bytes) : try NumberTable.parse(bytes)
    } catch { throw error.about(path) }
  }

  /// The numbers of a vector: of one dimension, or of one row or column; nil where it is none.
  public var isVector: Bool { shape.count == 1 || (shape.count == 2 && (shape[0] == 1 || shape[1] == 1)) }

  /// Why it is no symmetric matrix, `path` being its file; and the matrix itself, in which the mean of two
  /// numbers that differ by rounding stands for both. O(count).
  public func symmetric(_ path: String) throws(DataError) -> (matrix: [Double], difference: Double) {
    guard shape.count == 2, shape[0] == shape[1], shape[0] > 0 else {
      throw DataError(
        "is not a square matrix: it has \(shape.count == 1 ? "\(rows) numbers" : "\(size) numbers")",
        remedy: "give as many rows as columns", path: path)
    }
    let d = rows
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    var (matrix, difference) = (values, 0.0)
    for row in 0..<d {
      for column in 0..<row {
        let (below, above) = (values[row * d + column], values[column * d + row])
        guard below != above else { continue }
        guard (below - above).magnitude <= 1e-9 * largest else {
          throw DataError(
            "is not symmetric: row \(row + 1), column \(column + 1) is \(below), and row \(column + 1), "
              + "column \(row + 1) is \(above)",
            remedy: "give (A + A')/2, which has the same quadratic form", path: path)
        }
        difference = max(difference, (below - above).magnitude)
        matrix[row * d + column] = below + (above - below) / 2
        matrix[column * d + row] = matrix[row * d + column]
      }
    }
    return (matrix, difference)
  }
}
