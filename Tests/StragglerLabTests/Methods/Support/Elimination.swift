// SPDX-License-Identifier: Apache-2.0

/// The solution of a x = b, by elimination with the largest pivots of each column.
func solve(_ a: [[Double]], _ b: [Double]) -> [Double] {
  var rows = zip(a, b).map { $0 + [$1] }
  let n = b.count
  for i in 0..<n {
    let pivot = (i..<n).max { abs(rows[$0][i]) < abs(rows[$1][i]) }!
    rows.swapAt(i, pivot)
    for j in 0..<n where j != i {
      let ratio = rows[j][i] / rows[i][i]
      for k in i...n { rows[j][k] -= ratio * rows[i][k] }
    }
  }
  return (0..<n).map { rows[$0][n] / rows[$0][$0] }
}
