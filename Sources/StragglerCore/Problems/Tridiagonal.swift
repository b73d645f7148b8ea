// SPDX-License-Identifier: Apache-2.0

/// A symmetric tridiagonal matrix in tables of the caller's, and its extreme eigenvalues.
///
/// Sources: Parlett, "The symmetric eigenvalue problem" (1998), sections 3.3 (Sturm sequences) and 7.9.
struct Tridiagonal {
  let diagonal: Table<Double>
  /// Element i stands beside the diagonal in rows i and i + 1.
  let beside: Table<Double>
  /// How many rows there are.
  var count = 0

  /// The largest eigenvalue, to rounding. O(count).
  func largest() -> Double { eigenvalue(above: 0) }
  /// The smallest eigenvalue, to rounding. O(count).
  func smallest() -> Double { eigenvalue(above: count - 1) }

  /// The eigenvalue above which there are `rank` others, by bisection.
  private func eigenvalue(above rank: Int) -> Double {
    var (low, high) = (Double.infinity, -Double.infinity)
    for row in 0..<count {
      var radius = row > 0 ? beside[row - 1].magnitude : 0
      if row + 1 < count { radius += beside[row].magnitude }
      low = min(low, diagonal[row] - radius)
      high = max(high, diagonal[row] + radius)
    }
    for _ in 0..<1_200 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if countAbove(middle) > rank { low = middle } else { high = middle }
    }
    return high
  }

  /// How many eigenvalues are above x.
  private func countAbove(_ x: Double) -> Int {
    var (above, pivot) = (0, 1.0)
    for row in 0..<count {
      let square = row > 0 ? beside[row - 1] * beside[row - 1] : 0
      pivot = diagonal[row] - x - square / pivot
      if pivot == 0 { pivot = -.leastNormalMagnitude }
      if pivot > 0 { above += 1 }
    }
    return above
  }

  /// The last coordinate of the unit eigenvector of the eigenvalue θ, from the last row up.
  func lastCoordinate(of theta: Double) -> Double {
    var (next, current, square, last) = (0.0, 1.0, 1.0, 1.0)
    for row in stride(from: count - 1, to: 0, by: -1) {
      let right = row + 1 < count ? beside[row] * next : 0
      guard beside[row - 1] != 0 else { return last / square.squareRoot() }
      (next, current) = (current, ((theta - diagonal[row]) * current - right) / beside[row - 1])
      square += current * current
      if square > 1e200 {
        (next, current, last, square) = (next * 1e-100, current * 1e-100, last * 1e-100, square * 1e-200)
      }
    }
    return last / square.squareRoot()
  }
}
