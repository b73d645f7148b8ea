/// The parameters of Vecna SGD for trials of cost cᵢ = τᵢ + tᵢ that succeed with probability pᵢ.
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

  /// The theory for n = `workers`, L, Δ, σ² and ε; what is not known is nan, and so is what follows of it.
  public init(workers: Int, smoothness: Double, gap: Double, variance: Double, epsilon: Double) {
    self.workers = Double(workers)
    self.smoothness = smoothness
    self.gap = gap
    self.variance = variance
    self.epsilon = epsilon
  }

  /// T = max cᵢ + (1/n Σ cᵢ/pᵢ) σ²/(nε) + (1/n Σ cᵢ(1 − pᵢ)/pᵢ) ΔL/(nε), of which Bᵢ = ⌈T/cᵢ⌉ follow. O(n).
  ///
  /// Δ does not matter where every trial succeeds.
  public func time(_ worker: (Int) -> (cost: Double, probability: Double)) -> Double {
    var (longest, noise, failures) = (0.0, CompensatedSum(0), CompensatedSum(0))
    for index in 0..<Int(workers) {
      let (cost, probability) = worker(index)
      longest = max(longest, cost)
      noise.add(cost / probability)
      if probability < 1 { failures.add(cost * (1 - probability) / probability) }
    }
    let scale = workers * workers * epsilon
    let lost = failures.value > 0 ? failures.value * (gap * smoothness / scale) : 0
    return longest + noise.value * (variance / scale) + lost
  }

  /// α = (L/n²) Σ (1 − pᵢ)/(pᵢBᵢ) and ζ = (σ²/n²) Σ 1/(pᵢBᵢ), given pᵢ and 1/(pᵢBᵢ). O(n).
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
    return (failures.value * (smoothness / scale), all.value * (variance / scale))
  }

  /// K = ⌈(12ΔL/ε) max{1, 12Δα/ε, 2ζ/ε}⌉.
  public func iterations(alpha: Double, zeta: Double) -> Double {
    Theory.ceiling(updates(alpha: alpha, zeta: zeta))
  }

  /// K before it is rounded up.
  func updates(alpha: Double, zeta: Double) -> Double {
    let lost = alpha > 0 ? 12 * gap * alpha / epsilon : 0
    return 12 * gap * smoothness / epsilon * max(1, max(lost, 2 * zeta / epsilon))
  }

  /// γ = min{1/√(LαK), 1/L, ε/(2Lζ)}.
  public func stepsize(alpha: Double, zeta: Double, iterations: Double) -> Double {
    var gamma = 1 / smoothness
    if alpha > 0 { gamma = min(gamma, 1 / (smoothness * alpha * iterations).squareRoot()) }
    if zeta > 0 { gamma = min(gamma, epsilon / (2 * smoothness * zeta)) }
    return gamma
  }
}

extension Theory {
  /// T for the fleet of `setup`; 1 while the arena measures.
  static func vecnaTime(
    _ setup: borrowing Setup, times: Table<Double>, successes: Table<Double>
  ) throws(SetupError) -> Double {
    let theory = try vecna(setup, for: "trials", alwaysSucceeds: alwaysSucceed(successes))
    guard !times.isEmpty else { return 1 }
    let fleet = setup.fleet
    return theory.time { (fleet[$0].sureDuration + times[$0], successes[$0]) }
  }

  /// γ, for K = `iterations` or else the theory's; `weights` are 1/(pᵢBᵢ). 1 while the arena measures.
  static func vecnaStepsize(
    _ setup: borrowing Setup, successes: Table<Double>, weights: Table<Double>, iterations: Int?
  ) throws(SetupError) -> Double {
    let isGapNeeded = iterations == nil && !alwaysSucceed(successes)
    let theory = try vecna(setup, for: "gamma", alwaysSucceeds: !isGapNeeded)
    guard !weights.isEmpty else { return 1 }
    let (alpha, zeta) = theory.moments { (successes[$0], weights[$0]) }
    // Without failures γ does not depend on K.
    let K =
      iterations.map { Double($0) } ?? (alpha > 0 ? theory.iterations(alpha: alpha, zeta: zeta) : 1)
    return theory.stepsize(alpha: alpha, zeta: zeta, iterations: K)
  }

  private static func alwaysSucceed(_ successes: Table<Double>) -> Bool {
    for worker in successes.indices where successes[worker] < 1 { return false }
    return true
  }

  private static func vecna(
    _ setup: borrowing Setup, for key: StaticText, alwaysSucceeds: Bool
  ) throws(SetupError) -> VecnaTheory {
    let gap = setup.conditions.gap
    guard alwaysSucceeds || setup.arena.isMeasuring || gap >= 0 else {
      throw .noTheory(key: key, missing: .gap)
    }
    let epsilon = setup.conditions.epsilon
    return VecnaTheory(
      workers: setup.workers, smoothness: try setup.smoothness(for: key), gap: gap,
      variance: try setup.noiseRatio(for: key) * epsilon, epsilon: epsilon)
  }
}
