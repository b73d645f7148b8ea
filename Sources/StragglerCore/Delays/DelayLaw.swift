// SPDX-License-Identifier: Apache-2.0

/// A law of η: one type, one file, whether it is the library's or your own.
///
///     /// P(η > t) = (1 + (t/scale)^c)^(−k).
///     struct Burr: DelayLaw {
///       static var name: StaticText { "burr" }
///       static var summary: StaticText { "Burr: beyond t with probability (1 + (t/scale)^c)^(-k)" }
///       static var code: LawCode { { Self.answer($0) } }
///
///       var (c, k, scale) = (1.0, 1.0, 1.0)
///
///       mutating func parameters(_ parameters: inout LawParameters) {
///         parameters.positive("c", &c)
///         parameters.positive("k", &k)
///         parameters.positive("scale", &scale)
///       }
///       func cdf(_ t: Double) -> Double {
///         1 - Elementary.pow(1 + Elementary.pow(t / scale, c), -k)
///       }
///     }
///
///     let delay = try Delay(Burr(c: 3, k: 1, scale: 2))
///
/// Only the distribution function has to be there; what else is left out is found from it, with its rounding
/// errors and in some microseconds. `cdf` and `partialMean` get 0 ≤ t ≤ 10³⁰⁸ and `quantile` 0 ≤ p ≤ 1; what
/// `sample` and `quantile` return above 10³⁰⁸ counts as +∞. A law has at most three parameters, and no other
/// state than 24 bytes. Use `Elementary` for exp, log and powers, so that all machines agree to the last bit.
public protocol DelayLaw: BitwiseCopyable, Sendable {
  /// The name in the command language.
  static var name: StaticText { get }
  /// One line for `help`.
  static var summary: StaticText { get }
  /// The law as a function in C's convention, which a `Delay` can hold without memory of its own. In every
  /// law it is `{ { Self.answer($0) } }`.
  static var code: LawCode { get }

  /// The law with any parameters; those that are meant are bound by `parameters`.
  init()
  /// Names each parameter once, in the order in which commands give them, with its range and its property.
  mutating func parameters(_ parameters: inout LawParameters)

  /// Whether the durations of a worker's jobs are independent of each other and of when the jobs start; true
  /// if left out. Where they are not, `cdf` and related functions give how often durations occur, not the
  /// order in which they do.
  var isIndependent: Bool { get }

  /// The η of job `job`, drawn from `stream`. If left out, the quantile of one uniform number.
  func sample(_ stream: inout RandomStream, job: Int) -> Double
  /// P(η ≤ t).
  func cdf(_ t: Double) -> Double
  /// The smallest t with P(η ≤ t) ≥ p; for p = 0 the lower end of the support. If left out, it is found by
  /// halving in up to 64 evaluations of `cdf`, and is ∞ at p = 1, where `cdf` may be 1 by rounding only.
  func quantile(_ p: Double) -> Double
  /// E η. If left out, it is integrated from `cdf`; a law whose tail is too heavy for that is refused.
  var mean: Double { get }
  /// E[η; η ≤ t]. If left out, it is integrated from `cdf`.
  func partialMean(_ t: Double) -> Double
}

extension DelayLaw {
  @inlinable public var isIndependent: Bool { true }

  @inlinable
  public func sample(_ stream: inout RandomStream, job: Int) -> Double { quantile(stream.uniform()) }

  public func quantile(_ p: Double) -> Double { FoundFromCDF.quantile(p) { cdf($0) } }

  public var mean: Double { FoundFromCDF.partialMean(.infinity, quantile: { quantile($0) }) { cdf($0) } }

  public func partialMean(_ t: Double) -> Double {
    FoundFromCDF.partialMean(t, quantile: { quantile($0) }) { cdf($0) }
  }
}
