// SPDX-License-Identifier: Apache-2.0

// What a theorem needs to be known, or an error that names the key whose value it would give.

extension Conditions {
  /// The constant for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  func value(of constant: ProblemConstant, for key: StaticText) throws(SetupError) -> Double {
    guard knows(constant) else { throw .noTheory(key: key, missing: constant) }
    return self[constant]
  }

  /// L for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  public func smoothness(for key: StaticText) throws(SetupError) -> Double {
    try value(of: .smoothness, for: key)
  }

  /// σ²/ε for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  public func noiseRatio(for key: StaticText) throws(SetupError) -> Double {
    try value(of: .variance, for: key) / epsilon
  }

  /// R = ‖x⁰ − x*‖ for the value of `key` that the theory gives.
  func distance(for key: StaticText) throws(SetupError) -> Double { try value(of: .distance, for: key) }

  /// √((1/n) Σ Lᵢ²) for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  func rootMeanSquareSmoothness(for key: StaticText) throws(SetupError) -> Double {
    try value(of: isHeterogeneous ? .rootMeanSquareSmoothness : .smoothness, for: key)
  }

  /// max Lᵢ for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  func largestSmoothness(for key: StaticText) throws(SetupError) -> Double {
    try value(of: isHeterogeneous ? .largestSmoothness : .smoothness, for: key)
  }

  /// ζ² and ρ for the value of `key` that the theory gives, both 0 where all workers have one objective;
  /// throws `noTheory` where they are not known.
  func dissimilarity(for key: StaticText) throws(SetupError) -> Dissimilarity {
    guard isHeterogeneous else { return Dissimilarity(constant: 0) }
    _ = try value(of: .dissimilarity, for: key)
    return dissimilarity
  }

  /// max Lᵢ for methods whose theorem holds only where ‖∇fᵢ − ∇f‖ is bounded, whatever ‖∇f‖ is; throws
  /// `noTheory` where one of the two is not known.
  func smoothnessOfSimilarWorkers(for key: StaticText) throws(SetupError) -> Double {
    guard try dissimilarity(for: key).growth == 0 else {
      throw .noTheory(key: key, missing: .dissimilarity)
    }
    return try largestSmoothness(for: key)
  }
}
