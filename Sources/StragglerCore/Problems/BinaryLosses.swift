/// The losses ln(1 + exp(−y·aᵀx)) of samples with labels −1 and +1.
struct BinaryLosses: BitwiseCopyable, Sendable {
  let rows: LabelledRows

  /// Σ of the losses of `samples`.
  func loss<S: Scalar>(of samples: Table<UInt32>, at x: Span<S>) -> Double {
    var sum = 0.0
    for index in samples.indices { sum += loss(of: Int(samples[index]), at: x) }
    return sum
  }

  /// The loss of `sample`: for a margin z it is max(−z, 0) + ln(1 + e^−|z|), which neither overflows nor cancels.
  func loss<S: Scalar>(of sample: Int, at x: Span<S>) -> Double {
    let margin = rows.label(sample) * rows.dot(sample, x)
    return (margin < 0 ? -margin : 0) + Elementary.log1p(Elementary.exp(-margin.magnitude))
  }

  /// g += weight · Σ ∇loss, over `samples` in their order: a sample's gradient is −y·a/(1 + exp(y·aᵀx)).
  func accumulate<S: Scalar>(
    _ weight: Double, _ samples: Table<UInt32>, at x: Span<S>, into g: inout MutableSpan<S>
  ) {
    for index in samples.indices { accumulate(weight, Int(samples[index]), at: x, into: &g) }
  }

  /// g += weight · ∇loss of `sample`.
  @inline(__always)
  func accumulate<S: Scalar>(_ weight: Double, _ sample: Int, at x: Span<S>, into g: inout MutableSpan<S>) {
    let label = rows.label(sample)
    let margin = label * rows.dot(sample, x)
    let e = Elementary.exp(-margin.magnitude)
    let probability = (margin < 0 ? 1 : e) / (1 + e)
    rows.add(-weight * label * probability, sample, to: &g)
  }
}
