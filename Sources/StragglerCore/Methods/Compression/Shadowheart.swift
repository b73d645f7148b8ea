// SPDX-License-Identifier: Apache-2.0

/// Shadowheart SGD: worker i sums bᵢ gradients at x^k and sends mᵢ independent compressions of the sum, each
/// K random coordinates times d/K; when all are in: x^{k+1} = x^k − γ (Σᵢ wᵢ Σ_{j≤mᵢ} Cᵢⱼ(Σ_{l≤bᵢ} ∇f(x^k;
/// ξᵢₗ))) / (Σᵢ wᵢmᵢbᵢ).
///
/// With hᵢ the seconds of a gradient, τᵢ of a message, ω = d/K − 1 and the equilibrium time t*
/// (`ShadowheartTime`): bᵢ = ⌊t*/hᵢ⌋, mᵢ = ⌊t*/τᵢ⌋, wᵢ = (ωbᵢ + ωσ²/ε + mᵢσ²/ε)⁻¹; workers with bᵢmᵢ = 0
/// idle. γ = 1/(2L), an iteration takes at most 2t* seconds, all of it at most 32 t* LΔ/ε (constant not
/// verified). ω = 0 is Rennala SGD with fixed bᵢ, σ² = 0 compressed gradient descent. With `adaptive` no
/// times need be known: see `ShadowheartRounds`. Source: Tyurin, Pozzi, Ilin, Richtárik, "Shadowheart SGD"
/// (2024).
public struct Shadowheart: Method {
  public static var name: StaticText { "shadowheart" }
  public static var summary: StaticText {
    "Shadowheart SGD: batches and compressed messages in balance with the workers' speeds"
  }
  public static var modifiers: Modifiers.Kinds { .stepsize }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// K, the coordinates of a message.
  public var coordinates = 1
  /// σ²/ε, the problem's where it is left to the theory.
  public var ratio = Parameter<Double>.theory
  /// Whether a worker sends at most ⌈d/K⌉ messages.
  public var clipsMessages = false
  /// Whether to do without the workers' times.
  public var isAdaptive = false

  private var shares = Table<ShadowheartShare>()
  /// Gradients and messages that a worker still has to end.
  private var remaining = Table<Int32>()
  /// Σ wᵢmᵢbᵢ.
  private var total = 0.0
  /// The workers that take part, and those that have not ended.
  private var active = 0
  private var pending = 0
  private var sum = Slot()
  private var batch = Slot()
  private var rounds = ShadowheartRounds()
  /// ω, t* and j*.
  private var omega = 0.0
  private var equilibrium = Double.nan
  private var participants = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.coordinates(&coordinates)
    if let setting = try keys.setting(
      "ratio", .number, "σ²/ε, what the balance aims at", standard: "the problem's")
    {
      guard case .number(let number) = setting, number >= 0, number.isFinite else {
        throw .invalid(key: "ratio", expected: "a number that is not negative")
      }
      ratio.given = number
    }
    try keys.flag("clip_messages", &clipsMessages, "whether a worker sends at most ⌈d/K⌉ messages")
    try keys.flag("adaptive", &isAdaptive, "whether to do without the workers' times")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let omega = try setup.compress(to: coordinates)
    ratio = try ratio.or(setup.conditions.noiseRatio(for: "ratio"), allowsZero: true)
    guard ratio.value.isFinite else {
      throw .excessive(key: "ratio", limit: "every number")
    }
    gamma = try gamma.or(0.5 / setup.conditions.smoothness(for: "gamma"))
    self.omega = omega
    sum = setup.slot()
    batch = setup.slot()
    setup.horizon = 0
    if isAdaptive {
      rounds = try ShadowheartRounds(&setup, omega: omega, ratio: ratio.value)
      return
    }
    shares = try setup.table(of: ShadowheartShare.self)
    remaining = try setup.table(of: Int32.self)
    let computation = try setup.table(of: Double.self)
    let message = try setup.table(of: Double.self)
    let download = setup.fleet.hasDownloads ? try setup.table(of: Double.self) : Table()
    for worker in download.indices { download[worker] = setup.fleet[worker].download }
    for worker in shares.indices {
      computation[worker] = setup.fleet[worker].typicalComputation
      message[worker] = setup.fleet[worker].messageDuration(coordinates: coordinates)
    }
    let time = ShadowheartTime(
      computation: computation, message: message, download: download,
      order: try setup.table(of: Int32.self), omega: omega, ratio: ratio.value)
    (equilibrium, participants) = (time.seconds, time.workers)
    let limit = clipsMessages ? Int((1 + omega).rounded(.up)) : .max
    (active, total) = (0, 0)
    for worker in shares.indices {
      shares[worker] = time.share(of: worker, limit: limit)
      total += shares[worker].contribution
      if shares[worker].weight > 0 { active += 1 }
    }
    try setup.require(
      active > 0,
      .impossible(
        "no worker can both compute and send in finite time",
        remedy: "give some worker finite tau= and upload="))
  }

  public mutating func begin(_ server: inout Server) {
    if isAdaptive { return rounds.begin(&server) }
    pending = active
    for worker in 0..<server.workers where shares[worker].weight > 0 {
      remaining[worker] = Int32(truncatingIfNeeded: shares[worker].gradients + shares[worker].messages)
      server.assign(worker, work: .localGradient)
    }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if isAdaptive {
      if rounds.receive(arrival, &server) {
        rounds.collect(into: sum, by: batch, &server)
        server.step(along: sum, by: gamma, over: rounds.total)
        rounds.begin(&server)
      }
      return
    }
    let worker = arrival.worker
    let share = shares[worker]
    if Int(remaining[worker]) > share.messages { server.use(arrival) }
    remaining[worker] -= 1
    if remaining[worker] > 0 {
      server.assign(worker, work: Int(remaining[worker]) > share.messages ? .localGradient : .message)
    } else {
      server.accumulateMessages(share, of: worker, into: sum, by: batch)
      pending -= 1
      if pending == 0 {
        server.step(along: sum, by: gamma, over: total)
        begin(&server)
      }
    }
  }
}

