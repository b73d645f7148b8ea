extension BinaryLosses {
  /// inf f for f(x) = the mean loss of `samples` + λ/2‖x‖² with λ > 0, whose gradient is L-Lipschitz: to 10⁻¹³, by
  /// f − f* ≤ ‖∇f‖²/(2λ). Nan where that would take much more than a second. `workspace` has 3·d elements.
  ///
  /// Source: the method for smooth strongly convex functions, Nesterov, "Introductory lectures on convex
  /// optimization" (2004), scheme 2.2.11.
  func minimum(
    of samples: Table<UInt32>, lambda: Double, smoothness: Double, workspace: Table<Double>
  ) -> Double {
    let width = rows.width
    guard lambda > 0, !samples.isEmpty, workspace.count >= 3 * width else { return .nan }
    let ratio = (smoothness / lambda).squareRoot()
    let limit = 40 * ratio + 10
    guard limit * Double(rows.values.count + rows.count + width) < 3e8 else { return .nan }
    let (x, y, gradient) = (
      workspace[0..<width], workspace[width..<2 * width], workspace[2 * width..<3 * width]
    )
    x.fill(0)
    y.fill(0)
    let momentum = (ratio - 1) / (ratio + 1)
    let weight = 1 / Double(samples.count)
    for _ in 0..<Int(limit) {
      gradient.fill(0)
      var g = unsafe gradient.buffer.mutableSpan
      unsafe accumulate(weight, samples, at: y.buffer.span, into: &g)
      unsafe Double.add(lambda, y.buffer.span, to: &g)
      if Double.squaredNorm(g.span) <= 2 * lambda * 1e-13 {
        return unsafe loss(of: samples, at: y.buffer.span) * weight
          + lambda / 2 * Double.squaredNorm(y.buffer.span)
      }
      for index in x.indices {
        let next = y[index] - gradient[index] / smoothness
        y[index] = next + momentum * (next - x[index])
        x[index] = next
      }
    }
    return .nan
  }
}
