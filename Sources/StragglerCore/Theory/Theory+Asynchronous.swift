extension Theory {
  /// a = max{6, 20√(τ_max τ_C)}, or for other orders than pure max{6, 30 max{τ_max, τ_C}}, and c = 4 of the AsGrad family
  /// with τ_C = `active` jobs at a time. Source: Islamov, Safaryan, Alistarh (2024).
  static func asGrad(_ fleet: Fleet, order: AssignmentOrder, active: Int) -> DelayedSGD {
    let (delay, concurrency) = (largestDelay(fleet), Double(active))
    let bound =
      order == .pure ? 20 * (delay * concurrency).squareRoot() : 30 * max(delay, concurrency)
    return DelayedSGD(delay: max(6, bound), noise: 4)
  }

  /// γ = 1/(L̂(τ_max + 1)) of PIAG with L̂ = √((1/n) Σ Lᵢ²), where τ_max is how old an entry of the table gets: one delay until it arrives,
  /// another until it is replaced (constant not verified).
  static func aggregatedStepsize(_ setup: borrowing Setup) throws(SetupError) -> Double {
    1 / (try setup.rootMeanSquareSmoothness(for: "gamma") * (2 * largestDelay(setup.fleet) + 1))
  }
}