extension Shadowheart {
  /// K = ⌈16LΔ/ε⌉ updates, and at most 32 t*LΔ/ε seconds (constants not verified), or (32t* + 16D)LΔ/ε where
  /// the model takes up to D seconds to workers that take part. Without the workers' times, as with
  /// `adaptive`, there is no theorem.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let goal = setup.goal
    var prediction = Prediction(.shared, .unverified)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("k", Double(coordinates))
    try prediction.add("ratio", ratio.value)
    try prediction.add("omega", omega)
    guard !isAdaptive else { return prediction }
    // With W = Σ wmb, and a balance for no less noise than there is, E‖g‖² ≤ (1 + 1/W)‖∇f‖² + ε/W. Then γ =
    // 1/(2L) and K bring the mean of ‖∇f‖² to (1/8 + 1/(4W))ε/(3/4 − 1/(4W)), which is at most ε for W ≥ 4/5.
    let isBalanced = total >= 0.8 && !(ratio.value < goal.noise)
    if isBalanced {
      prediction.iterations = Theory.ceiling(16 * goal.progress)
    } else if !setup.arena.isMeasuring {
      try setup.remark(
        """
        nothing is promised: ratio= is below σ²/ε, or messages, cut short or free, are too few for \
        the variance
        """
      )
    }
    // The method waits for every worker that takes part.
    var (seconds, download) = (equilibrium, 0.0)
    for worker in shares.indices where shares[worker].weight > 0 {
      download = max(download, setup.fleet[worker].download)
      if setup.fleet[worker].delay.mean == .infinity { seconds = .infinity }
    }
    // The model is waited for once an iteration.
    if isBalanced {
      prediction.setTime(
        (32 * seconds + 16 * download) * goal.progress, updatesOf: 2 * seconds + download)
    }
    prediction.countsDownloads = true
    prediction.table = seconds * goal.progress
    try prediction.add("t_star", equilibrium)
    try prediction.add("j_star", Double(participants))
    let (gradients, messages) = (try setup.table(of: Double.self), try setup.table(of: Double.self))
    let weights = try setup.table(of: Double.self)
    for worker in weights.indices {
      gradients[worker] = Double(shares[worker].gradients)
      messages[worker] = Double(shares[worker].messages)
      weights[worker] = shares[worker].weight
    }
    try prediction.add("b", gradients)
    try prediction.add("m", messages)
    try prediction.add("w", weights)
    return prediction
  }
}
