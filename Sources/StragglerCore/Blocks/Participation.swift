// SPDX-License-Identifier: Apache-2.0

/// Which workers take part in the rounds of a method, and how many of them a round waits for.
///
/// Without `count` all workers take part in every round, on or off. With it, C of those that are on when the
/// round begins are drawn without replacement; where fewer are on, all of them take part, and where none is,
/// the round begins when the next one is on. The draw depends on the seed and the number of the round alone.
/// A round ends when A = `accepted` of its participants have delivered, or all where they are fewer; the
/// others are cancelled.
///
///     try participation.keys(&keys)                 // in keys(_:)
///     try participation.prepare(&setup)             // in prepare(_:)
///     participation.reset()                         // in begin(_:); then, as in wake(_:) and after updates:
///     if participation.draw(&server) { participation.assignAll(&server) }
///     if collected == participation.quorum { … }    // in receive(_:_:)
///
/// A draw takes O(C log C), and O(n log pieces) where workers can be off; 20 bytes a worker.
public struct Participation: BitwiseCopyable, Sendable {
  /// C, the workers that are drawn for a round; nil: all, on or off.
  public var count: Int?
  /// A, how many of them a round waits for; nil: for all.
  public var accepted: Int?

  private var workers = 0
  private var seed: UInt64 = 0
  private var subset = SubsetDraw()
  /// Whoever can be drawn, in the order of the indices.
  private var eligible = Table<Int32>()
  private var eligibleCount = 0
  /// Those that are on.
  private var available = Table<Int32>()
  /// Who takes part, in the order of the indices, and who took part before.
  private var members = Table<Int32>()
  private var former = Table<Int32>()
  private var formerCount = 0
  /// The number of each worker's last round, from 1.
  private var rounds = Table<Int>()
  private var round = 0

  /// How many workers take part in this round; 0 while it waits for one to be on.
  private(set) var size = 0
  /// How many of them this round waits for.
  var quorum: Int { min(accepted ?? size, size) }
  /// Whether workers are drawn.
  private(set) var isDrawn = false

  /// All workers in every round.
  public init() {}

  /// `count` workers in a round, nil for all, of which `accepted`, nil for all, are waited for.
  public init(_ count: Int?, accepted: Int? = nil) { (self.count, self.accepted) = (count, accepted) }

  /// Whether some workers may be left out of a round, or not waited for.
  var isPartial: Bool { count != nil || accepted != nil }

  mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.count("participants", &count, "C, the workers that are drawn for a round", standard: "all")
    try keys.count(
      "accept", &accepted, "A, how many of a round's workers it waits for; the others are cancelled",
      standard: "all of them")
  }

  /// How many gradients a round waits for if every worker is on: A, or else C, or else n.
  func expected(of workers: Int) -> Int { accepted ?? count ?? workers }

  /// Throws where C is not from 1 to n, or A not from 1 to C.
  func check(workers: Int) throws(SetupError) {
    if let count, count < 1 || count > workers {
      throw .invalid(key: "participants", expected: "an integer from 1 to n, the number of workers")
    }
    if let accepted, accepted < 1 || accepted > count ?? workers {
      throw .invalid(key: "accept", expected: "an integer from 1 to the participants of a round")
    }
  }

  /// Checks C and A and takes the memory. Only the workers for which `isEligible` holds are ever drawn; where
  /// nothing is drawn, all take part whatever it says.
  mutating func prepare(
    _ setup: inout Setup, where isEligible: (Int) -> Bool = { _ in true }
  ) throws(SetupError) {
    try check(workers: setup.workers)
    (workers, seed) = (setup.workers, setup.seed)
    isDrawn = count != nil
    size = workers
    guard isDrawn else { return }
    subset = try SubsetDraw(count: workers, arena: &setup.arena)
    eligible = try setup.table(of: Int32.self)
    available = try setup.table(of: Int32.self)
    members = try setup.table(of: Int32.self)
    former = try setup.table(of: Int32.self)
    rounds = try setup.table(of: Int.self)
    eligibleCount = 0
    for worker in eligible.indices where isEligible(worker) {
      eligible[eligibleCount] = Int32(truncatingIfNeeded: worker)
      eligibleCount += 1
    }
    reset()
  }

  /// Back to the first round. For `begin`, before the first draw.
  mutating func reset() {
    round = 0
    (size, formerCount) = (isDrawn ? 0 : workers, 0)
    rounds.fill(0)
  }

  /// Who takes part in the round that begins now. False where no worker is on: then the method's `wake` is
  /// called when one is, and draws again.
  mutating func draw(_ server: inout Server) -> Bool {
    guard isDrawn, let count else { return true }
    if size > 0 {
      (members, former) = (former, members)
      (formerCount, size) = (size, 0)
    }
    var candidates = eligible
    var candidateCount = eligibleCount
    if server.hasTimesOff {
      candidates = available
      candidateCount = 0
      for index in 0..<eligibleCount where server.isAvailable(Int(eligible[index]), seed: seed) {
        available[candidateCount] = eligible[index]
        candidateCount += 1
      }
    }
    guard candidateCount > 0 else {
      // A message of the last round that is still on its way is for an older point.
      stopOthers(&server)
      server.wakeWhenAvailable(eligible, count: eligibleCount, seed: seed)
      return false
    }
    round += 1
    if count >= candidateCount {
      for index in 0..<candidateCount { members[index] = candidates[index] }
      size = candidateCount
    } else {
      var stream = RandomStream(seed: seed, purpose: .participation, job: round - 1)
      let members = members
      var drawn = 0
      subset.draw(count, below: candidateCount, from: &stream) { index in
        members[drawn] = candidates[index]
        drawn += 1
      }
      members[0..<drawn].heapSort { $0 < $1 }
      size = drawn
    }
    for index in 0..<size { rounds[Int(members[index])] = round }
    return true
  }

  /// Whether `worker` takes part in this round.
  func contains(_ worker: Int) -> Bool { !isDrawn || (size > 0 && rounds[worker] == round) }

  /// The worker at `position`, from 0 to `size` − 1, in the order of the indices.
  subscript(position: Int) -> Int { isDrawn ? Int(members[position]) : position }

  /// Gives every participant a job at the newest point, and stops the jobs of the last round's others.
  func assignAll(_ server: inout Server) {
    guard isDrawn else { return server.assignAll() }
    stopOthers(&server)
    for position in 0..<size { server.assign(self[position]) }
  }

  /// Stops the jobs of those that took part in the last round and do not in this.
  func stopOthers(_ server: inout Server) {
    for index in 0..<formerCount {
      let worker = Int(former[index])
      if !contains(worker), server.isRunning(worker) { server.cancel(worker) }
    }
  }
}

