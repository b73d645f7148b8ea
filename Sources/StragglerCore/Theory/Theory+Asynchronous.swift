extension Theory {
  /// γ of the AsGrad family with `active` jobs at a time. Source: Islamov, Safaryan, Alistarh (2024).
  static func asGradStepsize(
    _ setup: borrowing Setup, order: AssignmentOrder, active: Int
  ) throws(SetupError) -> Double {
    let smoothness = try setup.smoothness(for: "gamma")
    let noise = try setup.noiseRatio(for: "gamma")
    let (delay, concurrency) = (largestDelay(setup.fleet), Double(active))
    let bound =
      order == .pure ? 20 * (delay * concurrency).squareRoot() : 30 * max(delay, concurrency)
    return min(1 / max(6, bound), noise > 0 ? 1 / (4 * noise) : .infinity) / smoothness
  }

  /// γ = 1/(L(τ_max + 1)) of PIAG, where τ_max is how old an entry of the table gets: one delay until it arrives,
  /// another until it is replaced (constant not verified).
  static func aggregatedStepsize(_ setup: borrowing Setup) throws(SetupError) -> Double {
    1 / (try setup.smoothness(for: "gamma") * (2 * largestDelay(setup.fleet) + 1))
  }
}
