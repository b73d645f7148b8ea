// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// The losses ln(1 + exp(−y·aᵀx)) of samples with labels −1 and +1.
struct BinaryLosses: BitwiseCopyable, Sendable {
  let rows: LabelledRows

  /// Σ of the losses of `samples`. O(non-zero features).
  func loss<S: Scalar>(of samples: Table<UInt32>, at x: Span<S>) -> Double {
    check(samples, x.count)
    var rows = unsafe kernelRows
    let (list, count) = unsafe (samples.buffer.baseAddress, samples.count)
    return unsafe x.withUnsafeBufferPointer { x in
      let x = unsafe UnsafeRawPointer(x.baseAddress)
      return S.self == Float.self
        ? unsafe sk_logistic_loss_f32(&rows, x?.assumingMemoryBound(to: Float.self), list, count)
        : unsafe sk_logistic_loss_f64(&rows, x?.assumingMemoryBound(to: Double.self), list, count)
    }
  }

  /// g += weight · Σ ∇loss, over `samples` in their order: a sample's gradient is −y·a/(1 + exp(y·aᵀx)).
  func accumulate<S: Scalar>(
    _ weight: Double, _ samples: Table<UInt32>, at x: Span<S>, into g: inout MutableSpan<S>
  ) {
    check(samples, min(x.count, g.count))
    var rows = unsafe kernelRows
    let (list, count) = unsafe (samples.buffer.baseAddress, samples.count)
    unsafe g.withUnsafeMutableBufferPointer { g in
      unsafe x.withUnsafeBufferPointer { x in
        let x = unsafe UnsafeRawPointer(x.baseAddress)
        let g = UnsafeMutableRawPointer(g.baseAddress)
        if S.self == Float.self {
          unsafe sk_add_logistic_gradient_f32(
            g?.assumingMemoryBound(to: Float.self), weight, &rows, x?.assumingMemoryBound(to: Float.self),
            list,
            count)
        } else {
          unsafe sk_add_logistic_gradient_f64(
            g?.assumingMemoryBound(to: Double.self), weight, &rows, x?.assumingMemoryBound(to: Double.self),
            list, count)
        }
      }
    }
  }

  /// The kernels check nothing; the rows' own indices were checked when the view was made.
  private func check(_ samples: Table<UInt32>, _ length: Int) {
    precondition(length >= rows.width, "a vector too short for the samples")
    for index in samples.indices { precondition(Int(samples[index]) < rows.count, "no such sample") }
  }

  private var kernelRows: sk_rows {
    unsafe sk_rows(
      starts: rows.starts.buffer.baseAddress, columns: rows.columns.buffer.baseAddress,
      values: rows.values.buffer.baseAddress, labels: rows.labels.buffer.baseAddress)
  }
}
