// SPDX-License-Identifier: Apache-2.0

/// The tridiagonal quadratic f(x) = ½xᵀAx − bᵀx with A = ¼·tridiag(−1, 2, −1) and b = −¼e₁, the worst
/// function in the world of first-order methods and the papers' first test problem.
///
/// L = cos²(π/(2(d+1))), f* = −d/(8(d+1)). Noise: `iid` adds noise·N(0,1) to every coordinate, `shared` adds
/// one such number to all of them (σ² = noise²·d both ways), and `zero_last` keeps, with probability p =
/// `keep`, the coordinates after the last non-zero one of x, times 1/p, and zeroes them otherwise.
///
/// With `samples` f is the mean of m quadratics fⱼ(x) = ½νⱼxᵀAx − βⱼbᵀx, and the sample of a stochastic
/// gradient is such a j besides the noise. With `heterogeneity` worker i has such a quadratic fᵢ of its own:
/// Lᵢ = |νᵢ|L, and (1/n) Σ ‖∇fᵢ − ∇f‖² ≤ ζ² + ρ‖∇f‖² with ρ = (2/n) Σ(νᵢ − 1)². See `QuadraticParts`.
///
/// Where the set-up has a `LinearSystem`, A and b are its, any symmetric positive definite matrix and any
/// vector; d is their size, L and f* are the system's, and everything else is as above.
public struct Quadratic<Scalar: StragglerCore.Scalar>: Problem {
  public static var name: StaticText { "quadratic" }
  public static var summary: StaticText {
    "f(x) = ½xᵀAx − bᵀx, A = ¼·tridiag(−1, 2, −1), b = −¼e₁, or A and b of files"
  }

  /// How a stochastic gradient differs from ∇f.
  public enum NoiseKind: Int, Sendable {
    /// An independent noise·N(0,1) is added to every coordinate: σ² = noise²·d.
    case iid
    /// One noise·N(0,1) is added to all coordinates: σ² = noise²·d.
    case shared
    /// Coordinates of ∇f after the last non-zero one of x are multiplied by 1/p with probability p, else by
    /// 0: no σ² bounds it. Nothing is added.
    case zeroLast
  }
  /// Where a run starts.
  public enum Start: Int, Sendable {
    /// x⁰ = √d·e₁.
    case first
    /// x⁰ = 0.
    case zeros
    /// x⁰ = (1, …, 1).
    case ones
    /// Independent standard normals, drawn from the seed; R is then not known.
    case random
  }

  public var dimension = 1_000
  /// Standard deviation of a coordinate of the noise; not negative.
  public var noise = 0.0003
  /// The kind of noise.
  public var noiseKind = NoiseKind.iid
  /// p of `NoiseKind.zeroLast`, above 0 and at most 1.
  public var keep = 0.5
  /// x⁰.
  public var x0 = Start.first
  /// m, the quadratics whose mean f is; nil: f is no finite sum.
  public var samples: Int?
  /// λ, how far the m quadratics are apart.
  public var spread = 1.0
  /// λ, how far the workers' quadratics are apart; 0: all have f.
  public var heterogeneity = 0.0

  @usableFromInline var parts = QuadraticParts()
  /// n, or 0 before it is known.
  private var workers = 0

  /// A and b, where they are not the tridiagonal ones.
  @usableFromInline var form = MatrixForm()
  /// d as a key; 0 where it was not given.
  private var givenDimension = 0

  public static var data: DataKind { .system }

  public init() {}

