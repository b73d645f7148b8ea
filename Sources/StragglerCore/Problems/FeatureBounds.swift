// SPDX-License-Identifier: Apache-2.0

/// What the constants of a generalised linear model depend on: the sizes of the samples aⱼ, the rows of A.
///
/// Computed once for a set of samples and shared by all runs on it.
public struct FeatureBounds: BitwiseCopyable, Sendable {
  /// An upper bound on λ_max(AᵀA): at most 1 % too large where no feature is negative.
  public private(set) var largestEigenvalue: Double
  /// The mean of ‖aⱼ‖².
  public let meanSquaredNorm: Double
  /// The largest ‖aⱼ‖².
  public let largestSquaredNorm: Double
  /// Σ ‖aⱼ‖⁴.
  public let quarticNormSum: Double
  /// The mean of ‖aⱼ‖.
  public let meanNorm: Double

  /// Bounds that need no workspace: λ_max(AᵀA) ≤ Σ ‖aⱼ‖². One pass over the samples.
  public init(_ rows: LabelledRows, withConstant: Bool = false) {
    if withConstant { self.init(measuring: RowsWithConstant(rows: rows)) } else { self.init(measuring: rows) }
  }
  /// The same for images whose pixels count `slope`, with a constant feature.
  public init(_ images: LabelledImages, slope: Double = LabelledImages.pixelScale) {
    self.init(measuring: ImageRows(images: images, slope: slope))
  }

  /// Tight bounds, with a workspace of `workspaceCount`. Some ten passes over the samples where no feature is
  /// negative, sixty more where there are.
  public init(_ rows: LabelledRows, withConstant: Bool = false, workspace: Table<Double>) {
    if withConstant {
      self.init(tightening: RowsWithConstant(rows: rows), workspace)
    } else {
      self.init(tightening: rows, workspace)
    }
  }
  /// Tight bounds for images whose pixels count `slope`, with a constant feature, with a workspace of
  /// `workspaceCount`. Some ten passes over the images.
  public init(
    _ images: LabelledImages, slope: Double = LabelledImages.pixelScale, workspace: Table<Double>
  ) {
    self.init(tightening: ImageRows(images: images, slope: slope), workspace)
  }

  /// Tight bounds of some of the `samples` alone, with a workspace of `workspaceCount`.
  init(
    _ samples: LabelledSamples, selection: Table<UInt32>, withConstant: Bool, slope: Double,
    workspace: Table<Double>
  ) {
    let images = ImageRows(images: samples.images, slope: slope)
    let rows = RowsWithConstant(rows: samples.rows)
    if !samples.isSparse {
      self.init(tightening: SelectedRows(rows: images, selection: selection), workspace)
    } else if withConstant {
      self.init(tightening: SelectedRows(rows: rows, selection: selection), workspace)
    } else {
      self.init(tightening: SelectedRows(rows: samples.rows, selection: selection), workspace)
    }
  }

  /// The same bounds with λ_max(AᵀA) of `rows` itself, to 10⁻⁹, where Lanczos' method resolves it with
  /// workspace from `arena`. Runs twice: first against an arena that only measures.
  public func resolvingEigenvalue(of rows: LabelledRows, arena: inout Arena) throws(SetupError)
    -> FeatureBounds
  {
    var lanczos = try Lanczos(size: rows.width, arena: &arena)
    let estimate = lanczos.largest { v, w in
      w.fill(0)
      for row in 0..<rows.count { rows.add(rows.dot(row, v, absolute: false), row, to: w, absolute: false) }
    }
    guard let estimate, estimate.value > 0, estimate.residual <= 1e-9 * estimate.value else { return self }
    var resolved = self
    resolved.largestEigenvalue = estimate.value + estimate.residual
    return resolved
  }

  /// How long a workspace has to be for samples of `width` features, an image's constant one included.
  public static func workspaceCount(width: Int) -> Int { 2 * width }

