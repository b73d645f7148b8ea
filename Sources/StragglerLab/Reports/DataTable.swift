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
  /// band, or what else `summary` says.
  ///
  /// Curves and points are in the order of the rows. Without `by`, or where it is empty, there is one
  /// curve. Where x has a text, its texts are categories, and the curves are bars over them.
  public func plot(
    x: String, y: String, by: String?, logX: Bool = false, logY: Bool = false,
    over summary: SeedSummary = SeedSummary()
  ) -> Plot {
    let categories = columns(ofTexts: true).contains(x) ? self.categories(of: x) : []
    var names: [String] = []
    var places: [String: [Double]] = [:]
    var values: [String: [Double: [Double]]] = [:]
    for row in rows {
      let place = categories.isEmpty ? nil : row[x].flatMap { categories.firstIndex(of: $0.name) }
      guard let y = row[y]?.double, let x = categories.isEmpty ? row[x]?.double : place.map({ Double($0) }),
        !x.isNaN
      else { continue }
      let name = by.flatMap { row[$0]?.name } ?? ""
      if !names.contains(name) { names.append(name) }
      if values[name, default: [:]][x] == nil { places[name, default: []].append(x) }
      values[name, default: [:]][x, default: []].append(y)
    }
    let series = names.map { name in
      Plot.Series(
        name: name.isEmpty ? (categories.isEmpty ? y : "") : name,
        points: (places[name] ?? []).compactMap { x in
          var own = values[name]?[x] ?? []
          return summary.point(at: x, &own)
        })
    }
    var xAxis = axis(x, logX && categories.isEmpty)
    xAxis.categories = categories
    return Plot(x: xAxis, y: axis(y, logY), series: series)
  }

  /// A heat map of the column `value` for every text in the column `by`, with that as its title; rows with
  /// equal x and y are one cell.
  ///
  /// Numbers along the axes rise, texts are in the order of the rows. The colours stand for ratios where the
  /// greatest of only positive numbers is ten times the least or more, and are the same in all maps. The best
  /// cell of each has the least number, or the greatest where `isMaximum`.
  public func heatMaps(
    _ value: String, x: String, y: String, by: String?, isMaximum: Bool,
    over summary: SeedSummary = SeedSummary()
  ) -> [Plot] {
    let (columns, lines) = (categories(of: x), categories(of: y))
    var names: [String] = []
    var values: [[[[Double]]]] = []
    for row in rows {
      guard let number = row[value]?.double, let column = row[x].flatMap({ columns.firstIndex(of: $0.name) }),
        let line = row[y].flatMap({ lines.firstIndex(of: $0.name) })
      else { continue }
      let name = by.flatMap { row[$0]?.name } ?? ""
      if !names.contains(name) {
        names.append(name)
        values.append(Array(repeating: Array(repeating: [], count: columns.count), count: lines.count))
      }
      values[names.firstIndex(of: name) ?? 0][line][column].append(number)
    }
    let cells = values.map {
      $0.map {
        $0.map { numbers in
          var numbers = numbers
          return summary.point(at: 0, &numbers)?.y ?? .nan
        }
      }
    }
    let known = cells.joined().joined().filter(\.isFinite)
    var scale = axis(value, false)
    if let least = known.min(), let greatest = known.max(), least < greatest {
      scale.isLogarithmic = least > 0 && greatest / least >= 10
      scale.limits = least...greatest
    }
    return zip(names, cells).map { name, cells in
      var best: SIMD2<Int>?
      for (line, numbers) in cells.enumerated() {
        for (column, number) in numbers.enumerated() where number.isFinite {
          let current = best.map { cells[$0.y][$0.x] } ?? (isMaximum ? -.infinity : .infinity)
          if isMaximum ? number > current : number < current { best = SIMD2(column, line) }
        }
      }
      var (xAxis, yAxis) = (axis(x, false), axis(y, false))
      (xAxis.categories, yAxis.categories) = (columns, lines)
      var plot = Plot(title: name, x: xAxis, y: yAxis, series: [])
      plot.heat = Plot.Heat(scale: scale, cells: cells, best: best)
      return plot
    }
  }

  /// What the rows have in a column, each thing once: texts in the order of the rows, numbers rising.
  private func categories(of column: String) -> [String] {
    var cells: [Cell] = []
    for row in rows {
      if let cell = row[column], !cell.name.isEmpty, !cells.contains(cell) { cells.append(cell) }
    }
    if cells.allSatisfy({ $0.double != nil }) { cells.sort { ($0.double ?? 0) < ($1.double ?? 0) } }
    return cells.map(\.name)
  }

  private func axis(_ column: String, _ isLogarithmic: Bool) -> Plot.Axis {
    var axis = Plot.Axis.quantity(column, isLogarithmic: isLogarithmic)
    if axis.label == column { axis.label = column.replacing("_", with: " ") }
    return axis
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
