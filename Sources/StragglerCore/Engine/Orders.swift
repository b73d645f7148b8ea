/// A vector of the model's length that a method adds gradients up in.
public struct Slot: BitwiseCopyable, Equatable, Sendable {
  public let index: Int32
  @inlinable init(index: Int32) { self.index = index }
  public init() { index = 0 }
}

/// What a worker is told. At most one order a worker stands at a time: a later one replaces it.
public struct WorkerOrder: BitwiseCopyable, Sendable {
  public let worker: Int32
  /// The point to compute at, or −1: stop and wait.
  @usableFromInline let point: Int32
  /// The version of the point.
  public let version: Int
  /// t, the time allotted to the random part η of the job's duration; infinite where the job may take what it takes.
  public let allotted: Double

  @inlinable
  init(worker: Int, point: Int32, version: Int, allotted: Double) {
    self.worker = Int32(truncatingIfNeeded: worker)
    self.point = point
    self.version = version
    self.allotted = allotted
  }

  /// Whether the worker is to stop and wait.
  @inlinable public var isCancellation: Bool { point < 0 }
}

/// What is to be done with the vectors, in the order given.
public enum VectorOrder: BitwiseCopyable, Sendable {
  /// slot += weight · ∇f(point; ξ), where ξ is the sample of job `job` of `worker`.
  case accumulate(slot: Slot, weight: Double, point: Int32, worker: Int32, job: Int)
  /// target = source − stepsize · slot, then slot = 0. Source and target may be the same point.
  case step(slot: Slot, stepsize: Double, source: Int32, target: Int32)
}
