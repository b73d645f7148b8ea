// SPDX-License-Identifier: Apache-2.0

/// The forms of a method that `advise` weighs: with the values of one key that suit the fleet and the goal,
/// and, where cancelling is allowed, those with `stops=true` too. Other keys have the theory's values.
///
///     static var advised: AdvisedForms? { AdvisedForms(.shared, .batches("batch"), hasStops: true) }
///
/// An advised method has the key `gamma`.
public struct AdvisedForms: Sendable {
  /// The data that a method is advised for. It may be able to run on others, where it is never the best.
  public enum Workers: UInt8, BitwiseCopyable, Sendable {
    /// Workers share one objective.
    case shared
    /// Workers have objectives of their own.
    case own
    /// Both.
    case any
  }

  /// A key, and which values of it are tried.
  public enum Values: Sendable {
    /// No key: the theory's parameters.
    case theory
    /// The number, from 1, of the worker whose jobs are the shortest.
    case fastestWorker(StaticText)
    /// 1, 2, 3, 4, 6, 8, 12, …: numbers of workers below n.
    case fewerWorkers(StaticText)
    /// ⌈σ²/ε⌉, at least 1; with `tune` multiples of it too.
    case batches(StaticText)
    /// ⌈max{σ²/ε, n}⌉; with `tune` multiples of it too, at least n.
    case batchesOfAll(StaticText)
    /// Allotted times for η: `optimal`, `median`, and what a time-out of whole jobs leaves.
    case timeouts(StaticText)
    /// 2, 4, 8, …: gradients that a worker sends one message of, up to four times as many as could be
    /// computed in the time of one; none where messages take less than half of the time of a gradient.
    case gradientsPerMessage(StaticText)
  }

  /// Which data it is advised for.
  public let workers: Workers
  /// Which values of which key are tried.
  public let values: Values
  /// Whether it has a key `stops`, with which an update cancels all other jobs.
  public let hasStops: Bool
  /// Whether the method stops workers in any case, so that it is weighed only where jobs may be cancelled.
  public let needsStops: Bool
  /// Whether an update is the sum of as many gradients as the key says, each with the stepsize γ.
  public let addsUp: Bool
  /// Whether a theorem gives γ. Without one the method is weighed only where stepsizes are tuned.
  public let hasTheorem: Bool
  /// Whether no job that never ends holds the method up forever; with `stops=true` none does in any case.
  public let survivesFailures: Bool

  /// Forms for the data of `workers` with the `values` of a key.
  @inlinable
  public init(
    _ workers: Workers, _ values: Values = .theory, hasStops: Bool = false, needsStops: Bool = false,
    addsUp: Bool = false, hasTheorem: Bool = true, survivesFailures: Bool = false
  ) {
    self.workers = workers
    self.values = values
    self.hasStops = hasStops
    self.needsStops = needsStops
    self.addsUp = addsUp
    self.hasTheorem = hasTheorem
    self.survivesFailures = survivesFailures
  }
}
