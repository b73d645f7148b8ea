// SPDX-License-Identifier: Apache-2.0

extension Conditions {
  /// The constant, NaN where it is not known.
  public subscript(constant: ProblemConstant) -> Double {
    get {
      switch constant {
      case .smoothness: smoothness
      case .variance: variance
      case .gap: gap
      case .distance: distance
      case .optimum: optimum
      case .hessianVariance: hessianVariance
      case .meanSmoothness: workerSmoothness.mean
      case .rootMeanSquareSmoothness: workerSmoothness.rootMeanSquare
      case .largestSmoothness: workerSmoothness.largest
      case .dissimilarity: dissimilarity.constant
      }
    }
    set {
      switch constant {
      case .smoothness: smoothness = newValue
      case .variance: variance = newValue
      case .gap: gap = newValue
      case .distance: distance = newValue
      case .optimum: optimum = newValue
      case .hessianVariance: hessianVariance = newValue
      case .meanSmoothness: workerSmoothness.mean = newValue
      case .rootMeanSquareSmoothness: workerSmoothness.rootMeanSquare = newValue
      case .largestSmoothness: workerSmoothness.largest = newValue
      case .dissimilarity: dissimilarity.constant = newValue
      }
    }
  }

  /// Whether `constant` is known, and of use to a theorem.
  public func knows(_ constant: ProblemConstant) -> Bool {
    let value = self[constant]
    return constant.isPositive ? value > 0 : constant == .optimum ? !value.isNaN : value >= 0
  }
}
