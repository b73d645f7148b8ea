// SPDX-License-Identifier: Apache-2.0

/// What can be known of a `LinearSystem`: its extreme eigenvalues, x* and f*.
///
/// L is found by Lanczos' method on A, μ by the same on A⁻¹, of which A's Cholesky factor gives the products;
/// x* by conjugate gradients with that factor as the preconditioner. f* is bounded by f* ≥ f(x) −
/// ‖∇f(x)‖²/(2μ). O(d³/6) products and some hundred times d² besides, with d² + O(d) numbers of workspace.
///
/// Sources: Golub and Van Loan, "Matrix computations" (2013), algorithms 4.2.2 and 11.5.1.
public struct SystemSearch {
  /// What is wrong with the matrix.
  public enum Fault: Error, Equatable, Sendable {
    /// There is no memory for the search.
    case outOfMemory
    /// The search was interrupted.
    case interrupted
    /// Not positive definite: an eigenvalue is not above what rounding makes of 0, namely about `smallest`,
    /// where the largest in magnitude is about `norm`.
    case notDefinite(smallest: Double, norm: Double)
  }

  private var system: LinearSystem
  private let factor: Table<Double>
  private let x: Table<Double>
  private let residual: Table<Double>
  private let scaled: Table<Double>
  private let direction: Table<Double>
  private var lanczos: Lanczos

  /// Takes workspace for a matrix; twice, the first time from an arena that only measures.
  public init(_ system: LinearSystem, arena: inout Arena) throws(SetupError) {
    self.system = system
    let d = system.dimension
    factor = try arena.table(of: Double.self, count: d * d)
    x = try arena.table(of: Double.self, count: d)
    residual = try arena.table(of: Double.self, count: d)
    scaled = try arena.table(of: Double.self, count: d)
    direction = try arena.table(of: Double.self, count: d)
    lanczos = try Lanczos(size: d, arena: &arena)
  }

  /// The system with its eigenvalues, f* and x*, which goes to `solution`. `goesOn` is told the share of the
  /// work that is done.
  public mutating func complete(
    into solution: Table<Double>, goesOn: (Double) -> Bool = { _ in true }
  ) throws(Fault) -> LinearSystem {
    let system = system
    let isFactored = try factorise { goesOn(0.7 * $0) }
    guard
      let top = lanczos.largest({ system.multiply($0, into: $1) }, goesOn: { goesOn(0.7 + 0.1 * $0) })
    else { throw .interrupted }
    guard isFactored else { throw try notDefinite(top, goesOn) }
    let factored = self
    guard
      let inverse = lanczos.largest({ factored.solve($0, into: $1) }, goesOn: { goesOn(0.8 + 0.1 * $0) })
    else { throw .interrupted }
    let (largest, smallest) = (top.value + top.residual, 1 / (inverse.value + inverse.residual))
    // A pivot is off by d roundings at most.
    guard smallest > Double(system.dimension) * 0x1p-53 * largest else {
      throw .notDefinite(smallest: smallest, norm: largest)
    }
    self.system.largest = largest
    self.system.smallest = smallest
    findMinimum(into: solution)
    return self.system
  }

  private mutating func notDefinite(
    _ top: Lanczos.Estimate, _ goesOn: (Double) -> Bool
  ) throws(Fault) -> Fault {
    let system = system
    let bottom = lanczos.largest {
      system.multiply($0, into: $1)
      $1.scale(by: -1)
    } goesOn: {
      goesOn(0.8 + 0.2 * $0)
    }
    guard let bottom else { throw .interrupted }
    return .notDefinite(
      smallest: -bottom.value, norm: max(top.value.magnitude, bottom.value.magnitude))
  }

  // MARK: - Cholesky's factor

  /// A = CCᵀ, C being lower triangular; false where A is not positive definite.
  private func factorise(_ goesOn: (Double) -> Bool) throws(Fault) -> Bool {
    let d = system.dimension
    guard factor.count == d * d else { throw .outOfMemory }
    for row in 0..<d {
      let share = Double(row) / Double(d)
      guard goesOn(share * share * share) else { throw .interrupted }
      let (given, own) = (system.row(row), factor[row * d..<(row + 1) * d])
      for column in 0..<row {
        let other = factor[column * d..<(column + 1) * d]
        own[column] = (given[column] - own[0..<column].dot(other)) / other[column]
      }
      let pivot = given[row] - own[0..<row].dot(own[0..<row])
      guard pivot > 0, pivot < .infinity else { return false }
      own[row] = pivot.squareRoot()
    }
    return true
  }

  /// z = A⁻¹r.
  private func solve(_ r: Table<Double>, into z: Table<Double>) {
    let d = system.dimension
    for row in 0..<d {
      let own = factor[row * d..<row * d + row]
      z[row] = (r[row] - own.dot(z)) / factor[row * d + row]
    }
    for row in (0..<d).reversed() {
      z[row] /= factor[row * d + row]
      z[0..<row].add(-z[row], factor[row * d..<row * d + row])
    }
  }

  // MARK: - The minimum

  private mutating func findMinimum(into solution: Table<Double>) {
    x.fill(0)
    guard !system.vector.isEmpty else {
      keep(0, solution)
      return
    }
    residual.copy(system.vector)
    solve(residual, into: scaled)
    direction.copy(scaled)
    var energy = residual.dot(scaled)
    for _ in 0..<10 where energy > 0 {
      system.multiply(direction, into: scaled)
      let curvature = direction.dot(scaled)
      guard curvature > 0, curvature < .infinity else { break }
      x.add(energy / curvature, direction)
      // Not the recurrence, which would go on falling when the residual itself does not.
      system.multiply(x, into: residual)
      for index in residual.indices { residual[index] = system.vector[index] - residual[index] }
      solve(residual, into: scaled)
      let next = residual.dot(scaled)
      guard next < 0.25 * energy else { break }
      direction.scale(by: next / energy)
      direction.add(1, scaled)
      energy = next
    }
    // f(x) is −½bᵀx − ½xᵀr, of which the first is the larger part by far.
    let (linear, square) = (system.vector.dot(x), residual.dot(residual) / (2 * system.smallest))
    let value = -0.5 * linear - 0.5 * x.dot(residual)
    guard square <= 1e-10 * value.magnitude else { return }
    keep(value - square - 0x1p-46 * value.magnitude, solution)
  }

  private mutating func keep(_ optimum: Double, _ solution: Table<Double>) {
    system.optimum = optimum
    solution.copy(x)
    system.solution = solution
  }
}
