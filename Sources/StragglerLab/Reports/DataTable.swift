// SPDX-License-Identifier: Apache-2.0

/// A table that is filled row by row, each row with columns of its own choice.
public struct DataTable: Sendable {
  /// The names of the columns, in the order in which rows named them.
  public private(set) var columns: [String] = []
  private var rows: [[String: Cell]] = []

  /// A table without rows and columns.
  public init() {}

  /// Whether there are no rows.
  public var isEmpty: Bool { rows.isEmpty }

  /// Adds a row.
  public mutating func add(_ cells: [(name: String, value: Cell)]) {
    for cell in cells where !columns.contains(cell.name) { columns.append(cell.name) }
    rows.append(Dictionary(cells.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }

  /// The cells of every row under `columns`; missing where a row leaves a column out.
  public var cells: [[Cell]] { rows.map { row in columns.map { row[$0] ?? .missing } } }

  /// The table as CSV, with a header; missing cells are empty.
  public var csv: String { CSV.document(header: columns, rows: cells) }

  /// One object a row.
  public var json: JSONValue {
    .array(
      rows.map { row in .object(columns.map { JSONValue.Member($0, row[$0]?.json ?? .null) }) })
  }

  /// The table for the terminal.
  public var text: TextTable { TextTable(header: columns, rows: cells) }

  /// The columns that hold numbers, or texts, in some row.
  public func columns(ofTexts: Bool) -> [String] {
    columns.filter { name in
      rows.contains { row in
        if case .text? = row[name] { return ofTexts }
        return row[name] != nil && !ofTexts
      }
    }
  }

  /// A curve for every text in the column `by`; rows with equal x are one point of it, their mean with its
  /// band.
  ///
  /// Curves and points are in the order of the rows. Without `by`, or where it is empty, there is one
  /// curve.
  public func plot(x: String, y: String, by: String?, logX: Bool = false, logY: Bool = false) -> Plot {
    var names: [String] = []
    var places: [String: [Double]] = [:]
    var values: [String: [Double: [Double]]] = [:]
    for row in rows {
      guard let x = row[x]?.double, let y = row[y]?.double, !x.isNaN else { continue }
      let name = by.flatMap { row[$0]?.name } ?? ""
      if !names.contains(name) { names.append(name) }
      if values[name, default: [:]][x] == nil { places[name, default: []].append(x) }
      values[name, default: [:]][x, default: []].append(y)
    }
    let series = names.map { name in
      Plot.Series(
        name: name.isEmpty ? y : name,
        points: (places[name] ?? []).compactMap { x in
          Band.merge(curves: (values[name]?[x] ?? []).map { [(x: x, y: $0)] }, onto: [x]).first
        })
    }
    func axis(_ column: String, _ isLogarithmic: Bool) -> Plot.Axis {
      var axis = Plot.Axis.quantity(column, isLogarithmic: isLogarithmic)
      if axis.label == column { axis.label = column.replacing("_", with: " ") }
      return axis
    }
    return Plot(
      x: axis(x, logX), y: axis(y, logY), series: series)
  }
}

extension Cell {
  /// The number; nil where it is none.
  fileprivate var double: Double? {
    switch self {
    case .number(let number): number
    case .integer(let integer): Double(integer)
    case .text, .missing: nil
    }
  }

  /// What a curve is called by it.
  fileprivate var name: String {
    switch self {
    case .text(let text): text
    case .integer, .number: brief(digits: 6)
    case .missing: ""
    }
  }
}
