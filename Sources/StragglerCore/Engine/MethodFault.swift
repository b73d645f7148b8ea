// SPDX-License-Identifier: Apache-2.0

/// A mistake in a method's code, or in the library's own, that the driver has to report: the run cannot go
/// on.
///
/// The server notes the first one, drops what it cannot carry out, and never traps.
public enum MethodFault: UInt8, BitwiseCopyable, Sendable {
  /// One event gave more orders for vectors than `Setup.vectorOrderCapacity`.
  case tooManyOrders
  /// A gradient was used at a point older than the method's horizon, which is kept no longer.
  case pointIsGone
  /// A message was sent on a channel that the method has not asked for, or taken off one.
  case noSuchChannel
  /// The schedule of γ has no stepsize for an update: it is negative, infinite or no number.
  case badStepsize
  /// The events to come do not agree with the jobs and messages.
  case inconsistentEvents
  /// Orders and statistics do not agree with the jobs.
  case inconsistentJobs
  /// The points that are kept are not those that jobs, orders and the method refer to.
  case inconsistentPoints

  /// What happened, as the rest of a sentence that begins with the method's name.
  public var summary: StaticText {
    switch self {
    case .tooManyOrders: "gave more orders for vectors in one event than its set-up makes room for"
    case .pointIsGone: "used a gradient at a point that is older than its horizon"
    case .noSuchChannel: "used a channel for messages that it has not asked for"
    case .badStepsize: "came to an update for which gamma= is negative, infinite or no number"
    case .inconsistentEvents: "is in a run whose events do not agree with its jobs"
    case .inconsistentJobs: "is in a run whose orders or counts do not agree with its jobs"
    case .inconsistentPoints: "is in a run that keeps other points than its jobs need"
    }
  }

  /// How the method's author can fix it.
  public var remedy: StaticText {
    switch self {
    case .tooManyOrders: "take a slot or a channel in prepare(_:) for each thing that an event touches"
    case .pointIsGone: "set a longer horizon in prepare(_:), or discard gradients that are older"
    case .noSuchChannel: "ask for as many channels in prepare(_:) as there are messages at a time"
    case .badStepsize:
      "give gamma= an expression that is at least 0 for every k, delay and t, such as max(0, 0.1-0.001*k)"
    case .inconsistentEvents, .inconsistentJobs:
      "report it: this is a defect of the library, which methods cannot cause"
    case .inconsistentPoints:
      "release every held point once; where the method does, this is a defect of the library"
    }
  }
}
