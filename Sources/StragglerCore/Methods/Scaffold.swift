// SPDX-License-Identifier: Apache-2.0

/// SCAFFOLD: Local SGD whose steps are corrected by control variates, so that workers with objectives of
/// their own do not drift apart.
///
/// Worker i makes Hᵢ steps y^{h+1} = y^h − γ(gᵢ(y^h; ξ) − cᵢ + c) from x^k; then cᵢ⁺ = cᵢ − c + (x^k −
/// y^H)/(γHᵢ), the mean of its gradients (option II), x^{k+1} = x^k + server · mean of (y^H − x^k), and c⁺
/// = c + (1/n) Σ (cᵢ⁺ − cᵢ) over those that take part. All c are 0 at the start. What a worker sends of y
/// tells the server cᵢ⁺, so that a message has d coordinates. On one worker it is Local SGD. It is for
/// equal and for different objectives; γ has to be given. Memory: n + 5 vectors. Source: Karimireddy, Kale,
/// Mohri, Reddi, Stich, Suresh, "SCAFFOLD: stochastic controlled averaging for federated learning" (2020),
/// Algorithm 1.
public struct Scaffold: Method {
  public static var name: StaticText { "scaffold" }
  public static var summary: StaticText {
    "SCAFFOLD: local steps with control variates, for data that differ"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var advised: AdvisedForms? {
    AdvisedForms(.own, .gradientsPerMessage("local"), hasTheorem: false)
  }

  /// γ of the local steps.
  public var gamma = Parameter<Double>.theory
  /// Hᵢ; nil: 1.
  public var local: PerWorker?
  /// The length of the server's step, in units of γ; nil: 1.
  public var server: Double?
  /// Which workers take part in a round, and how many of them it waits for.
  public var participation = Participation()

  private var steps = PerWorker.same(1)
  /// cᵢ, c, and c of the next round.
  private var variates = Slots()
  private var common = Slot()
  private var next = Slot()
  /// c − cᵢ, and the sum of the gradients of a worker.
  private var shift = Slot()
  private var path = Slot()
  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma, standard: "none: give it, or tune")
    try keys.localSteps(&local)
    try keys.number(
      "server", &server, above: 0, "the length of the server's step, in units of γ", standard: "1",
      expected: "a positive number")
    try participation.keys(&keys)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try participation.prepare(&setup)
    steps = local ?? .same(1)
    gamma = try gamma.or(noStepsize())
    try setup.takeLocalSteps(steps, by: gamma.value)
    setup.shiftsLocalSteps = true
    variates = setup.slotsForWorkers()
    (common, next, shift) = (setup.slot(), setup.slot(), setup.slot())
    (path, sum) = (setup.slot(), setup.slot())
    setup.horizon = 0
  }

  private func noStepsize() throws(SetupError) -> Double {
    throw .impossible(
      "scaffold without gamma=, of which no theorem with constants is known here",
      remedy: "give gamma=, or have compare tune it")
  }

  public mutating func begin(_ server: inout Server) {
    participation.reset()
    startRound(&server)
  }

  public mutating func wake(_ server: inout Server) { startRound(&server) }

  private mutating func startRound(_ server: inout Server) {
    collected = 0
    if participation.draw(&server) { participation.assignAll(&server) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let (own, H, n) = (variates[arrival.worker], steps[arrival.worker], Double(server.workers))
    server.copy(common, to: shift)
    server.combine(shift, with: own, times: -1)
    server.accumulate(arrival, into: path, shiftedBy: shift)
    server.combine(sum, with: path, times: 1)
    server.combine(sum, with: shift, times: H)
    // The worker's part of c is taken out before the new one is put in: of one worker nothing else is left.
    server.combine(next, with: own, times: -1 / n)
    server.combine(own, scaledBy: 0, with: path, times: 1 / H)
    server.combine(next, with: own, times: 1 / n)
    server.clear(path)
    collected += 1
    guard collected == participation.quorum else { return }
    server.step(along: sum, by: (self.server ?? 1) * gamma.value / Double(collected))
    server.copy(next, to: common)
    startRound(&server)
  }
}

extension Scaffold {
  /// Only the lower bounds: its rates have no constants that were checked.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.any, .unverified)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try setup.remark("no theorem with constants is known here: it does not say how long this takes")
    return prediction
  }
}
