// SPDX-License-Identifier: Apache-2.0

/// ATA, adaptive task allocation: iteration k needs B gradients at x^k. Worker i computes aᵢ of them one
/// after another, Σ aᵢ = B, and when all are in: x^{k+1} = x^k − (γ/B) Σ g. Workers without tasks are idle:
/// no computation is wasted.
///
/// The allocation minimises max aᵢsᵢ for sᵢ = max{μ̂ᵢ − conf(i, k), 0} and conf(i, k) = cα(√(ln(2k²)/Kᵢ) +
/// ln(2k²)/Kᵢ), where μ̂ᵢ is the mean of the Kᵢ task times of worker i so far (nothing known: sᵢ = 0);
/// `empirical` takes sᵢ = μ̂ᵢ max{1 − cη(√(ln(2k²)/Kᵢ) + ln(2k²)/Kᵢ), 0}. c = `confidence` is 2 in the paper
/// and 4e (here 10.87) in its code; α bounds the sub-exponential norms of the task times and η their ratios
/// to the means: twice the largest mean of ηᵢ, and of ηᵢ over the mean task time. No gradient is stale. B =
/// max{1, ⌈σ²/ε⌉}, γ = (1/2L) min{1, εB/σ²}; C_K ≤ (1 + 4η ln B) C*_K + O(ln K) seconds after K iterations,
/// C*_K being those of the best fixed allocation. Source: Maranjyan, Saad, Richtárik, Orabona, "ATA: Adaptive
/// Task Allocation for Efficient Resource Management in Distributed Machine Learning" (2025),
/// arXiv:2502.00775.
public struct ATA: Method {
  public static var name: StaticText { "ata" }
  public static var summary: StaticText {
    "ATA: learns how many gradients of a batch each worker should compute"
  }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(stepsize: true, compression: true)
  }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// How the tasks of a batch are distributed.
  public var allocation = AllocationRule.ata
  /// B, the gradients of an iteration.
  public var batch = Parameter<Int>.theory
  /// c, the factor of the confidence bounds.
  public var confidence = 2.0

  private var seed: UInt64 = 0
  private var bound = ConfidenceBound()
  private var sum = Slot()
  /// Tasks of the iteration that have not ended, of all workers and of each.
  private var pending = 0
  private var tasks = Table<Int32>()
  /// μ̂ᵢ, or μᵢ, Kᵢ and sᵢ.
  private var means = Table<Double>()
  private var ended = Table<Int>()
  private var scores = Table<Double>()
  private var allocator = TaskAllocation()
  private var order = Permutation()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.choice(
      KeyName("allocation", formerly: "rule"), &allocation, of: "ata empirical greedy uniform optimal",
      "how the tasks of a batch are distributed",
      standard: "ata")
    try keys.count("batch", &batch.given, "B, the gradients of an iteration", standard: "max{1, ⌈σ²/ε⌉}")
    try keys.number(
      "confidence", &confidence, atLeast: 0, "the factor of the confidence bounds; 0 trusts the means",
      standard: "2", expected: "a number that is not negative")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    batch = try batch.or(setup.batch(for: "batch"))
    guard confidence >= 0 else {
      throw .invalid(key: "confidence", expected: "a number that is not negative")
    }
    guard batch.value <= 1_000_000_000 else {
      throw .invalid(key: "batch", expected: "an integer from 1 to 1e9")
    }
    gamma = try gamma.or(setup.stepsize(batch: Double(batch.value)))
    seed = setup.seed
    sum = setup.slot()
    setup.horizon = 0
    guard allocation != .greedy else { return }
    tasks = try setup.table(of: Int32.self)
    if allocation == .uniform { return order = try Permutation(&setup) }
    means = try setup.table(of: Double.self)
    ended = try setup.table(of: Int.self)
    scores = try setup.table(of: Double.self)
    allocator = try TaskAllocation(&setup)
    bound = ConfidenceBound(setup.fleet, rule: allocation, factor: confidence)
    if allocation == .optimal {
      for worker in scores.indices { scores[worker] = setup.fleet[worker].typicalDuration }
    }
  }

  public mutating func begin(_ server: inout Server) {
    if allocation != .optimal {
      means.fill(0)
      scores.fill(0)
    }
    ended.fill(0)
    order.reset()
    start(&server)
  }

  /// Starts the iteration that follows update k.
  private mutating func start(_ server: inout Server) {
    pending = batch.value
    guard allocation != .greedy else { return server.assignAll() }
    allocate(round: server.iteration + 1)
    for worker in 0..<server.workers where tasks[worker] > 0 { server.assign(worker) }
  }

  private mutating func allocate(round k: Int) {
    var stream = RandomStream(seed: seed, purpose: .method, job: k)
    switch allocation {
    case .greedy: break
    case .uniform:
      let (share, remainder) = batch.value.quotientAndRemainder(dividingBy: tasks.count)
      tasks.fill(Int32(truncatingIfNeeded: share))
      order.shuffle(first: remainder, &stream)
      for position in 0..<remainder { tasks[order[position]] += 1 }
    case .optimal:
      allocator.allocate(batch.value, scores: scores, isKnown: { _ in true }, &stream, into: tasks)
    case .ata, .empirical:
      bound.enter(round: k)
      for worker in scores.indices {
        scores[worker] = bound.score(mean: means[worker], count: ended[worker])
      }
      let ended = ended
      allocator.allocate(batch.value, scores: scores, isKnown: { ended[$0] > 0 }, &stream, into: tasks)
    }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let worker = arrival.worker
    server.accumulate(arrival, into: sum)
    if allocation == .ata || allocation == .empirical {
      ended[worker] += 1
      means[worker] += (arrival.duration - means[worker]) / Double(ended[worker])
    }
    pending -= 1
    if pending == 0 {
      server.step(along: sum, by: gamma, over: Double(batch.value))
      return start(&server)
    }
    if allocation != .greedy {
      tasks[worker] -= 1
      if tasks[worker] == 0 { return }
    }
    server.assign(worker)
  }
}

