// SPDX-License-Identifier: Apache-2.0

/// What an update makes of G, the vector that a method steps along: x^{k+1} is x^k less γ times what is said
/// here.
///
/// m, v and S are 0 at the start. G is the mean where a method averages. State: d scalars, 2d for `adam` and
/// `delayedNesterov`. O(d) an update, `muon` besides what `PolarFactor` says.
public enum StepRule: BitwiseCopyable, Equatable, Sendable {
  /// m, where m ← βm + G; β from 0 to below 1.
  case heavyBall(beta: Double)
  /// G + βm, where m ← βm + G; β from 0 to below 1.
  case nesterov(beta: Double)
  /// m̂/(√v̂ + eps) for each coordinate, where m ← β₁m + (1 − β₁)G, v ← β₂v + (1 − β₂)G², m̂ = m/(1 − β₁ᵗ)
  /// and v̂ = v/(1 − β₂ᵗ) in update t = 1, 2, …; β₁ and β₂ from 0 to below 1, eps above 0. Source: Kingma
  /// and Ba, arXiv 1412.6980.
  case adam(beta1: Double, beta2: Double, eps: Double)
  /// m/‖m‖, where m ← (1 − a)m + aG; 0 where m = 0. a above 0, at most 1.
  case normalized(a: Double)
  /// The sign of each coordinate of m, where m ← (1 − a)m + aG; the sign of 0 is 0.
  case sign(a: Double)
  /// For each weight matrix of the problem √max{1, outputs/inputs} times the polar factor of that part of m,
  /// as `PolarFactor` finds it, where m ← (1 − a)m + aG; the sign of all other coordinates. Source: the
  /// coefficients and the factor of the public implementation of Muon.
  case muon(a: Double)
  /// G/N, and at the updates N, 2N, … G/N + βm, where m ← βm + S/N just before and S is the sum of the last N
  /// G's; β from 0 to below 1, N at least 1. Source: Liu et al., "Asynchronous local-SGD training for
  /// language modeling", arXiv 2401.09135, with c = 0.
  case delayedNesterov(beta: Double, period: Int)

  /// Whether its steps are of the same length whatever multiple of G it is given.
  var hasItsOwnLength: Bool {
    switch self {
    case .adam, .normalized, .sign, .muon: true
    case .heavyBall, .nesterov, .delayedNesterov: false
    }
  }

  /// Whether it knows the problem's weight matrices.
  @inlinable public var isAboutMatrices: Bool { if case .muon = self { true } else { false } }

  /// How many vectors of state it has.
  @inlinable
  public var vectors: Int {
    switch self {
    case .heavyBall, .nesterov, .normalized, .sign, .muon: 1
    case .adam, .delayedNesterov: 2
    }
  }
}

extension StepRule {
  fileprivate static var words: StaticText {
    """
    sgd heavy-ball(beta=0.9) nesterov(beta=0.9) adam(beta1=0.9,beta2=0.999,eps=1e-8) normalized(a=0.1) \
    sign(a=0.1) muon(a=0.1) delayed-nesterov(beta=0.9,N=10)
    """
  }

  /// What a key's value means: nil within for `sgd`, nil if it means nothing.
  fileprivate static func meaning(of setting: Setting) -> StepRule?? {
    let (word, given): (Text, Table<Double>)
    switch setting {
    case .word(let name): (word, given) = (name, Table())
    case .call(let name, let arguments) where !arguments.isEmpty: (word, given) = (name, arguments)
    default: return nil
    }
    /// The argument number `index` of `count`; `standard` where none is given, NaN where that is another
    /// number of them.
    func argument(_ index: Int, of count: Int, _ standard: Double) -> Double {
      given.isEmpty ? standard : given.count == count ? given[index] : .nan
    }
    let (beta, a) = (argument(0, of: 1, 0.9), argument(0, of: 1, 0.1))
    switch word.index(among: "sgd heavy-ball nesterov adam normalized sign muon delayed-nesterov") {
    case 0: return given.isEmpty ? .some(nil) : nil
    case 1: return .heavyBall(beta: beta)
    case 2: return .nesterov(beta: beta)
    case 3:
      return .adam(
        beta1: argument(0, of: 3, 0.9), beta2: argument(1, of: 3, 0.999), eps: argument(2, of: 3, 1e-8))
    case 4: return .normalized(a: a)
    case 5: return .sign(a: a)
    case 6: return .muon(a: a)
    case 7:
      let period = argument(1, of: 2, 10)
      guard period >= 1, period <= 0x1p53, period.rounded(.down) == period else { return nil }
      return .delayedNesterov(beta: argument(0, of: 2, 0.9), period: Int(whole: period))
    default: return nil
    }
  }

  /// Whether its numbers are in their ranges.
  var isInRange: Bool {
    func isShare(_ beta: Double) -> Bool { beta >= 0 && beta < 1 }
    switch self {
    case .heavyBall(let beta), .nesterov(let beta): return isShare(beta)
    case .adam(let beta1, let beta2, let eps):
      return isShare(beta1) && isShare(beta2) && eps > 0 && eps < .infinity
    case .normalized(let a), .sign(let a), .muon(let a): return a > 0 && a <= 1
    case .delayedNesterov(let beta, let period): return isShare(beta) && period >= 1
    }
  }
}

extension Keys {
  /// The rule of the step, and the norm to which what it sees is cut.
  public mutating func stepRule(_ rule: inout StepRule?, maxNorm: inout Double?) throws(SetupError) {
    if let setting = try setting(
      "step", .word, words: StepRule.words, "what an update makes of the vector that it steps along",
      standard: "sgd")
    {
      guard let meaning = StepRule.meaning(of: setting), meaning?.isInRange ?? true else {
        throw .invalid(
          key: "step",
          expected:
            "sgd, or a rule with beta from 0 to below 1, a above 0, at most 1, eps above 0, N a whole number"
        )
      }
      rule = meaning
    }
    try number(
      "max_norm", &maxNorm, above: 0, "the norm to which the vector of a step is cut before the rule",
      standard: "no bound", expected: "a positive number")
  }
}
