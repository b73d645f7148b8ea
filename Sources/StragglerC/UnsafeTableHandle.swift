// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import StragglerLanguage

/// What a `straggler_table` is: columns whose numbers and texts stay where they are.
final class TableHandle {
  let rows: Int
  let columns: [TableColumn]

  init(_ columns: Interpreter.Columns) {
    rows = columns.rows.count
    self.columns = columns.names.enumerated().map { index, name in
      TableColumn(name, columns.rows.map { $0[index] })
    }
  }

  /// Nil where there is no such column.
  subscript(column: Int) -> TableColumn? { columns.indices.contains(column) ? columns[column] : nil }
}

/// A column, of texts where one of its cells is a text.
@safe
final class TableColumn {
  let name: CText
  /// One a row; nil for a column of texts.
  private(set) var numbers: UnsafeMutablePointer<Double>?
  /// One a row; nil for a column of numbers.
  private(set) var texts: UnsafeMutablePointer<UnsafePointer<CChar>?>?
  private var owned: [CText] = []

  init(_ name: String, _ cells: [Cell]) {
    self.name = CText(name)
    if cells.contains(where: { if case .text = $0 { true } else { false } }) {
      let texts = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: max(1, cells.count))
      for (index, cell) in cells.enumerated() {
        let text = cell.asText.map { CText($0) }
        if let text { owned.append(text) }
        unsafe (texts + index).initialize(to: text?.pointer)
      }
      unsafe self.texts = unsafe texts
    } else {
      let numbers = UnsafeMutablePointer<Double>.allocate(capacity: max(1, cells.count))
      for (index, cell) in cells.enumerated() { unsafe (numbers + index).initialize(to: cell.asNumber) }
      unsafe self.numbers = unsafe numbers
    }
  }

  deinit {
    unsafe numbers?.deallocate()
    unsafe texts?.deallocate()
  }
}

extension Cell {
  /// In a column of numbers.
  fileprivate var asNumber: Double {
    switch self {
    case .number(let number): number
    case .integer(let integer): Double(integer)
    case .text, .missing: .nan
    }
  }

  /// In a column of texts; nil where there is nothing.
  fileprivate var asText: String? {
    switch self {
    case .text(let text): text
    case .number, .integer: json.line
    case .missing: nil
    }
  }
}
