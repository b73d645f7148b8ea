// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// The losses ½(aᵀx − y)² of samples with a target y each.
struct SquaredLosses: BitwiseCopyable, Sendable {
  let rows: LabelledRows
  /// Whether the targets count; where they do not, y is 0.
  var hasTargets = true

  /// Σ of the losses of `samples`. O(features that are not 0).
  func loss<S: Scalar>(of samples: Table<UInt32>, at x: Span<S>) -> Double {
    check(samples, x.count)
    var rows = unsafe kernelRows
    let (targets, list, count) = unsafe (targets, samples.buffer.baseAddress, samples.count)
    return unsafe x.withUnsafeBufferPointer { x in
      let x = unsafe UnsafeRawPointer(x.baseAddress)
      return S.self == Float.self
        ? unsafe sk_square_loss_f32(&rows, targets, x?.assumingMemoryBound(to: Float.self), list, count) / 2
        : unsafe sk_square_loss_f64(&rows, targets, x?.assumingMemoryBound(to: Double.self), list, count) / 2
    }
  }

  /// g += weight · Σ ∇loss, over `samples` in their order: a sample's gradient is (aᵀx − y)a.
  func accumulate<S: Scalar>(
    _ weight: Double, _ samples: Table<UInt32>, at x: Span<S>, into g: inout MutableSpan<S>
  ) {
    check(samples, min(x.count, g.count))
    var rows = unsafe kernelRows
    let (targets, list, count) = unsafe (targets, samples.buffer.baseAddress, samples.count)
    unsafe g.withUnsafeMutableBufferPointer { g in
      unsafe x.withUnsafeBufferPointer { x in
        let x = unsafe UnsafeRawPointer(x.baseAddress)
        let g = UnsafeMutableRawPointer(g.baseAddress)
        if S.self == Float.self {
          unsafe sk_add_square_gradient_f32(
            g?.assumingMemoryBound(to: Float.self), weight, &rows, targets,
            x?.assumingMemoryBound(to: Float.self), list, count)
        } else {
          unsafe sk_add_square_gradient_f64(
            g?.assumingMemoryBound(to: Double.self), weight, &rows, targets,
            x?.assumingMemoryBound(to: Double.self), list, count)
        }
      }
    }
  }

  /// The same for vectors in tables.
  func loss(of samples: Table<UInt32>, at x: Table<Double>) -> Double {
    unsafe loss(of: samples, at: x.buffer.span)
  }

  /// The same for vectors in tables.
  func accumulate(_ weight: Double, _ samples: Table<UInt32>, at x: Table<Double>, into g: Table<Double>) {
    var g = unsafe g.buffer.mutableSpan
    unsafe accumulate(weight, samples, at: x.buffer.span, into: &g)
  }

  /// The kernels check nothing; the rows' own indices were checked when the view was made.
  private func check(_ samples: Table<UInt32>, _ length: Int) {
    precondition(length >= rows.width, "a vector too short for the samples")
    precondition(!hasTargets || rows.targets.count == rows.count, "samples without targets")
    for index in samples.indices { precondition(Int(samples[index]) < rows.count, "no such sample") }
  }

  @unsafe private var targets: UnsafePointer<Double>? {
    unsafe hasTargets ? UnsafePointer(rows.targets.buffer.baseAddress) : nil
  }

  private var kernelRows: sk_rows {
    unsafe sk_rows(
      starts: rows.starts.buffer.baseAddress, columns: rows.columns.buffer.baseAddress,
      values: rows.values.buffer.baseAddress, labels: rows.labels.buffer.baseAddress)
  }
}
