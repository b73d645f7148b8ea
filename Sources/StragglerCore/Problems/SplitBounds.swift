// SPDX-License-Identifier: Apache-2.0

/// What the constants of the workers' own objectives depend on where every worker has samples of its own:
/// averages over workers and largest values of what `FeatureBounds` says of the samples of each.
struct SplitBounds: BitwiseCopyable, Sendable {
  /// Of λ_max(AᵢᵀAᵢ)/mᵢ: the mean, the mean square, and the largest.
  private(set) var meanEigenvalue = 1.0
  private(set) var meanSquaredEigenvalue = 1.0
  private(set) var largestEigenvalue = 1.0
  /// The mean of min{λ_max(AᵢᵀAᵢ)/mᵢ, (mean ‖aⱼ‖)²}, which bounds ‖(1/mᵢ) Σ cⱼaⱼ‖² for |cⱼ| ≤ 1.
  private(set) var meanSquaredSum = 1.0

  /// Ones, which stand for numbers that are not known yet, as while an arena measures.
  init() {}

  /// The bounds for `workers` blocks of `split`; `bounds` measures the samples of one.
  init(_ split: SampleSplit, workers: Int, bounds: (Table<UInt32>) -> FeatureBounds) {
    guard !split.order.isEmpty else { return }
    (meanEigenvalue, meanSquaredEigenvalue, largestEigenvalue) = (0, 0, 0)
    meanSquaredSum = 0
    let share = 1 / Double(workers)
    for worker in 0..<workers {
      let samples = split.samples(of: worker)
      let own = bounds(samples)
      let eigenvalue = own.largestEigenvalue / Double(samples.count)
      meanEigenvalue += share * eigenvalue
      meanSquaredEigenvalue += share * eigenvalue * eigenvalue
      largestEigenvalue = max(largestEigenvalue, eigenvalue)
      meanSquaredSum += share * min(eigenvalue, own.meanNorm * own.meanNorm)
    }
  }

  /// What `WorkerSmoothness` is for Lᵢ = `factor` · λ_max(AᵢᵀAᵢ)/mᵢ + `added`.
  func smoothness(_ factor: Double, adding added: Double) -> WorkerSmoothness {
    let mean = factor * meanEigenvalue
    let square = factor * factor * meanSquaredEigenvalue + 2 * mean * added + added * added
    return WorkerSmoothness(
      mean: mean + added, rootMeanSquare: square.squareRoot(), largest: factor * largestEigenvalue + added)
  }
}
