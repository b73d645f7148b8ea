/// Samples with few features each and a label −1 or +1, row by row without the zeros (compressed sparse
/// rows).
public struct SparseSamples: Equatable, Sendable {
  /// Where each row's features start in `columns` and `values`, and where the last one's end.
  public private(set) var starts = [0]
  /// The features of all rows, from 0, ascending within a row.
  public private(set) var columns: [UInt32] = []
  /// Their values, finite and not 0.
  public private(set) var values: [Double] = []
  /// −1 or +1 for every row.
  public private(set) var labels: [Int8] = []
  /// How many features there are: one more than the largest that was named.
  public private(set) var width = 0

  /// No rows.
  public init() {}

  /// How many rows there are.
  public var count: Int { labels.count }

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
      && labels.makeRoom(for: 1)
  }

  /// Ends the row that is being written.
  mutating func endRow(label: Int8) {
    starts.append(columns.count)
    labels.append(label)
  }

  /// Turns labels of 0 into −1.
  mutating func replaceZeroLabels() {
    for index in labels.indices where labels[index] == 0 { labels[index] = -1 }
  }
}
