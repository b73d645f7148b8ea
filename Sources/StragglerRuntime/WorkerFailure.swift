// SPDX-License-Identifier: Apache-2.0

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
