// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Adds a row to the table.
struct RowCommand: Command {
  static let name = "row"
  static let usage = "row COLUMN=EXPRESSION…"
  static let summary = "adds a row to the table"
  static let details = """
    Each key names a column, whose value is a number or a text: `row method="rennala" R=R time=time`. A \
    column that a row leaves out is empty there.
    """

  private var given = BoundArguments.none

  mutating func arguments(_ arguments: inout Arguments) { arguments.keys(of: .columns, &given) }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    guard !given.keyed.isEmpty else { throw Diagnostic(.rowWithoutColumns, at: workspace.place) }
    let name = workspace.results.tableName
    workspace.results.tables[name, default: DataTable()].add(
      given.keyed.map { key in
        if case .text(let text) = key.value.value { return (key.name, Cell.text(text)) }
        return (key.name, Cell(key.value.number ?? .nan))
      })
    workspace.results.latest = .table
    return .done
  }
}
