// SPDX-License-Identifier: Apache-2.0

/// An order for a worker. Each worker has at most one pending order: a later one replaces it.
public struct WorkerOrder: BitwiseCopyable, Sendable {
  /// The worker that it is for, from 0.
  public let worker: Int32
  /// The place of the point to compute at; a worker that stops needs none.
  @usableFromInline let point: Int32
  /// The version of the point.
  public let version: Int
  /// t, the time allotted to the random part η of the job's duration; γ where the job has local steps, which
  /// are no trials.
  @usableFromInline let quantity: Double
  /// How many gradients the job has: 0 for a message, and 1 for open-ended work, which has more.
  @usableFromInline let count: Int32
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
    /// The sum of the steps that are complete: the worker stops and sends it.
    case handIn
  }

  @inlinable
  init(
    worker: Int, point: Int32, version: Int, allotted: Double, work: Work = .gradient,
    kind: Kind = .start
  ) {
    self.init(
      worker: worker, point: point, version: version, quantity: allotted, work: work,
      count: Int32(truncatingIfNeeded: work.gradients), kind: kind)
  }

  @inlinable
  init(
    worker: Int, point: Int32, version: Int, quantity: Double, work: Work, count: Int32, kind: Kind
  ) {
    self.worker = Int32(truncatingIfNeeded: worker)
    self.point = point
    self.version = version
    self.quantity = quantity
    self.work = work
    self.count = count
    self.kind = kind
  }

  /// t, the time allotted to the random part η of the job's duration; infinite where the job takes as long
  /// as it takes.
  @inlinable public var allotted: Double { work.hasLocalSteps ? .infinity : quantity }

  /// How many gradients the job has: the worker hands in their sum. Open-ended work goes on until it is to
  /// hand in.
  @inlinable public var gradients: Int { Int(count) }

  /// γ of the local steps y^{h+1} = y^h − γg(y^h) that the job consists of; NaN where it has none.
  @inlinable public var stepsize: Double { work.hasLocalSteps ? quantity : .nan }

  /// Whether the worker stops and waits.
  @inlinable public var isCancellation: Bool { kind == .stop }

  /// Whether the worker ends its open-ended work and hands in the sum of its complete steps.
  @inlinable public var endsSteps: Bool { kind == .handIn }

  /// Whether it holds a reference to its point.
  @inlinable var holdsPoint: Bool { kind == .start || kind == .goOn }

  /// Whether the worker continues at the point of its last job.
  @inlinable public var keepsPoint: Bool { kind == .goOn }
}
