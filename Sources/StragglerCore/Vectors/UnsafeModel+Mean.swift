// SPDX-License-Identifier: Apache-2.0

// The model as the mean of the nodes' models.

extension Model {
  /// x̄, the mean of the nodes' `models`. O(nd).
  @inlinable
  func mean(of models: Slots) -> Table<P.Scalar> {
    var sum = unsafe mean.buffer.mutableSpan
    P.Scalar.fill(&sum, with: 0)
    let weight = P.Scalar(1 / Double(models.count))
    for index in 0..<models.count {
      unsafe P.Scalar.add(weight, slot(models[index]).buffer.span, to: &sum)
    }
    return mean
  }

  /// (1/n) Σ ‖xᵢ − x̄‖², how far the nodes' models are from their mean; NaN where there is but one model.
  /// O(nd).
  public func consensus() -> Double {
    guard case .mean(let models) = place else { return .nan }
    let center = mean(of: models)
    var total = 0.0
    for index in 0..<models.count {
      total += unsafe P.Scalar.squaredDistance(slot(models[index]).buffer.span, center.buffer.span)
    }
    return total / Double(models.count)
  }
}
