// SPDX-License-Identifier: Apache-2.0

/// tᵢ, the time allotted to the random part η of a trial of worker i.
public enum Clip: BitwiseCopyable, Sendable {
  /// The median of η.
  case median
  /// The p-quantile of η.
  case quantile(Double)
  /// The times that minimise the time complexity of the theorem, jointly over the fleet.
  case optimal
  /// Given times, in seconds.
  case times(PerWorker)
}

extension Keys {
  /// Allotted times: an expression in i, `median`, `optimal` or `quantile(p)`.
  public mutating func clip(_ name: KeyName, _ value: inout Clip, standard: StaticText) throws(SetupError) {
    guard
      let setting = try setting(
        name, .clip, words: "median optimal quantile(p)", "seconds allotted to the random part η of a trial",
        standard: standard)
    else { return }
    guard let clip = Clip(setting) else {
      throw .invalid(
        key: name.text,
        expected: "seconds (an expression in i, inf allowed), median, optimal, or quantile(p) with 0 < p < 1")
    }
    value = clip
  }

  /// Allotted times as above, or nil for times that are learnt: the word "robbins-monro", which is the
  /// standard.
  public mutating func learntClip(_ name: KeyName, _ value: inout Clip?) throws(SetupError) {
    guard
      let setting = try setting(
        name, .clip, words: "robbins-monro median optimal quantile(p)",
        "seconds allotted to the random part η of a trial", standard: "robbins-monro: they are learnt")
    else { return }
    if case .word(let word) = setting, word == "robbins-monro" {
      value = nil
    } else if let clip = Clip(setting) {
      value = clip
    } else {
      throw .invalid(
        key: name.text,
        expected:
          "robbins-monro, seconds (an expression in i), median, optimal, or quantile(p) with 0 < p < 1"
      )
    }
  }
}

extension Clip {
  /// What a key's value means; nil if it means nothing.
  init?(_ setting: Setting) {
    switch setting {
    case .number(let number) where number >= 0: self = .times(.same(number))
    case .perWorker(let times): self = .times(.each(times))
    case .word(let word) where word == "median": self = .median
    case .word(let word) where word == "optimal": self = .optimal
    default:
      guard let (word, p) = setting.asCall, word == "quantile", p > 0, p < 1 else { return nil }
      self = .quantile(p)
    }
  }
}

extension Setup {
  /// Fills `times` with tᵢ and `successes` with pᵢ = P(η ≤ tᵢ), for outages the share that succeeds of
  /// `trials` in a row. `batch` is S, for `optimal`. O(n), `optimal` O(n · search).
  mutating func resolve(
    _ clip: Clip, batch: Double, times: Table<Double>, successes: Table<Double>, trials: Double = 1
  ) throws(SetupError) {
    try remarkGuess(clip)
    if case .optimal = clip, !arena.isMeasuring {
      _ = ClippingTimes.optimize(fleet: fleet, batch: batch, into: times)
    }
    for worker in times.indices {
      let delay = fleet[worker].delay
      switch clip {
      case .median: times[worker] = delay.quantile(0.5)
      case .quantile(let p): times[worker] = delay.quantile(p)
      case .times(let given): times[worker] = given[worker]
      case .optimal: break
      }
      guard times[worker] >= 0 else {
        throw .invalid(key: "clip", expected: "times that are not negative, for every worker")
      }
      // Half the trials at least succeed at the median, or never end: there a time-out of 0 still lets η = 0
      // pass.
      if times[worker] == .infinity, delay.cdf(.greatestFiniteMagnitude) < 1, isChosenByLaw(clip) {
        times[worker] = 0
      }
      successes[worker] = delay.successShare(
        within: times[worker], upload: fleet[worker].upload, of: trials)
    }
  }

  /// Adds a remark where `clip` computes the times from a law that the trials do not follow: outages last
  /// from one trial to the next, and of replayed durations only the quantiles are known.
  mutating func remarkGuess(_ clip: Clip) throws(SetupError) {
    guard isChosenByLaw(clip) else { return }
    for worker in fleet.workers.indices {
      let delay = fleet[worker].delay
      guard !delay.isIndependent else { continue }
      if case .optimal = clip {} else if !delay.dependsOnWork { continue }
      return try remark(
        """
        the allotted times are a guess: durations are correlated in time, and clip= takes them for \
        independent
        """
      )
    }
  }

  private func isChosenByLaw(_ clip: Clip) -> Bool {
    if case .times = clip { return false }
    return true
  }
}
