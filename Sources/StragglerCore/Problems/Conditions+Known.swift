// What a theorem needs to be known, or an error that names the key whose value it would give.

extension Conditions {
  /// L for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  public func smoothness(for key: StaticText) throws(SetupError) -> Double {
    guard smoothness > 0 else { throw .noTheory(key: key, missing: .smoothness) }
    return smoothness
  }

  /// σ²/ε for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  public func noiseRatio(for key: StaticText) throws(SetupError) -> Double {
    guard noiseRatio >= 0 else {
      throw .noTheory(key: key, missing: .variance)
    }
    return noiseRatio
  }

  /// R = ‖x⁰ − x*‖ for the value of `key` that the theory gives.
  func distance(for key: StaticText) throws(SetupError) -> Double {
    guard distance >= 0 else {
      throw .noTheory(key: key, missing: .distance)
    }
    return distance
  }

  /// √((1/n) Σ Lᵢ²) for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  func rootMeanSquareSmoothness(for key: StaticText) throws(SetupError) -> Double {
    guard isHeterogeneous else { return try smoothness(for: key) }
    guard rootMeanSquareSmoothness > 0 else {
      throw .noTheory(key: key, missing: .rootMeanSquareSmoothness)
    }
    return rootMeanSquareSmoothness
  }

  /// max Lᵢ for the value of `key` that the theory gives; throws `noTheory` where it is not known.
  func largestSmoothness(for key: StaticText) throws(SetupError) -> Double {
    guard isHeterogeneous else { return try smoothness(for: key) }
    guard largestSmoothness > 0 else {
      throw .noTheory(key: key, missing: .largestSmoothness)
    }
    return largestSmoothness
  }

  /// ζ² and ρ for the value of `key` that the theory gives, both 0 where all workers have one objective;
  /// throws `noTheory` where they are not known.
  func dissimilarity(for key: StaticText) throws(SetupError) -> Dissimilarity {
    guard isHeterogeneous else { return Dissimilarity(constant: 0) }
    guard dissimilarity.constant >= 0 else {
      throw .noTheory(key: key, missing: .dissimilarity)
    }
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
