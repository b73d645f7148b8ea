internal import StragglerLab

/// Writes the trace or the last table to a file.
struct SaveCommand: Command {
  static let name = "save"
  static let usage = "save FILE"
  static let summary = "the trace or the last table to a .csv, .json or .md file"
  static let details = """
    The file is written whole or not at all. Markdown (.md) is for tables only. JSON of traces and \
    comparisons also holds the version and the commands that made them.
    """

  private var file = Given("")
  private var isOfTraces = false

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, "a name that ends in .csv, .json or .md")
    arguments.flag("traces", &isOfTraces, "after a comparison or sweep: the traces and not the table")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    guard let form = Form.allCases.first(where: { file.value.hasSuffix($0.rawValue) }) else {
      throw Self.unknownForm(file, Form.allCases.map(\.rawValue))
    }
    try workspace.write(try text(as: form, workspace), to: file)
    // The user's own tables are shown when they are complete.
    if case .table = workspace.results.latest {
      workspace.keep(.table(try workspace.currentTable().text, note: ""))
    }
    return .done
  }

  /// What a file can hold, as its name ends.
  private enum Form: String, CaseIterable {
    case csv = ".csv"
    case json = ".json"
    case markdown = ".md"
  }

  private func text(as form: Form, _ workspace: Workspace) throws(Diagnostic) -> String {
    let provenance = workspace.provenance
    switch workspace.results.latest {
    case .comparison(let rows) where !isOfTraces:
      let report = ComparisonReport(rows)
      return Self.text(
        form, json: .array(report.json.map(provenance.annotated)), csv: report.csv, report.table,
        report.notes)
    case .sweep(let report) where !isOfTraces:
      return Self.text(form, json: .array(report.json), csv: report.csv, report.table, report.notes)
    case .table:
      let table = try workspace.currentTable()
      return Self.text(form, json: table.json, csv: table.csv, table.text)
    case .comparison, .sweep, .run, .nothing:
      let report = try workspace.traces(at: file.place)
      guard form != .markdown else { throw Diagnostic(.traceIsNoTable, at: file.place) }
      guard form == .json else { return report.csv }
      guard case .array(let traces) = report.json else { return report.json.line + "\n" }
      return JSONValue.array(traces.map(provenance.annotated)).line + "\n"
    }
  }

  private static func text(
    _ form: Form, json: @autoclosure () -> JSONValue, csv: @autoclosure () -> String, _ table: TextTable,
    _ notes: [String] = []
  ) -> String {
    switch form {
    case .csv: csv()
    case .json: json().line + "\n"
    case .markdown: table.markdown(notes: notes)
    }
  }
}
