extension Scalar {
  /// zᵢ ← zᵢ + a.
  static func shift(_ z: inout MutableSpan<Self>, by a: Self) { for i in z.indices { z[i] += a } }

  /// gᵢ ← gᵢ + a(Ax − b)ᵢ with A = ¼·tridiag(−1, 2, −1) and b = −¼e₁.
  static func addTridiagonal(_ a: Self, _ x: Span<Self>, to g: inout MutableSpan<Self>) {
    for index in x.indices {
      let left = index > 0 ? x[index - 1] : -1
      let right = index + 1 < x.count ? x[index + 1] : 0
      g[index] += a * ((x[index] + x[index] - left - right) / 4)
    }
  }
  static func addNormals(scale: Double, stream: Stream, to z: inout MutableSpan<Self>) {}
}
