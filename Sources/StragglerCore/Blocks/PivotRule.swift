// SPDX-License-Identifier: Apache-2.0

/// The node that the others send to.
public enum PivotRule: BitwiseCopyable, Equatable, Sendable {
  /// The paper's: argmin_j t*, for a σ²/ε.
  case equilibrium
  /// The graph's centre: argmin_j max_i τ_{i→j}.
  case center
  /// A node, from 1.
  case node(Int)
}

extension Keys {
  /// The pivot of a decentralised method: a node, `center`, or the paper's rule.
  mutating func pivot(
    _ value: inout PivotRule, standard: StaticText = "argmin_j t*(σ²/ε, [hᵢ], [τ_{i→j} + τ_{j→i}])"
  ) throws(SetupError) {
    let given = try setting(
      "pivot", .number, words: "center",
      "the node that the others send to: its number, or the graph's centre",
      standard: standard)
    switch given {
    case nil: break
    case .number(let number)? where number >= 1 && number <= 0x1p30 && number.rounded(.down) == number:
      value = .node(Int(number))
    case .word(let word)? where word == "center": value = .center
    default: throw .invalid(key: "pivot", expected: "a node, from 1 to n, or center")
    }
  }
}

extension Setup {
  /// The node that a search for `goal` finds. Throws `unfinished` after a slice of it, where the set-up is
  /// made in slices.
  @discardableResult
  func search(
    _ theory: NetworkTheory, _ goal: NetworkSearch.Goal, ratio: Double = 0
  ) throws(SetupError) -> Int {
    guard let found = theory.find(goal, ratio: ratio, inSlices: isInSlices) else { throw .unfinished }
    return found.pivot
  }

  /// The network with the trees of the pivot that `rule` chooses; `ratio` is σ²/ε.
  mutating func growTrees(_ rule: PivotRule, ratio: Double) throws(SetupError) -> Network {
    let network = try requireNetwork()
    guard !fleet.workers.isEmpty, network.trees.count == network.nodes else { return network }
    let coordinates = conditions.dimension
    let known = network.choice[0]
    var wanted = PivotChoice(kind: 1, ratio: ratio, coordinates: coordinates, pivot: 0)
    switch rule {
    case .equilibrium: break
    case .center: (wanted.kind, wanted.ratio) = (2, 0)
    case .node(let node): (wanted.kind, wanted.ratio) = (3, Double(node))
    }
    if known.kind == wanted.kind, known.ratio == wanted.ratio, known.coordinates == coordinates {
      return network
    }
    let theory = NetworkTheory(network, fleet: fleet, coordinates: coordinates)
    switch rule {
    case .equilibrium: wanted.pivot = try search(theory, .equilibrium, ratio: ratio)
    case .center: wanted.pivot = try search(theory, .center)
    case .node(let node):
      guard node <= workers else {
        throw .invalid(key: "pivot", expected: "a node, from 1 to n, or center")
      }
      wanted.pivot = node - 1
    }
    guard network.trees.grow(from: wanted.pivot, in: network, coordinates: coordinates) else {
      throw .impossible(
        "a pivot that cannot reach every node and be reached from it", remedy: "add links, both ways")
    }
    network.choice[0] = wanted
    return network
  }
}
