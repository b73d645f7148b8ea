// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// Which method to use on a fleet, with the evidence.
public struct Advice: Sendable {
  /// What is known of the problem and the goal.
  public let conditions: Conditions
  /// The laws of the recorded workers; empty for a configured fleet.
  public let fits: [WorkerFit]
  /// Every candidate, the advised one first.
  public let forecasts: [Forecast]
  /// The candidates that cannot run on the problem or the fleet.
  public let refusals: [Refusal]
  /// Whether the advice rests on simulations of the problem itself, and not only on the theory's number of
  /// updates.
  public let isSimulated: Bool
  /// How often the record, or without one the fleet's draws, were sampled again; 0 without.
  public let replicates: Int

  /// A candidate that cannot run.
  public struct Refusal: Sendable {
    /// The method and its parameters.
    public let candidate: AdviceCandidate
    /// The reason.
    public let error: LabError
  }

  /// Whether the recorded durations of a worker are certainly correlated from job to job. The
  /// simulations draw them independently, and so do the samples.
  public var isDependent: Bool {
    SerialCorrelation.isCertain(fits.map { ($0.serialCorrelation, $0.count) })
  }

  /// The predicted cost of a candidate.
  public struct Forecast: Sendable {
    /// The method and its parameters.
    public let candidate: AdviceCandidate
    /// γ: from the theorem, or the best of its multiples by powers of 2.
    public var gamma: Double
    /// Simulated seconds of an update, over as many updates as are needed: all but the longest twentieth of
    /// the runs, on average.
    public var secondsPerUpdate: Double
    /// 4Δ/(γε) for the theorem's γ, the updates after which descent has brought the mean of ‖∇f‖² to ε; of
    /// sums of B gradients a B-th of it, and infinite where no theorem gives γ.
    public let theoryUpdates: Double
    /// The number of updates from the theorem times the seconds of one update, averaged over that many
    /// updates.
    public let theoryTime: Double
    /// The statement of the method's theorem, with the fleet's durations replaced by their means; nil where
    /// there is none.
    public let theorem: StragglerLab.Forecast?
    /// The updates until ‖∇f‖² < ε when the problem was simulated, on average; NaN where it was not.
    public var simulatedUpdates = Double.nan
    /// The same under each seed that got there.
    var seedUpdates: [Double] = []
    /// Seconds until ‖∇f‖² < ε when the problem was simulated, on average; NaN where it was not.
    public var simulatedTime = Double.nan
    /// Remarks for the user about the method as it is configured, as `Run.remarks`.
    public var remarks: [String] = []
    /// How the simulation of the problem ended.
    public var outcome = Outcome.notSimulated
    /// Seconds to ε that 5 % of the predictions for other samples are below, but no more than is forecast;
    /// NaN without samples.
    public var low = Double.nan
    /// Seconds to ε that 5 % of the predictions for other samples are above, but no less than is forecast;
    /// NaN without samples.
    public var high = Double.nan
    /// The fraction of samples in which the candidate is the fastest.
    public var wins = Double.nan

    /// The outcome of the simulation of the problem.
    public enum Outcome: String, Sendable {
      /// ‖∇f‖² < ε at every seed.
      case reached
      /// Given up at some seed: it needs more than four times the simulated time of the best.
      case slower
      /// With some seed, every worker was stuck forever.
      case starved
      /// At some seed the model was no longer finite.
      case diverged
      /// At some seed the gradients, or the events, ran out before.
      case unfinished
      /// Not simulated, because there is no problem or because no gradients were allowed.
      case notSimulated = "not simulated"
    }

    /// Seconds to ε: updates as simulated, or else as in theory, times the seconds that one takes.
    public func time(secondsPerUpdate seconds: Double, isSimulated: Bool) -> Double {
      if isSimulated { return outcome == .reached ? Self.product(simulatedUpdates, seconds) : .infinity }
      return Self.product(theoryUpdates, seconds)
    }

    static func product(_ updates: Double, _ seconds: Double) -> Double {
      seconds < .infinity ? updates * seconds : .infinity
    }
  }

  /// The advised candidate; nil where every method starves.
  public var best: Forecast? { forecasts.first.flatMap { predicted($0) < .infinity ? $0 : nil } }

  /// Seconds to ε that are predicted for a candidate.
  public func predicted(_ forecast: Forecast) -> Double {
    forecast.time(secondsPerUpdate: forecast.secondsPerUpdate, isSimulated: isSimulated)
  }

  /// The candidate that the theory's number of updates would choose.
  public var theoryFavourite: Forecast? {
    forecasts.min { $0.theoryTime < $1.theoryTime }.flatMap { $0.theoryTime < .infinity ? $0 : nil }
  }

  /// Whether theory and simulation name the same method; true where nothing was simulated.
  public var agrees: Bool { !isSimulated || theoryFavourite?.candidate.method == best?.candidate.method }
}
