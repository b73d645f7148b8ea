// SPDX-License-Identifier: Apache-2.0

/// What a worker is doing. 32 bytes, so that a million workers are feasible.
@usableFromInline
struct Job: BitwiseCopyable, Sendable {
  @usableFromInline enum State: UInt8, BitwiseCopyable, Sendable {
    case idle, running
    /// Running, and will be given up when the allotted time is over.
    case clipping
    /// Running, and will never end.
    case endless
  }

  /// When the job was assigned, in simulated seconds.
  @usableFromInline var start: Double
  /// The version of the point that it computes at.
  @usableFromInline var version: Int
  /// j, the number of the worker's last gradient, from 1; it picks the random numbers.
  @usableFromInline var number: Int
  @usableFromInline var point: Int32
  @usableFromInline var state: State
  @usableFromInline var work: Work

  @inlinable
  init(
    start: Double, version: Int, number: Int, point: Int32, state: State, work: Work = .gradient
  ) {
    self.start = start
    self.version = version
    self.number = number
    self.point = point
    self.state = state
    self.work = work
  }
}
