// SPDX-License-Identifier: Apache-2.0

/// The parameters of Vecna SGD for trials of cost cᵢ = τᵢ + tᵢ that succeed with probability pᵢ.
///
/// Failed trials make the step vary by (1/n²) Σ (1 − pᵢ)/(pᵢBᵢ) ‖∇fᵢ‖². The theorem bounds every ‖∇fᵢ‖² by
/// 2L(f − f*), which holds where all workers have one objective. Where theirs differ it is wrong at the
/// minimum of f already, and the bound on the mean of the ‖∇fᵢ‖², ζ_d² + (1 + ρ)‖∇f‖², takes its place
/// (`Dissimilarity`; derived for this project): E‖g‖² ≤ β‖∇f‖² + ζ with β = 1 + w(1 + ρ), ζ = wζ_d² + (σ²/n²)
/// Σ 1/(pᵢBᵢ) and w = (1/n) max (1 − pᵢ)/(pᵢBᵢ).
///
/// Source: Maranjyan, Shaikh Omar, Richtárik, "MindFlayer SGD" (2025), Theorem D.2.
public struct VecnaTheory: BitwiseCopyable, Sendable {
  /// n, the number of workers.
  let workers: Double
  /// L, the smoothness constant of f.
  let smoothness: Double
  /// Δ = f(x⁰) − f*.
  let gap: Double
  /// σ², the variance of a stochastic gradient.
  let variance: Double
  /// ε, the accuracy aimed at: min_k E‖∇f(x^k)‖² ≤ ε.
  let epsilon: Double

  /// ζ_d² and ρ, where workers have objectives of their own; nil where they have not.
  let dissimilarity: Dissimilarity?

  /// The theory for n = `workers`, L, Δ, σ² and ε, and objectives as different as `dissimilarity` says, equal
  /// ones if it is nil; what is not known is NaN, and so is what follows of it.
  public init(
    workers: Int, smoothness: Double, gap: Double, variance: Double, epsilon: Double,
    dissimilarity: Dissimilarity? = nil
  ) {
    self.dissimilarity = dissimilarity
    self.workers = Double(workers)
    self.smoothness = smoothness
    self.gap = gap
    self.variance = variance
    self.epsilon = epsilon
  }

  /// T = max cᵢ + (1/n Σ cᵢ/pᵢ) σ²/(nε) + (1/n Σ cᵢ(1 − pᵢ)/pᵢ) ΔL/(nε), of which Bᵢ = ⌈T/cᵢ⌉ follow. O(n).
  ///
  /// Δ does not matter where every trial succeeds. Where objectives differ, the last term is
  /// max cᵢ(1 − pᵢ)/pᵢ · (1 + ρ + ζ_d²/ε)/n, so that β ≤ 2 and ζ ≤ 2ε.
  public func time(_ worker: (Int) -> (cost: Double, probability: Double)) -> Double {
    var (longest, noise, failures, failure) = (0.0, CompensatedSum(0), CompensatedSum(0), 0.0)
    for index in 0..<Int(workers) {
      let (cost, probability) = worker(index)
      longest = max(longest, cost)
      noise.add(cost / probability)
      if probability < 1 {
        failures.add(cost * (1 - probability) / probability)
        failure = max(failure, cost * (1 - probability) / probability)
      }
    }
    let scale = workers * workers * epsilon
    guard let dissimilarity else {
      let lost = failures.value > 0 ? failures.value * (gap * smoothness / scale) : 0
      return longest + noise.value * (variance / scale) + lost
    }
    // Without failures it does not matter by how much gradients differ.
    let lost =
      failure > 0
      ? failure * (1 + dissimilarity.growth + dissimilarity.constant / epsilon) / workers : 0
    return longest + noise.value * (variance / scale) + lost
  }

  /// α = (L/n²) Σ (1 − pᵢ)/(pᵢBᵢ) and ζ = (σ²/n²) Σ 1/(pᵢBᵢ), given pᵢ and 1/(pᵢBᵢ); where objectives differ
  /// α = 0, and ζ has wζ_d² more. O(n).
  public func moments(
    _ worker: (Int) -> (probability: Double, weight: Double)
  ) -> (alpha: Double, zeta: Double) {
    var (failures, all) = (CompensatedSum(0), CompensatedSum(0))
    for index in 0..<Int(workers) {
      let (probability, weight) = worker(index)
      failures.add((1 - probability) * weight)
      all.add(weight)
    }
    let scale = workers * workers
    let zeta = all.value * (variance / scale)
    guard let dissimilarity else { return (failures.value * (smoothness / scale), zeta) }
    let lost = largestFailure(worker)
    return (0, lost > 0 ? zeta + lost * dissimilarity.constant : zeta)
  }

