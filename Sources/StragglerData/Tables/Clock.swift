// SPDX-License-Identifier: Apache-2.0

/// Durations of the form `hh:mm:ss` and `d-hh:mm:ss`, and instants by ISO 8601.
enum Clock {
  /// The seconds of `[d-]hh:mm:ss[.fraction]`; nil for anything else.
  static func duration(_ text: ArraySlice<UInt8>) -> Seconds? {
    var rest = text
    var (days, hourDigits) = (0, 1...6)
    if let dash = rest.firstIndex(of: UInt8(ascii: "-")) {
      guard let number = whole(rest[..<dash], digits: 1...6) else { return nil }
      (days, hourDigits) = (number, 2...2)
      rest = rest[(dash + 1)...]
      guard let hours = whole(rest.prefix(2), digits: 2...2), hours < 24 else { return nil }
    }
    return timeOfDay(rest, hourDigits: hourDigits).flatMap { time in
      ExactDecimal(days * 86400).plus(time).map { Seconds($0) }
    }
  }

  /// The seconds from 1970 to the instant `yyyy-mm-ddThh:mm:ss[.fraction]`, with a blank for `T`, and perhaps
  /// `Z` or an offset such as `+02:00`; nil for anything else. Without either it is taken as if it were UTC.
  static func instant(_ text: ArraySlice<UInt8>) -> (seconds: Seconds, hasZone: Bool)? {
    let bytes = Array(text)
    let dash = UInt8(ascii: "-")
    guard bytes.count >= 19, bytes[4] == dash, bytes[7] == dash,
      [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
      let year = whole(bytes[0..<4], digits: 4...4), let month = whole(bytes[5..<7], digits: 2...2),
      let day = whole(bytes[8..<10], digits: 2...2), (1...12).contains(month),
      (1...daysOfMonth(month, year)).contains(day)
    else { return nil }
    var time = bytes[11...]
    var (offset, hasZone) = (0, false)
    if let last = time.last, last | 0x20 == UInt8(ascii: "z") {
      time = time.dropLast()
      hasZone = true
    } else if let sign = time.firstIndex(where: { $0 == dash || $0 == UInt8(ascii: "+") }) {
      guard let minutes = minutes(ofZone: time[(sign + 1)...]) else { return nil }
      offset = time[sign] == dash ? -minutes : minutes
      time = time[..<sign]
      hasZone = true
    }
    guard let hours = whole(time.prefix(2), digits: 2...2), hours < 24,
      let clock = timeOfDay(time, hourDigits: 2...2)
    else { return nil }
    let seconds = days(year, month, day) * 86400 - offset * 60
    return ExactDecimal(seconds).plus(clock).map { (Seconds($0), hasZone) }
  }

  /// `hh:mm:ss[.fraction]`.
  private static func timeOfDay(
    _ text: ArraySlice<UInt8>, hourDigits: ClosedRange<Int>
  ) -> ExactDecimal? {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = whole(parts[0], digits: hourDigits),
      let minutes = whole(parts[1], digits: 2...2), minutes < 60,
      let whole = whole(parts[2].prefix(2), digits: 2...2), whole < 60
    else { return nil }
    let fraction = parts[2].dropFirst(2)
    if !fraction.isEmpty {
      guard fraction.first == UInt8(ascii: "."), fraction.count > 1,
        fraction.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
    }
    return ExactDecimal(parts[2])?.plus(ExactDecimal(hours * 3600 + minutes * 60))
  }

  /// `hh`, `hhmm` or `hh:mm`.
  private static func minutes(ofZone text: ArraySlice<UInt8>) -> Int? {
    var digits = text.filter { $0 != UInt8(ascii: ":") }[...]
    guard text.count == 2 || text.count == 4 || (text.count == 5 && digits.count == 4) else { return nil }
    guard let hours = whole(digits.prefix(2), digits: 2...2), hours < 24 else { return nil }
    digits = digits.dropFirst(2)
    if digits.isEmpty { return hours * 60 }
    guard let minutes = whole(digits, digits: 2...2), minutes < 60 else { return nil }
    return hours * 60 + minutes
  }

  private static func whole(_ text: ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private static func daysOfMonth(_ month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days from 1970-01-01, in the Gregorian calendar.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    // Years that begin in March end with the day that some of them lack.
    let year = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}
