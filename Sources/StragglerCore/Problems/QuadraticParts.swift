// SPDX-License-Identifier: Apache-2.0

/// The quadratics fⱼ(x) = ½νⱼxᵀAx − βⱼbᵀx whose mean is f(x) = ½xᵀAx − bᵀx.
///
/// Drawn as νⱼ = 1 + λN(0,1) and βⱼ = νⱼ(1 − λN(0,1)) and then shifted, so that both have the mean 1 and f is
/// exactly the quadratic whose constants are known; some fⱼ may be nonconvex. They belong to the problem:
/// every seed of a run has the same. Source: the experiments of Freya PAGE, which shift the mean's spectrum
/// instead.
@usableFromInline
struct QuadraticParts: Sendable {
  static let limit = Int(Int32.max)

  /// νⱼ and βⱼ.
  @usableFromInline let scales: Table<Double>
  @usableFromInline let slopes: Table<Double>
  /// (1/m) Σ(νⱼ − 1)².
  let scaleVariance: Double
  /// The mean, the root mean square and the largest of the |νⱼ|.
  let magnitudes: WorkerSmoothness
  /// (1/m) Σ ‖∇fⱼ − ∇f‖² = V‖∇f‖² + 2C∇fᵀb + D‖b‖² with V = `scaleVariance`, C = (1/m) Σ(νⱼ − 1)(νⱼ − βⱼ) and
  /// D = (1/m) Σ(νⱼ − βⱼ)², which is at most 2V‖∇f‖² + (D + C²/V)‖b‖².
  let dissimilarity: Dissimilarity

  init() {
    scales = Table()
    slopes = Table()
    scaleVariance = 0
    magnitudes = WorkerSmoothness(mean: 1, rootMeanSquare: 1, largest: 1)
    dissimilarity = Dissimilarity(constant: 0)
  }

  /// `count` quadratics, λ = `spread`, where ‖b‖² is `slope`.
  init(count: Int, spread: Double, slope: Double, arena: inout Arena) throws(SetupError) {
    scales = try arena.table(of: Double.self, count: count)
    slopes = try arena.table(of: Double.self, count: count)
    var means = (scale: 0.0, slope: 0.0)
    for index in scales.indices {
      var stream = RandomStream(seed: 0, purpose: .data, worker: index)
      scales[index] = 1 + spread * stream.normal()
      slopes[index] = scales[index] * (1 - spread * stream.normal())
      means.scale += scales[index] / Double(count)
      means.slope += slopes[index] / Double(count)
    }
    var (variance, covariance, offset, mean, largest) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for index in scales.indices {
      scales[index] -= means.scale - 1
      slopes[index] -= means.slope - 1
      let (scale, shift) = (scales[index] - 1, scales[index] - slopes[index])
      variance += scale * scale / Double(count)
      covariance += scale * shift / Double(count)
      offset += shift * shift / Double(count)
      mean += scales[index].magnitude / Double(count)
      largest = max(largest, scales[index].magnitude)
    }
    scaleVariance = variance
    guard !scales.isEmpty else {
      // While the arena measures, all are f.
      magnitudes = WorkerSmoothness(mean: 1, rootMeanSquare: 1, largest: 1)
      dissimilarity = Dissimilarity(constant: 0)
      return
    }
    magnitudes = WorkerSmoothness(
      mean: mean, rootMeanSquare: (1 + variance).squareRoot(), largest: largest)
    let mixed = variance > 0 ? covariance * covariance / variance : 0
    dissimilarity = Dissimilarity(constant: (offset + mixed) * slope, growth: 2 * variance)
  }

  @inlinable var count: Int { scales.count }
  @inlinable var isEmpty: Bool { scales.isEmpty }
  func slope(_ index: Int) -> Double { slopes[index] }

  /// One of the quadratics, νⱼ and βⱼ, with ∇fⱼ(x) = νⱼ∇f(x) + (νⱼ − βⱼ)b; without arguments f itself.
  @usableFromInline
  struct Part {
    @usableFromInline var scale = 1.0
    @usableFromInline var slope = 1.0

    @inlinable init() {}
    @inlinable init(scale: Double, slope: Double) {
      self.scale = scale
      self.slope = slope
    }

    /// Of the tridiagonal quadratic, the first coordinate of (νⱼ − βⱼ)b, the only one.
    @inlinable var offset: Double { -0.25 * (scale - slope) }

    /// g += weight · ∇fⱼ(x), for the tridiagonal quadratic.
    @inlinable
    func addGradient<S: Scalar>(_ weight: Double, at x: Span<S>, into g: inout MutableSpan<S>) {
      S.addTridiagonal(S(weight * scale), x, to: &g)
      if offset != 0 { g[0] += S(weight * offset) }
    }
  }

  @inlinable
  subscript(index: Int) -> Part {
    Part(scale: scales[index], slope: slopes[index])
  }
}
