// SPDX-License-Identifier: Apache-2.0

/// How random durations of jobs enter the time that a method predicts.
///
/// Names are those of parameters that its `Prediction` adds, which for `slowest` and `rank` has
/// `iteration_time` among them, and K from `Goal.iterations(batch:)`. Where durations depend on each other
/// over time, updates are simulated instead.
public enum RandomDurations: Sendable {
  /// The time has mean durations in place of random ones: an estimate.
  case estimate
  /// As `estimate`, and the first updates of a run, in which the method tries every worker, are unlike the
  /// others.
  case learned
  /// The theorem is for random durations, and its time is a bound.
  case bound
  /// The time is a mean: an update is a job of one worker.
  case mean
  /// The time is a mean: an update takes as long as the longest of n jobs.
  case slowest
  /// The time is a mean: an update takes as long as the m-th shortest of n jobs, m being the parameter named.
  case rank(of: StaticText)
  /// As `estimate`, with quantiles: an update takes until as many gradients at its point have arrived as one
  /// parameter says; the other jobs are cancelled then where the other parameter is 1.
  case collection(batch: StaticText, stops: StaticText)
}
