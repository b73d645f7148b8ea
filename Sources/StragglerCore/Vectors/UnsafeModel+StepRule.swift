// SPDX-License-Identifier: Apache-2.0

/// Where the numbers that a rule of the step remembers are in their table.
@usableFromInline
enum StepNumbers {
  /// What the sum in a slot was multiplied by to give G in the last update.
  @usableFromInline static var factor: Int { 0 }
  /// t, the updates so far.
  @usableFromInline static var updates: Int { 1 }
  /// β₁ᵗ and β₂ᵗ, which begin with 1.
  @usableFromInline static var power1: Int { 2 }
  @usableFromInline static var power2: Int { 3 }
  @usableFromInline static var count: Int { 4 }
}

// The rules of the step. Element by element, and sums in the order of the kernels: the same bits everywhere.

extension Model {
  /// target = source less what the rule makes of G = (factor/count) · sum, for a step of `length`. O(d).
  ///
  /// `heavyBall` and `nesterov` keep m in units of the sum, so that β = 0 makes the step of SGD in every bit.
  @inlinable @inline(never)
  mutating func stepByRule(
    _ sum: Table<P.Scalar>, _ length: Double, _ factor: Double, _ count: Double, from source: Int,
    to target: Int
  ) {
    let unit = factor / count
    let stepsize = length * factor / count
    var cut = 1.0
    if let maxNorm {
      let norm = unit * sum.norm
      if norm > maxNorm { cut = maxNorm / norm }
    }
    guard let rule = stepRule else {
      return step(along: sum, by: P.Scalar(stepsize * cut), from: source, to: target)
    }
    let m = ruleState[0..<dimension]
    switch rule {
    case .heavyBall(let beta):
      let (ratio, isZero) = change(to: unit)
      remember(sum, keeping: beta * ratio, times: isZero ? 0 : cut, in: m)
      step(
        along: m, by: P.Scalar(isZero ? length * ruleNumbers[StepNumbers.factor] : stepsize), from: source,
        to: target)
    case .nesterov(let beta):
      let (ratio, isZero) = change(to: unit)
      remember(sum, keeping: beta * ratio, times: isZero ? 0 : cut, in: m)
      combine(isZero ? 0 : cut, sum, beta, m)
      step(
        along: scratch, by: P.Scalar(isZero ? length * ruleNumbers[StepNumbers.factor] : stepsize),
        from: source, to: target)
    case .delayedNesterov(let beta, let period):
      let gathered = ruleState[stride..<stride + dimension]
      let share = 1 / Double(period)
      remember(sum, keeping: 1, times: unit * cut, in: gathered)
      ruleNumbers[StepNumbers.updates] += 1
      guard ruleNumbers[StepNumbers.updates] == Double(period) else {
        return step(along: sum, by: P.Scalar(stepsize * cut * share), from: source, to: target)
      }
      ruleNumbers[StepNumbers.updates] = 0
      remember(gathered, keeping: beta, times: share, in: m)
      gathered.fill(0)
      combine(unit * cut * share, sum, beta, m)
      step(along: scratch, by: P.Scalar(length), from: source, to: target)
    case .adam(let beta1, let beta2, let eps):
      adapt(sum, times: unit * cut, beta1, beta2, eps)
      step(along: scratch, by: P.Scalar(length), from: source, to: target)
    case .normalized(let a):
      remember(sum, keeping: 1 - a, times: a * unit * cut, in: m)
      let norm = m.norm
      divide(m, by: norm)
      step(along: scratch, by: P.Scalar(length), from: source, to: target)
    case .sign(let a):
      remember(sum, keeping: 1 - a, times: a * unit * cut, in: m)
      takeSigns(of: m)
      step(along: scratch, by: P.Scalar(length), from: source, to: target)
    case .muon(let a):
      remember(sum, keeping: 1 - a, times: a * unit * cut, in: m)
      takeSigns(of: m)
      for index in 0..<problem.weightMatrixCount {
        let matrix = problem.weightMatrix(index)
        let weight = max(1, Double(matrix.outputs) / Double(matrix.inputs)).squareRoot()
        let range = matrix.first..<matrix.first + matrix.count
        polarFactor.find(matrix, of: m[range], times: P.Scalar(weight), into: scratch[range])
      }
      step(along: scratch, by: P.Scalar(length), from: source, to: target)
    }
  }