  private init(measuring rows: some FeatureRows) {
    var (sum, largest, quartic, norm) = (0.0, 0.0, 0.0, 0.0)
    for row in 0..<rows.count {
      let square = rows.squaredNorm(row)
      sum += square
      quartic += square * square
      norm += square.squareRoot()
      if square > largest { largest = square }
    }
    quarticNormSum = quartic
    meanNorm = rows.count > 0 ? norm / Double(rows.count) : 0
    largestEigenvalue = sum
    meanSquaredNorm = rows.count > 0 ? sum / Double(rows.count) : 0
    largestSquaredNorm = largest
  }

  private init(tightening rows: some FeatureRows, _ workspace: Table<Double>) {
    let rough = FeatureBounds(measuring: rows)
    meanSquaredNorm = rough.meanSquaredNorm
    largestSquaredNorm = rough.largestSquaredNorm
    quarticNormSum = rough.quarticNormSum
    meanNorm = rough.meanNorm
    let width = rows.width
    guard width > 0, workspace.count >= Self.workspaceCount(width: width), rough.largestEigenvalue > 0 else {
      largestEigenvalue = rough.largestEigenvalue
      return
    }
    let (v, w) = (workspace[0..<width], workspace[width..<2 * width])
    let absolute = Self.perron(rows, v, w)
    let signed = rows.hasNegative ? Self.rayleigh(rows, v, w) : .infinity
    var bound = rough.largestEigenvalue
    if absolute < bound { bound = absolute }
    if signed < bound { bound = signed }
    largestEigenvalue = bound
  }

  /// λ_max(AᵀA) ≤ λ_max(B) ≤ maxᵢ (Bv)ᵢ/vᵢ for B = |A|ᵀ|A| and every positive v; power iteration makes it
  /// tight.
  ///
  /// Source: Collatz (1942), Wielandt (1950).
  private static func perron(_ rows: some FeatureRows, _ v: Table<Double>, _ w: Table<Double>) -> Double {
    v.fill(1)
    var best = Double.infinity
    var iteration = 0
    while iteration < 60 {
      iteration += 1
      w.fill(0)
      for row in 0..<rows.count { rows.add(rows.dot(row, v, absolute: true), row, to: w, absolute: true) }
      var (ratio, product, square, size) = (0.0, 0.0, 0.0, 0.0)
      for index in v.indices {
        if w[index] / v[index] > ratio { ratio = w[index] / v[index] }
        product += w[index] * v[index]
        square += v[index] * v[index]
        if w[index] > size { size = w[index] }
      }
      if ratio < best { best = ratio }
      if best <= 1.01 * (product / square) || !(size > 0 && size < .infinity) { break }
      // A little of the old v keeps all of the new one positive.
      for index in v.indices { v[index] = w[index] / size + 0.001 * v[index] }
    }
    // The sums' rounding errors are far below this.
    return best * 1.000001
  }

  /// 5/4 of the Rayleigh quotient after 60 steps of power iteration from a random start, which bounds
  /// λ_max(AᵀA) but with probability 1.4·10⁻⁶·√d.
  ///
  /// Source: Kuczyński and Woźniakowski, "Estimating the largest eigenvalue by the power and Lanczos
  /// algorithms with a random start" (1992), theorem 3.
  private static func rayleigh(_ rows: some FeatureRows, _ v: Table<Double>, _ w: Table<Double>) -> Double {
    var stream = RandomStream(seed: 0x5EED_0F51_6E5A_0001, purpose: .data)
    for index in v.indices { v[index] = stream.normal() }
    var quotient = 0.0
    for _ in 0..<60 {
      var square = 0.0
      for index in v.indices { square += v[index] * v[index] }
      guard square > 0, square < .infinity else { return .infinity }
      let scale = 1 / square.squareRoot()
      w.fill(0)
      quotient = 0
      for row in 0..<rows.count {
        let product = rows.dot(row, v, absolute: false) * scale
        quotient += product * product
        rows.add(product, row, to: w, absolute: false)
      }
      for index in v.indices { v[index] = w[index] }
    }
    return 1.25 * quotient
  }
}

/// The samples as the rows of a matrix A.
private protocol FeatureRows {
  var count: Int { get }
  var width: Int { get }
  /// Whether a feature is negative.
  var hasNegative: Bool { get }

