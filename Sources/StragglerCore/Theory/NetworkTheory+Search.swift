// SPDX-License-Identifier: Apache-2.0

extension NetworkSearch {
  /// The best so far.
  var best: NetworkTheory.Equilibrium { NetworkTheory.Equilibrium(pivot: pivot, time: time, nodes: nodes) }

  // Not a setter: one that can be modified in place would allocate.
  mutating func keep(_ found: NetworkTheory.Equilibrium) {
    (pivot, time, nodes) = (found.pivot, found.time, found.nodes)
  }
}

extension NetworkTheory {
  /// Roughly how many nodes and links a slice visits: some tenths of a second.
  private static var slice: Int { 1 << 22 }

  /// The result of a search; nil where it is not done after a slice; the next call continues it.
  func find(_ goal: NetworkSearch.Goal, ratio: Double = 0, inSlices: Bool) -> Equilibrium? {
    let searches = network.searches
    let wanted = NetworkSearch(goal, ratio: ratio, coordinates: coordinates)
    var place = searches.count - 1
    while place >= 0, !searches[place].isSame(as: wanted) { place -= 1 }
    if place < 0 { place = begin(wanted) }
    var work = 0
    while !searches[place].isDone {
      if inSlices, work >= Self.slice { return nil }
      step(&searches[place])
      work += network.nodes + network.links.count
    }
    return searches[place].best
  }

  /// Makes room for `search`. One that was left before its end is forgotten: they share their workspace.
  private func begin(_ search: NetworkSearch) -> Int {
    let searches = network.searches
    for index in searches.indices where !searches[index].isDone { searches[index] = NetworkSearch() }
    for index in searches.indices.dropFirst() { searches[index - 1] = searches[index] }
    searches[searches.count - 1] = search
    return searches.count - 1
  }

  private func step(_ search: inout NetworkSearch) {
    switch search.goal {
    case .none: search.isDone = true
    case .center, .diameter: narrow(&search)
    case .equilibrium, .lowerBound:
      let isRoundTrip = search.goal == .equilibrium
      // With equal nodes the nearest is the next, and the search from a pivot can stop where it is no longer
      // worth it.
      if search.steps == 0 {
        search.isOneWay = (network.isSymmetric || !isRoundTrip) && hasEqualNodes
      }
      let (pivot, bound) = (search.steps, search.time)
      let found =
        search.isOneWay
        ? nearest(pivot, search.ratio, trips: isRoundTrip ? 2 : 1, below: bound)
        : equilibrium(pivot, search.ratio, isRoundTrip: isRoundTrip, below: bound)
      if let found { search.keep(found) }
      search.steps += 1
      search.isDone = search.steps == network.nodes
    }
  }
}

// MARK: - Radius and diameter

/// e(j) = max_i τ_{i→j} of all nodes, computed for few of them: e(x) of one node x bounds that of all others,
/// max{e(x) − τ_{j→x}, τ_{x→j}} ≤ e(j) ≤ e(x) + τ_{x→j}.
///
/// The node with the best bounds is searched from, and then the one that is furthest from it; nodes ruled out
/// by the bounds are skipped. Trees and grids take a handful of searches; where all nodes are alike, as on a
/// ring, nearly all have to be searched from. Bounds allow for the rounding of sums along the longest path,
/// so that the result is that of looking at all nodes, bit for bit. Source: the bounds are those of Takes and
/// Kosters, "Determining the diameter of small world networks" (2011), here for directed links.
extension NetworkTheory {
  /// The nodes that are finished, in `choiceOrder`.
  private static var isKnown: Int32 { 1 }

