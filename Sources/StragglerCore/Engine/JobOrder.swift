// SPDX-License-Identifier: Apache-2.0

/// What an order asks of a real worker. All steps and gradients are at, or begin at, the point of the order.
public enum JobTask: BitwiseCopyable, Equatable, Sendable {
  /// One stochastic gradient, which is handed in.
  case gradient
  /// The sum of so many stochastic gradients at the point.
  case batch(Int)
  /// The sum of the gradients of `steps` local steps y ← y − `stepsize` · g(y) from the point.
  case local(steps: Int, stepsize: Double)
  /// Local steps from the point until an order asks for their sum. Each is reported when it is complete,
  /// except for the first `made`, which have been: they were lost with a job that failed.
  case openEnded(stepsize: Double, made: Int)
  /// The sum of the gradients of the first `steps` local steps of the open-ended work at hand; those that are
  /// missing are made.
  case sum(steps: Int)
  /// Nothing: the worker stops what it does and waits.
  case stop
}

/// An order for a real worker, with the ticket by which what it computes is handed in.
public struct JobOrder: BitwiseCopyable, Sendable {
  /// The worker, from 0.
  public let worker: Int
  /// The ticket of the job, a number that is never given again; for `stop` that of the job to stop, which is
  /// open no more. While a server lives, the later tickets of a worker are the larger ones.
  public let ticket: UInt64
  /// What to compute.
  public let task: JobTask
  /// The number of the job's last gradient among the worker's, from 1: with `worker` it picks the sample, as
  /// in the simulator.
  public let number: Int
  /// k of the job's point.
  public let version: Int
  /// Seconds that the random part of the job's duration may take; infinite where the job is no trial.
  public let allotted: Double
  /// Whether the point is that of the worker's last job, which need not be sent again.
  public let keepsPoint: Bool
  @usableFromInline let point: Int32

  @inlinable
  init(
    worker: Int, ticket: UInt64, task: JobTask, number: Int, version: Int, allotted: Double,
    keepsPoint: Bool, point: Int32
  ) {
    (self.worker, self.ticket, self.task, self.number) = (worker, ticket, task, number)
    (self.version, self.allotted, self.keepsPoint, self.point) = (version, allotted, keepsPoint, point)
  }

  /// Whether the worker stops and waits.
  @inlinable public var isCancellation: Bool { task == .stop }

  /// How many gradients are handed in as one sum; 1 for open-ended work, which has at least that, and 0 for
  /// `stop`.
  @inlinable public var gradients: Int {
    switch task {
    case .gradient: 1
    case .batch(let count), .local(let count, _), .sum(let count): count
    case .openEnded(_, let made): made + 1
    case .stop: 0
    }
  }

  /// γ of the local steps; NaN where there are none, or the worker knows it.
  @inlinable public var stepsize: Double {
    switch task {
    case .local(_, let stepsize), .openEnded(let stepsize, _): stepsize
    case .gradient, .batch, .sum, .stop: .nan
    }
  }
}