extension Participation {
  /// The mean seconds of a round where all workers are on and `times` are the durations of their jobs in
  /// ascending order: that of the A-th shortest of C drawn at random. P(it is the one of rank r) = (r−1 over
  /// A−1)(n−r over C−A)/(n over C). O(n).
  func meanTime(_ times: Table<Double>) -> Double {
    let n = times.count
    guard n > 0 else { return .nan }
    let C = min(count ?? n, n)
    let A = min(accepted ?? C, C)
    var (weight, sum, total) = (1.0, 0.0, 0.0)
    for rank in A...(n - C + A) {
      if rank > A {
        // From one rank to the next: (r−1)/(r−A) · (n−r+1−(C−A))/(n−r+1).
        weight *= Double(rank - 1) / Double(rank - A)
        weight *= Double(n - rank + 1 - (C - A)) / Double(n - rank + 1)
      }
      sum += weight * times[rank - 1]
      total += weight
      if total > 0x1p900 { (weight, sum, total) = (weight * 0x1p-900, sum * 0x1p-900, total * 0x1p-900) }
    }
    return sum / total
  }
}

extension Participation {
  /// K = ⌈8LΔ/ε + 8σ²LΔ/(Aε²)⌉ rounds, as long as `meanTime` says, of a method that steps along the mean of a
  /// round's gradients. For random durations and for data that differ it does not know.
  func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, A) = (setup.goal, expected(of: setup.workers))
    var prediction = Prediction(.shared, .derived)
    prediction.iterations = goal.iterations(batch: Double(A))
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("participants", Double(count ?? setup.workers))
    try prediction.add("m", Double(A))
    let times = try setup.fleet.sortedTimes(in: &setup.arena)
    for worker in times.indices where !setup.fleet[worker].delay.isConstant {
      if setup.fleet[worker].delay.isIndependent {
        try setup.remark("participants are drawn and durations random: the theory does not know its time")
      }
      return prediction
    }
    let seconds = meanTime(times)
    prediction.time = seconds * prediction.iterations
    prediction.setTable(goal, seconds: seconds, batch: Double(A))
    try prediction.add("iteration_time", seconds)
    return prediction
  }

  /// The lower bounds alone, for methods whose theorem is about all workers.
  func predictNothing(_ setup: inout Setup, _ scope: Prediction.Scope) throws(SetupError) -> Prediction? {
    var prediction = Prediction(scope, .unverified)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("participants", Double(count ?? setup.workers))
    try setup.remark("the theorem is for rounds of all workers: it does not know how long others take")
    return prediction
  }
}

extension Setup {
  /// Says so where γ is a theorem's for rounds of all workers, and some may take no part.
  mutating func remarkPartial(
    _ participation: Participation, hasTheorysStepsize: Bool
  ) throws(SetupError) {
    guard participation.isPartial, hasTheorysStepsize else { return }
    try remark("gamma is the theorem's for rounds of all workers: it promises nothing")
  }

  /// Says so where γ is a theorem's that does not hold with `participation`, as data differ between workers.
  mutating func remarkPartialData(
    _ participation: Participation, hasTheorysStepsize: Bool
  ) throws(SetupError) {
    guard participation.isPartial, hasTheorysStepsize, conditions.isHeterogeneous else { return }
    try remark(
      "gamma is the theorem's for rounds of all workers, and data differ between them: it promises nothing")
  }
}