extension ATA {
  public static var randomDurations: RandomDurations { .learned }

  /// K = ⌈8LΔ/ε + 8σ²LΔ/(Bε²)⌉ iterations. The best fixed allocation a has ℓ* = max aᵢμᵢ, the B-th smallest
  /// of all jμᵢ; it takes at most (1 + 4η ln B)ℓ* seconds an iteration on average, and ATA needs only O(ln
  /// K) seconds more in all. Greedily, an iteration takes at most min_m (Σ_{i≤m} 1/τᵢ)⁻¹(B + m), evenly
  /// ⌈B/n⌉τₙ.
  ///
  /// With fixed durations ATA learns exact times: after one task of every worker, in `exploringTime`, its
  /// allocation is the best one.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, fleet, B) = (setup.goal, setup.fleet, Double(batch.value))
    let (best, chosen) = (try setup.table(of: Int32.self), try setup.table(of: Double.self))
    let scores = try setup.table(of: Double.self)
    let allocator = try TaskAllocation(&setup)
    var stream = RandomStream(seed: setup.seed, purpose: .method)
    for worker in scores.indices { scores[worker] = fleet[worker].typicalDuration }
    if !scores.isEmpty {
      allocator.allocate(batch.value, scores: scores, isKnown: { _ in true }, &stream, into: best)
    }
    var least = 0.0
    for worker in best.indices where best[worker] > 0 {
      chosen[worker] = Double(best[worker])
      least = max(least, chosen[worker] * fleet[worker].meanDuration)
    }
    var prediction = Prediction(.shared, .published)
    prediction.iterations = goal.iterations(batch: B)
    let norm = ConfidenceBound.relativeNorm(fleet)
    let seconds =
      switch allocation {
      case .greedy: fleet.collectingTime(B)
      case .uniform: Theory.ceiling(B / Double(setup.workers)) * fleet.slowestTime
      case .ata, .empirical, .optimal: least
      }
    let needsNorm = allocation != .greedy
    if needsNorm, norm.isNaN {
      try setup.remark(
        """
        nothing is promised: task times have to be independent with a known sub-exponential norm, \
        and some are not
        """
      )
    } else {
      prediction.time = seconds * prediction.iterations
      prediction.setTable(goal, seconds: seconds, batch: B)
      if norm > 0, allocation == .uniform {
        prediction.time = .nan
      } else if norm > 0, needsNorm {
        prediction.time *= 1 + 4 * norm * Elementary.log(B)
        if allocation != .optimal {
          try setup.remark("O(ln K) seconds in which ATA learns come on top of time")
        }
      } else if allocation == .ata || allocation == .empirical {
        prediction.time += exploringTime(fleet)
      }
    }
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("batch", B)
    try prediction.add("iteration_time", norm == 0 || !needsNorm ? seconds : .nan)
    try prediction.add("tasks", chosen)
    return prediction
  }

  /// The seconds until every worker has ended a task, at most, for fixed durations: an iteration takes a task
  /// of B unknown workers each, and the last one shares its B tasks among those that are left.
  private func exploringTime(_ fleet: Fleet) -> Double {
    let iterations = (fleet.count + batch.value - 1) / batch.value
    let left = fleet.count - batch.value * (iterations - 1)
    return Double(iterations - 1 + (batch.value + left - 1) / left) * fleet.slowestTime
  }
}
