// SPDX-License-Identifier: Apache-2.0

/// The largest eigenvalue of a symmetric matrix that is known by its products, by Lanczos' method from a
/// random start with full reorthogonalisation.
///
/// Source: Parlett, "The symmetric eigenvalue problem" (1998), chapter 13.
struct Lanczos {
  /// An eigenvalue as far as it was found.
  struct Estimate {
    /// The Ritz value: at most the largest eigenvalue.
    let value: Double
    /// An eigenvalue is no further away than this.
    let residual: Double
  }

  private let basis: Table<Double>
  private let product: Table<Double>
  private var projected: Tridiagonal
  private let size: Int
  private let steps: Int

  /// The most steps for a matrix of `size` rows: as many, unless the vectors would take more than 256 MiB.
  private static func steps(_ size: Int) -> Int {
    min(min(size, 1_000), max(30, (1 << 25) / max(1, size)))
  }

  /// Workspace for a matrix of `size` rows.
  init(size: Int, arena: inout Arena) throws(SetupError) {
    self.size = size
    steps = Self.steps(size)
    basis = try arena.table(of: Double.self, count: steps * size)
    product = try arena.table(of: Double.self, count: size)
    projected = Tridiagonal(
      diagonal: try arena.table(of: Double.self, count: steps),
      beside: try arena.table(of: Double.self, count: steps))
  }

  /// The largest eigenvalue, to `tolerance` of the matrix' norm where the steps are enough; `multiply` gives
  /// the product of its first argument in its second. Nil where `goesOn`, told how many steps of how many are
  /// done, said no.
  mutating func largest(
    tolerance: Double = 1e-11, _ multiply: (Table<Double>, Table<Double>) -> Void,
    goesOn: (Double) -> Bool = { _ in true }
  ) -> Estimate? {
    guard !basis.isEmpty else { return Estimate(value: 0, residual: 0) }
    start()
    var (norm, estimate) = (0.0, Estimate(value: 0, residual: .infinity))
    for step in 0..<steps {
      guard goesOn(Double(step) / Double(steps)) else { return nil }
      let v = vector(step)
      multiply(v, product)
      let alpha = v.dot(product)
      projected.diagonal[step] = alpha
      projected.count = step + 1
      // Twice is enough (Parlett, section 6.9, after Kahan).
      for _ in 0..<2 { for index in 0...step { product.add(-vector(index).dot(product), vector(index)) } }
      let beta = product.dot(product).squareRoot()
      norm = max(max(norm, alpha.magnitude), beta)
      let isLast = step + 1 == steps || !(beta > 1e-15 * norm)
      if isLast || step % 8 == 7 {
        let value = projected.largest()
        // The projection of a whole space is the matrix itself.
        let rest = step + 1 == size ? 0 : beta
        estimate = Estimate(value: value, residual: rest * projected.lastCoordinate(of: value).magnitude)
        if isLast || estimate.residual <= tolerance * max(norm, value.magnitude) { return estimate }
      }
      projected.beside[step] = beta
      let next = vector(step + 1)
      next.copy(product)
      next.scale(by: 1 / beta)
    }
    return estimate
  }

  private func vector(_ index: Int) -> Table<Double> { basis[index * size..<(index + 1) * size] }

  private func start() {
    var stream = RandomStream(seed: 0x5EED_0F51_6E5A_0002, purpose: .data)
    let v = vector(0)
    for index in v.indices { v[index] = stream.normal() }
    v.scale(by: 1 / v.dot(v).squareRoot())
  }
}
