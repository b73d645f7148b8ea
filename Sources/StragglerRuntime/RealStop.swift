// SPDX-License-Identifier: Apache-2.0

/// When a run on real threads stops: at the first of these. What is left out does not stop it.
public struct RealStop: Sendable {
  /// Model updates, counted from the first run on.
  public var updates: Int?
  /// Seconds of this run.
  public var seconds: Double?

  /// Limits; without any, the run goes on until it starves or diverges, or the caller's condition holds.
  public init(updates: Int? = nil, seconds: Double? = nil) {
    self.updates = updates
    self.seconds = seconds
  }

  /// When a run that begins at `start` stops; never without a number of seconds.
  @usableFromInline
  func end(from start: Double) -> Double {
    guard let seconds, !seconds.isNaN else { return .infinity }
    return start + max(0, seconds)
  }
}

/// Why a run on real threads stopped.
public enum RealStopReason: Equatable, Sendable {
  /// The requested number of updates has been made.
  case updates
  /// The given seconds have passed.
  case seconds
  /// The caller's condition holds.
  case condition
  /// No worker has a job, so that nothing will ever happen.
  case starved
  /// The model is no longer finite.
  case diverged
}

/// A worker's code has thrown, which ended the run.
public struct WorkerFailure: Error, Sendable {
  /// The worker, from 0.
  public let worker: Int
  /// The number of the job, from 1.
  public let job: Int
  /// What was thrown.
  public let error: any Error

  /// The failure of job `job` of `worker`.
  public init(worker: Int, job: Int, error: any Error) {
    self.worker = worker
    self.job = job
    self.error = error
  }
}
