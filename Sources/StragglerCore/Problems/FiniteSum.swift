// SPDX-License-Identifier: Apache-2.0

// Finite sums f = (1/m) Σⱼ fⱼ: what holds for a problem that is none, and which sample a job has.

extension Problem {
  public var sampleCount: Int { 0 }
  public mutating func value(index: Int, at x: Span<Scalar>) -> Double { .nan }
  public mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {}
}

extension Sample {
  /// j of the job's sample fⱼ, uniform on 0..<`count`, the same under every method; `count` is at most 2³².
  @inlinable
  public func index(below count: Int) -> Int {
    var stream = stream
    return stream.integer(below: count)
  }
}
