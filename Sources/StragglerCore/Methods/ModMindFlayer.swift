// SPDX-License-Identifier: Apache-2.0

/// Mod MindFlayer SGD, which does not have to know the laws of the delays: at x^k all workers make trials one
/// after another, each given up after tᵢ; when B trials of any workers have ended, x^{k+1} = x^k − γ
/// G/(pB), where G sums the gradients that arrived, every job is cancelled, and all start anew.
///
/// The tᵢ are learnt by the method of Robbins and Monro: after its j-th trial, tᵢ ← max{0, tᵢ − (a/j)(1[η ≤
/// tᵢ] − p)}, whose fixed point is the p-quantile of η; only the success of the trial is used. They
/// begin at a, which is the median of ηᵢ unless `alpha` is given (τᵢ where the median is 0 or infinite, then
/// 1). Other values of `clip` are those of MindFlayer SGD and stay fixed; p, left out, is then the share of
/// trials that is expected to succeed. B = ⌈max{1, ⌈σ²/ε⌉}/p⌉, γ = (1/2L) min{1, εpB/σ²}. Short trials end
/// first, so that slightly more than pB succeed. Source: Maranjyan, Shaikh Omar, Richtárik, "MindFlayer SGD"
/// (2025), Appendix E.
public struct ModMindFlayer: Method {
  public static var name: StaticText { "mindflayer-mod" }
  public static var summary: StaticText {
    "Mod MindFlayer SGD: B trials of all workers together, with allotted times that it learns"
  }
  public static var modifiers: Modifiers.Kinds { .all }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// p, the probability of a trial to succeed; nil: 1/2, or what `clip` gives.
  public var p = Parameter<Double>.theory
  /// B, the trials of a step.
  public var batch = Parameter<Int>.theory
  /// tᵢ, the seconds allotted to the random part η of a trial of worker i; nil: learnt.
  public var clip: Clip?
  /// a of the steps a/j, in seconds; nil: the median of η.
  public var alpha: Double?