  /// Sums are multiplied by `unit` from now on, and m has to be multiplied by the ratio. Where the unit is
  /// zero, and so G, m keeps the one that it has.
  @inlinable
  func change(to unit: Double) -> (ratio: Double, isZero: Bool) {
    let last = ruleNumbers[StepNumbers.factor]
    guard unit != 0 else { return (1, true) }
    ruleNumbers[StepNumbers.factor] = unit
    return (last == unit ? 1 : last / unit, false)
  }

  /// m = keeping · m + weight · sum.
  @inlinable
  func remember(
    _ sum: Table<P.Scalar>, keeping share: Double, times weight: Double, in m: Table<P.Scalar>
  ) {
    var own = unsafe m.buffer.mutableSpan
    unsafe P.Scalar.combine(P.Scalar(share), &own, P.Scalar(weight), sum.buffer.span)
  }

  /// scratch = a · sum + b · m.
  @inlinable
  func combine(_ a: Double, _ sum: Table<P.Scalar>, _ b: Double, _ m: Table<P.Scalar>) {
    var own = unsafe scratch.buffer.mutableSpan
    unsafe P.Scalar.combine(P.Scalar(a), sum.buffer.span, P.Scalar(b), m.buffer.span, into: &own)
  }

  /// scratch = the sign of each element; of 0 it is 0, and what is no number stays none.
  @inlinable
  func takeSigns(of m: Table<P.Scalar>) {
    let (m, result) = unsafe (m.buffer, scratch.buffer)
    for index in 0..<dimension {
      unsafe result[index] = m[index] > 0 ? 1 : m[index] < 0 ? -1 : m[index]
    }
  }

  /// scratch = m/norm, or 0 where the norm is 0.
  @inlinable
  func divide(_ m: Table<P.Scalar>, by norm: Double) {
    guard norm != 0 else { return scratch.fill(0) }
    let (m, result) = unsafe (m.buffer, scratch.buffer)
    for index in 0..<dimension { unsafe result[index] = P.Scalar(Double(m[index]) / norm) }
  }

  /// scratch = m̂/(√v̂ + eps) after Adam's update by G = weight · sum.
  @inlinable
  func adapt(
    _ sum: Table<P.Scalar>, times weight: Double, _ beta1: Double, _ beta2: Double, _ eps: Double
  ) {
    let (m, v) = unsafe (
      ruleState[0..<dimension].buffer, ruleState[stride..<stride + dimension].buffer
    )
    let (sum, result) = unsafe (sum.buffer, scratch.buffer)
    let power1 = ruleNumbers[StepNumbers.power1] * beta1
    let power2 = ruleNumbers[StepNumbers.power2] * beta2
    (ruleNumbers[StepNumbers.power1], ruleNumbers[StepNumbers.power2]) = (power1, power2)
    let (correction1, correction2) = (P.Scalar(1 - power1), P.Scalar(1 - power2))
    let (keep1, keep2, eps, weight) = (P.Scalar(beta1), P.Scalar(beta2), P.Scalar(eps), P.Scalar(weight))
    let (take1, take2) = (P.Scalar(1 - beta1), P.Scalar(1 - beta2))
    for index in 0..<dimension {
      let g = unsafe weight * sum[index]
      let first = unsafe keep1 * m[index] + take1 * g
      let second = unsafe keep2 * v[index] + take2 * (g * g)
      unsafe m[index] = first
      unsafe v[index] = second
      unsafe result[index] = (first / correction1) / ((second / correction2).squareRoot() + eps)
    }
  }
}
