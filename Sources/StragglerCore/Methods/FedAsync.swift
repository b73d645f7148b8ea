// SPDX-License-Identifier: Apache-2.0

/// s(δ), how much of a result that is δ updates old FedAsync takes, beside that of a new one.
public enum Staleness: BitwiseCopyable, Equatable, Sendable {
  /// s(δ) = 1, as if nothing were old.
  case constant
  /// (1 + δ)^−a; a at least 0.
  case polynomial(a: Double)
  /// 1 for δ ≤ b, else 1/(a(δ − b) + 1); a and b at least 0.
  case hinge(a: Double, b: Double)

  /// s(δ).
  public func weight(delay: Int) -> Double {
    let delta = Double(delay)
    switch self {
    case .constant: return 1
    case .polynomial(let a): return Elementary.pow(1 + delta, -a)
    case .hinge(let a, let b): return delta <= b ? 1 : 1 / (a * (delta - b) + 1)
    }
  }

  fileprivate var isInRange: Bool {
    func isRight(_ number: Double) -> Bool { number >= 0 && number < .infinity }
    switch self {
    case .constant: return true
    case .polynomial(let a): return isRight(a)
    case .hinge(let a, let b): return isRight(a) && isRight(b)
    }
  }
}

/// FedAsync: the server mixes its model with what a worker has made of the point that it was given,
/// x^{k+1} = (1 − α_δ)x^k + α_δ y with y = x^{k−δ} − γ∇f(x^{k−δ}; ξ) and α_δ = α·s(δ); the worker goes on at
/// x^{k+1}.
///
/// It is carried out as x^{k+1} = x^k − α_δ(x^k − x^{k−δ} + γ∇f(x^{k−δ}; ξ)). No theorem gives γ. Source:
/// Xie, Koyejo, Gupta, "Asynchronous federated optimization", arXiv 1903.03934.
public struct FedAsync: Method {
  public static var name: StaticText { "fedasync" }
  public static var summary: StaticText {
    "FedAsync: the model is mixed with every result, less with old ones"
  }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(compression: true, local: true).withTurns
  }

  /// γ, with which workers step; it has to be given.
  public var gamma = Parameter<Double>.theory
  /// α, the share of a new result; above 0 and at most 1.
  public var alpha = 0.6
  /// s, what becomes of α when a result is old.
  public var staleness = Staleness.polynomial(a: 0.5)

  private var sum = Slot()
  /// What the step goes along, and x^{k−δ}.
  private var direction = Slot()
  private var old = Slot()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma, standard: "none: give it, or tune")
    try keys.probability("alpha", &alpha, "α, the share of a new result in the model", standard: "0.6")
    let words: StaticText = "constant polynomial(a=0.5) hinge(a,b)"
    if let setting = try keys.setting(
      "staleness", .word, words: words, "what becomes of alpha when a result is old",
      standard: "polynomial(0.5)")
    {
      guard let meaning = Staleness(setting) else {
        throw .invalid(
          key: "staleness", expected: "constant, polynomial(a) or hinge(a,b), a and b at least 0")
      }
      staleness = meaning
    }
    if let setting = try keys.setting(
      "step", .word, words: "sgd", "sgd alone: models are mixed, and nothing is stepped along",
      standard: "sgd")
    {
      guard case .word(let word) = setting, word == "sgd" else {
        throw .invalid(key: "step", expected: "sgd alone: models are mixed, and nothing is stepped along")
      }
    }
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    guard alpha > 0, alpha <= 1, staleness.isInRange else {
      throw .impossible(
        "fedasync with an alpha or a staleness out of range",
        remedy: "alpha is above 0 and at most 1, and what staleness has is at least 0")
    }
    gamma = try setup.given(gamma)
    sum = setup.slot()
    direction = setup.slot()
    old = setup.slot()
    // The points of jobs are needed when they end.
    setup.assignsHeldPoints = true
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    server.load(direction)
    server.load(old, pointOf: arrival)
    server.combine(direction, with: old, times: -1)
    server.combine(direction, with: sum, times: gamma.value)
    server.clear(sum)
    server.step(along: direction, by: alpha * staleness.weight(delay: arrival.delay))
    server.assign(arrival.worker)
  }
}

extension Staleness {
  /// What a key's value means; nil if it means nothing.
  fileprivate init?(_ setting: Setting) {
    switch setting {
    case .word(let word) where word == "constant": self = .constant
    case .word(let word) where word == "polynomial": self = .polynomial(a: 0.5)
    case .call(let word, let numbers) where word == "polynomial" && numbers.count == 1:
      self = .polynomial(a: numbers[0])
    case .call(let word, let numbers) where word == "hinge" && numbers.count == 2:
      self = .hinge(a: numbers[0], b: numbers[1])
    default: return nil
    }
    guard isInRange else { return nil }
  }
}