  /// β, given pᵢ and 1/(pᵢBᵢ): 1, and where objectives differ w(1 + ρ) more. O(n).
  func beta(_ worker: (Int) -> (probability: Double, weight: Double)) -> Double {
    guard let dissimilarity else { return 1 }
    return 1 + largestFailure(worker) * (1 + dissimilarity.growth)
  }

  /// w = (1/n) max (1 − pᵢ)/(pᵢBᵢ).
  private func largestFailure(_ worker: (Int) -> (probability: Double, weight: Double)) -> Double {
    var largest = 0.0
    for index in 0..<Int(workers) {
      let (probability, weight) = worker(index)
      largest = max(largest, (1 - probability) * weight)
    }
    return largest / workers
  }

  /// K = ⌈(12ΔL/ε) max{β, 12Δα/ε, 2ζ/ε}⌉.
  public func iterations(alpha: Double, beta: Double = 1, zeta: Double) -> Double {
    Theory.ceiling(updates(alpha: alpha, beta: beta, zeta: zeta))
  }

  /// K before it is rounded up.
  func updates(alpha: Double, beta: Double, zeta: Double) -> Double {
    let lost = alpha > 0 ? 12 * gap * alpha / epsilon : 0
    return 12 * gap * smoothness / epsilon * max(beta, max(lost, 2 * zeta / epsilon))
  }

  /// γ = min{1/√(LαK), 1/(Lβ), ε/(2Lζ)}.
  public func stepsize(alpha: Double, beta: Double = 1, zeta: Double, iterations: Double) -> Double {
    let gamma = SecondMoment(beta: beta, zeta: zeta).stepsize(smoothness: smoothness, epsilon: epsilon)
    return alpha > 0 ? min(gamma, 1 / (smoothness * alpha * iterations).squareRoot()) : gamma
  }
}

extension Theory {
  /// T for `fleet`; 1 while the arena measures.
  static func vecnaTime(
    _ conditions: Conditions, _ fleet: Fleet, times: Table<Double>, successes: Table<Double>
  ) throws(SetupError) -> Double {
    let theory = try vecna(conditions, for: "trials", successes, isGapNeeded: true)
    guard !times.isEmpty else { return 1 }
    return theory.time { (fleet[$0].sureDuration + times[$0], successes[$0]) }
  }

  /// γ, for K = `iterations` or else the theorem's K; `weights` are 1/(pᵢBᵢ). 1 while the arena measures.
  static func vecnaStepsize(
    _ conditions: Conditions, successes: Table<Double>, weights: Table<Double>, iterations: Int?
  ) throws(SetupError) -> Double {
    let theory = try vecna(conditions, for: "gamma", successes, isGapNeeded: iterations == nil)
    guard !weights.isEmpty else { return 1 }
    let (alpha, zeta) = theory.moments { (successes[$0], weights[$0]) }
    let beta = theory.beta { (successes[$0], weights[$0]) }
    // With α = 0, as without failures, γ does not depend on K.
    let K =
      iterations.map { Double($0) }
      ?? (alpha > 0 ? theory.iterations(alpha: alpha, beta: beta, zeta: zeta) : 1)
    return theory.stepsize(alpha: alpha, beta: beta, zeta: zeta, iterations: K)
  }

  /// Throws where a constant is not known that matters for such `successes`: Δ, where it `isGapNeeded`, and
  /// ζ_d² matter only where trials fail. While the arena measures it is not known yet whether they do.
  private static func vecna(
    _ conditions: Conditions, for key: StaticText, _ successes: Table<Double>, isGapNeeded: Bool
  ) throws(SetupError) -> VecnaTheory {
    if fail(successes) {
      guard !isGapNeeded || conditions.isHeterogeneous || conditions.gap >= 0 else {
        throw .noTheory(key: key, missing: .gap)
      }
      _ = try conditions.dissimilarity(for: key)
    }
    let epsilon = conditions.epsilon
    return VecnaTheory(
      workers: successes.count, smoothness: try conditions.smoothness(for: key), gap: conditions.gap,
      variance: try conditions.noiseRatio(for: key) * epsilon, epsilon: epsilon,
      dissimilarity: conditions.isHeterogeneous ? conditions.dissimilarity : nil)
  }

  /// Whether some trials fail.
  private static func fail(_ successes: Table<Double>) -> Bool {
    for worker in successes.indices where successes[worker] < 1 { return true }
    return false
  }
}
