/// The quadratics fⱼ(x) = ½νⱼxᵀAx − βⱼbᵀx whose mean is f(x) = ½xᵀAx − bᵀx.
///
/// Drawn as νⱼ = 1 + λN(0,1) and βⱼ = νⱼ(1 − λN(0,1)) and then shifted, so that both have the mean 1 and f is exactly the
/// quadratic whose constants are known; some fⱼ may be nonconvex. They belong to the problem: every seed of a run
/// has the same. Source: the experiments of Freya PAGE, which shift the mean's spectrum instead.
@usableFromInline
struct QuadraticParts: Sendable {
  static let limit = Int(Int32.max)

  /// νⱼ and βⱼ.
  @usableFromInline let scales: Table<Double>
  @usableFromInline let slopes: Table<Double>
  /// (1/m) Σ(νⱼ − 1)².
  let scaleVariance: Double

  init() {
    scales = Table()
    slopes = Table()
    scaleVariance = 0
  }

  /// `count` quadratics, λ = `spread`.
  init(count: Int, spread: Double, arena: inout Arena) throws(SetupError) {
    scales = try arena.table(of: Double.self, count: count)
    slopes = try arena.table(of: Double.self, count: count)
    var means = (scale: 0.0, slope: 0.0)
    for index in scales.indices {
      var stream = Stream(seed: 0, purpose: .data, worker: index)
      scales[index] = 1 + spread * stream.normal()
      slopes[index] = scales[index] * (1 - spread * stream.normal())
      means.scale += scales[index] / Double(count)
      means.slope += slopes[index] / Double(count)
    }
    var variance = 0.0
    for index in scales.indices {
      scales[index] -= means.scale - 1
      slopes[index] -= means.slope - 1
      variance += (scales[index] - 1) * (scales[index] - 1) / Double(count)
    }
    scaleVariance = variance
  }

  @inlinable var count: Int { scales.count }
  @inlinable var isEmpty: Bool { scales.isEmpty }
  func slope(_ index: Int) -> Double { slopes[index] }

  /// One of the quadratics, with ∇fⱼ(x) = νⱼ∇f(x) + (νⱼ − βⱼ)b; without arguments f itself.
  @usableFromInline
  struct Part {
    @usableFromInline var scale = 1.0
    /// The first coordinate of (νⱼ − βⱼ)b, the only one.
    @usableFromInline var offset = 0.0

    @inlinable init() {}
    @inlinable init(scale: Double, offset: Double) {
      self.scale = scale
      self.offset = offset
    }

    /// g += weight · ∇fⱼ(x).
    @inlinable
    func addGradient<S: Scalar>(_ weight: Double, at x: Span<S>, into g: inout MutableSpan<S>) {
      S.addTridiagonal(S(weight * scale), x, to: &g)
      if offset != 0 { g[0] += S(weight * offset) }
    }
  }

  @inlinable
  subscript(index: Int) -> Part {
    Part(scale: scales[index], offset: -0.25 * (scales[index] - slopes[index]))
  }
}
