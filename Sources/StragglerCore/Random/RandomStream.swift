// SPDX-License-Identifier: Apache-2.0

/// What a random draw is for. Streams of different purposes never overlap.
public enum Purpose: UInt8, Sendable {
  /// The random part η of a job's duration.
  case delay = 0
  /// The sample ξ of a stochastic gradient.
  case sample = 1
  /// A method's own choices.
  case method = 2
  /// Starting points and initial weights.
  case start = 3
  /// Data drawn by the program.
  case data = 4
  /// What is kept of a compressed message.
  case message = 5
  /// When a worker is on and off.
  case outage = 6
  /// Which nodes of a random network are linked.
  case topology = 7
  /// When a job reads each coordinate of a shared model.
  case read = 8
  /// What a fleet draws once for each worker.
  case fleet = 9
  /// Which workers take part in a round.
  case participation = 10
}

/// The random numbers of one job, a pure function of (seed, purpose, worker, job).
///
/// Counter-based: the counter's words are block number, worker, and the job's low and high bits, the last
/// byte being the purpose, so that no two streams of a seed share a block. A stream is a value: a copy draws
/// the same numbers again.
public struct RandomStream: BitwiseCopyable, Sendable {
  /// The key of the blocks: the low and the high half of the seed.
  public let key: SIMD2<UInt32>
  /// Counter words 1 to 3; word 0 counts blocks.
  @usableFromInline let origin: SIMD4<UInt32>
  @usableFromInline var nextBlock: UInt32 = 0
  @usableFromInline var spare: UInt64 = 0
  @usableFromInline var hasSpare = false

  /// The stream of job `job` (below 2⁵⁶) of worker `worker` (below 2³²).
  @inlinable
  public init(seed: UInt64, purpose: Purpose, worker: Int = 0, job: Int = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    origin = SIMD4(
      0, UInt32(truncatingIfNeeded: worker), UInt32(truncatingIfNeeded: job),
      UInt32(truncatingIfNeeded: job >> 32) << 8 | UInt32(purpose.rawValue))
  }

  /// The stream of another purpose and job for the seed and worker of `other`.
  @inlinable
  init(beside other: RandomStream, purpose: Purpose, job: Int) {
    key = other.key
    origin = SIMD4(
      0, other.origin[1], UInt32(truncatingIfNeeded: job),
      UInt32(truncatingIfNeeded: job >> 32) << 8 | UInt32(purpose.rawValue))
  }

  /// The counter of block `index`, for kernels that draw many blocks at once.
  @inlinable
  public func counter(ofBlock index: UInt32) -> SIMD4<UInt32> {
    var counter = origin
    counter[0] = index
    return counter
  }

  /// The counter of the first block of which nothing has been drawn.
  @inlinable
  public var freshCounter: SIMD4<UInt32> { counter(ofBlock: nextBlock) }

  /// The next 64 bits.
  @inlinable
  public mutating func next() -> UInt64 {
    if hasSpare {
      hasSpare = false
      return spare
    }
    let words = Philox.block(counter: counter(ofBlock: nextBlock), key: key)
    nextBlock &+= 1
    spare = UInt64(words[3]) << 32 | UInt64(words[2])
    hasSpare = true
    return UInt64(words[1]) << 32 | UInt64(words[0])
  }

  /// A uniform number in the open interval (0, 1): an odd multiple of 2⁻⁵³.
  @inlinable
  public mutating func uniform() -> Double {
    Double(next() >> 12) * 0x1p-52 + 0x1p-53
  }

  /// A uniform integer in 0..<`bound` (`bound` from 1 to 2³²), by Lemire's multiplication with rejection.
  @inlinable
  public mutating func integer(below bound: Int) -> Int {
    let range = UInt64(bound)
    var product = (next() >> 32) &* range
    if product & 0xFFFF_FFFF < range {
      let threshold = (0x1_0000_0000 &- range) % range
      while product & 0xFFFF_FFFF < threshold { product = (next() >> 32) &* range }
    }
    return Int(product >> 32)
  }
}
