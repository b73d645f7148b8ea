// SPDX-License-Identifier: Apache-2.0

/// What a search for f* depends on besides the problem's kind and data: configurations with equal ones have
/// the same f*.
public struct MinimumSearch: BitwiseCopyable, Equatable, Sendable {
  /// λ, the weight of what makes f strongly convex.
  public let weight: Double
  /// How many samples f is the mean over.
  public let samples: Int
  /// Which ones: 0 for the first, otherwise a number for the way in which they were drawn.
  public let choice: Int
  /// A number that the way depends on, or 0.
  public let parameter: Double
  /// The number of workers, where the samples depend on it, or 0.
  public let workers: Int
  /// The seed, where the samples depend on it, or 0.
  public let seed: UInt64
  /// How many of the samples are drawn for evaluations, where it is their minimum that is searched for, or 0.
  public let evaluated: Int

  /// A search that depends on the weight λ and the first `samples` samples, or on those that were drawn as
  /// told, or on `evaluated` of these.
  public init(
    weight: Double, samples: Int, choice: Int = 0, parameter: Double = 0, workers: Int = 0,
    seed: UInt64 = 0, evaluated: Int = 0
  ) {
    self.weight = weight
    self.samples = samples
    self.choice = choice
    self.parameter = parameter
    self.workers = workers
    self.seed = seed
    self.evaluated = evaluated
  }
}

/// The mean of convex losses of linear predictions aᵀX, where x is X row by row: a row of `outputs` for each
/// of the `features`.
protocol LinearLosses {
  /// The features of a sample.
  var features: Int { get }
  /// How many numbers are predicted of a sample.
  var outputs: Int { get }
  /// An upper bound on the ‖a‖ of the samples.
  var longest: Double { get }
  /// Whether what `addCurvature` adds is the Hessian itself, and not like it only.
  var isCurvatureExact: Bool { get }

  /// The value at x; the gradient goes to `gradient`.
  func evaluate(at x: Table<Double>, gradient: Table<Double>) -> Double
  /// Adds the mean of c·aaᵀ to the lower triangle of `matrix`, row by row, where c is the curvature of a
  /// sample's loss at x, averaged over its outputs; to its diagonal alone where `matrix` is as long as that.
  func addCurvature(at x: Table<Double>, to matrix: Table<Double>)
}

/// A search for inf f, f(x) = `losses` + λ/2‖x‖², by Newton's method.
///
/// Steps are solved for by conjugate gradients, with the Hessian of a similar problem, factored, to
/// precondition them where there are few features; its diagonal where there are many. f is λ-strongly convex:
/// inf f lies between f(x) − ‖∇f(x)‖²/(2λ) and f(x), whatever x is, and the search ends when these are so
/// close that rounding is all that is left, or as close as it can bring them.
///
/// Sources: Nocedal and Wright, "Numerical Optimization" (2006), section 7.1; for the bound Nesterov,
/// "Introductory lectures on convex optimization" (2004), theorem 2.1.10.
struct NewtonSearch<Losses: LinearLosses> {
  /// With more features than these no matrix is factored.
  private static var mostFactored: Int { 1_024 }
  /// How far the bounds may be apart in the end, in units of max(1, f).
  static var tolerance: Double { 1e-13 }

  private let losses: Losses
  private let lambda: Double
  private let x: Table<Double>
  private let gradient: Table<Double>
  private let step: Table<Double>
  private let residual: Table<Double>
  private let scaled: Table<Double>
  private let direction: Table<Double>
  private let product: Table<Double>
  private let trial: Table<Double>
  private let trialGradient: Table<Double>
  private let column: Table<Double>
  private let matrix: Table<Double>
  private var isOver = false
  /// log of the first and of the last bound that was not small enough.
  private var (first, fraction) = (Double.nan, 0.0)

  init(_ losses: Losses, lambda: Double, arena: inout Arena) throws(SetupError) {
    self.losses = losses
    self.lambda = lambda
    let (d, n) = (losses.features * losses.outputs, losses.features)
    x = try arena.table(of: Double.self, count: d)
    gradient = try arena.table(of: Double.self, count: d)
    step = try arena.table(of: Double.self, count: d)
    residual = try arena.table(of: Double.self, count: d)
    scaled = try arena.table(of: Double.self, count: d)
    direction = try arena.table(of: Double.self, count: d)
    product = try arena.table(of: Double.self, count: d)
    trial = try arena.table(of: Double.self, count: d)
    trialGradient = try arena.table(of: Double.self, count: d)
    column = try arena.table(of: Double.self, count: n)
    matrix = try arena.table(of: Double.self, count: n <= Self.mostFactored ? n * n : n)
  }

  /// A number that is at most inf f, and less by at most 10⁻¹³·max(1, inf f); NaN where that cannot be
  /// reached, or `goesOn`, which is told the share of the work that is done, said no.
  mutating func minimum(_ goesOn: (Double) -> Bool) -> Double {
    x.fill(0)
    var value = evaluate(at: x, gradient)
    guard value.isFinite else { return .nan }
    var best = value - distance(gradient)
    for _ in 0..<200 {
      let distance = distance(gradient)
      if value - distance > best { best = value - distance }
      note(distance, value)
      guard distance > 1e-16 * value, report(goesOn) else { break }
      solve(goesOn)
      guard !isOver, let next = search(value, goesOn) else { break }
      value = next
    }
    // What rounding may have added to the value.
    best -= 0x1p-46 * value
    return !isOver && value - best <= Self.tolerance * max(1, value) ? best : .nan
  }

  // MARK: - Evaluations

