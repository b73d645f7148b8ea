// SPDX-License-Identifier: Apache-2.0

public import StragglerLab

// What a session has come to, for programs that want numbers and no text.

extension Interpreter {
  /// Columns with a name each, and rows with a cell for each of them.
  public typealias Columns = (names: [String], rows: [[Cell]])

  /// The columns of a result; nil where there is none of that name.
  ///
  /// - `traces`: the points of the last run, comparison or sweep, as `save` writes them;
  /// - `results`: the rows of the last comparison or sweep;
  /// - `model`: x of the run, in one column;
  /// - any other name: the table of that name that `row` fills.
  public func columns(_ name: String) -> Columns? {
    switch name {
    case "traces": return (try? workspace.traces(at: .nowhere)).map { ($0.columns.header, $0.columns.rows) }
    case "results":
      switch workspace.results.latest {
      case .comparison(let rows):
        let columns = ComparisonReport(rows).columns
        return (columns.header, columns.rows)
      case .sweep(let report): return (report.columns.header, report.columns.rows)
      case .nothing, .run, .table: return nil
      }
    case "model": return workspace.current.run.map { run in (["x"], run.model.map { [.number($0)] }) }
    default: return workspace.results.tables[name].map { ($0.columns, $0.cells) }
    }
  }
}
