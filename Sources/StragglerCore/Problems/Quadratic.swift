/// The tridiagonal quadratic f(x) = ½xᵀAx − bᵀx with A = ¼·tridiag(−1, 2, −1) and b = −¼e₁, the worst function
/// in the world of first-order methods and the papers' first test problem.
///
/// L = cos²(π/(2(d+1))), f* = −d/(8(d+1)). Noise: `iid` adds noise·N(0,1) to every coordinate, `shared` adds one
/// such number to all of them (σ² = noise²·d both ways), and `zero_last` keeps, with probability p = `keep`, the
/// coordinates behind the last non-zero one of x, times 1/p, and zeroes them otherwise.
public struct Quadratic<Scalar: StragglerCore.Scalar>: Problem {
  public static var name: StaticText { "quadratic" }
  public static var summary: StaticText { "f(x) = ½xᵀAx − bᵀx, A = ¼·tridiag(−1, 2, −1), b = −¼e₁" }

  public enum NoiseKind: Int, Sendable { case iid, shared, zeroLast }
  public enum Start: Int, Sendable { case first, zeros, ones, random }

  public var dimension = 1_000
  /// Standard deviation of a coordinate of the noise.
  public var noise = 0.0003
  public var noiseKind = NoiseKind.iid
  /// p of `zero_last`.
  public var keep = 0.5
  public var x0 = Start.first

  public init() {}

  public init(dimension: Int, noise: Double = 0.0003, noiseKind: NoiseKind = .iid, x0: Start = .first) {
    self.dimension = max(1, dimension)
    self.noise = noise
    self.noiseKind = noiseKind
    self.x0 = x0
  }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.count(
      "dim", &dimension, limit: 1 << 40, "dimension d", standard: "1000", expected: "a positive integer")
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
  }

  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}

  public var conditions: Conditions {
    var conditions = Conditions()
    let cosine = Elementary.cos(.pi / (2 * Double(dimension + 1)))
    conditions.smoothness = cosine * cosine
    // The variance of zero_last grows with the gradient: no σ² bounds it.
    conditions.variance = noiseKind == .zeroLast ? .nan : noise * noise * Double(dimension)
    conditions.optimum = -Double(dimension) / (8 * Double(dimension + 1))
    return conditions
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
      Scalar.addNormals(scale: 1, stream: Stream(seed: seed, purpose: .start), to: &x)
    }
  }

  @inlinable
  public mutating func value(at x: Span<Scalar>) -> Double {
    // ½xᵀAx − bᵀx = ⅛(x₁² + Σ(xᵢ₊₁ − xᵢ)² + x_d²) + ¼x₁: a sum of squares, so that nothing cancels.
    var sum = Double(x[0]) * Double(x[0]) + Double(x[x.count - 1]) * Double(x[x.count - 1])
    for index in 1..<max(1, x.count) {
      let difference = Double(x[index]) - Double(x[index - 1])
      sum += difference * difference
    }
    return sum / 8 + Double(x[0]) / 4
  }

  @inlinable
  public mutating func gradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    Scalar.fill(&g, with: 0)
    Scalar.addTridiagonal(1, x, to: &g)
  }

  @inlinable
  public mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    guard noise > 0 || noiseKind == .zeroLast else { return Scalar.addTridiagonal(Scalar(weight), x, to: &g) }
    switch noiseKind {
    case .iid:
      Scalar.addTridiagonal(Scalar(weight), x, to: &g)
      Scalar.addNormals(scale: weight * noise, stream: sample.stream, to: &g)
    case .shared:
      Scalar.addTridiagonal(Scalar(weight), x, to: &g)
      var stream = sample.stream
      Scalar.shift(&g, by: Scalar(weight * noise * stream.normal()))
    case .zeroLast:
      accumulateZeroingLast(Scalar(weight), sample, at: x, into: &g)
    }
  }

  /// With prog(x) the index of the last non-zero coordinate, the gradient's coordinates behind it times 1/p or 0.
  @inlinable
  func accumulateZeroingLast(
    _ weight: Scalar, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    var stream = sample.stream
    let factor = stream.uniform() < keep ? Scalar(1 / keep) : 0
    var progress = x.count
    while progress > 0, x[progress - 1] == 0 { progress -= 1 }
    for index in x.indices {
      let left = index > 0 ? x[index - 1] : -1
      let right = index + 1 < x.count ? x[index + 1] : 0
      let value = (x[index] + x[index] - left - right) / 4
      g[index] += weight * (index < progress ? value : factor * value)
    }
  }
}
