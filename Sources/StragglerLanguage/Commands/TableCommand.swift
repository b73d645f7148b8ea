// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Begins a table, goes on with one, or shows it.
struct TableCommand: Command {
  static let name = "table"
  static let usage = "table [NAME]"
  static let summary = "begins a table of your own, or shows it"
  static let details = """
    With a name: begins a table, or goes on with the one that has this name. `row` adds to it, and it is \
    what `save` and `plot` take until something else has run. Without a name: shows it.
    """

  private var table: Given<String>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("NAME", &table, .name, "a name for the table")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    if let table {
      workspace.results.tableName = table.value
      if workspace.results.tables[table.value] == nil { workspace.results.tables[table.value] = DataTable() }
      workspace.results.latest = .table
      return .done
    }
    let current = try workspace.currentTable()
    workspace.keep(.table(current.text, note: ""))
    try workspace.report(
      ["command": "table", "name": .string(workspace.results.tableName), "rows": current.json],
      text: String(current.text.text(width: workspace.options.width).dropLast()))
    return .done
  }
}
