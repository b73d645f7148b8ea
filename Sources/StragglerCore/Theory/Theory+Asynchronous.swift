// SPDX-License-Identifier: Apache-2.0

/// Which worker a method of the AsGrad family gives the next job.
public enum AssignmentOrder: Int, BitwiseCopyable, Sendable {
  /// The worker that has just delivered.
  case pure
  /// A worker drawn uniformly.
  case random
  /// The next worker of a permutation, a new one every n jobs.
  case shuffled
}

extension Theory {
  /// a = max{6, 20√(τ_max τ_C)}, or for other orders than pure max{6, 30 max{τ̃_max, τ_C}}, and c = 4 of the
  /// AsGrad family with τ_C = `active` jobs at a time. τ̃_max = b − 1 is how old a point is when a job is
  /// assigned to it. Source: Islamov, Safaryan, Alistarh (2024), Theorems 1 and 2.
  static func asGrad(_ fleet: Fleet, order: AssignmentOrder, active: Int, waiting: Int) -> DelayedSGD {
    let (age, concurrency) = (Double(waiting - 1), Double(active))
    let bound =
      order == .pure
      ? 20 * ((usualDelay(fleet, of: active) + age) * concurrency).squareRoot() : 30 * max(age, concurrency)
    return DelayedSGD(delay: max(6, bound), noise: 4)
  }

  /// τ_max of the AsGrad family: where any worker may get a job, jobs queue behind all others that there are
  /// at most.
  static func asGradDelay(_ fleet: Fleet, order: AssignmentOrder, active: Int, waiting: Int) -> Double {
    let age = Double(waiting - 1)
    if active == 1 { return age }
    if order == .pure { return largestDelay(fleet, of: active) + age }
    return largestDelay(fleet, jobs: Double(active)) + Double(active - 1) + age
  }

  /// γ = 1/(L̂(τ_max + 1)) of PIAG with L̂ = √((1/n) Σ Lᵢ²), where τ_max is how old an entry of the table
  /// gets: it lasts one job until it arrives, another until it is replaced (constant not verified).
  static func aggregatedStepsize(_ conditions: Conditions, _ fleet: Fleet) throws(SetupError) -> Double {
    1 / (try conditions.rootMeanSquareSmoothness(for: "gamma") * (usualDelay(fleet, jobs: 2) + 1))
  }
}
