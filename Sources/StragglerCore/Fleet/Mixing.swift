// SPDX-License-Identifier: Apache-2.0

/// An entry of a matrix that mixes the nodes' vectors.
public struct MixingWeight: BitwiseCopyable, Sendable {
  /// i, the node whose vector is mixed, from 0.
  public var row: Int32
  /// j, the node whose vector is mixed in, from 0.
  public var column: Int32
  /// Wᵢⱼ.
  public var weight: Double

  /// Wᵢⱼ = `weight` for i = `row` and j = `column`, both from 0 and below 2³¹.
  public init(row: Int, column: Int, weight: Double) {
    self.row = Int32(truncatingIfNeeded: row)
    self.column = Int32(truncatingIfNeeded: column)
    self.weight = weight
  }
}

/// How fast a symmetric doubly stochastic matrix W brings the vectors of n nodes together: with eigenvalues
/// 1 = λ₁ ≥ λ₂ ≥ … ≥ λ_n, p = 1 − max{|λ₂|, |λ_n|}² and c = 1 − min{λ_n, 0}².
///
/// By Lanczos' method on the vectors whose sum is 0. Source of p and c: Koloskova, Lin, Stich, "An improved
/// analysis of gradient tracking for decentralized machine learning" (2021).
struct Mixing: BitwiseCopyable, Sendable {
  /// The largest and the smallest of λ₂, …, λ_n; 0 for a single node, and while the arena measures.
  let largest: Double
  let smallest: Double

  /// pc.
  var rate: Double {
    let negative = min(smallest, 0)
    return max(0, (1 - size) * (1 + size)) * max(0, (1 - negative) * (1 + negative))
  }
  /// 1 − max{|λ₂|, |λ_n|}.
  var gap: Double { 1 - size }
  private var size: Double { max(largest.magnitude, smallest.magnitude) }
  /// The largest eigenvalue of I − W.
  var width: Double { 1 - smallest }

  private init(largest: Double, smallest: Double) { (self.largest, self.smallest) = (largest, smallest) }

  /// How many entries the steps of Lanczos' method may read: some tenths of a second.
  private static var limit: Double { 3e8 }

  /// Of the matrix with the entries `weights`, for `nodes` nodes. Takes 3n numbers for the vectors and 2 for
  /// every step, at most n. Throws where the steps allowed are not enough to find the rate.
  init(_ weights: Table<MixingWeight>, nodes: Int, arena: inout Arena) throws(SetupError) {
    let work = Double(2 * nodes * nodes)
    let entries = Double(max(1, 16 * nodes))
    let steps = max(1, min(nodes - 1, work <= Self.limit ? nodes : Int(Self.limit / entries)))
    let (v, previous, next) = (
      try arena.table(of: Double.self, count: nodes), try arena.table(of: Double.self, count: nodes),
      try arena.table(of: Double.self, count: nodes)
    )
    let diagonal = try arena.table(of: Double.self, count: steps)
    let beside = try arena.table(of: Double.self, count: steps)
    guard nodes > 1, !weights.isEmpty, !v.isEmpty else {
      (largest, smallest) = (0, 0)
      return
    }
    var stream = RandomStream(seed: 0x5EED_0F51_6E5A_0002, purpose: .data)
    for node in v.indices { v[node] = stream.normal() }
    Self.normalize(v)
    var (count, found, check) = (0, Double.nan, 8)
    while count < steps {
      let beta = count > 0 ? beside[count - 1] : 0
      next.fill(0)
      for index in weights.indices {
        let entry = weights[index]
        next[Int(entry.row)] += entry.weight * v[Int(entry.column)]
      }
      var alpha = 0.0
      for node in v.indices { alpha += next[node] * v[node] }
      for node in v.indices { next[node] -= alpha * v[node] + beta * previous[node] }
      diagonal[count] = alpha
      let rest = Self.normalize(next)
      beside[count] = rest
      count += 1
      // What rounding leaves of a vector in which nothing new is.
      let isComplete = rest < 1e-12
      if isComplete || count == steps || count == check {
        let now = Mixing(
          largest: Self.eigenvalue(diagonal[0..<count], beside[0..<count], below: count),
          smallest: Self.eigenvalue(diagonal[0..<count], beside[0..<count], below: 1))
        if isComplete || nodes - 1 == count || (found - now.rate).magnitude <= 0.02 * now.rate {
          self = now
          return
        }
        (found, check) = (now.rate, 2 * check)
      }
      for node in v.indices { (previous[node], v[node]) = (v[node], next[node]) }
    }
    throw .impossible(
      "a network too large to find the stepsize for nodes whose objectives differ", remedy: "give gamma=")
  }

  /// Takes the mean out of `v`, scales it to length 1, and returns the length that it had.
  @discardableResult
  private static func normalize(_ v: Table<Double>) -> Double {
    var (sum, square) = (0.0, 0.0)
    for node in v.indices { sum += v[node] }
    for node in v.indices {
      v[node] -= sum / Double(v.count)
      square += v[node] * v[node]
    }
    let length = square.squareRoot()
    if length > 0 { for node in v.indices { v[node] /= length } }
    return length
  }

  /// The eigenvalue number `below` in ascending order, from 1, of those in [−1, 1], by bisection.
  private static func eigenvalue(
    _ diagonal: Table<Double>, _ beside: Table<Double>, below rank: Int
  ) -> Double {
    var (low, high) = (-1.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      // Sturm's sequence counts the eigenvalues below the middle.
      var (count, q) = (0, 1.0)
      for index in diagonal.indices {
        let side = index > 0 ? beside[index - 1] : 0
        q = diagonal[index] - middle - (q != 0 ? side * side / q : side / 0x1p-52)
        if q < 0 { count += 1 }
      }
      if count >= rank { high = middle } else { low = middle }
    }
    return (low + high) / 2
  }
}
