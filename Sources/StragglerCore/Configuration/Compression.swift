// SPDX-License-Identifier: Apache-2.0

/// What workers send of a gradient in place of all of it.
///
/// A message counts the coordinates of 32 bits that it takes, rounded up. `randK`, `natural` and `qsgd` are
/// unbiased, with E‖C(v) − v‖² ≤ ω‖v‖²; `topK` and `sign` are contractions, which by themselves need not
/// converge, and do with error feedback.
public enum Compression: BitwiseCopyable, Equatable, Sendable {
  /// K coordinates drawn without replacement, times d/K; the receiver draws their indices from the same seed.
  /// ω = d/K − 1. 32K bits. Source: Wangni, Wang, Liu, Zhang, arXiv 1710.09854.
  case randK(Int)
  /// The K coordinates of the largest magnitude, of equal ones those that come first. ‖C(v) − v‖² ≤
  /// (1 − K/d)‖v‖². K(32 + ⌈log₂ d⌉) bits. Source: Stich, Cordonnier, Jaggi, arXiv 1809.07599.
  case topK(Int)
  /// Every coordinate is rounded at random to a power of two beside it. ω = 1/8. 9 bits a coordinate, sign
  /// and exponent. Source: Horváth et al., arXiv 1905.10988.
  case natural
  /// Every coordinate is rounded at random to a multiple of ‖v‖/s, s levels. ω = min{d/s², √d/s}. 32 bits for
  /// the norm, and 1 + ⌈log₂(s + 1)⌉ for every coordinate, without the source's coding of lengths. Source:
  /// Alistarh, Grubic, Li, Tomioka, Vojnović, arXiv 1610.02132.
  case qsgd(Int)
  /// (‖v‖₁/d) · sign v. ‖C(v) − v‖² ≤ (1 − 1/d)‖v‖². 32 bits for the norm and one for every coordinate.
  /// Source: Karimireddy, Rebjock, Stich, Jaggi, arXiv 1901.09847.
  case sign

  /// The bits of a message about `dimension` coordinates.
  public func bits(dimension d: Int) -> Int {
    switch self {
    case .randK(let count): 32 * count
    case .topK(let count): count * (32 + Self.bits(below: d))
    case .natural: 9 * d
    case .qsgd(let levels): 32 + d * (1 + Self.bits(below: levels + 1))
    case .sign: 32 + d
    }
  }

  /// The coordinates of 32 bits that a message takes.
  public func coordinates(dimension: Int) -> Int { (bits(dimension: dimension) + 31) / 32 }

  /// ω of E‖C(v) − v‖² ≤ ω‖v‖²; nil where C is biased.
  public func variance(dimension: Int) -> Double? {
    let d = Double(dimension)
    switch self {
    case .randK(let count): return d / Double(count) - 1
    case .natural: return 0.125
    case .qsgd(let levels):
      let s = Double(levels)
      return min(d / (s * s), d.squareRoot() / s)
    case .topK, .sign: return nil
    }
  }

  /// δ of E‖Q(v) − v‖² ≤ (1 − δ)‖v‖², where Q is C, divided by 1 + ω where C is unbiased.
  public func quality(dimension: Int) -> Double {
    switch self {
    case .topK(let count): min(1, Double(count) / Double(dimension))
    case .sign: 1 / Double(dimension)
    case .randK, .natural, .qsgd: 1 / (1 + (variance(dimension: dimension) ?? 0))
    }
  }

  /// ⌈log₂ count⌉: the bits that tell the numbers 0..<count apart.
  private static func bits(below count: Int) -> Int {
    count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount : 0
  }
}

extension Keys {
  /// Compression of gradients, and its error feedback.
  public mutating func compression(
    _ value: inout Compression?, feedback: inout Bool
  ) throws(SetupError) {
    try compression(&value, "what workers send of a gradient")
    try flag("feedback", &feedback, "whether compression has error feedback, EF21")
    if feedback, value == nil {
      throw .invalid(key: "feedback", expected: "true only beside compress=, whose errors it feeds back")
    }
  }

  /// Compression without error feedback.
  mutating func compression(_ value: inout Compression?, _ summary: StaticText) throws(SetupError) {
    let words: StaticText = "randk(k) topk(k) natural qsgd(levels) sign"
    guard let setting = try setting("compress", .word, words: words, summary, standard: "all of it") else {
      return
    }
    guard let compression = Compression(setting) else { throw .invalid(key: "compress", expected: words) }
    value = compression
  }
}

extension Compression {
  fileprivate init?(_ setting: Setting) {
    switch setting {
    case .word(let word) where word == "natural": self = .natural
    case .word(let word) where word == "sign": self = .sign
    default:
      guard let (word, number) = setting.asCall, number >= 1, number <= Double(Int32.max - 1),
        number.rounded(.down) == number
      else { return nil }
      switch word.index(among: "randk topk qsgd") {
      case 0: self = .randK(Int(number))
      case 1: self = .topK(Int(number))
      case 2: self = .qsgd(Int(number))
      default: return nil
      }
    }
  }
}
