// SPDX-License-Identifier: Apache-2.0

/// A form in which results are saved, chosen by the ending of the file's name.
///
/// A form is one file with an extension of this type, and a line in `all`.
public struct SavedForm: Sendable {
  /// What the name of the file ends in, such as `.csv`.
  public let ending: String
  /// The text of a result, with the newline of its last line; nil where the form cannot hold it.
  public let text: @Sendable (SavedResult) -> String?

  /// The forms, in the order of `help`.
  public static let all: [SavedForm] = [
    csv,
    json,
    markdown,
  ]

  /// The form of the file `name`; nil where its ending is of none.
  public static func of(_ name: String) -> SavedForm? { all.first { name.hasSuffix($0.ending) } }
}

/// What can be saved: a table, or the traces of runs. Each part is made when a form asks for it.
public struct SavedResult {
  /// Every number of the result, a row for each line of a table or point of a trace, under names.
  public let columns: () -> (header: [String], rows: [[Cell]])
  /// The same as JSON, with where it comes from.
  public let json: () -> JSONValue
  /// What people look at first; nil for traces.
  public let table: TextTable?
  /// What is said below the table.
  public let notes: [String]

  /// A result that is written as a table where `table` is given.
  public init(
    _ columns: @escaping @autoclosure () -> (header: [String], rows: [[Cell]]),
    json: @escaping @autoclosure () -> JSONValue, table: TextTable? = nil, notes: [String] = []
  ) {
    (self.columns, self.json, self.table, self.notes) = (columns, json, table, notes)
  }
}
