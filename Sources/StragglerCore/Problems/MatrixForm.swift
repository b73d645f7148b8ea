// SPDX-License-Identifier: Apache-2.0

/// ½xᵀAx − bᵀx for a matrix in memory, with room for x in double precision.
@usableFromInline
struct MatrixForm: Sendable {
  @usableFromInline let system: LinearSystem
  @usableFromInline let point: Table<Double>

  /// No matrix.
  init() { (system, point) = (LinearSystem(), Table()) }

  init(_ system: LinearSystem, arena: inout Arena) throws(SetupError) {
    self.system = system
    point = try arena.table(of: Double.self, count: system.dimension)
  }

  /// Whether there is none.
  @inlinable var isEmpty: Bool { system.isEmpty }

  /// ‖b‖².
  var squaredSlope: Double { system.vector.dot(system.vector) }

  /// ½xᵀAx and −bᵀx. O(d²).
  @inlinable
  func terms<S: Scalar>(at x: Span<S>) -> (square: Double, linear: Double) {
    load(x)
    var square = 0.0
    for index in point.indices { square += point[index] * system.row(index).dot(point) }
    return (square / 2, -system.vector.dot(point))
  }

  /// g += weight · (νAx − βb), where ν and β are the scale and the slope of `part`. Coordinates from
  /// `progress` on are multiplied by `factor` before. O(d²).
  @inlinable
  func addGradient<S: Scalar>(
    _ weight: Double, _ part: QuadraticParts.Part, at x: Span<S>, into g: inout MutableSpan<S>,
    from progress: Int = .max, by factor: Double = 1
  ) {
    load(x)
    for index in point.indices where index < g.count {
      var value = part.scale * system.row(index).dot(point)
      if !system.vector.isEmpty { value -= part.slope * system.vector[index] }
      g[index] += S(weight * (index < progress ? value : factor * value))
    }
  }

  /// ‖x⁰ − x*‖ of a start whose coordinates are `first` and then `others`; NaN where x* is not known.
  func distance(first: Double, others: Double) -> Double {
    guard system.solution.count == system.dimension else { return .nan }
    var sum = 0.0
    for index in system.solution.indices {
      let difference = (index == 0 ? first : others) - system.solution[index]
      sum += difference * difference
    }
    return sum.squareRoot()
  }

  @inlinable
  func load<S: Scalar>(_ x: Span<S>) {
    for index in point.indices where index < x.count { point[index] = Double(x[index]) }
  }
}
