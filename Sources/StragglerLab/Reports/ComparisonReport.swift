// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// The rows of a comparison or a sweep as JSON, text and CSV.
public struct ComparisonReport: Sendable {
  /// A row with what distinguishes it from the others.
  struct Entry: Sendable {
    /// Names and values that precede the statistics: the method, the keys of a sweep.
    let labels: [(name: String, value: Cell)]
    let row: Comparison.Row
    /// Why its runs stopped, each reason once.
    let stopped: String
  }

  let entries: [Entry]
  /// Whether rows go by labels of their own.
  private let isComparison: Bool

  /// A report of `rows`, in their order.
  public init(_ rows: [Comparison.Row]) {
    entries = rows.map {
      Entry(labels: [("method", .text($0.method))], row: $0, stopped: Self.stops($0))
    }
    isComparison = true
  }

  init(_ entries: [Entry]) {
    self.entries = entries
    isComparison = false
  }

  /// One object a row: the statistics averaged over the seeds, with their ranges, what the row goes by, and
  /// what was tuned.
  public var json: [JSONValue] {
    entries.map { entry in
      var members = Self.members(of: entry)
      if isComparison {
        members.append(JSONValue.Member("label", .string(entry.row.name)))
        if !entry.row.tuned.isEmpty {
          let tuned = entry.row.tuned.map { JSONValue.Member($0.name, $0.value.json) }
          members.append(
            JSONValue.Member(
              "tuned", .object([JSONValue.Member("gamma", .number(entry.row.gamma))] + tuned)))
        }
      }
      return .object(members)
    }
  }

  /// Whether a row goes by another name than its method's.
  private var hasLabels: Bool { isComparison && entries.contains { $0.row.name != $0.row.method } }

  /// Whether some row was measured on part of the data.
  private var isSampled: Bool { entries.contains { $0.row.evaluated != nil } }

  /// The names of what was tuned besides γ, in any row.
  private var tunedNames: [String] {
    var names: [String] = []
    for label in entries.flatMap(\.row.tuned) where !names.contains(label.name) { names.append(label.name) }
    return names
  }

  private static func tuned(_ name: String, of entry: Entry) -> Cell {
    entry.row.tuned.first { $0.name == name }?.value ?? .missing
  }

  static func members(of entry: Entry) -> [JSONValue.Member] {
    let row = entry.row
    var members = entry.labels.map { JSONValue.Member($0.name, $0.value.json) }
    members += row.means.map { JSONValue.Member($0.name, .number($0.value)) }
    members += ranges(row).map { JSONValue.Member($0.name, .number($0.value)) }
    members += [
      JSONValue.Member("seeds", .integer(row.runs.count)), JSONValue.Member("gamma", .number(row.gamma)),
      JSONValue.Member("reached", .number(row.reached)),
      JSONValue.Member("stopped", .string(entry.stopped)),
    ]
    members += resolutions(row).map { JSONValue.Member($0.name, .number($0.value)) }
    if let sample = row.evaluated { members.append(JSONValue.Member("evaluated", .integer(sample.rows))) }
    return members
  }

  /// The numbers of every row under their names.
  public var numbers: [[(name: String, value: Double)]] {
    entries.map { entry in
      entry.row.means + Self.ranges(entry.row)
        + [
          ("seeds", Double(entry.row.runs.count)), ("gamma", entry.row.gamma),
          ("reached", entry.row.reached),
        ] + Self.resolutions(entry.row)
    }
  }

  /// What came later than the other keys: how exactly times are known, and when the runs ended whether or not
  /// they had what was asked for.
  private static func resolutions(_ row: Comparison.Row) -> [(name: String, value: Double)] {
    [("time_resolution", row.timeResolution), ("end", row.end)]
  }

  private static func ranges(_ row: Comparison.Row) -> [(name: String, value: Double)] {
    [
      ("time_min", row.minimum(.time)), ("time_max", row.maximum(.time)), ("loss_min", row.minimum(.loss)),
      ("loss_max", row.maximum(.loss)),
    ]
  }

  /// The numbers of every seed, with what its row goes by under `method`.
  public var seedTable: DataTable {
    var table = DataTable()
    for entry in entries { Self.add(entry.row, [("method", .text(entry.row.name))], to: &table) }
    return table
  }

  /// Adds a row for each seed of `row`: its labels and the numbers; of a point that was given up there are
  /// none.
  static func add(_ row: Comparison.Row, _ labels: [(name: String, value: Cell)], to table: inout DataTable) {
    if row.runs.isEmpty {
      let names = Statistics.names.filter { name in !labels.contains { $0.name == name } }
      return table.add(labels + names.map { ($0, .number(.nan)) })
    }
    for (run, time) in zip(row.runs, row.times) {
      let numbers = run.statistics.numbers.map { name, value in
        (name: name, value: Cell.number(name == "time" ? time : value))
      }
      let reached = row.goal.isReached(run.statistics.stopped)
      table.add(
        labels + numbers
          + [("gamma", .number(row.gamma)), ("reached", .integer(reached ? 1 : 0))]
          + [("end", .number(run.statistics.point.time))])
    }
  }

