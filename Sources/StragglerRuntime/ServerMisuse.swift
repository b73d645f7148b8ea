// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// What is wrong with what a program has handed to its `ParameterServer`, which has changed nothing.
public enum ServerMisuse: Error, Equatable, Sendable {
  /// There is no such worker: they are numbered from 0.
  case noSuchWorker(Int, of: Int)
  /// No worker is at that place, so that none can be removed.
  case workerIsGone(Int)
  /// The worker is there, and has to be removed before it is replaced.
  case workerIsThere(Int)
  /// The gradient of a worker does not have the model's length.
  case wrongLength(Int, expected: Int, worker: Int)
  /// The first coordinate of a worker's gradient that is infinite or no number.
  case notFinite(coordinate: Int, worker: Int)
  /// The time is no number, infinite, or before that of the last event.
  case wrongTime(Double, last: Double)
  /// The worker makes local steps and has not been ordered to hand in their sum, or it makes none.
  case wrongWork(worker: Int)
  /// The method's code has a mistake; the server is of no further use.
  case faultyMethod(MethodFault)
}

extension ServerMisuse: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSuchWorker(let worker, let count):
      "there is no worker \(worker); they are numbered from 0 to \(count - 1)"
    case .workerIsGone(let worker):
      "worker \(worker) is not there; replace it before it is removed again"
    case .workerIsThere(let worker):
      "worker \(worker) is there; remove it before it is replaced"
    case .wrongLength(let length, let expected, let worker):
      "the gradient of worker \(worker) has \(length) coordinates; the model has \(expected)"
    case .notFinite(let coordinate, let worker):
      "coordinate \(coordinate) of the gradient of worker \(worker) is infinite or no number; "
        + "hand in finite gradients, or have the job fail"
    case .wrongTime(let time, let last):
      "the time \(time) cannot follow \(last); times are finite and do not go backwards"
    case .wrongWork(let worker):
      "worker \(worker) hands in a sum that was not ordered, or reports a step that was not; "
        + "steps are reported while the work is open-ended, and sums handed in when an order asks for them"
    case .faultyMethod(let fault):
      "the method \(fault.summary.value); \(fault.remedy.value)"
    }
  }
}

/// What has become of something that came by a ticket.
public enum Delivery: Equatable, Sendable {
  /// It was taken.
  case taken
  /// The ticket was not open: cancelled, delivered, of a worker that was removed, of an earlier life of the
  /// server, or never given. This is counted, and changes nothing else.
  case late
}

/// Why no event can come any more.
public enum Stall: Equatable, Sendable {
  /// The method has given no worker a job, and waits for none.
  case nothingToDo
  /// All that the method waits for has been given to workers that are not there: so many, the first of which
  /// is `first`. It goes on when they are replaced.
  case workersAreGone(Int, first: Int)
}

extension Stall: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nothingToDo: "no worker has a job, and the method waits for none"
    case .workersAreGone(let count, let first):
      "the method waits for \(count == 1 ? "worker" : "\(count) workers, the first of which is") \(first), "
        + "\(count == 1 ? "which is" : "which are") not there"
    }
  }
}

/// Why a server cannot be restored; it has not changed.
public enum ServerCheckpointError: Error, Equatable, Sendable {
  /// The bytes are no checkpoint of a server of this version.
  case noCheckpoint
  /// The bytes have been changed or cut off.
  case damaged
  /// The checkpoint is of a server with another method, model or number of workers: `what` differs.
  case otherServer(String)
  /// There is not the memory to compare the server with what it was at its start.
  case outOfMemory
}

extension ServerCheckpointError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noCheckpoint: "this is no checkpoint of a server of this version; checkpoint() makes one"
    case .damaged: "the checkpoint has been changed or cut off; take an older one"
    case .otherServer(let what):
      "the checkpoint is of another server: \(what); restore it in one made by the same call"
    case .outOfMemory: "there is not enough memory to restore the checkpoint"
    }
  }
}