  private func evaluate(at x: Table<Double>, _ gradient: Table<Double>) -> Double {
    let mean = losses.evaluate(at: x, gradient: gradient)
    for index in x.indices { gradient[index] += lambda * x[index] }
    return mean + lambda / 2 * Self.dot(x, x)
  }

  /// How much f at a point with `gradient` is above inf f at most.
  private func distance(_ gradient: Table<Double>) -> Double {
    Self.dot(gradient, gradient) / (2 * lambda)
  }

  private static func dot(_ a: Table<Double>, _ b: Table<Double>) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  // MARK: - Progress

  private mutating func note(_ distance: Double, _ value: Double) {
    let now = Elementary.log(max(distance, 1e-300)), end = Elementary.log(1e-16 * max(value, 1e-280))
    if first.isNaN { first = now }
    if first > end { fraction = min(max(fraction, (first - now) / (first - end)), 1) }
  }

  private mutating func report(_ goesOn: (Double) -> Bool) -> Bool {
    if !goesOn(fraction) { isOver = true }
    return !isOver
  }

  // MARK: - A step

  /// Solves Hp = −∇f for `step`, roughly while ∇f is large.
  private mutating func solve(_ goesOn: (Double) -> Bool) {
    factor()
    for index in x.indices {
      step[index] = 0
      residual[index] = -gradient[index]
    }
    precondition(residual, into: scaled)
    for index in x.indices { direction[index] = scaled[index] }
    var energy = Self.dot(residual, scaled)
    let start = energy
    let share = min(0.1, distance(gradient).squareRoot())
    let goal = start * max(share * share, 1e-8)
    if losses.isCurvatureExact && isFactored {
      for index in x.indices { step[index] = scaled[index] }
      return
    }
    for _ in 0..<1_000 where energy > goal {
      guard report(goesOn) else { return }
      multiply(direction)
      let curvature = Self.dot(direction, product)
      guard curvature > 0 else { break }
      let length = energy / curvature
      for index in x.indices {
        step[index] += length * direction[index]
        residual[index] -= length * product[index]
      }
      precondition(residual, into: scaled)
      let next = Self.dot(residual, scaled)
      guard next.isFinite else { break }
      for index in x.indices { direction[index] = scaled[index] + next / energy * direction[index] }
      energy = next
    }
  }

  /// `product` = the Hessian times `v`: a difference of gradients so near that no curvature changes by more
  /// than a thousandth.
  private func multiply(_ v: Table<Double>) {
    let length = Self.dot(v, v).squareRoot()
    let scale = 1e-3 / max(losses.longest * length, 1e-300)
    for index in x.indices { trial[index] = x[index] + scale * v[index] }
    _ = losses.evaluate(at: trial, gradient: product)
    for index in x.indices {
      let own = gradient[index] - lambda * x[index]
      product[index] = (product[index] - own) / scale + lambda * v[index]
    }
  }

  /// Goes along `step`, half as far again and again until that is better; nil where nothing is.
  private mutating func search(_ value: Double, _ goesOn: (Double) -> Bool) -> Double? {
    let slope = Self.dot(gradient, step)
    guard slope < 0 else { return nil }
    let square = Self.dot(gradient, gradient)
    var length = 1.0
    for _ in 0..<50 {
      guard report(goesOn) else { return nil }
      for index in x.indices { trial[index] = x[index] + length * step[index] }
      let next = evaluate(at: trial, trialGradient)
      // Near the minimum, values differ by less than their rounding errors, but gradients are still accurate.
      let isFlat =
        next <= value + 1e-14 * value && Self.dot(trialGradient, trialGradient) <= 0.25 * square
      if isFlat || next <= value + 1e-4 * length * slope && next < value {
        for index in x.indices {
          x[index] = trial[index]
          gradient[index] = trialGradient[index]
        }
        return next
      }
      length /= 2
    }
    return nil
  }

  // MARK: - The matrix that preconditions

  private var isFactored: Bool { matrix.count > losses.features || losses.features == 1 }

  /// The curvature at x plus λ, as LLᵀ with L in the lower triangle; or its diagonal.
  private func factor() {
    let n = losses.features
    matrix.fill(0)
    losses.addCurvature(at: x, to: matrix)
    guard isFactored else {
      for index in 0..<n { matrix[index] += lambda }
      return
    }
    for row in 0..<n {
      let own = matrix[row * n..<(row + 1) * n]
      own[row] += lambda
      for column in 0...row {
        let other = matrix[column * n..<(column + 1) * n]
        var sum = own[column]
        for index in 0..<column { sum -= own[index] * other[index] }
        if column < row {
          own[column] = sum / other[column]
        } else {
          // Positive except for rounding.
          own[row] = max(sum, lambda / 2).squareRoot()
        }
      }
    }
  }

  /// z = the inverse of the matrix times r, for each output.
  private func precondition(_ r: Table<Double>, into z: Table<Double>) {
    let (n, outputs) = (losses.features, losses.outputs)
    guard isFactored else {
      for index in r.indices { z[index] = r[index] / matrix[index / outputs] }
      return
    }
    for output in 0..<outputs {
      for row in 0..<n {
        let own = matrix[row * n..<(row + 1) * n]
        var sum = r[row * outputs + output]
        for index in 0..<row { sum -= own[index] * column[index] }
        column[row] = sum / own[row]
      }
      for row in (0..<n).reversed() {
        let own = matrix[row * n..<(row + 1) * n]
        let value = column[row] / own[row]
        for index in 0..<row { column[index] -= own[index] * value }
        z[row * outputs + output] = value
      }
    }
  }
}
