// SPDX-License-Identifier: Apache-2.0

// The vectors as bytes: what a checkpoint keeps of a model. The memory of a run holds no other state of it.

extension Model {
  /// How many bytes the state has.
  public var stateByteCount: Int {
    Self.stateHead
      + (points.count + slots.count + feedback.count + ruleState.count) * MemoryLayout<P.Scalar>.stride
      + ruleNumbers.count * MemoryLayout<Double>.stride
  }

  /// Four numbers come first: the places of the newest point, of the model, and of the models that it is the
  /// mean of.
  private static var stateHead: Int { 4 * MemoryLayout<Int64>.stride }

  /// Writes the state into the first `stateByteCount` bytes of `bytes`, in the machine's byte order; false
  /// where there are too few.
  public func copyState(into bytes: inout MutableSpan<UInt8>) -> Bool {
    guard bytes.count >= stateByteCount else { return false }
    unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe buffer.storeBytes(of: Int64(newest), as: Int64.self)
      let (slot, models) = place.numbers
      unsafe buffer.storeBytes(of: Int64(slot), toByteOffset: 8, as: Int64.self)
      unsafe buffer.storeBytes(of: Int64(models.first), toByteOffset: 16, as: Int64.self)
      unsafe buffer.storeBytes(of: Int64(models.count), toByteOffset: 24, as: Int64.self)
      let places = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[Self.stateHead...])
      let split = points.count * MemoryLayout<P.Scalar>.stride
      let second = split + slots.count * MemoryLayout<P.Scalar>.stride
      let third = second + feedback.count * MemoryLayout<P.Scalar>.stride
      let fourth = third + ruleState.count * MemoryLayout<P.Scalar>.stride
      unsafe UnsafeMutableRawBufferPointer(rebasing: places[..<split])
        .copyMemory(from: UnsafeRawBufferPointer(points.buffer))
      unsafe UnsafeMutableRawBufferPointer(rebasing: places[split..<second])
        .copyMemory(from: UnsafeRawBufferPointer(slots.buffer))
      unsafe UnsafeMutableRawBufferPointer(rebasing: places[second..<third])
        .copyMemory(from: UnsafeRawBufferPointer(feedback.buffer))
      unsafe UnsafeMutableRawBufferPointer(rebasing: places[third..<fourth])
        .copyMemory(from: UnsafeRawBufferPointer(ruleState.buffer))
      unsafe UnsafeMutableRawBufferPointer(rebasing: places[fourth...])
        .copyMemory(from: UnsafeRawBufferPointer(ruleNumbers.buffer))
    }
    return true
  }

  /// Takes over a state; false, with nothing changed, where `bytes` are not one of a model of this size.
  public mutating func setState(from bytes: Span<UInt8>) -> Bool {
    guard bytes.count == stateByteCount else { return false }
    return unsafe bytes.withUnsafeBytes { buffer in
      let (newestPlace, slot) = unsafe (
        buffer.loadUnaligned(as: Int64.self), buffer.loadUnaligned(fromByteOffset: 8, as: Int64.self)
      )
      guard newestPlace >= 0, newestPlace < Int64(points.count / stride), slot >= -1,
        slot < Int64(slots.count / stride)
      else { return false }
      let (first, count) = unsafe (
        buffer.loadUnaligned(fromByteOffset: 16, as: Int64.self),
        buffer.loadUnaligned(fromByteOffset: 24, as: Int64.self)
      )
      let models = mean.isEmpty ? 0 : Int64(slots.count / stride)
      guard first >= 0, count >= 0, count <= models, first <= models - count else { return false }
      newest = Int(newestPlace)
      place = ModelPlace(
        slot: Int32(truncatingIfNeeded: slot),
        models: Slots(first: Int32(truncatingIfNeeded: first), count: Int(count)))
      let places = unsafe UnsafeRawBufferPointer(rebasing: buffer[Self.stateHead...])
      let split = points.count * MemoryLayout<P.Scalar>.stride
      let second = split + slots.count * MemoryLayout<P.Scalar>.stride
      let third = second + feedback.count * MemoryLayout<P.Scalar>.stride
      let fourth = third + ruleState.count * MemoryLayout<P.Scalar>.stride
      unsafe UnsafeMutableRawBufferPointer(points.buffer)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: places[..<split]))
      unsafe UnsafeMutableRawBufferPointer(slots.buffer)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: places[split..<second]))
      unsafe UnsafeMutableRawBufferPointer(feedback.buffer)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: places[second..<third]))
      unsafe UnsafeMutableRawBufferPointer(ruleState.buffer)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: places[third..<fourth]))
      unsafe UnsafeMutableRawBufferPointer(ruleNumbers.buffer)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: places[fourth...]))
      finite = unsafe P.Scalar.squaredNorm(x.buffer.span).isFinite
      return true
    }
  }
}

extension ModelPlace {
  /// The slot, −1 without one, and the models: what is written of it.
  fileprivate var numbers: (slot: Int32, models: Slots) {
    switch self {
    case .newestPoint: (-1, Slots())
    case .slot(let slot): (slot.index, Slots())
    case .mean(let models): (-1, models)
    }
  }

  fileprivate init(slot: Int32, models: Slots) {
    if models.count > 0 {
      self = .mean(models)
    } else {
      self = slot < 0 ? .newestPoint : .slot(Slot(index: slot))
    }
  }
}
