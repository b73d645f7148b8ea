// SPDX-License-Identifier: Apache-2.0

// Vectors in tables, through the kernels.

extension Table where Element == Double {
  /// Σ xᵢyᵢ, up to the end of the shorter one, with the kernel's order of summation.
  @usableFromInline
  func dot(_ other: Table<Double>) -> Double { unsafe Double.dot(buffer.span, other.buffer.span) }

  /// Adds a·x.
  func add(_ a: Double, _ x: Table<Double>) {
    var own = unsafe buffer.mutableSpan
    unsafe Double.add(a, x.buffer.span, to: &own)
  }

  /// Copies x.
  func copy(_ x: Table<Double>) {
    var own = unsafe buffer.mutableSpan
    unsafe Double.copy(x.buffer.span, to: &own)
  }

  /// Multiplies by a.
  func scale(by a: Double) {
    var own = unsafe buffer.mutableSpan
    Double.scale(&own, by: a)
  }
}