  /// The share of trials that succeeds, as far as it is known.
  private var expected = Double.nan
  private var ended = 0
  private var times = Table<Double>()
  /// Where learning starts, and its scale a.
  private var scales = Table<Double>()
  /// j, the trials of every worker that have ended.
  private var trials = Table<Int>()
  private var sum = Slot()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.optionalProbability(
      "p", &p.given, "the probability of a trial to succeed", standard: "1/2, or what clip= gives")
    try keys.count("batch", &batch.given, "B, the trials of a step", standard: "max{1, ⌈σ²/ε⌉}/p")
    try keys.learntClip("clip", &clip)
    try keys.number(
      "alpha", &alpha, above: 0, "a of the steps a/j that learn the allotted times, in seconds",
      standard: "the median of η", expected: "a positive number")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try setup.refuseLocalSteps()
    times = try setup.table(of: Double.self)
    scales = try setup.table(of: Double.self)
    trials = try setup.table(of: Int.self)
    let successes = try setup.table(of: Double.self)
    sum = setup.slot()
    setup.horizon = 0
    if let clip {
      let noise = max(1, setup.conditions.noiseRatio)
      if case .optimal = clip { _ = try setup.conditions.noiseRatio(for: "clip") }
      try setup.resolve(clip, batch: noise, times: times, successes: successes, trials: .infinity)
      // Checked even where p is given: trials that never succeed would go on forever.
      let share = try Self.successShare(setup, times, successes)
      p = try p.or(share)
      expected = share
      if (share - p.value).magnitude > 1e-9 {
        try setup.remark(
          "clip= lets another share of the trials succeed than p: steps are p_expected/p times as long")
      }
    } else {
      p = try p.or(0.5)
      for worker in scales.indices { scales[worker] = alpha ?? Self.scale(of: setup.fleet[worker]) }
      try remarkUnattainable(&setup)
    }
    guard p.value <= 1 else {
      throw .invalid(key: "p", expected: "a probability, above 0 and at most 1")
    }
    if let alpha, !(alpha > 0) { throw .invalid(key: "alpha", expected: "a positive number") }
    batch = try batch.or(Self.batch(setup, p: p.value))
    gamma = try gamma.or(setup.stepsize(batch: p.value * Double(batch.value)))
  }

  /// ⌈max{1, ⌈σ²/ε⌉}/p⌉.
  private static func batch(_ setup: borrowing Setup, p: Double) throws(SetupError) -> Int {
    let trials = Theory.ceiling(Double(try setup.batch(for: "batch")) / p)
    guard trials <= 0x1p53 else { throw .excessive(key: "batch", limit: "2^53") }
    return Int(whole: trials)
  }

  /// The share of trials that succeeds if every worker ends one in τᵢ + tᵢ seconds.
  private static func successShare(
    _ setup: borrowing Setup, _ times: Table<Double>, _ successes: Table<Double>
  ) throws(SetupError) -> Double {
    if setup.arena.isMeasuring { return 1 }
    var (ended, succeeded, all) = (CompensatedSum(0), CompensatedSum(0), CompensatedSum(0))
    for worker in times.indices {
      let cost = setup.fleet[worker].tau + times[worker]
      if cost > 0 { ended.add(1 / cost) }
      if cost > 0 { succeeded.add(successes[worker] / cost) }
      all.add(successes[worker])
    }
    let share = ended.value > 0 ? succeeded.value / ended.value : all.value / Double(times.count)
    guard share > 0 else { throw .impossible("no trial can succeed", remedy: "raise clip= for some worker") }
    return min(1, share)
  }

  /// Adds a remark where no allotted time makes trials succeed with probability p.
  private mutating func remarkUnattainable(_ setup: inout Setup) throws(SetupError) {
    var (tooFew, tooMany) = (false, false)
    for worker in scales.indices {
      let delay = setup.fleet[worker].delay
      tooFew = tooFew || delay.cdf(Delay.longest) < p.value * (1 - 1e-9)
      tooMany = tooMany || delay.cdf(0) > p.value * (1 + 1e-9)
    }
    if tooFew {
      try setup.remark(
        "p cannot be attained: more than 1 − p of some worker's jobs never end, its time-outs only grow")
    }
    if tooMany {
      try setup.remark(
        "p cannot be attained: more of some worker's jobs have η = 0 and succeed, steps are too long")
    }
    if !tooFew, !tooMany { expected = p.value }
  }

  /// A duration that is typical for η, or else for the worker.
  private static func scale(of worker: Worker) -> Double {
    let median = worker.delay.quantile(0.5)
    if median > 0, median < .infinity { return median }
    return worker.tau > 0 ? worker.tau : 1
  }

  public mutating func begin(_ server: inout Server) {
    ended = 0
    if clip == nil {
      for worker in times.indices { times[worker] = scales[worker] }
      trials.fill(0)
    }
    startTrials(&server)
  }

  private func startTrials(_ server: inout Server) {
    for worker in 0..<server.workers { server.assign(worker, allotted: times[worker]) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let worker = arrival.worker
    if !arrival.isClipped { server.accumulate(arrival, into: sum) }
    if clip == nil { learn(worker, hasSucceeded: !arrival.isClipped) }
    ended += 1
    if ended == batch.value {
      server.step(along: sum, by: gamma, over: p.value * Double(batch.value))
      ended = 0
      startTrials(&server)
    } else {
      server.assign(worker, allotted: times[worker])
    }
  }

  private func learn(_ worker: Int, hasSucceeded: Bool) {
    trials[worker] += 1
    times[worker] = Theory.robbinsMonro(
      times[worker], step: scales[worker] / Double(trials[worker]), hasSucceeded: hasSucceeded,
      probability: p.value
    )
  }
}

extension Theory {
  /// t ← max{0, t − step (1[success] − p)}, which tends to the p-quantile for steps a/j. Source: Robbins,
  /// Monro (1951).
  @inlinable
  public static func robbinsMonro(
    _ time: Double, step: Double, hasSucceeded: Bool, probability: Double
  ) -> Double {
    max(0, time - step * ((hasSucceeded ? 1 : 0) - probability))
  }
}

extension ModMindFlayer {
  /// No theorem: only the parameters.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .unverified)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("p", p.value)
    try prediction.add("p_expected", expected)
    try prediction.add("batch", Double(batch.value))
    if clip != nil { try prediction.add("clip", times) }
    return prediction
  }
}