  /// A quadratic in `dimension` variables, at least one; it is no finite sum, and the same for all workers.
  public init(dimension: Int, noise: Double = 0.0003, noiseKind: NoiseKind = .iid, x0: Start = .first) {
    self.dimension = max(1, dimension)
    self.noise = noise
    self.noiseKind = noiseKind
    self.x0 = x0
  }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.count(
      "dim", &dimension, limit: Int(whole: 0x1p40), "dimension d", standard: "1000, or the size of A",
      expected: "an integer from 1 to 1099511627776")
    if keys.has("dim") { givenDimension = dimension }
    try keys.number(
      "noise", &noise, atLeast: 0, "standard deviation of a coordinate of the noise", standard: "0.0003",
      expected: "a number that is not negative")
    try keys.choice(
      "noise_kind", &noiseKind, of: "iid shared zero_last",
      "a normal for every coordinate, one for all, or the last coordinates zeroed at random", standard: "iid")
    try keys.probability(
      "keep", &keep, "the probability of zero_last to keep the last coordinates", standard: "0.5")
    try keys.choice(
      "x0", &x0, of: "first zeros ones random", "starting point: √d·e₁, zeros, ones or standard normals",
      standard: "first")
    try keys.count(
      "samples", &samples, "m, the quadratics whose mean f is, for finite-sum methods",
      standard: "f is no finite sum")
    try keys.number(
      "spread", &spread, atLeast: 0, "λ, how far the m quadratics of samples= are apart", standard: "1",
      expected: "a number that is not negative")
    try keys.number(
      "heterogeneity", &heterogeneity, atLeast: 0,
      "λ, how far the quadratics of the workers are apart; their mean is f", standard: "0",
      expected: "a number that is not negative")
  }

  public var evaluationWork: EvaluationWork {
    let d = Double(dimension)
    // A product of a row takes a third of a nanosecond a number.
    let product = form.isEmpty ? 0 : d * d / 3
    let noise = noise > 0 && noiseKind == .iid ? 8 * d : 0
    return EvaluationWork(
      value: 20 + 1.5 * d + product, gradient: 20 + 2 * d + product, accuracy: 0,
      sample: 40 + 2 * d + noise + product)
  }

  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {
    workers = setup.workers
    if !setup.system.isEmpty {
      guard givenDimension == 0 || givenDimension == setup.system.dimension else {
        throw .invalid(key: "dim", expected: "the size of A, which it has when it is left out")
      }
      dimension = setup.system.dimension
      form = try MatrixForm(setup.system, arena: &setup.arena)
    }
    // ‖b‖².
    let slope = form.isEmpty ? 1.0 / 16 : form.squaredSlope
    guard noise >= 0, noise.isFinite, spread >= 0, spread.isFinite, heterogeneity >= 0, heterogeneity.isFinite
    else {
      throw .impossible(
        "a noise, spread or heterogeneity that is out of range", remedy: "give numbers that are not negative")
    }
    if let samples {
      guard heterogeneity == 0 else {
        throw .impossible("both samples= and heterogeneity=", remedy: "give one of them")
      }
      guard samples >= 1, samples <= QuadraticParts.limit else {
        throw .invalid(key: "samples", expected: "an integer from 1 to 2147483647")
      }
      parts = try QuadraticParts(count: samples, spread: spread, slope: slope, arena: &setup.arena)
    } else if heterogeneity > 0 {
      parts = try QuadraticParts(
        count: setup.workers, spread: heterogeneity, slope: slope, arena: &setup.arena)
    }
  }

  public var conditions: Conditions {
    var conditions = Conditions()
    // √L
    let root =
      form.isEmpty ? Elementary.cos(.pi / (2 * Double(dimension + 1))) : form.system.largest.squareRoot()
    conditions.smoothness = form.isEmpty ? root * root : form.system.largest
    // The variance of zero_last grows with the gradient: no σ² bounds it.
    conditions.variance = noiseKind == .zeroLast ? .nan : noise * noise * Double(dimension)
    // One worker alone has f.
    conditions.isHeterogeneous = heterogeneity > 0 && workers != 1
    if conditions.isHeterogeneous {
      conditions.workerSmoothness = WorkerSmoothness(
        mean: parts.magnitudes.mean * conditions.smoothness,
        rootMeanSquare: parts.magnitudes.rootMeanSquare * conditions.smoothness,
        largest: parts.magnitudes.largest * conditions.smoothness)
      conditions.dissimilarity = parts.dissimilarity
    }
    if samples != nil {
      // The fⱼ of different scales differ by more and more as x grows.
      if spread > 0 { conditions.variance = .nan } else { conditions.sampleVariance = 0 }
      conditions.hessianVariance = parts.scaleVariance * root * root * root * root
    }
    conditions.optimum =
      form.isEmpty ? -Double(dimension) / (8 * Double(dimension + 1)) : form.system.optimum
    conditions.distance = distance
    return conditions
  }

  /// ‖x⁰ − x*‖, where x*ᵢ = −(d + 1 − i)/(d + 1); not known in advance for a random start.
  private var distance: Double {
    let d = Double(dimension)
    guard form.isEmpty else {
      switch x0 {
      case .zeros: return form.distance(first: 0, others: 0)
      case .first: return form.distance(first: d.squareRoot(), others: 0)
      case .ones: return form.distance(first: 1, others: 1)
      case .random: return .nan
      }
    }
    // ‖x*‖²
    let square = d * (2 * d + 1) / (6 * (d + 1))
    switch x0 {
    case .zeros: return square.squareRoot()
    case .first: return (square + d + 2 * d.squareRoot() * d / (d + 1)).squareRoot()
    case .ones: return (square + 2 * d).squareRoot()
    case .random: return .nan
    }
  }

  @inlinable
  public mutating func start(_ x: inout MutableSpan<Scalar>, seed: UInt64) {
    switch x0 {
    case .first:
      Scalar.fill(&x, with: 0)
      x[0] = Scalar(Double(dimension).squareRoot())
    case .zeros: Scalar.fill(&x, with: 0)
    case .ones: Scalar.fill(&x, with: 1)
    case .random:
      Scalar.fill(&x, with: 0)
      Scalar.addNormals(scale: 1, stream: RandomStream(seed: seed, purpose: .start), to: &x)
    }
  }

  @inlinable
  public mutating func value(at x: Span<Scalar>) -> Double {
    let (square, linear) = terms(at: x)
    return square + linear
  }

  /// ½xᵀAx and −bᵀx.
  @inlinable
  func terms(at x: Span<Scalar>) -> (square: Double, linear: Double) {
    guard form.isEmpty else { return form.terms(at: x) }
    // ½xᵀAx = ⅛(x₁² + Σ(xᵢ₊₁ − xᵢ)² + x_d²), a sum of squares, so that nothing cancels.
    var sum = Double(x[0]) * Double(x[0]) + Double(x[x.count - 1]) * Double(x[x.count - 1])
    for index in 1..<max(1, x.count) {
      let difference = Double(x[index]) - Double(x[index - 1])
      sum += difference * difference
    }
    return (sum / 8, Double(x[0]) / 4)
  }

  @inlinable
  public mutating func gradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    Scalar.fill(&g, with: 0)
    guard form.isEmpty else { return form.addGradient(1, QuadraticParts.Part(), at: x, into: &g) }
    Scalar.addTridiagonal(1, x, to: &g)
  }

  @inlinable
  public mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard noise > 0 || noiseKind == .zeroLast || !parts.isEmpty || !form.isEmpty else {
      return Scalar.addTridiagonal(Scalar(weight), x, to: &g)
    }
    var stream = sample.stream
    var part = QuadraticParts.Part()
    if samples != nil {
      part = parts[stream.integer(below: parts.count)]
    } else if sample.worker < parts.count {
      part = parts[sample.worker]
    }
    switch noiseKind {
    case .iid:
      addGradient(weight, part, at: x, into: &g)
      if noise > 0 { Scalar.addNormals(scale: weight * noise, stream: stream, to: &g) }
    case .shared:
      addGradient(weight, part, at: x, into: &g)
      Scalar.shift(&g, by: Scalar(weight * noise * stream.normal()))
    case .zeroLast:
      accumulateZeroingLast(weight, part, &stream, at: x, into: &g)
    }
  }

  /// g += weight · ∇fⱼ(x).
  @inlinable
  func addGradient(
    _ weight: Double, _ part: QuadraticParts.Part, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard form.isEmpty else { return form.addGradient(weight, part, at: x, into: &g) }
    part.addGradient(weight, at: x, into: &g)
  }

  /// With prog(x) the index of the last non-zero coordinate, the gradient's coordinates after it times 1/p
  /// or 0.
  @inlinable
  func accumulateZeroingLast(
    _ weight: Double, _ part: QuadraticParts.Part, _ stream: inout RandomStream, at x: Span<Scalar>,
    into g: inout MutableSpan<Scalar>
  ) {
    let kept = stream.uniform() < keep ? 1 / keep : 0
    var progress = x.count
    while progress > 0, x[progress - 1] == 0 { progress -= 1 }
    guard form.isEmpty else {
      return form.addGradient(weight, part, at: x, into: &g, from: progress, by: kept)
    }
    let (factor, weight, scale) = (Scalar(kept), Scalar(weight), Scalar(part.scale))
    for index in x.indices {
      let left = index > 0 ? x[index - 1] : -1
      let right = index + 1 < x.count ? x[index + 1] : 0
      var value = scale * ((x[index] + x[index] - left - right) / 4)
      if index == 0 { value += Scalar(part.offset) }
      g[index] += weight * (index < progress ? value : factor * value)
    }
  }

  public var sampleCount: Int { samples ?? 0 }

  public mutating func value(index: Int, at x: Span<Scalar>) -> Double {
    guard samples != nil, index >= 0, index < parts.count else { return .nan }
    let (square, linear) = terms(at: x)
    return parts[index].scale * square + parts.slope(index) * linear
  }

  @inlinable
  public mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard samples != nil, index >= 0, index < parts.count else { return }
    addGradient(weight, parts[index], at: x, into: &g)
  }
}
