// SPDX-License-Identifier: Apache-2.0

// SGD whose gradients are taken at older points that contain no gradients but those of the model: the tree
// distance R counts those that the point misses and has besides.

extension Theory {
  /// γ = min{1/(2L), 1/(2(R+1)L), ε/(4Lσ²)} for the tree distance R = `distance`, which is within the
  /// theorem's min{1/(2L), 1/(2RL), ε/(4Lσ²)}. Source: Tyurin, Sivtsov, "Birch SGD", arXiv 2505.09218.
  static func treeStepsize(_ conditions: Conditions, distance: Int) throws(SetupError) -> Double {
    try DelayedSGD(delay: 2 * Double(distance + 1), noise: 4).stepsize(conditions)
  }

  /// K = ⌈4(R+1)LΔ/ε + 8σ²LΔ/ε²⌉ gradients; NaN where a constant is not known. Source: as `treeStepsize`.
  static func treeSteps(_ goal: Goal, distance: Double) -> Double {
    ceiling(4 * goal.progress * (distance + 1 + 2 * goal.noise))
  }
}
