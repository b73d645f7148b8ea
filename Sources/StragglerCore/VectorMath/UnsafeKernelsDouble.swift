// SPDX-License-Identifier: Apache-2.0

public import CKernels

/// The kernels for `Double`: each hands its spans' memory to C, as far as the shortest reaches.
extension Double: Scalar {
  @inlinable
  public static func dot(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    let n = min(x.count, y.count)
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe sk_dot_f64(x.baseAddress, y.baseAddress, n)
      }
    }
  }

  @inlinable
  public static func squaredNorm(_ x: Span<Double>) -> Double {
    unsafe x.withUnsafeBufferPointer { x in unsafe sk_squared_norm_f64(x.baseAddress, x.count) }
  }

  @inlinable
  public static func squaredDistance(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    let n = min(x.count, y.count)
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe sk_squared_distance_f64(x.baseAddress, y.baseAddress, n)
      }
    }
  }

  @inlinable
  public static func fill(_ x: inout MutableSpan<Double>, with a: Double) {
    unsafe x.withUnsafeMutableBufferPointer { x in unsafe sk_fill_f64(x.baseAddress, a, x.count) }
  }

  @inlinable
  public static func copy(_ x: Span<Double>, to y: inout MutableSpan<Double>) {
    let n = min(x.count, y.count)
    unsafe y.withUnsafeMutableBufferPointer { y in
      unsafe x.withUnsafeBufferPointer { x in unsafe sk_copy_f64(y.baseAddress, x.baseAddress, n) }
    }
  }

  @inlinable
  public static func scale(_ x: inout MutableSpan<Double>, by a: Double) {
    unsafe x.withUnsafeMutableBufferPointer { x in unsafe sk_scale_f64(x.baseAddress, a, x.count) }
  }

  @inlinable
  public static func add(_ a: Double, _ x: Span<Double>, to y: inout MutableSpan<Double>) {
    let n = min(x.count, y.count)
    unsafe y.withUnsafeMutableBufferPointer { y in
      unsafe x.withUnsafeBufferPointer { x in unsafe sk_add_f64(y.baseAddress, a, x.baseAddress, n) }
    }
  }

  @inlinable
  public static func takeStep(
    from x: Span<Double>, along g: inout MutableSpan<Double>, by gamma: Double,
    into z: inout MutableSpan<Double>
  ) -> Double {
    let n = min(min(x.count, g.count), z.count)
    return unsafe z.withUnsafeMutableBufferPointer { z in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe g.withUnsafeMutableBufferPointer { g in
          unsafe sk_take_step_f64(z.baseAddress, x.baseAddress, gamma, g.baseAddress, n)
        }
      }
    }
  }

  @inlinable
  public static func takeStep(
    along g: inout MutableSpan<Double>, by gamma: Double, in z: inout MutableSpan<Double>
  ) -> Double {
    let n = min(g.count, z.count)
    return unsafe z.withUnsafeMutableBufferPointer { z in
      unsafe g.withUnsafeMutableBufferPointer { g in
        unsafe sk_take_step_f64(z.baseAddress, z.baseAddress, gamma, g.baseAddress, n)
      }
    }
  }

  @inlinable
  public static func step(
    from x: Span<Double>, along g: Span<Double>, by gamma: Double, into z: inout MutableSpan<Double>
  ) {
    let n = min(min(x.count, g.count), z.count)
    unsafe z.withUnsafeMutableBufferPointer { z in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe g.withUnsafeBufferPointer { g in
          unsafe sk_step_f64(z.baseAddress, x.baseAddress, gamma, g.baseAddress, n)
        }
      }
    }
  }

  @inlinable
  public static func combine(
    _ a: Double, _ x: Span<Double>, _ b: Double, _ y: Span<Double>, into z: inout MutableSpan<Double>
  ) {
    let n = min(min(x.count, y.count), z.count)
    unsafe z.withUnsafeMutableBufferPointer { z in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeBufferPointer { y in
          unsafe sk_combine_f64(z.baseAddress, a, x.baseAddress, b, y.baseAddress, n)
        }
      }
    }
  }

  @inlinable
  public static func combine(_ a: Double, _ z: inout MutableSpan<Double>, _ b: Double, _ y: Span<Double>) {
    let n = min(y.count, z.count)
    unsafe z.withUnsafeMutableBufferPointer { z in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe sk_combine_f64(z.baseAddress, a, z.baseAddress, b, y.baseAddress, n)
      }
    }
  }

  @inlinable
  public static func shift(_ x: inout MutableSpan<Double>, by a: Double) {
    unsafe x.withUnsafeMutableBufferPointer { x in unsafe sk_shift_f64(x.baseAddress, a, x.count) }
  }

  @inlinable
  public static func addNormals(scale: Double, stream: RandomStream, to y: inout MutableSpan<Double>) {
    let origin = stream.freshCounter
    let key: InlineArray<2, UInt32> = [stream.key[0], stream.key[1]]
    let counter: InlineArray<4, UInt32> = [origin[0], origin[1], origin[2], origin[3]]
    unsafe y.withUnsafeMutableBufferPointer { y in
      unsafe key.span.withUnsafeBufferPointer { key in
        unsafe counter.span.withUnsafeBufferPointer { counter in
          unsafe sk_add_normals_f64(y.baseAddress, y.count, scale, key.baseAddress, counter.baseAddress)
        }
      }
    }
  }

  @inlinable
  public static func addTridiagonal(_ a: Double, _ x: Span<Double>, to g: inout MutableSpan<Double>) {
    let n = min(x.count, g.count)
    unsafe g.withUnsafeMutableBufferPointer { g in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe sk_add_tridiagonal_f64(g.baseAddress, a, x.baseAddress, n)
      }
    }
  }
}
