// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A reader of records with a row a job, written from the description of the format alone and by other
/// means than the library's: regular expressions and whole texts. It gives each row's worker and seconds,
/// or nothing where the table is to be refused.
enum PlainReader {
  struct Job: Equatable {
    var worker: String
    var seconds: Double
  }

  private struct Refused: Error {}

  static func jobs(_ bytes: [UInt8]) -> [Job]? {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { return nil }
    return try? jobs(text)
  }

  private static let titles: [String: [String]] = [
    "worker": [
      "worker", "worker_id", "rank", "client", "client_id", "device", "device_id", "node", "nodelist", "host",
      "hostname", "machine", "gpu", "name",
    ],
    "duration": ["duration", "seconds", "elapsed", "runtime", "compute_time", "step_time"],
    "start": ["start", "begin", "started", "start_time"],
    "end": ["end", "finish", "finished", "end_time"],
    "outcome": ["status", "state", "result", "outcome", "exit_code"],
  ]
  private static let units: [String: Double] = [
    "ns": 1e9, "us": 1e6, "µs": 1e6, "ms": 1e3, "s": 1, "min": 1 / 60.0, "h": 1 / 3600.0, "d": 1 / 86400.0,
    "nanoseconds": 1e9, "microseconds": 1e6, "milliseconds": 1e3, "seconds": 1, "minutes": 1 / 60.0,
    "hours": 1 / 3600.0, "days": 1 / 86400.0,
  ]

