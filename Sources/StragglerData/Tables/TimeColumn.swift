// SPDX-License-Identifier: Apache-2.0

/// Reads the times of one column, all of which have one form.
struct TimeColumn {
  /// The unit that the title or a key gives.
  private let unit: TimeUnit?
  /// Whether its cells may be instants.
  private let takesInstants: Bool
  /// The form of the first time, and its line.
  private var first: (form: Form, line: Int)?
  /// The only unit that its cells have named so far.
  private var unitOfCells: TimeUnit?

  /// How a time is written.
  enum Form: Equatable {
    case number, unit, clock
    case instant(hasZone: Bool)

    var words: String {
      switch self {
      case .number: "no unit"
      case .unit: "a unit"
      case .clock: "the form hh:mm:ss"
      case .instant(let hasZone): hasZone ? "a date with a zone" : "a date without a zone"
      }
    }
  }

  init(_ unit: TimeUnit?, takesInstants: Bool = false) {
    self.unit = unit
    self.takesInstants = takesInstants
  }

  /// What the times are in, for a reading; nil where there were none.
  var unitName: String? {
    switch first?.form {
    case nil: unit?.rawValue
    case .number: (unit ?? .seconds).rawValue
    case .unit: unitOfCells?.rawValue ?? "units in the cells"
    case .clock: "hh:mm:ss"
    case .instant: "dates"
    }
  }

  /// The same of several columns; seconds where there were no times.
  static func unitNames(_ columns: [TimeColumn]) -> String {
    var names: [String] = []
    for name in columns.compactMap(\.unitName) where !names.contains(name) { names.append(name) }
    return names.isEmpty ? "seconds" : names.joined(separator: " and ")
  }

  /// How its times are written; nil where there were none.
  var form: Form? { first?.form }

  /// The time of a cell that is neither missing nor a word for infinity. `what` is what it should be: "a
  /// duration". Throws where it is no time, or written unlike those before.
  mutating func seconds(_ cell: TableCell, _ what: String) throws(DataError) -> Seconds {
    guard let (seconds, form, cellUnit) = Self.parse(cell.text, unit, takesInstants) else {
      throw cell.error("\(cell.quoted) is not \(what)", Self.remedy(cell, takesInstants))
    }
    if unit != nil, form == .clock || (cellUnit != nil && cellUnit != unit) {
      throw cell.error(
        "\(cell.quoted) has a unit of its own, and the column has \(unit?.rawValue ?? "")",
        "leave one of the two out")
    }
    guard let first else {
      first = (form, cell.line)
      unitOfCells = cellUnit
      return seconds
    }
    guard first.form == form else {
      throw cell.error(
        "\(cell.quoted) has \(form.words), and the time on line \(first.line) has \(first.form.words)",
        "write all times of a column alike")
    }
    if unitOfCells != cellUnit { unitOfCells = nil }
    return seconds
  }

  private static func parse(
    _ text: ArraySlice<UInt8>, _ unit: TimeUnit?, _ takesInstants: Bool
  ) -> (Seconds, Form, TimeUnit?)? {
    if let seconds = (unit ?? .seconds).seconds(text) { return (seconds, .number, nil) }
    if let seconds = Clock.duration(text) { return (seconds, .clock, nil) }
    if takesInstants, let (seconds, hasZone) = Clock.instant(text) {
      return (seconds, .instant(hasZone: hasZone), nil)
    }
    // A number with a unit behind it.
    guard
      let start = text.lastIndex(where: { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
    else { return nil }
    let rest = text[(start + 1)...].drop { $0 == UInt8(ascii: " ") }
    guard let named = TimeUnit(String(decoding: rest, as: UTF8.self)),
      let seconds = named.seconds(text[...start])
    else { return nil }
    return (seconds, .unit, named)
  }

  private static func remedy(_ cell: TableCell, _ takesInstants: Bool) -> String {
    let text = cell.string
    if text.contains(","), !text.contains(".") { return "write numbers with a decimal point: 1.5" }
    if text.count(where: { $0 == ":" }) == 1 {
      return "two numbers with a colon may be minutes or hours: write hh:mm:ss"
    }
    return takesInstants
      ? "write seconds, hh:mm:ss, or dates such as 2026-03-01T12:00:00Z"
      : "write a number, in seconds or with a unit (\(TimeUnit.words)), hh:mm:ss, or inf for a failure"
  }
}
