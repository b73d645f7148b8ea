// SPDX-License-Identifier: Apache-2.0

/// Cycle SGD: all workers make local steps without an end. Groups of s workers take turns: when every
/// member of the group whose turn it is has a complete step, they send the sums Dᵢ of their gradients;
/// x^{k+1} = x^k − γ Σ Dᵢ when all are in, and they go on from there. The others work on from where they
/// are.
///
/// A group that is ready when its turn comes sends at once. A step that is not complete is cut. No theorem
/// gives γ. Source: the name and the shape are those of Tyurin, Sivtsov, "Birch SGD", arXiv 2505.09218 (not
/// verified).
public struct Cycle: Method {
  public static var name: StaticText { "cycle" }
  public static var summary: StaticText {
    "Cycle SGD: groups of workers take turns to send the sums along their local steps"
  }
  public static var advised: AdvisedForms? {
    AdvisedForms(.shared, .fewerWorkers("group"), needsStops: true, hasTheorem: false)
  }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(compression: true, step: true)
  }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// s, the workers of a group; the last group has what is left. To be given.
  public var group: Int?

  private var sum = Slot()
  private var size = 0
  /// The first worker of the group whose turn it is.
  private var first = 0
  /// How many of its members have no complete step yet, and how many of their sums are to come.
  private var missing = 0
  private var coming = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma, standard: "none: give it, or tune")
    try keys.count("group", &group, "s, the workers of a group, to be given", standard: "none")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    guard let group, group <= setup.workers else {
      throw .invalid(key: "group", expected: "an integer from 1 to n, the number of workers, to be given")
    }
    size = group
    gamma = try gamma.or(noStepsize())
    sum = setup.slot()
    try setup.takeOpenEndedWork(by: gamma.value)
  }

  private func noStepsize() throws(SetupError) -> Double {
    throw .impossible(
      "cycle without gamma=, of which no theorem knows a value",
      remedy: "give gamma=, or have compare tune it")
  }

  public mutating func begin(_ server: inout Server) {
    first = 0
    startTurn(server)
    for worker in 0..<server.workers { server.assignSteps(worker) }
  }

  /// The members of the group whose turn it is.
  private func members(_ server: borrowing Server) -> Range<Int> { first..<min(first + size, server.workers) }

  private mutating func startTurn(_ server: borrowing Server) {
    (missing, coming) = (0, 0)
    for worker in members(server) where server.completeSteps(of: worker) == 0 { missing += 1 }
  }

  public mutating func completeStep(_ worker: Int, _ server: inout Server) {
    if server.mayBeHopeless { lookForHope(&server) }
    let isMember = members(server).contains(worker)
    guard isMember, coming == 0, server.completeSteps(of: worker) == 1 else { return }
    missing -= 1
    if missing == 0 { send(&server) }
  }

  private mutating func send(_ server: inout Server) {
    for worker in members(server) where server.handIn(worker) { coming += 1 }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    coming -= 1
    guard coming == 0 else { return }
    server.step(along: sum, by: gamma)
    let senders = members(server)
    first = senders.upperBound < server.workers ? senders.upperBound : 0
    startTurn(server)
    for worker in senders { server.assignSteps(worker) }
    if missing == 0 { send(&server) }
  }

  /// Says what can still come where the turn waits for a worker that will never make a step, or never
  /// deliver.
  private func lookForHope(_ server: inout Server) {
    var (stuck, isWaiting) = (0, coming > 0)
    for worker in members(server) where server.isEndless(worker) {
      stuck += 1
      if server.completeSteps(of: worker) == 0 { isWaiting = true }
    }
    guard stuck > 0, isWaiting else { return }
    server.expectOnly(coming > stuck ? .arrivals : .time)
  }
}

extension Cycle {
  /// Only the lower bounds: no theorem is known here.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .unverified)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try setup.remark("no theorem about these turns is known here: it does not say how long they take")
    return prediction
  }
}