  private static func jobs(_ text: String) throws -> [Job] {
    var rows: [[String]] = []
    var separator: Character?
    let body = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    for scalars in body.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
      var line = Substring(scalars)
      guard let first = line.first(where: { $0 != " " && $0 != "\t" }), first != "#" else { continue }
      if separator == nil {
        let bare = withoutComment(line, nil).replacing(/(^|[;\t|, ])"[^"]*"/) { $0.1 }
        separator = ";\t|,".first { bare.contains($0) } ?? " "
      }
      line = withoutComment(line, separator)
      // Among titles between blanks, a unit in brackets belongs to the title before it.
      if rows.isEmpty, separator == " " {
        line = Substring(line.replacing(/[ \t]+([\[(][^ \t]*[\])])(?=[ \t]|$)/) { "\u{1}\($0.1)" })
      }
      let row = try cells(line, separator ?? " ")
      rows.append(row.map { $0.replacing("\u{1}", with: " ") })
    }
    guard let head = rows.first, rows.allSatisfy({ $0.count == head.count }) else { throw Refused() }
    if !head.contains(where: looksLikeValue) { return try titled(head, Array(rows.dropFirst())) }
    // Without titles.
    guard head.count <= 2 else { throw Refused() }
    if head.count == 1 { return try rows.map { Job(worker: "", seconds: try duration($0[0], nil)) } }
    return try rows.map { row in
      if row[0].wholeMatch(of: decimal) != nil, row[0].wholeMatch(of: /[0-9]+/) == nil { throw Refused() }
      return Job(worker: try id(row[0]), seconds: try duration(row[1], nil))
    }
  }

  private static func looksLikeValue(_ cell: String) -> Bool {
    cell.firstMatch(of: /^[-+.0-9]/) != nil
      || ["inf", "infinity", "nan", "na", "n/a", "null"].contains(cell.lowercased())
  }

  /// A line up to a `#` behind a blank and outside quotation marks.
  private static func withoutComment(_ line: Substring, _ separator: Character?) -> Substring {
    var inQuotes = false
    var previous: Character = "\n"
    var startsCell = true
    for index in line.indices {
      let character = line[index]
      if character == "\"", inQuotes || startsCell { inQuotes.toggle() }
      let isBlank = previous == " " || (previous == "\t" && separator != "\t")
      if character == "#", !inQuotes, isBlank { return line[..<index] }
      if !inQuotes {
        startsCell =
          separator.map { character == $0 } ?? ";\t|,".contains(character)
          || character == "\t" || (character == " " && (startsCell || separator == " " || separator == nil))
      }
      previous = character
    }
    return line
  }

  private static func cells(_ line: Substring, _ separator: Character) throws -> [String] {
    if separator == " ", !line.contains("\"") {
      return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    }
    var cells: [String] = []
    var rest = String(line)
    func trimmed(_ text: some StringProtocol) -> String {
      text.trimmingCharacters(in: CharacterSet(charactersIn: separator == "\t" ? " " : " \t"))
    }
    if separator == " " { rest = trimmed(rest) }
    while true {
      rest = String(rest.drop { $0 == " " || ($0 == "\t" && separator != "\t") })
      if rest.hasPrefix("\"") {
        guard let match = rest.firstMatch(of: /^"((?:[^"]|"")*)"/) else { throw Refused() }
        let quoted = match.1.replacing("\"\"", with: "\"")
        cells.append(quoted.trimmingCharacters(in: CharacterSet(charactersIn: " \t")))
        let behind = rest[match.range.upperBound...]
        if separator == " " {
          if behind.isEmpty { return cells }
          guard behind.first == " " || behind.first == "\t" else { throw Refused() }
          rest = String(behind.dropFirst())
          continue
        }
        rest = trimmed(behind)
        if rest.isEmpty { return cells }
        guard rest.first == separator else { throw Refused() }
        rest.removeFirst()
        continue
      }
      let end = rest.firstIndex { $0 == separator || (separator == " " && $0 == "\t") }
      cells.append(trimmed(rest[..<(end ?? rest.endIndex)]))
      guard let end else { return cells }
      rest = String(rest[rest.index(after: end)...])
    }
  }

  private static func normal(_ title: String) -> String {
    title.replacing(/([a-z])([A-Z])/) { "\($0.1)_\($0.2)" }.lowercased()
      .replacing(/[-_ \t]/, with: "")
  }

  /// The unit of a title that is one of `names`, 1 for seconds; nil where it is none of them.
  private static func unit(_ title: String, _ names: [String]) throws -> Double?? {
    let known = names.map(normal)
    if known.contains(normal(title)) { return .some(normal(title) == "seconds" ? 1 : nil) }
    if let match = title.firstMatch(of: /^(.*?) *[(\[]([^()\[\]]*)[)\]]$/),
      known.contains(normal(String(match.1)))
    {
      guard let unit = units[match.2.trimmingCharacters(in: .whitespaces).lowercased()] else {
        throw Refused()
      }
      return .some(unit)
    }
    let parted = title.replacing(/([a-z])([A-Z])/) { "\($0.1)_\($0.2)" }
    if let match = parted.firstMatch(of: /^(.*)[-_ ]+([^-_ ]+)$/), known.contains(normal(String(match.1))),
      let unit = units[match.2.lowercased()]
    {
      return .some(unit)
    }
    if names.contains("seconds"), title.count > 1, title.lowercased() != "min",
      let unit = units[title.lowercased()]
    {
      return .some(unit)
    }
    return .none
  }

  private static func titled(_ head: [String], _ rows: [[String]]) throws -> [Job] {
    func columns(_ role: String, _ extra: [String] = []) throws -> [(index: Int, unit: Double?)] {
      try head.enumerated().compactMap { index, title in
        if ["worker", "outcome"].contains(role) {
          return ((titles[role] ?? []) + extra).map(normal).contains(normal(title)) ? (index, nil) : nil
        }
        return try unit(title, (titles[role] ?? []) + extra).map { (index, $0) }
      }
    }
    func only(_ found: [(index: Int, unit: Double?)]) throws -> (index: Int, unit: Double?)? {
      guard found.count <= 1 else { throw Refused() }
      return found.first
    }
    let (start, end) = (try only(columns("start")), try only(columns("end")))
    let duration = try only(columns("duration", start == nil && end == nil ? ["time"] : []))
    let worker = try only(columns("worker")) ?? only(columns("worker", ["id"]))
    let outcome = try only(columns("outcome"))
    var jobs: [Job] = []
    for row in rows {
      var job = Job(worker: try worker.map { try id(row[$0.index]) } ?? "", seconds: 0)
      if let duration {
        job.seconds = try self.duration(row[duration.index], duration.unit)
        if let start, let end, let first = try? instant(row[start.index], start.unit),
          let last = try? instant(row[end.index], end.unit), job.seconds < .infinity,
          abs(last - first - job.seconds) > 1 + 1e-6 * job.seconds + 1e-9
        {
          throw Refused()
        }
      } else if let start, let end {
        let last = row[end.index]
        job.seconds =
          ["inf", "+inf", "infinity", "+infinity"].contains(last.lowercased())
          ? .infinity : try instant(last, end.unit) - instant(row[start.index], start.unit)
        guard job.seconds >= 0 else { throw Refused() }
      } else {
        throw Refused()
      }
      if let outcome, try failed(row[outcome.index], head[outcome.index]) { job.seconds = .infinity }
      jobs.append(job)
    }
    return jobs
  }

  private static var decimal: Regex<(Substring, Substring, Substring?)> {
    /[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?/
  }

  private static func id(_ cell: String) throws -> String {
    let noNames = [
      "", "na", "n/a", "nan", "+nan", "-nan", "null", "inf", "+inf", "-inf", "infinity", "+infinity",
      "-infinity", "total", "sum", "mean", "average", "avg", "median",
    ]
    guard !noNames.contains(cell.lowercased()) else { throw Refused() }
    guard cell.wholeMatch(of: /[0-9]+/) != nil else { return cell }
    return cell.replacing(/^0+(?=.)/, with: "")
  }

  private static func failed(_ cell: String, _ title: String) throws -> Bool {
    if let code = Int(cell) { return code != 0 }
    // Slurm's exit codes have a signal behind them.
    if normal(title) == "exitcode", let match = cell.wholeMatch(of: /([0-9]+):([0-9]+)/) {
      return Int(match.1) != 0 || Int(match.2) != 0
    }
    let word = cell.lowercased().replacing(/[-_ ]/, with: "")
    if ["ok", "done", "completed", "success", "succeeded", "finished"].contains(word) { return false }
    let beginnings = ["fail", "error", "killed", "timeout", "cancel", "preempt", "oom", "nodefail"]
    if beginnings.contains(where: { word.hasPrefix($0) }) { return true }
    throw Refused()
  }

  private static func duration(_ cell: String, _ unit: Double?) throws -> Double {
    if ["inf", "+inf", "infinity", "+infinity"].contains(cell.lowercased()) { return .infinity }
    let seconds = try instant(cell, unit, dates: false)
    guard seconds >= 0, seconds.isFinite else { throw Refused() }
    return seconds
  }

  private static func instant(_ cell: String, _ unit: Double?, dates: Bool = true) throws -> Double {
    if cell.wholeMatch(of: decimal) != nil {
      guard let number = Double(cell.hasSuffix(".") ? cell + "0" : cell.replacing(/\.(?=[eE])/, with: ""))
      else {
        throw Refused()
      }
      return number / (unit ?? 1)
    }
    if unit == nil,
      let match = cell.wholeMatch(of: /(?:([0-9]+)-)?([0-9]+):([0-5][0-9]):([0-5][0-9](?:\.[0-9]+)?)/)
    {
      let days = match.1.flatMap { Double($0) } ?? 0
      guard match.1 == nil || (match.2.count == 2 && (Int(match.2) ?? 24) < 24) else { throw Refused() }
      return days * 86400 + (Double(match.2) ?? .nan) * 3600 + (Double(match.3) ?? .nan) * 60
        + (Double(match.4) ?? .nan)
    }
    if dates, let date = date(cell) { return date }
    if let match = cell.wholeMatch(of: /([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?) *([^0-9. ]+)/),
      let named = units[match.2.lowercased()], unit == nil || unit == named
    {
      return try instant(String(match.1), named, dates: false)
    }
    throw Refused()
  }

  private static func date(_ cell: String) -> Double? {
    guard
      let match = cell.wholeMatch(
        of:
          /([0-9-]{10})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|z|[-+][0-9]{2}:?[0-9]{2})?/
      )
    else { return nil }
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime]
    var zone = String(match.4 ?? "Z").uppercased()
    if zone.count == 5 { zone.insert(":", at: zone.index(zone.startIndex, offsetBy: 3)) }
    guard let date = formatter.date(from: "\(match.1)T\(match.2)\(zone)") else { return nil }
    return date.timeIntervalSince1970 + (match.3.flatMap { Double($0) } ?? 0)
  }
}
