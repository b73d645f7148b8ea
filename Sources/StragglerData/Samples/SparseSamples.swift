// SPDX-License-Identifier: Apache-2.0

/// Samples with few features each and a class, row by row without the zeros (compressed sparse rows).
public struct SparseSamples: Equatable, Sendable {
  /// The most classes that there can be.
  public static let classesLimit = 256

  /// Where each row's features start in `columns` and `values`, and where the last one's end.
  public private(set) var starts = [0]
  /// The features of all rows, from 0, ascending within a row.
  public private(set) var columns: [UInt32] = []
  /// Their values, finite and not 0.
  public private(set) var values: [Double] = []
  /// The class of every row, from 0. Of two classes, 0 stands for −1 and 1 for +1.
  public private(set) var classes: [UInt8] = []
  /// The number of every row where rows have no classes; otherwise empty.
  public private(set) var targets: [Double] = []
  /// The label of each class as it was written, ascending.
  public private(set) var labels: [Double] = [-1, 1]
  /// How many features there are: one more than the largest that was named.
  public private(set) var width = 0
  /// Which index the first feature has in the file: 1, or 0 where there was an index of 0.
  public private(set) var firstIndex = 1
  /// How often `qid:` was left out.
  public private(set) var queries = 0
  /// How many rows had to be sorted.
  public private(set) var sortedRows = 0

  /// What else was taken how, in words.
  private var remarks: [String] = []

  /// No rows.
  public init() {}

  /// How many rows there are.
  public var count: Int { classes.count }

  /// Whether it was taken as it stands there: labels −1 and +1, indices from 1 that ascend, and nothing else.
  public var isPlain: Bool {
    remarks.isEmpty && labels == [-1, 1] && firstIndex == 1 && sortedRows == 0 && queries == 0
  }

  /// What was taken, in a line: `3 rows of 3 features, labels 2 and 4 taken as -1 and +1`.
  public var reading: String {
    var parts = ["\(count) \(count == 1 ? "row" : "rows") of \(width) \(width == 1 ? "feature" : "features")"]
    if !targets.isEmpty {
      let (least, most) = targets.reduce((Double.infinity, -Double.infinity)) {
        (min($0.0, $1), max($0.1, $1))
      }
      parts.append("targets from \(Self.text(of: least)) to \(Self.text(of: most))")
    }
    let names = targets.isEmpty ? labels.map(Self.text(of:)) : []
    if names.count > 2 {
      let list = names.count <= 12 ? names : names.prefix(10) + ["…", names[names.count - 1]]
      parts.append("\(labels.count) classes (\(list.joined(separator: ", ")))")
    } else if targets.isEmpty, labels != [-1, 1] {
      parts.append("labels \(names.joined(separator: " and ")) taken as -1 and +1")
    }
    if firstIndex == 0 { parts.append("indices from 0") }
    if sortedRows > 0 { parts.append("indices sorted in \(sortedRows) \(sortedRows == 1 ? "row" : "rows")") }
    if queries > 0 { parts.append("not used: qid") }
    return (parts + remarks).joined(separator: ", ")
  }

  /// A label as it is usually written: without a point where it is a whole number.
  static func text(of label: Double) -> String {
    label.rounded() == label && label.magnitude < 1e15 ? String(Int(label)) : String(label)
  }

  /// Adds a feature to the row that is being written. The caller keeps features ascending and values finite.
  mutating func add(column: UInt32, value: Double) {
    width = max(width, Int(column) + 1)
    guard value != 0 else { return }
    columns.append(column)
    values.append(value)
  }

  /// Makes room for a row with up to `features` features; false where there is no memory for it.
  mutating func makeRoom(features: Int) -> Bool {
    columns.makeRoom(for: features) && values.makeRoom(for: features) && starts.makeRoom(for: 1)
      && classes.makeRoom(for: 1) && targets.makeRoom(for: 1)
  }

  /// Ends the row that is being written.
  mutating func endRow(label: UInt8) {
    starts.append(columns.count)
    classes.append(label)
  }

  /// Ends the row that is being written, which has a number and no class.
  mutating func endRow(target: Double) {
    endRow(label: 0)
    targets.append(target)
  }

  /// Gives classes, which are numbered from 0 already, their labels, ascending.
  mutating func name(labels: [Double]) { self.labels = labels }

  /// Adds to what is said of the reading.
  mutating func remark(_ text: String) { remarks.append(text) }

  mutating func countQuery() { queries += 1 }
  mutating func countSorted() { sortedRows += 1 }

  /// Numbers features from 0 and classes in the order of their labels. Until then columns are the file's
  /// indices, and classes the places of the labels in `labels`.
  ///
  /// With targets in place of classes there are no `labels`.
  mutating func finish(labels: [Double], firstIndex: Int, largestIndex: Int) {
    if targets.isEmpty { self.labels = labels.sorted() }
    self.firstIndex = firstIndex
    width = largestIndex + 1 - firstIndex
    for index in columns.indices { columns[index] -= UInt32(firstIndex) }
    guard targets.isEmpty else { return }
    let order = labels.map { label in UInt8(self.labels.firstIndex(of: label) ?? 0) }
    for index in classes.indices { classes[index] = order[Int(classes[index])] }
  }
}
