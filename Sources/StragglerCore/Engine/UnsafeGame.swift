/// The smallest of the sixteen numbers from `first` on, and the first position where it stands. No number is nan.
@inlinable @inline(__always)
func earliest(of times: Table<Double>, from first: Int) -> (time: Double, lane: Int) {
  precondition(first >= 0 && first &+ 16 <= times.count, "table range out of bounds")
  let start = unsafe UnsafeRawPointer(times.base.unsafelyUnwrapped + first)
  let low = unsafe start.loadUnaligned(as: SIMD8<Double>.self)
  let high = unsafe start.loadUnaligned(fromByteOffset: 64, as: SIMD8<Double>.self)
  let time = minimum(low.replacing(with: high, where: high .< low))
  let lowLanes = SIMD8<Double>(0, 1, 2, 3, 4, 5, 6, 7)
  let none = SIMD8<Double>(repeating: 16)
  let a = none.replacing(with: lowLanes + 8, where: high .== time).replacing(with: lowLanes, where: low .== time)
  return (time, Int(minimum(a)))
}

@inlinable @inline(__always)
func minimum(_ a: SIMD8<Double>) -> Double {
  let b = a.lowHalf.replacing(with: a.highHalf, where: a.highHalf .< a.lowHalf)
  let c = b.lowHalf.replacing(with: b.highHalf, where: b.highHalf .< b.lowHalf)
  return c[1] < c[0] ? c[1] : c[0]
}
