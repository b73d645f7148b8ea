// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// What is inferred from the recorded durations of one worker.
public struct WorkerFit: Sendable {
  /// The worker's name in the record.
  public let name: String
  /// The durations that were finite, in ascending order.
  public let durations: [Double]
  /// How many jobs never ended.
  public let failures: Int
  /// All fits, the best one by Schwarz's criterion first. At least one.
  public let fits: [LawFit]
  /// The correlation of the ranks of jobs that follow one another in the record: about 0 for independent
  /// durations; NaN for fewer than ten jobs, and where all took the same.
  public let serialCorrelation: Double
  /// The best time-out, by the durations themselves.
  public let timeout: Timeout

  /// The best time-out for this worker alone, and its effect.
  public struct Timeout: Sendable {
    /// When to give up a job, in seconds from its start; infinite where waiting is best.
    public let seconds: Double
    /// The probability that a job ends by then.
    public let success: Double
    /// Seconds of work for a gradient with the time-out.
    public let cost: Double
    /// Seconds of work for a gradient without; infinite where jobs fail.
    public let costWithout: Double

    /// The fraction of the work that the time-out saves.
    public var saving: Double {
      costWithout < .infinity ? max(0, 1 - cost / costWithout) : cost < .infinity ? 1 : 0
    }
  }

  /// The first of `fits`.
  public var best: LawFit { fits[0] }
  /// How many jobs were recorded.
  public var count: Int { durations.count + failures }

  /// Fits every law to `recorded`, of which there is at least one, in the order in which the jobs ran; `inf`
  /// is a job that never ended.
  ///
  /// O(m log m + laws · rounds · m); milliseconds for a thousand durations. `interrupted` is called at every
  /// pass through the durations; where it holds, laws are missing.
  public init(name: String, _ recorded: [Double], interrupted: @escaping () -> Bool = { false }) {
    self.name = name
    serialCorrelation = SerialCorrelation(recorded).value
    let finite = recorded.filter { $0 <= Delay.longest }.sorted()
    durations = finite
    failures = recorded.count - finite.count
    let (failures, count) = (failures, recorded.count)
    if let shortest = finite.first, let longest = finite.last {
      if shortest == longest {
        fits = [.constant(shortest, count: count, failures: failures)]
      } else {
        fits = Self.fits(finite, failures, interrupted)
      }
    } else {
      fits = [.constant(0, count: max(1, count), failures: max(1, count))]
    }
    timeout = Timeout(finite, count: count)
  }

  /// The fits of all families, the best first.
  private static func fits(
    _ durations: [Double], _ failures: Int, _ interrupted: @escaping () -> Bool
  ) -> [LawFit] {
    let fits = LawFamily.allCases.compactMap {
      $0.fit(durations, failures: failures, interrupted: interrupted)
    }
    guard !fits.isEmpty else {
      return [.constant(durations[0], count: durations.count + failures, failures: failures)]
    }
    return fits.enumerated().sorted { ($0.element.bic, $0.offset) < ($1.element.bic, $1.offset) }
      .map(\.element)
  }
}

extension WorkerFit.Timeout {
  /// The t of the record that makes t/P(duration ≤ t) smallest, where a failed trial costs t and a success
  /// what it took. `durations` in ascending order, of `count` jobs.
  init(_ durations: [Double], count: Int) {
    var best = (seconds: Double.infinity, success: 0.0, cost: Double.infinity)
    var sum = CompensatedSum(0)
    for (index, duration) in durations.enumerated() {
      sum.add(duration)
      // Jobs that took no time, as rounded records have them, say nothing about giving up at once.
      if index + 1 < durations.count, durations[index + 1] == duration || duration == 0 { continue }
      let lost = Double(count - index - 1)
      let cost = (sum.value + lost * duration) / Double(index + 1)
      if cost < best.cost { best = (duration, Double(index + 1) / Double(count), cost) }
    }
    let isComplete = durations.count == count && count > 0
    // The longest duration of all as a time-out gives nothing up.
    if isComplete, best.success == 1 { best.seconds = .infinity }
    self.init(
      seconds: best.seconds, success: best.success, cost: best.cost,
      costWithout: isComplete ? sum.value / Double(count) : .infinity)
  }
}
