/// An order for a worker. Each worker has at most one pending order: a later one replaces it.
public struct WorkerOrder: BitwiseCopyable, Sendable {
  /// Who is told, from 0.
  public let worker: Int32
  /// The point to compute at, or −1: stop and wait.
  @usableFromInline let point: Int32
  /// The version of the point.
  public let version: Int
  /// t, the time allotted to the random part η of the job's duration; infinite where the job may take what
  /// it takes.
  public let allotted: Double
  /// What the job consists of.
  public let work: Work
  /// Whether the worker continues at the point of its last job.
  public let keepsPoint: Bool

  @inlinable
  init(
    worker: Int, point: Int32, version: Int, allotted: Double, work: Work = .gradient,
    keepsPoint: Bool = false
  ) {
    self.worker = Int32(truncatingIfNeeded: worker)
    self.point = point
    self.version = version
    self.allotted = allotted
    self.work = work
    self.keepsPoint = keepsPoint
  }

  /// Whether the worker stops and waits.
  @inlinable public var isCancellation: Bool { point < 0 }
}