  /// What people look at first; the quantities that are not known for any row are left out.
  public var table: TextTable {
    let several = entries.contains { $0.row.runs.count > 1 }
    var names = ["time"] + (several ? ["time_min", "time_max"] : [])
    names += [
      "iteration", "gap", "gradnorm2", "accuracy", "loss", "useful", "discarded", "cancelled", "busy",
    ]
    let values = entries.map { entry in
      Dictionary(
        (entry.row.means + Self.ranges(entry.row)).map { ($0.name, $0.value) },
        uniquingKeysWith: { first, _ in first })
    }
    names.removeAll { name in values.allSatisfy { $0[name]?.isNaN ?? true } }
    // Where f* is known, the loss says nothing that the gap does not.
    if names.contains("gap") { names.removeAll { $0 == "loss" } }
    let cells = zip(entries, values).map { entry, values in
      // A point that was given up has no results.
      let labels = isComparison ? [Cell.text(entry.row.name)] : entry.labels.map(\.value)
      return labels + [.text(entry.stopped), Self.cell("gamma", entry.row.gamma, entry.row)]
        + tunedNames.map { Self.tuned($0, of: entry) }
        + names.map { Self.cell($0, values[$0] ?? .nan, entry.row) }
    }
    let labels = entries.first?.labels.map(\.name) ?? ["method"]
    return TextTable(header: labels + ["stopped", "gamma"] + tunedNames + names, rows: cells)
  }

  /// A number for people: of a time that was not reached, what it is more than.
  private static func cell(_ name: String, _ number: Double, _ row: Comparison.Row) -> Cell {
    if number.isNaN && row.runs.isEmpty { return .missing }
    guard number == .infinity else { return .number(number) }
    let bound: Double
    switch name {
    case "time": bound = Comparison.Row.mean(row.bounds)
    case "time_min": bound = row.bounds.min() ?? .nan
    case "time_max": bound = row.bounds.max() ?? .nan
    default: return .number(number)
    }
    return .text("> " + NumberText.brief(bound, digits: 3))
  }

  /// What has to be said of the numbers: on how much of the data they were measured where that is not all;
  /// and of the times, how exactly they are known where that is not to 2 %, and who is not ranked for it.
  public var notes: [String] {
    var notes: [String] = []
    for sample in entries.compactMap(\.row.evaluated) where !notes.contains(sample.note) {
      notes.append(sample.note)
    }
    for entry in entries where entry.row.isCoarse {
      notes.append(
        "note: the time of \(Self.name(entry)) may be too long by up to "
          + "\(NumberText.brief(entry.row.timeResolution, digits: 3)) s (time_resolution): "
          + "to look closer would cost more than the run itself and a second")
    }
    let timed = entries.filter { $0.row.time.isFinite }
    for (index, a) in timed.enumerated() {
      for b in timed[(index + 1)...] where a.row.isCoarse || b.row.isCoarse {
        let (x, y) = (a.row.time, b.row.time)
        let (xLow, yLow) = (x - Self.width(a.row), y - Self.width(b.row))
        guard xLow <= y, yLow <= x else { continue }
        notes.append("note: which of \(Self.name(a)) and \(Self.name(b)) is faster is not resolved")
      }
    }
    return notes
  }

  private static func width(_ row: Comparison.Row) -> Double {
    row.timeResolution.isNaN ? 0 : row.timeResolution
  }

  private static func name(_ entry: Entry) -> String {
    entry.labels.map { label in
      if case .text(let text) = label.value, label.name == "method" {
        return TerminalText.clean(entry.row.label ?? text)
      }
      return "\(label.name)=\(label.value.brief(digits: 6))"
    }.joined(separator: " ")
  }

  static func stops(_ row: Comparison.Row) -> String {
    var reasons: [String] = []
    for run in row.runs {
      let reason = run.statistics.stopped?.word ?? ""
      if !reasons.contains(reason) { reasons.append(reason) }
    }
    return reasons.joined(separator: " ")
  }

  /// The names of what is reported of every row.
  public static let names: Set<String> = Set(
    Statistics.names + [
      "command", "method", "time_min", "time_max", "loss_min", "loss_max", "seeds", "gamma",
    ]
      + ["reached", "stopped", "best", "time_resolution", "end"])

  /// A line a row with every statistic, as CSV.
  public var csv: String { entries.isEmpty ? "" : CSV.document(header: columns.header, rows: columns.rows) }

  /// A line a row with every statistic.
  public var columns: (header: [String], rows: [[Cell]]) {
    guard let first = entries.first else { return ([], []) }
    let header =
      first.labels.map(\.name) + first.row.means.map(\.name) + Self.ranges(first.row).map(\.name)
      + ["seeds", "gamma", "reached"] + (hasLabels ? ["label"] : []) + tunedNames
      + Self.resolutions(first.row).map(\.name) + (isSampled ? ["evaluated"] : [])
    let cells = entries.map { entry in
      entry.labels.map(\.value)
        + (entry.row.means + Self.ranges(entry.row)).map { .number($0.value) }
        + [.integer(entry.row.runs.count), .number(entry.row.gamma), .number(entry.row.reached)]
        + (hasLabels ? [.text(entry.row.name)] : []) + tunedNames.map { Self.tuned($0, of: entry) }
        + Self.resolutions(entry.row).map { .number($0.value) }
        + (isSampled ? [entry.row.evaluated.map { .integer($0.rows) } ?? .missing] : [])
    }
    return (header, cells)
  }
}
