// SPDX-License-Identifier: Apache-2.0

// What the theorems about decentralised methods say; all of Tyurin, Richtárik (2024). The functions are those
// of `NetworkTheory`, for messages of d coordinates, and the trees those that the method has been prepared
// with.

extension Setup {
  /// The theory of the network; nil where there is none yet, as while an arena measures.
  var networkTheory: NetworkTheory? {
    guard let network, !fleet.workers.isEmpty, network.trees.count == workers else { return nil }
    return NetworkTheory(network, fleet: fleet, coordinates: conditions.dimension)
  }
}

extension SpanningTrees {
  /// The longest way from the pivot, and to it.
  var reach: (from: Double, to: Double) {
    var reach = (from: 0.0, to: 0.0)
    for node in 0..<count {
      reach = (max(reach.from, fromPivot[node]), max(reach.to, toPivot[node]))
    }
    return reach
  }
}

extension Fragile {
  /// K = ⌈16LΔ/ε⌉ updates, more where S is below σ²/ε, of at most
  /// `6 min_k max{max{τ_{i→j*} + τ_{j*→i}, h}, S(Σ 1/h)⁻¹}` seconds;
  /// Θ((LΔ/ε) t*) together, where no method needs less than (LΔ/ε) min_j t*(σ²/ε, [hᵢ], [τ_{i→j}])/(ln n +
  /// 1).
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    guard let theory = setup.networkTheory, let network = setup.network else { return nil }
    try setup.search(theory, .lowerBound, ratio: setup.goal.noise)
    let (goal, S) = (setup.goal, Double(batch.value))
    let pivot = network.trees.pivot
    let best = theory.equilibrium(ratio: goal.noise, at: pivot)
    let seconds = 6 * theory.equilibrium(ratio: S, at: pivot).time
    var prediction = Prediction(.shared, .published)
    prediction.iterations = Theory.ceiling(16 * goal.progress * max(1, goal.noise / S))
    prediction.time = prediction.iterations * seconds
    prediction.table = goal.progress * best.time
    prediction.lowerBound = theory.bound(goal, isShared: true)
    try prediction.add("batch", S)
    try prediction.add("pivot", Double(pivot + 1))
    try prediction.add("t_star", best.time)
    try prediction.add("k_star", Double(best.nodes))
    try prediction.add("lower_bound_expr", theory.lowerBound(ratio: goal.noise))
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}

extension AcceleratedFragile {
  /// K = ⌈8√L R/√ε⌉ updates for E f(x^K) − f* ≤ ε, each as long as one of Fragile SGD with this S;
  /// Θ((√L R/√ε) t*(σ²R/(ε^{3/2}√L), …)) together.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    guard let theory = setup.networkTheory, let network = setup.network else { return nil }
    let goal = setup.goal
    let pivot = network.trees.pivot
    let seconds = 6 * theory.equilibrium(ratio: Double(batch.value), at: pivot).time
    var prediction = Prediction(.convex, .published)
    prediction.guarantee = .gap
    prediction.iterations = Theory.acceleratedIterations(
      smoothness: goal.smoothness, distance: goal.distance, epsilon: goal.epsilon)
    prediction.time = prediction.iterations * seconds
    let best = theory.equilibrium(ratio: goal.acceleratedNoise, at: pivot)
    prediction.table = goal.acceleratedProgress * best.time
    prediction.convexTable = prediction.table
    try prediction.add("batch", Double(batch.value))
    try prediction.add("pivot", Double(pivot + 1))
    try prediction.add("t_star", best.time)
    try prediction.add("k_star", Double(best.nodes))
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}

extension Amelie {
  /// K = ⌈16LΔ/ε⌉ updates, more where S is below σ²/ε, of at most 4 max μ + 2(max h + (S/n)(1/n Σ h))
  /// seconds; Θ((LΔ/ε) max{max τ_{i→j}, max h, (σ²/(nε))(1/n Σ h)}) together, and no method needs less.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    guard let theory = setup.networkTheory, let network = setup.network else { return nil }
    try setup.searchBounds(theory)
    let goal = setup.goal
    let seconds = theory.amelieIteration(batch: batch.value, network.trees)
    var prediction = Prediction(.any, .published)
    prediction.iterations = Theory.ceiling(16 * goal.progress * max(1, goal.noise / Double(batch.value)))
    prediction.time = prediction.iterations * seconds
    prediction.table = goal.progress * theory.amelie(ratio: goal.noise)
    prediction.lowerBound = theory.bound(goal, isShared: !setup.conditions.isHeterogeneous)
    try prediction.add("batch", Double(batch.value))
    try prediction.add("pivot", Double(network.trees.pivot + 1))
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}

extension AcceleratedAmelie {
  /// K = ⌈8√L R/√ε⌉ updates for E f(x^K) − f* ≤ ε, each as long as one of Amelie SGD with this S.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    guard let theory = setup.networkTheory, let network = setup.network else { return nil }
    try setup.search(theory, .diameter)
    let goal = setup.goal
    let seconds = theory.amelieIteration(batch: batch.value, network.trees)
    var prediction = Prediction(.convexAny, .published)
    prediction.guarantee = .gap
    prediction.iterations = Theory.acceleratedIterations(
      smoothness: goal.smoothness, distance: goal.distance, epsilon: goal.epsilon)
    prediction.time = prediction.iterations * seconds
    prediction.table = goal.acceleratedProgress * theory.amelie(ratio: goal.acceleratedNoise)
    prediction.convexTable = prediction.table
    try prediction.add("batch", Double(batch.value))
    try prediction.add("pivot", Double(network.trees.pivot + 1))
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}

extension Setup {
  /// Finds what bounds and tables need, which may take several slices.
  func searchBounds(_ theory: NetworkTheory) throws(SetupError) {
    try search(theory, .diameter)
    if !conditions.isHeterogeneous { try search(theory, .lowerBound, ratio: goal.noise) }
  }
}

extension NetworkTheory {
  /// What no method needs less than, up to a constant: (LΔ/ε) min_j t*(σ²/ε, [hᵢ], [τ_{i→j}])/(ln n + 1) for
  /// one objective, Amelie SGD's complexity for different ones.
  func bound(_ goal: Goal, isShared: Bool) -> Double {
    guard isShared else { return goal.progress * amelie(ratio: goal.noise) }
    return goal.progress * lowerBound(ratio: goal.noise) / (Elementary.log(Double(network.nodes)) + 1)
  }

  /// 4 max μ + 2(max h + (S/n)(1/n Σ h)), μ being the longer of the ways from the pivot and to it.
  func amelieIteration(batch: Int, _ trees: SpanningTrees) -> Double {
    let reach = trees.reach
    return 4 * max(reach.from, reach.to)
      + 2 * (slowest + Double(batch) / Double(trees.count) * average)
  }
}

extension DecentralizedMinibatch {
  /// K = ⌈8LΔ/ε + 8σ²LΔ/(nε²)⌉ updates of a broadcast, the slowest node's gradient and a way back.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    guard let theory = setup.networkTheory, let network = setup.network else { return nil }
    try setup.searchBounds(theory)
    let goal = setup.goal
    let reach = network.trees.reach
    let seconds = reach.from + theory.slowest + reach.to
    var prediction = Prediction(.any, .derived)
    prediction.iterations = goal.iterations(batch: Double(setup.workers))
    prediction.time = prediction.iterations * seconds
    prediction.table = goal.progress * theory.minibatch(ratio: goal.noise)
    prediction.lowerBound = theory.bound(goal, isShared: !setup.conditions.isHeterogeneous)
    try prediction.add("pivot", Double(network.trees.pivot + 1))
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}
