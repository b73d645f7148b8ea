// SPDX-License-Identifier: Apache-2.0

/// Which matrix W mixes the vectors of the nodes of a network: symmetric, doubly stochastic, with weights
/// between neighbours only.
public enum MixingRule: BitwiseCopyable, Sendable {
  /// Wᵢⱼ = 1/(1 + max{degᵢ, degⱼ}) for neighbours, Wᵢᵢ the rest.
  case metropolis
  /// Wᵢⱼ = 1/(1 + the largest degree) for neighbours, Wᵢᵢ the rest: 1/n for all nodes of a complete graph.
  case uniform
  /// The n × n numbers of a matrix, row by row, in the caller's memory.
  case matrix(Table<Double>)
}

extension Keys {
  /// The words of the rules, or the path of a file with a matrix.
  mutating func mixing(_ name: KeyName, _ value: inout MixingRule) throws(SetupError) {
    let setting = try setting(
      name, .wordOrPath, words: "metropolis uniform",
      "W, which mixes the nodes' vectors, or a file with its n rows of n numbers (.npy or CSV)",
      standard: "metropolis")
    switch setting {
    case nil: break
    case .list(let matrix): value = .matrix(matrix)
    case .word(let word) where word == "metropolis": value = .metropolis
    case .word(let word) where word == "uniform": value = .uniform
    default: throw .invalid(key: name.text, expected: "metropolis, uniform, or a file with a matrix")
    }
  }
}

extension Network {
  /// The entries of the matrix of `rule`, in order of rows. Throws where a matrix that was given does not
  /// fit the network; `key` is what gave it. O(nodes + links), of a given matrix O(nodes²).
  func weights(
    _ rule: MixingRule, for key: StaticText, _ arena: inout Arena
  ) throws(SetupError) -> Table<MixingWeight> {
    switch rule {
    case .metropolis: return try metropolisWeights(&arena)
    case .uniform:
      var most = 0
      for node in 0..<nodes { most = max(most, outgoing.range(node).count) }
      return try weights(&arena) { [most] _, _ in 1 / Double(1 + most) }
    case .matrix(let matrix):
      try check(matrix, key)
      return try weights(of: matrix, &arena)
    }
  }

  private func check(_ matrix: Table<Double>, _ key: StaticText) throws(SetupError) {
    guard matrix.count == nodes * nodes else {
      throw .invalid(key: key, expected: "a matrix with a row and a column for every worker")
    }
    for row in 0..<nodes {
      var sum = CompensatedSum(0)
      for column in 0..<nodes {
        let weight = matrix[row * nodes + column]
        sum.add(weight)
        guard weight >= 0, (weight - matrix[column * nodes + row]).magnitude <= 1e-12 else {
          throw .invalid(key: key, expected: "a symmetric matrix of numbers from 0 on")
        }
        guard weight == 0 || row == column || link(from: column, to: row) != nil else {
          throw .invalid(key: key, expected: "a matrix that is 0 where nodes are not linked")
        }
      }
      guard (sum.value - 1).magnitude <= 1e-9 else {
        throw .invalid(key: key, expected: "a matrix whose rows add up to 1")
      }
    }
  }

  private func weights(
    of matrix: Table<Double>, _ arena: inout Arena
  ) throws(SetupError) -> Table<MixingWeight> {
    var count = 0
    for index in matrix.indices where matrix[index] != 0 { count += 1 }
    let weights = try arena.table(of: MixingWeight.self, count: count)
    guard !weights.isEmpty else { return weights }
    count = 0
    for index in matrix.indices where matrix[index] != 0 {
      weights[count] = MixingWeight(row: index / nodes, column: index % nodes, weight: matrix[index])
      count += 1
    }
    return weights
  }

  /// The Metropolis matrix of the graph, in order of rows. O(nodes + links).
  func metropolisWeights(_ arena: inout Arena) throws(SetupError) -> Table<MixingWeight> {
    try weights(&arena) { 1 / Double(1 + max($0, $1)) }
  }

  /// The matrix with `weight` of the degrees of two neighbours between them, and on the diagonal the rest.
  private func weights(
    _ arena: inout Arena, _ weight: (Int, Int) -> Double
  ) throws(SetupError) -> Table<MixingWeight> {
    let weights = try arena.table(of: MixingWeight.self, count: nodes + links.count)
    guard !weights.isEmpty else { return weights }
    var count = 0
    for node in 0..<nodes {
      let degree = outgoing.range(node).count
      var own = 1.0
      for position in outgoing.range(node) {
        let other = Int(links[outgoing.link(position)].target)
        let weight = weight(degree, outgoing.range(other).count)
        own -= weight
        weights[count] = MixingWeight(row: node, column: other, weight: weight)
        count += 1
      }
      weights[count] = MixingWeight(row: node, column: node, weight: own)
      count += 1
    }
    return weights
  }
}
