// The model as the mean of the nodes' models.

extension Model {
  /// x̄, the mean of the nodes' models. O(nd).
  @inlinable
  func average() -> Table<P.Scalar> {
    var sum = unsafe mean.buffer.mutableSpan
    P.Scalar.fill(&sum, with: 0)
    let weight = P.Scalar(1 / Double(averaged.count))
    for index in 0..<averaged.count {
      unsafe P.Scalar.add(weight, slot(averaged[index]).buffer.span, to: &sum)
    }
    return mean
  }

  /// (1/n) Σ ‖xᵢ − x̄‖², how far the nodes' models are from their mean; NaN where there is but one model.
  /// O(nd).
  public func consensus() -> Double {
    guard averaged.count > 0 else { return .nan }
    let center = average()
    var total = 0.0
    for index in 0..<averaged.count {
      total += unsafe P.Scalar.squaredDistance(slot(averaged[index]).buffer.span, center.buffer.span)
    }
    return total / Double(averaged.count)
  }
}
