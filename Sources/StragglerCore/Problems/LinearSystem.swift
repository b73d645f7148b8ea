// SPDX-License-Identifier: Apache-2.0

/// A symmetric matrix A and a vector b in the caller's memory, with what `SystemSearch` has found of them:
/// the data of f(x) = ½xᵀAx − bᵀx.
public struct LinearSystem: BitwiseCopyable, Sendable {
  /// A, row by row: d·d numbers.
  public let matrix: Table<Double>
  /// b; empty for 0.
  public let vector: Table<Double>
  /// d.
  public let dimension: Int
  /// The largest eigenvalue, L.
  public internal(set) var largest = Double.nan
  /// The smallest eigenvalue, μ.
  public internal(set) var smallest = Double.nan
  /// f* = −½bᵀA⁻¹b, or less by what rounding may have added to it; NaN where A is too ill-conditioned for it.
  public internal(set) var optimum = Double.nan
  /// x* = A⁻¹b; empty where A is too ill-conditioned for it.
  public internal(set) var solution = Table<Double>()

  /// No system.
  public init() { (matrix, vector, dimension) = (Table(), Table(), 0) }

  /// A view of a matrix of `dimension`² elements and of a vector of as many as rows, or none; nil where they
  /// have not.
  public init?(matrix: Table<Double>, vector: Table<Double>, dimension: Int) {
    let (count, overflow) = dimension.multipliedReportingOverflow(by: dimension)
    guard dimension > 0, !overflow, matrix.count == count, vector.isEmpty || vector.count == dimension else {
      return nil
    }
    (self.matrix, self.vector, self.dimension) = (matrix, vector, dimension)
  }

  /// Whether there is none.
  @inlinable public var isEmpty: Bool { dimension == 0 }

  /// Row `index` of A.
  @usableFromInline
  func row(_ index: Int) -> Table<Double> { matrix[index * dimension..<(index + 1) * dimension] }

  /// `product` = Av. O(d²).
  func multiply(_ v: Table<Double>, into product: Table<Double>) {
    for index in product.indices { product[index] = row(index).dot(v) }
  }
}
