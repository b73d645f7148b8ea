// SPDX-License-Identifier: Apache-2.0

/// A search for inf f, f(x) = the mean of ½(aⱼᵀx − yⱼ)² over some samples, plus λ/2‖x‖², by conjugate
/// gradients with the Hessian's diagonal D as the preconditioner.
///
/// f is a quadratic: f(x) − inf f = ½gᵀH⁺g ≤ ‖D^(−½)g‖²/(2θ), where g = ∇f(x) and θ is the smallest
/// eigenvalue but 0 of D^(−½)HD^(−½). Conjugate gradients do not see an eigenvalue of 0, and their
/// coefficients are a projection of that matrix (Lanczos), whose smallest eigenvalue, halved, stands for θ.
/// Where λ is positive ‖g‖²/(2λ) bounds it as well.
///
/// Source: Golub and Van Loan, "Matrix computations" (2013), sections 11.3 and 11.5.
struct LeastSquaresSearch {
  /// How far the bounds may be apart in the end, as a part of f(0).
  private static var tolerance: Double { 1e-13 }

  private let losses: SquaredLosses
  private let samples: Table<UInt32>
  private let lambda: Double
  private let x: Table<Double>
  private let gradient: Table<Double>
  private let residual: Table<Double>
  private let scaled: Table<Double>
  private let direction: Table<Double>
  private let product: Table<Double>
  private let diagonal: Table<Double>
  private var projected: Tridiagonal
  /// The smallest eigenvalue of a projection so far.
  private var smallest = Double.infinity
  private var isOver = false

  init(
    _ losses: SquaredLosses, samples: Table<UInt32>, lambda: Double, arena: inout Arena
  ) throws(SetupError) {
    self.losses = losses
    self.samples = samples
    self.lambda = lambda
    let d = losses.rows.width
    x = try arena.table(of: Double.self, count: d)
    gradient = try arena.table(of: Double.self, count: d)
    residual = try arena.table(of: Double.self, count: d)
    scaled = try arena.table(of: Double.self, count: d)
    direction = try arena.table(of: Double.self, count: d)
    product = try arena.table(of: Double.self, count: d)
    diagonal = try arena.table(of: Double.self, count: d)
    let steps = min(8 * d + 64, 20_000)
    projected = Tridiagonal(
      diagonal: try arena.table(of: Double.self, count: steps),
      beside: try arena.table(of: Double.self, count: steps))
  }

  /// A number that is at most inf f, and less by at most 10⁻¹³·f(0); NaN where that cannot be reached, or
  /// `goesOn`, which is told the share of the work that is done, said no.
  mutating func minimum(_ goesOn: (Double) -> Bool) -> Double {
    measureDiagonal()
    x.fill(0)
    let start = evaluate()
    guard start > 0, start.isFinite else { return start == 0 ? 0 : .nan }
    var (value, best) = (start, -Double.infinity)
    // What rounding leaves of a residual, further rounds bring down.
    for round in 0..<12 {
      guard goesOn(Double(round) / 12) else { return .nan }
      solve { goesOn(min(1, (Double(round) + $0) / 12)) }
      guard !isOver else { return .nan }
      x.add(1, direction)
      let next = evaluate()
      guard next.isFinite else { break }
      value = min(value, next)
      let bound = next - distance
      let isBetter = bound > best
      best = max(best, bound)
      if distance <= 1e-16 * next || !isBetter || value <= 1e-20 * start { break }
    }
    // What rounding may have added to the value; f is never negative.
    let lower = max(0, best - 0x1p-46 * value)
    return value - lower <= Self.tolerance * start ? lower : .nan
  }

  private func measureDiagonal() {
    let rows = losses.rows
    diagonal.fill(lambda)
    for position in samples.indices {
      let row = Int(samples[position])
      for index in rows.starts[row]..<rows.starts[row + 1] {
        diagonal[Int(rows.columns[index])] += rows.values[index] * rows.values[index] / Double(samples.count)
      }
    }
    for index in diagonal.indices where !(diagonal[index] > 0) { diagonal[index] = 1 }
  }

  /// f(x); its gradient goes to `gradient`.
  private func evaluate() -> Double {
    let weight = 1 / Double(samples.count)
    gradient.fill(0)
    losses.accumulate(weight, samples, at: x, into: gradient)
    gradient.add(lambda, x)
    return losses.loss(of: samples, at: x) * weight + lambda / 2 * x.dot(x)
  }

  /// How much f is above inf f at most.
  private var distance: Double {
    var (square, scaledSquare) = (0.0, 0.0)
    for index in gradient.indices {
      square += gradient[index] * gradient[index]
      scaledSquare += gradient[index] * gradient[index] / diagonal[index]
    }
    let bound = scaledSquare / smallest
    return lambda > 0 ? min(bound, square / (2 * lambda)) : bound
  }

  /// `direction` = −H⁺∇f, as far as conjugate gradients get.
  private mutating func solve(_ goesOn: (Double) -> Bool) {
    let step = scaled
    step.fill(0)
    var energy = 0.0
    for index in residual.indices {
      residual[index] = -gradient[index]
      direction[index] = residual[index] / diagonal[index]
      energy += residual[index] * direction[index]
    }
    let first = energy
    var (previous, ratio) = (0.0, 0.0)
    var plain = losses
    plain.hasTargets = false
    projected.count = 0
    for count in projected.diagonal.indices where energy > 1e-28 * first && energy > 0 {
      guard count % 64 != 63 || goesOn(Double(count) / Double(projected.diagonal.count)) else {
        isOver = true
        return
      }
      product.fill(0)
      plain.accumulate(1 / Double(samples.count), samples, at: direction, into: product)
      product.add(lambda, direction)
      let curvature = direction.dot(product)
      guard curvature > 0, curvature.isFinite else { break }
      let length = energy / curvature
      step.add(length, direction)
      residual.add(-length, product)
      var next = 0.0
      for index in residual.indices { next += residual[index] * residual[index] / diagonal[index] }
      projected.diagonal[count] = 1 / length + (count > 0 ? ratio / previous : 0)
      (previous, ratio) = (length, next / energy)
      projected.beside[count] = ratio.squareRoot() / length
      projected.count = count + 1
      for index in direction.indices {
        direction[index] = residual[index] / diagonal[index] + ratio * direction[index]
      }
      energy = next
    }
    // Where a round begins at the minimum there is nothing to see.
    if projected.count > 0, projected.count < projected.diagonal.count || smallest == .infinity {
      smallest = min(smallest, max(projected.smallest(), 1e-15))
    }
    direction.copy(step)
  }
}