  /// The lower bounds are in `choiceTimes`, in `choiceOther` the upper ones or for the centre the time of the
  /// nearest link.
  private func narrow(_ search: inout NetworkSearch) {
    let (lower, other, known) = (network.choiceTimes, network.choiceOther, network.choiceOrder)
    if search.steps == 0 {
      known.fill(0)
      lower.fill(0)
      other.fill(.infinity)
      if search.goal == .center { fillNearest(other) }
      // `best.nodes` holds the node to search from next.
      search.nodes = 0
    }
    let node = search.nodes
    let found = look(at: node, isCenter: search.goal == .center)
    take(node, found.radius, &search)
    search.steps += 1
    // In turn the node with the best bounds, and the one furthest from the last.
    let isFar = search.steps % 2 == 1 && known[found.furthest] != Self.isKnown
    guard let next = mostPromising(search) else { return search.isDone = true }
    // Where links lead both ways, all nodes at no distance have been seen with the first of them.
    if search.goal == .center, search.time == 0, network.isSymmetric { return search.isDone = true }
    search.nodes =
      isFar ? found.furthest : search.goal == .diameter && search.steps % 4 == 2 ? middle() ?? next : next
  }

  private func fillNearest(_ nearest: Table<Double>) {
    for index in network.links.indices {
      let target = Int(network.links[index].target)
      nearest[target] = min(nearest[target], network.links[index].duration(coordinates: coordinates))
    }
    if network.nodes == 1 { nearest[0] = 0 }
  }

  /// e(`node`), and from where it is; with what follows for the others' bounds.
  private func look(at node: Int, isCenter: Bool) -> (radius: Double, furthest: Int) {
    let (lower, upper) = (network.choiceTimes, network.choiceOther)
    var paths = network.paths
    paths.begin(node, in: network, towards: true, coordinates: coordinates)
    var (radius, furthest, found) = (0.0, node, 0)
    while let other = paths.next(in: network) {
      (radius, furthest) = (paths.distances[other], other)
      found += 1
    }
    if found < network.nodes {
      radius = .infinity
      for other in paths.distances.indices where paths.distances[other] == .infinity {
        furthest = other
        break
      }
    }
    let slack = rounding * (radius < .infinity ? radius : 0)
    for other in lower.indices where paths.distances[other] < .infinity {
      lower[other] = max(lower[other], radius - paths.distances[other] - slack)
    }
    if !network.isSymmetric {
      paths.begin(node, in: network, towards: false, coordinates: coordinates)
      while paths.next(in: network) != nil {}
    }
    for other in lower.indices {
      let distance = paths.distances[other]
      lower[other] = max(lower[other], distance - rounding * (distance < .infinity ? distance : 0))
      if !isCenter { upper[other] = min(upper[other], (radius + distance) * (1 + rounding)) }
    }
    return (radius, furthest)
  }

  /// How much the sums along two ways may differ by rounding, relatively.
  private var rounding: Double { Double(network.nodes + 4) * 0x1p-51 }

  private func take(_ node: Int, _ radius: Double, _ search: inout NetworkSearch) {
    let known = network.choiceOrder
    var first = node
    known[node] = Self.isKnown
    if network.isSymmetric {
      // Nodes that messages reach in no time both ways have the same sums.
      for other in known.indices where network.paths.distances[other] == 0 {
        known[other] = Self.isKnown
        first = min(first, other)
      }
    }
    if search.goal == .diameter {
      search.time = max(search.time, radius)
    } else if radius < search.time || (radius == search.time && first < search.pivot) {
      (search.time, search.pivot) = (radius, first)
    }
  }

  /// The node with the best bound among those that could still change the result.
  private func mostPromising(_ search: NetworkSearch) -> Int? {
    let (lower, other, known) = (network.choiceTimes, network.choiceOther, network.choiceOrder)
    let best = search.best
    var choice: Int?
    for node in known.indices where known[node] != Self.isKnown {
      if search.goal == .center {
        guard lower[node] <= best.time, best.time < .infinity || lower[node] < .infinity,
          !(other[node] >= best.time && node > best.pivot)
        else { continue }
        if choice.map({ lower[node] < lower[$0] }) ?? true { choice = node }
      } else {
        guard other[node] > best.time else { continue }
        if choice.map({ other[node] > other[$0] }) ?? true { choice = node }
      }
    }
    return choice
  }

  /// The node with the least lower bound: computing it improves the upper bounds most.
  private func middle() -> Int? {
    let (lower, known) = (network.choiceTimes, network.choiceOrder)
    var choice: Int?
    for node in known.indices where known[node] != Self.isKnown {
      if choice.map({ lower[node] < lower[$0] }) ?? true { choice = node }
    }
    return choice
  }
}
