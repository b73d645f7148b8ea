// SPDX-License-Identifier: Apache-2.0

import StragglerLab

/// A figure, and its place in the tables of Docs/Benchmarks.md.
struct Figure: Equatable {
  let table: String
  let row: String
  let column: String
  let value: Double
  let unit: String
  /// What the program `straggler` reaches with the same work, in the same unit; nil where it has none.
  var program: Double?

  var json: JSONValue {
    [
      "table": .string(table), "row": .string(row), "column": .string(column), "value": .number(value),
      "unit": .string(unit), "program": program.map { .number($0) } ?? .null,
    ]
  }

  var text: String {
    let figure = pad(NumberText.brief(value, digits: 4), 12, left: false)
    let comparison = program.map { "   straggler: " + NumberText.brief($0, digits: 4) } ?? ""
    return "\(pad(table, 10))  \(pad(row, 34))  \(pad(column, 14))\(figure) \(unit)\(comparison)"
  }

  private func pad(_ text: String, _ width: Int, left: Bool = true) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + blanks : blanks + text
  }
}
