// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// What a session has computed and shown.
struct Results {
  /// The last thing that gave something to save or to plot.
  enum Latest {
    case nothing, run
    case comparison([Comparison.Row])
    case sweep(SweepReport)
    case table
  }

  /// What `save` and `plot` work on.
  var latest = Latest.nothing
  /// The commands that made the last comparison or sweep.
  var made: [String] = []
  /// The tables that `row` fills.
  var tables: [String: DataTable] = [:]
  /// Which of them it fills now.
  var tableName = ""
  /// What has been shown so far, for `report`.
  var shown = SessionReport()
}

extension Workspace {
  /// The table that `row` fills.
  func currentTable() throws(Diagnostic) -> DataTable {
    guard let table = results.tables[results.tableName], !table.isEmpty else {
      throw Diagnostic(.emptyTable, at: place)
    }
    return table
  }

  /// The traces of the last run or comparison.
  func traces(at place: Place) throws(Diagnostic) -> TraceReport {
    if case .comparison(let rows) = results.latest {
      return TraceReport(
        rows.flatMap { row in
          row.runs.map { run in
            var trace = NamedTrace(method: row.method, seed: run.seed, points: run.trace)
            trace.label = row.label
            trace.evaluated = run.statistics.evaluated
            trace.holds = [.time, .starved].contains(run.statistics.stopped)
            return trace
          }
        })
    }
    if case .sweep(let report) = results.latest { return TraceReport(report.traces) }
    var traces: [NamedTrace] = []
    if let run = current.run, !run.trace.isEmpty {
      var trace = NamedTrace(method: run.method, seed: configuration.seed, points: run.trace)
      trace.evaluated = run.evaluated
      traces.append(trace)
    }
    if let real = current.real { traces.append(real.trace) }
    guard !traces.isEmpty else { throw Diagnostic(.nothingToSave, at: place) }
    return TraceReport(traces)
  }
}

extension Cell {
  /// A number, as an integer where it is one.
  init(_ number: Double) {
    self =
      number.magnitude <= 0x1p53
      ? Int(exactly: number).map { .integer($0) } ?? .number(number) : .number(number)
  }

  /// It as a variable; nil for nothing.
  var variable: Value? {
    switch self {
    case .text(let text): .text(text)
    case .number(let number): .number(number)
    case .integer(let integer): .number(Double(integer))
    case .missing: nil
    }
  }
}
