// SPDX-License-Identifier: Apache-2.0

/// An order for a worker. Each worker has at most one pending order: a later one replaces it.
public struct WorkerOrder: BitwiseCopyable, Sendable {
  /// The worker that it is for, from 0.
  public let worker: Int32
  /// The place of the point to compute at; a worker that stops needs none.
  @usableFromInline let point: Int32
  /// The version of the point.
  public let version: Int
  /// t, the time allotted to the random part η of the job's duration; infinite where the job takes as long
  /// as it takes.
  public let allotted: Double
  /// What the job consists of.
  public let work: Work
  @usableFromInline let kind: Kind

  @usableFromInline
  enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// A job at a point that the worker does not have.
    case start
    /// A job at the point of the worker's last job.
    case goOn
    /// No job: the worker stops and waits.
    case stop
  }

  @inlinable
  init(
    worker: Int, point: Int32, version: Int, allotted: Double, work: Work = .gradient,
    kind: Kind = .start
  ) {
    self.worker = Int32(truncatingIfNeeded: worker)
    self.point = point
    self.version = version
    self.allotted = allotted
    self.work = work
    self.kind = kind
  }

  /// Whether the worker stops and waits.
  @inlinable public var isCancellation: Bool { kind == .stop }

  /// Whether the worker continues at the point of its last job.
  @inlinable public var keepsPoint: Bool { kind == .goOn }
}
