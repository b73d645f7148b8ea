// The orders of methods that combine slots.

extension Model {
  @inlinable
  mutating func carryOutForSlots(_ order: VectorOrder) {
    switch order {
    case .combine(let slot, let factor, let other, let weight):
      var g = unsafe self.slot(slot).buffer.mutableSpan
      unsafe P.Scalar.combine(P.Scalar(factor), &g, P.Scalar(weight), self.slot(other).buffer.span)
    case .gather(let slots, let weights, let target, let empties):
      gather(slots, weights, into: target, empties: empties)
    case .clearAll(let slots):
      for index in 0..<slots.count { clear(slots[index]) }
    case .load(let slot, let place):
      var g = unsafe self.slot(slot).buffer.mutableSpan
      unsafe P.Scalar.copy(point(Int(place)).buffer.span, to: &g)
    case .lookAhead(let model, let other, let weight, let target):
      lookAhead(from: model, towards: other, by: weight, to: Int(target))
    default: carryOutForNodes(order)
    }
  }

  @inlinable
  func gather(_ slots: Slots, _ weights: Table<Double>, into target: Slot, empties: Bool) {
    clear(target)
    var sum = unsafe slot(target).buffer.mutableSpan
    for index in 0..<slots.count {
      let weight = weights.isEmpty ? 1 : P.Scalar(weights[index])
      unsafe P.Scalar.add(weight, slot(slots[index]).buffer.span, to: &sum)
      if empties { clear(slots[index]) }
    }
  }

  @inlinable
  mutating func lookAhead(from model: Slot, towards other: Slot, by weight: Double, to target: Int) {
    var y = unsafe point(target).buffer.mutableSpan
    unsafe P.Scalar.combine(
      P.Scalar(1 - weight), slot(model).buffer.span, P.Scalar(weight), slot(other).buffer.span, into: &y)
    newest = target
    reported = model.index
    finite = unsafe P.Scalar.squaredNorm(point(target).buffer.span).isFinite
  }
}
