/// A vector of the model's length that a method adds gradients up in.
public struct Slot: BitwiseCopyable, Equatable, Sendable {
  /// The slot's place among those of the run, from 0.
  public let index: Int32
  @inlinable init(index: Int32) { self.index = index }
  /// The slot that a method's variable holds until `Setup.slot()` gives it one of its own.
  public init() { index = 0 }
}

/// What a worker is told. At most one order a worker stands at a time: a later one replaces it.
public struct WorkerOrder: BitwiseCopyable, Sendable {
  /// Who is told, from 0.
  public let worker: Int32
  /// The point to compute at, or −1: stop and wait.
  @usableFromInline let point: Int32
  /// The version of the point.
  public let version: Int
  /// t, the time allotted to the random part η of the job's duration; infinite where the job may take what it
  /// takes.
  public let allotted: Double
  /// What the job consists of.
  public let work: Work
  /// Whether the worker is to go on at the point that it computed at last.
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

  /// Whether the worker is to stop and wait.
  @inlinable public var isCancellation: Bool { point < 0 }
}

/// What is to be done with the vectors, in the order given.
public enum VectorOrder: BitwiseCopyable, Sendable {
  /// slot += weight · ∇f(point; ξ), where ξ is the sample of job `job` of `worker`.
  case accumulate(slot: Slot, weight: Double, point: Int32, worker: Int32, job: Int)
  /// target = source − stepsize · slot, then slot = 0. Source and target may be the same point.
  case step(slot: Slot, stepsize: Double, source: Int32, target: Int32)
  /// slot += weight · ∇fⱼ(point), where j = `index`.
  case accumulateSample(slot: Slot, weight: Double, point: Int32, index: Int32)
  /// target = source − stepsize · slot. Source and target may be the same point.
  case stepKeeping(slot: Slot, stepsize: Double, source: Int32, target: Int32)
  /// slot = 0.
  case clear(slot: Slot)
  /// slot += weight · Σ ∇f(point; ξ) over the samples of gradients `job` to `job` + `count` − 1 of `worker`.
  case accumulateBatch(slot: Slot, weight: Double, point: Int32, worker: Int32, count: Int32, job: Int)
  /// target += weight · Σ C(source) over `count` independent draws of RandK, then source = 0.
  case compress(
    source: Slot, target: Slot, weight: Double, coordinates: Int32, worker: Int32, count: Int32, job: Int)
  /// slot = factor · slot + weight · other.
  case combine(slot: Slot, factor: Double, other: Slot, weight: Double)
  /// target = Σ weightᵢ · slotsᵢ, or the plain sum without weights; then the slotsᵢ = 0 where it `empties`
  /// them.
  case gather(slots: Slots, weights: Table<Double>, target: Slot, empties: Bool)
  /// slotsᵢ = 0.
  case clearAll(slots: Slots)
  /// slot = point.
  case load(slot: Slot, point: Int32)
  /// The slot `model` is the model, and target = (1 − weight) · model + weight · other the newest point.
  case lookAhead(model: Slot, other: Slot, weight: Double, target: Int32)
  /// slot += weight · ∇f(point; ξ), where the point stands in a slot and ξ is the sample of job `job` of
  /// `worker`.
  case accumulateAt(slot: Slot, weight: Double, point: Slot, worker: Int32, job: Int)
  /// intoᵢ = Σⱼ Wᵢⱼ fromⱼ over `rows` slots each, given the first.
  case mix(from: Slot, into: Slot, rows: Int32, entries: Table<MixingWeight>)
  /// The model is the mean of `models` from now on.
  case report(models: Slots)
  /// Looks whether `models` are finite.
  case check(models: Slots)
  /// viewⱼ = what the model had when job `job` of `worker` read coordinate j, for the reads of `reading`.
  case read(view: Slot, reading: Reading, worker: Int32, job: Int, start: Double, seconds: Double)
}