  /// ‖a‖² of `row`.
  func squaredNorm(_ row: Int) -> Double
  /// aᵀv of `row`, or |a|ᵀv.
  func dot(_ row: Int, _ v: Table<Double>, absolute: Bool) -> Double
  /// w += c·a of `row`, or c·|a|.
  func add(_ c: Double, _ row: Int, to w: Table<Double>, absolute: Bool)
}

extension LabelledRows: FeatureRows {
  fileprivate var hasNegative: Bool {
    for index in values.indices where values[index] < 0 { return true }
    return false
  }

  fileprivate func squaredNorm(_ row: Int) -> Double {
    var sum = 0.0
    for index in starts[row]..<starts[row + 1] { sum += values[index] * values[index] }
    return sum
  }

  fileprivate func dot(_ row: Int, _ v: Table<Double>, absolute: Bool) -> Double {
    var sum = 0.0
    for index in starts[row]..<starts[row + 1] {
      sum += (absolute ? values[index].magnitude : values[index]) * v[Int(columns[index])]
    }
    return sum
  }

  fileprivate func add(_ c: Double, _ row: Int, to w: Table<Double>, absolute: Bool) {
    for index in starts[row]..<starts[row + 1] {
      w[Int(columns[index])] += c * (absolute ? values[index].magnitude : values[index])
    }
  }
}

/// Sparse rows, with a 1 at the end.
private struct RowsWithConstant: FeatureRows {
  let rows: LabelledRows

  var count: Int { rows.count }
  var width: Int { rows.width + 1 }
  var hasNegative: Bool { rows.hasNegative }

  func squaredNorm(_ row: Int) -> Double { rows.squaredNorm(row) + 1 }
  func dot(_ row: Int, _ v: Table<Double>, absolute: Bool) -> Double {
    rows.dot(row, v, absolute: absolute) + v[rows.width]
  }
  func add(_ c: Double, _ row: Int, to w: Table<Double>, absolute: Bool) {
    rows.add(c, row, to: w, absolute: absolute)
    w[rows.width] += c
  }
}

/// Some of the rows of a matrix.
private struct SelectedRows<Rows: FeatureRows>: FeatureRows {
  let rows: Rows
  let selection: Table<UInt32>

  var count: Int { selection.count }
  var width: Int { rows.width }
  var hasNegative: Bool { rows.hasNegative }

  func squaredNorm(_ row: Int) -> Double { rows.squaredNorm(Int(selection[row])) }
  func dot(_ row: Int, _ v: Table<Double>, absolute: Bool) -> Double {
    rows.dot(Int(selection[row]), v, absolute: absolute)
  }
  func add(_ c: Double, _ row: Int, to w: Table<Double>, absolute: Bool) {
    rows.add(c, Int(selection[row]), to: w, absolute: absolute)
  }
}

/// Images as rows of pixels times `slope`, with a 1 at the end.
private struct ImageRows: FeatureRows {
  let images: LabelledImages
  let slope: Double

  /// None where there are more labels than images.
  var count: Int {
    let width = images.width > 0 ? images.width : 1
    return images.images.count / width < images.count ? 0 : images.count
  }
  var width: Int { images.width + 1 }
  var hasNegative: Bool { false }

  func squaredNorm(_ row: Int) -> Double {
    let pixels = pixels(of: row)
    // A byte's square has 16 bits: no sum overflows.
    var sum = 0
    for index in pixels.indices { sum += Int(pixels[index]) * Int(pixels[index]) }
    return 1 + slope * slope * Double(sum)
  }

  func dot(_ row: Int, _ v: Table<Double>, absolute: Bool) -> Double {
    let pixels = pixels(of: row)
    var sum = 0.0
    for index in pixels.indices where pixels[index] > 0 { sum += Double(pixels[index]) * v[index] }
    return slope * sum + v[images.width]
  }

  func add(_ c: Double, _ row: Int, to w: Table<Double>, absolute: Bool) {
    let pixels = pixels(of: row)
    let factor = c * slope
    for index in pixels.indices where pixels[index] > 0 { w[index] += factor * Double(pixels[index]) }
    w[images.width] += c
  }

  private func pixels(of row: Int) -> Table<UInt8> {
    images.images[row * images.width..<(row + 1) * images.width]
  }
}
