// SPDX-License-Identifier: Apache-2.0

/// A unit of time in a title, a cell or a key.
public enum TimeUnit: String, CaseIterable, Sendable {
  /// 10⁻⁹ s.
  case nanoseconds
  /// 10⁻⁶ s.
  case microseconds
  /// 10⁻³ s.
  case milliseconds
  /// The unit of all durations of the library.
  case seconds
  /// 60 s.
  case minutes
  /// 3,600 s.
  case hours
  /// 86,400 s.
  case days

  /// The unit that `word` names, in any case; nil for no unit. A lone `m` is none: it could be anything.
  public init?(_ word: String) {
    switch word.lowercased() {
    case "ns", "nsec", "nsecs", "nanosecond", "nanoseconds": self = .nanoseconds
    // Both signs for micro.
    case "us", "\u{B5}s", "\u{3BC}s", "usec", "usecs", "microsecond", "microseconds": self = .microseconds
    case "ms", "msec", "msecs", "millisecond", "milliseconds": self = .milliseconds
    case "s", "sec", "secs", "second", "seconds": self = .seconds
    case "min", "mins", "minute", "minutes": self = .minutes
    case "h", "hr", "hrs", "hour", "hours": self = .hours
    case "d", "day", "days": self = .days
    default: return nil
    }
  }

  /// The words to write for one, for messages.
  static let words = "ns, us, ms, s, min, h or d"

  /// Seconds: a whole number times a power of ten.
  private var factor: (whole: Int, exponent: Int) {
    switch self {
    case .nanoseconds: (1, -9)
    case .microseconds: (1, -6)
    case .milliseconds: (1, -3)
    case .seconds: (1, 0)
    case .minutes: (60, 0)
    case .hours: (3600, 0)
    case .days: (86400, 0)
    }
  }

  /// `number` of them in seconds; nil where `number` is no decimal number.
  func seconds(_ number: ArraySlice<UInt8>) -> Seconds? {
    guard ExactDecimal.isDecimal(number) else { return nil }
    if let exact = ExactDecimal(number)?.multiplied(by: factor.whole) {
      return Seconds(ExactDecimal(exact.digits, exponent: exact.exponent + factor.exponent))
    }
    var text = String(decoding: number, as: UTF8.self)
    if text.last == "." { text += "0" }
    guard let value = Double(text) else { return nil }
    let scale = ExactDecimal(factor.whole, exponent: -factor.exponent).value
    return Seconds(factor.exponent < 0 ? value / scale : value * scale)
  }
}

/// Seconds as a file has them: exact where they are not too long.
struct Seconds {
  private let exact: ExactDecimal?
  /// The nearest double.
  let value: Double

  init(_ exact: ExactDecimal) {
    self.exact = exact
    value = exact.value
  }

  init(_ value: Double) {
    exact = nil
    self.value = value
  }

  static func - (end: Seconds, start: Seconds) -> Seconds {
    if let difference = start.exact.flatMap({ end.exact?.minus($0) }) { return Seconds(difference) }
    return Seconds(end.value - start.value)
  }
}
