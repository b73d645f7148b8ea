// SPDX-License-Identifier: Apache-2.0

/// Which jobs are new enough: fewer than R gradients have gone into the model since their points. 8 bytes a
/// worker; all operations but `reset` O(1).
struct StepWindow: BitwiseCopyable, Sendable {
  /// R.
  private var limit = 1
  /// How many gradients are in the model.
  private var made = 0
  /// How many were when each worker was given its point.
  private var before = Table<Int>()

  init() {}

  /// A window of `limit` gradients, Int.max for all.
  init(_ setup: inout Setup, limit: Int) throws(SetupError) {
    self.limit = limit
    before = try setup.table(of: Int.self)
  }

  /// Back to x⁰.
  mutating func reset() {
    made = 0
    before.fill(0)
  }

  /// Whether what `worker` delivers is new enough.
  func admits(_ worker: Int) -> Bool { made - before[worker] < limit }

  /// `count` gradients go into the model.
  mutating func add(_ count: Int) { made += count }

  /// `worker` is given the newest point.
  mutating func start(_ worker: Int) { before[worker] = made }
}

extension Setup {
  /// R = `threshold` of methods whose workers send sums of `counts` gradients, and γ, which is the theorem's
  /// for the tree distance R + H − 2, H being the largest of the counts. Sets the horizon.
  mutating func windowStepsize(
    _ threshold: Int, counts: PerWorker, _ gamma: Parameter<Double>
  ) throws(SetupError) -> Parameter<Double> {
    try checkLocalSteps(counts)
    var (least, largest) = (Int.max, 1)
    for worker in 0..<workers {
      least = min(least, Int(counts[worker]))
      largest = max(largest, Int(counts[worker]))
    }
    horizon = threshold == .max ? .max : (threshold - 1) / least
    let (fleet, conditions) = (fleet, conditions)
    return try gamma.or(Self.windowStepsize(threshold, largest, fleet, conditions))
  }

  private static func windowStepsize(
    _ threshold: Int, _ H: Int, _ fleet: Fleet, _ conditions: Conditions
  ) throws(SetupError) -> Double {
    if H == 1 { return try Theory.ringmaster(fleet, threshold: threshold).stepsize(conditions) }
    guard threshold < .max else {
      throw .impossible(
        "local steps of any age without gamma=, of which no theorem knows a value",
        remedy: "give gamma=, or a threshold= that is finite")
    }
    return try Theory.treeStepsize(conditions, distance: threshold - 1 + H - 1)
  }
}

extension Prediction {
  /// K = ⌈4(R+H−1)LΔ/ε + 8σ²LΔ/ε²⌉ gradients in sums of at most H; R of them in a row come in 2T seconds at
  /// most, where Σᵢ Hᵢ(T/dᵢ − 1)₊ = R and dᵢ is the time of worker i's job, download included.
  mutating func setWindow(
    _ setup: inout Setup, threshold: Int, counts: PerWorker
  ) throws(SetupError) {
    let (goal, fleet, R) = (setup.goal, setup.fleet, Double(threshold))
    var (least, largest) = (Double.infinity, 1.0)
    for worker in fleet.workers.indices {
      (least, largest) = (min(least, counts[worker]), max(largest, counts[worker]))
    }
    setLowerBounds(setup.conditions, fleet)
    try add("R", threshold == .max ? .infinity : R)
    guard threshold < .max else {
      return try setup.remark("no gradient is too old here: the theorem, which is for R, says nothing")
    }
    let steps = Theory.treeSteps(goal, distance: R - 1 + largest - 1)
    let seconds =
      2
      * Theory.fillingTime(demand: R, count: fleet.workers.count) { worker in
        (
          counts[worker],
          counts[worker] * fleet[worker].computationMean + fleet[worker].upload
            + fleet[worker].download
        )
      }
    iterations = Theory.ceiling(steps / least)
    // R gradients are R/H updates, of the workers with the most.
    time = seconds * Theory.ceiling(iterations / Theory.ceiling(R / largest))
    countsDownloads = true
    try add("local_steps", steps)
    try add("round_time", seconds)
    if largest > 1 { try setup.remarkInnerSteps() }
  }
}

extension Setup {
  /// Says of what a theorem about local steps bounds the mean.
  mutating func remarkInnerSteps() throws(SetupError) {
    try remark(
      "the mean that is at most ε is that over all local steps, of which few are models of the server")
  }
}
