// SPDX-License-Identifier: Apache-2.0

/// What the theory of decentralised methods says of a network and a fleet, for messages of given length.
///
/// hᵢ is the time of a gradient at node i (its typical duration), τ_{i→j} that of a message on the shortest
/// path. All formulas are those of Tyurin, Richtárik, "On the optimal time complexities in decentralized
/// stochastic asynchronous optimization" (2024). The nodes' indices are from 0.
public struct NetworkTheory: BitwiseCopyable, Sendable {
  let network: Network
  let fleet: Fleet
  /// The coordinates of a message, usually d.
  let coordinates: Int

  /// The theory of `network`, whose node i is worker i of `fleet`, for messages of `coordinates` numbers, as
  /// a rule d.
  public init(_ network: Network, fleet: Fleet, coordinates: Int) {
    self.network = network
    self.fleet = fleet
    self.coordinates = coordinates
  }

  /// t*(s, [hᵢ], [τ̄ᵢ]) = min_k max{max{τ̄_{π_k}, h_{π_k}}, s (Σ_{i≤k} 1/h_{π_i})⁻¹}, where π sorts max{τ̄ᵢ,
  /// hᵢ}, at its pivot.
  public struct Equilibrium: BitwiseCopyable, Equatable, Sendable {
    /// j, the node that gradients are sent to, from 0.
    public var pivot: Int
    /// t*, in seconds.
    public var time: Double
    /// The smallest k with this time: the number of nodes for which it pays to wait.
    public var nodes: Int
  }

  /// The pivot of Fragile SGD, j* = argmin_j t*(s, [hᵢ], [τ_{i→j} + τ_{j→i}]), of several the first; s =
  /// σ²/ε.
  ///
  /// An iteration of Fragile SGD takes O(t*), all of it Θ((LΔ/ε) t*). O(n) runs of Dijkstra's algorithm, each
  /// of which ends as soon as its pivot cannot be better than the best so far.
  public func equilibrium(ratio: Double) -> Equilibrium { result(.equilibrium, ratio: ratio) }

  /// t*(s, [hᵢ], [τ_{i→j} + τ_{j→i}]) of the pivot `node`.
  public func equilibrium(ratio: Double, at node: Int) -> Equilibrium {
    equilibrium(node, ratio, isRoundTrip: true, below: .infinity)
      ?? Equilibrium(pivot: node, time: .infinity, nodes: 0)
  }

  /// min_j t*(s, [hᵢ], [τ_{i→j}]): no method needs less than LΔ/ε times this, up to a constant and a factor
  /// log n + 1.
  public func lowerBound(ratio: Double) -> Double { result(.lowerBound, ratio: ratio).time }

  /// max_{i,j} τ_{i→j}.
  public var diameter: Double { result(.diameter).time }

  /// The graph's centre: argmin_j max_i τ_{i→j}, of several the first.
  public var center: Int { result(.center).pivot }

  private func result(_ goal: NetworkSearch.Goal, ratio: Double = 0) -> Equilibrium {
    while true { if let found = find(goal, ratio: ratio, inSlices: false) { return found } }
  }

  /// max{max τ_{i→j}, max h}(1 + σ²/(nε)): times LΔ/ε, the seconds of decentralised Minibatch SGD.
  public func minibatch(ratio: Double) -> Double {
    max(diameter, slowest) * (1 + ratio / Double(network.nodes))
  }

  /// max{max τ_{i→j}, max h, (σ²/(nε)) (1/n) Σ hᵢ}: times LΔ/ε, the seconds of Amelie SGD, which is optimal.
  public func amelie(ratio: Double) -> Double {
    max(max(diameter, slowest), ratio > 0 ? ratio / Double(network.nodes) * average : 0)
  }

  /// max hᵢ, and (1/n) Σ hᵢ.
  var slowest: Double {
    var slowest = 0.0
    for node in 0..<network.nodes { slowest = max(slowest, computation(node)) }
    return slowest
  }

  var average: Double {
    var total = 0.0
    for node in 0..<network.nodes { total += computation(node) }
    return total / Double(network.nodes)
  }

  private func computation(_ node: Int) -> Double { fleet[node].typicalComputation }

  var hasEqualNodes: Bool {
    for node in 1..<max(1, network.nodes) where computation(node) != computation(0) { return false }
    return true
  }

  /// t* of a pivot where all hᵢ are equal and both ways of a trip take the same time, if it is below `bound`.
  func nearest(_ pivot: Int, _ ratio: Double, trips: Double, below bound: Double) -> Equilibrium? {
    let h = computation(pivot)
    var best = Equilibrium(pivot: pivot, time: bound, nodes: 0)
    var (rate, count) = (0.0, 0)
    var paths = network.paths
    paths.begin(pivot, in: network, towards: true, coordinates: coordinates)
    while let node = paths.next(in: network) {
      let nearness = max(trips * paths.distances[node], h)
      guard nearness < best.time else { break }
      rate += 1 / h
      count += 1
      let time = max(nearness, ratio > 0 ? ratio / rate : 0)
      if time < best.time { (best.time, best.nodes) = (time, count) }
    }
    return best.nodes > 0 ? best : nil
  }

  /// t* of a pivot, if it is below `bound`.
  func equilibrium(
    _ pivot: Int, _ ratio: Double, isRoundTrip: Bool, below bound: Double
  ) -> Equilibrium? {
    let (times, other) = (network.choiceTimes, network.choiceOther)
    measure(pivot, towards: true, below: bound, into: times)
    if isRoundTrip {
      measure(pivot, towards: false, below: bound, into: other)
      for node in times.indices { times[node] += other[node] }
    }
    return pick(ratio, times: times, pivot: pivot, below: bound)
  }

  /// The seconds between every node and the pivot; infinite where they are no less than `bound`.
  private func measure(_ pivot: Int, towards: Bool, below bound: Double, into times: Table<Double>) {
    times.fill(.infinity)
    var paths = network.paths
    paths.begin(pivot, in: network, towards: towards, coordinates: coordinates)
    while let node = paths.next(in: network), paths.distances[node] < bound {
      times[node] = paths.distances[node]
    }
  }

  /// min_k max{c_{π_k}, s (Σ_{i≤k} 1/h_{π_i})⁻¹} with cᵢ = max{times[i], hᵢ}, if it is below `bound`.
  private func pick(
    _ ratio: Double, times: Table<Double>, pivot: Int, below bound: Double
  ) -> Equilibrium? {
    let order = network.choiceOrder
    var count = 0
    for node in times.indices {
      times[node] = max(times[node], computation(node))
      if times[node] < bound {
        order[count] = Int32(truncatingIfNeeded: node)
        count += 1
      }
    }
    let near = order[0..<count]
    near.heapSort {
      let (a, b) = (times[Int($0)], times[Int($1)])
      return a < b || (a == b && $0 < $1)
    }
    var best = Equilibrium(pivot: pivot, time: bound, nodes: 0)
    var rate = 0.0
    for index in near.indices {
      let node = Int(near[index])
      guard times[node] < best.time else { break }
      rate += 1 / computation(node)
      let time = max(times[node], ratio > 0 ? ratio / rate : 0)
      if time < best.time { (best.time, best.nodes) = (time, index + 1) }
    }
    return best.nodes > 0 ? best : nil
  }
}
