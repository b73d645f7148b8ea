// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Writes the trace or the last table to a file.
struct SaveCommand: Command {
  static let name = "save"
  static let usage = "save FILE [traces | model]"
  static let summary = "the trace, the last table or the model, to a file"
  static let details = """
    The file is written whole or not at all. Markdown (.md) is for tables only. JSON of traces and \
    comparisons also holds the version and the commands that made them. With `model` it is x of the run: \
    a number a line (.csv), or an array for NumPy (.npy).
    """

  private static let endings = Wording.either(SavedForm.all.map(\.ending))

  private var file = Given("")
  private var (isOfTraces, isOfModel) = (false, false)

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, "a name that ends in \(Self.endings)")
    arguments.flag("model", &isOfModel, "x of the run, to a \(Wording.either(SavedModel.endings)) file")
    arguments.flag("traces", &isOfTraces, "after a comparison or sweep: the traces and not the table")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    if isOfModel {
      guard let form = SavedModel.of(file.value) else { throw Self.unknownForm(file, SavedModel.endings) }
      let real = workspace.current.real
      guard let model = real?.isLatest == true ? real?.model : workspace.current.run?.model ?? real?.model
      else { throw Diagnostic(.noModel, at: file.place) }
      try workspace.write(form.bytes(model), to: file)
      return .done
    }
    guard let form = SavedForm.of(file.value) else {
      throw Self.unknownForm(file, SavedForm.all.map(\.ending))
    }
    let result = try result(of: workspace)
    guard let text = form.text(result) else {
      let others = SavedForm.all.filter { $0.text(result) != nil }
      throw Diagnostic(.traceIsNoTable(instead: others.map(\.ending)), at: file.place)
    }
    try workspace.write(text, to: file)
    // The user's own tables are shown when they are complete.
    if case .table = workspace.results.latest {
      workspace.keep(.table(try workspace.currentTable().text, note: ""))
    }
    return .done
  }

  private func result(of workspace: Workspace) throws(Diagnostic) -> SavedResult {
    let provenance = workspace.provenance
    switch workspace.results.latest {
    case .comparison(let rows) where !isOfTraces:
      let report = ComparisonReport(rows)
      return SavedResult(
        report.columns, json: .array(report.json.map(provenance.annotated)), table: report.table,
        notes: report.notes)
    case .sweep(let report) where !isOfTraces:
      return SavedResult(
        report.columns, json: .array(report.json), table: report.table, notes: report.notes)
    case .table:
      let table = try workspace.currentTable()
      return SavedResult((table.columns, table.cells), json: table.json, table: table.text)
    case .comparison, .sweep, .run, .nothing:
      let report = try workspace.traces(at: file.place)
      return SavedResult(
        report.columns, json: Self.annotated(report.json, provenance))
    }
  }

  /// Traces, each with where it comes from.
  private static func annotated(_ traces: JSONValue, _ provenance: Provenance) -> JSONValue {
    guard case .array(let traces) = traces else { return traces }
    return .array(traces.map(provenance.annotated))
  }
}
