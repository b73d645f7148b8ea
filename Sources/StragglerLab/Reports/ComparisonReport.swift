/// The rows of a comparison as JSON, text and CSV.
public struct ComparisonReport: Sendable {
  public let rows: [Comparison.Row]

  public init(_ rows: [Comparison.Row]) { self.rows = rows }

  /// One object a method: the statistics averaged over the seeds, with their ranges.
  public var json: [JSONValue] {
    rows.map { row in
      var members = [JSONValue.Member("method", .string(row.method))]
      members += row.means.map { JSONValue.Member($0.name, .number($0.value)) }
      members += ranges(row).map { JSONValue.Member($0.name, .number($0.value)) }
      members += [
        JSONValue.Member("seeds", .integer(row.runs.count)), JSONValue.Member("gamma", .number(row.stepsize)),
        JSONValue.Member("reached", .number(row.reached)),
        JSONValue.Member("stopped", .string(Self.stops(row))),
      ]
      return .object(members)
    }
  }

  private func ranges(_ row: Comparison.Row) -> [(name: String, value: Double)] {
    [
      ("time_min", row.minimum(.time)), ("time_max", row.maximum(.time)), ("loss_min", row.minimum(.loss)),
      ("loss_max", row.maximum(.loss)),
    ]
  }

  /// What people look at first; the quantities that are not known for any method are left out.
  public var table: TextTable {
    let several = rows.contains { $0.runs.count > 1 }
    var names = ["time"] + (several ? ["time_min", "time_max"] : [])
    names += [
      "iteration", "gap", "gradnorm2", "accuracy", "loss", "useful", "discarded", "cancelled", "busy",
    ]
    let values = rows.map { row in
      Dictionary(
        (row.means + ranges(row)).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    names.removeAll { name in values.allSatisfy { $0[name]?.isNaN ?? true } }
    // Where f* is known, the loss says nothing that the gap does not.
    if names.contains("gap") { names.removeAll { $0 == "loss" } }
    let cells = zip(rows, values).map { row, values in
      [Cell.text(row.method), .text(Self.stops(row)), .number(row.stepsize)]
        + names.map { .number(values[$0] ?? .nan) }
    }
    return TextTable(header: ["method", "stopped", "gamma"] + names, rows: cells)
  }

  /// The reasons why the runs stopped, each once.
  private static func stops(_ row: Comparison.Row) -> String {
    var reasons: [String] = []
    for run in row.runs {
      let reason = run.statistics.stopped?.rawValue ?? ""
      if !reasons.contains(reason) { reasons.append(reason) }
    }
    return reasons.joined(separator: " ")
  }

  /// A row a method with every statistic, as CSV.
  public var csv: String {
    guard let first = rows.first else { return "" }
    let header =
      ["method"] + first.means.map(\.name) + ranges(first).map(\.name) + ["seeds", "gamma", "reached"]
    let cells = rows.map { row in
      [Cell.text(row.method)] + (row.means + ranges(row)).map { .number($0.value) }
        + [.integer(row.runs.count), .number(row.stepsize), .number(row.reached)]
    }
    return CSV.document(header: header, rows: cells)
  }
}
