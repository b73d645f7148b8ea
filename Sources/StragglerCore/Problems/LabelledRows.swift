// SPDX-License-Identifier: Apache-2.0

/// Samples a₀, a₁, … with a class or a target each in the caller's memory, row by row without the zeros
/// (compressed sparse rows).
public struct LabelledRows: BitwiseCopyable, Sendable {
  /// Where each row starts in `columns` and `values`, and where the last one ends.
  public let starts: Table<Int>
  /// The features of all rows, row by row, each below `width`.
  public let columns: Table<UInt32>
  /// The features' values, finite; those that no row names are 0.
  public let values: Table<Double>
  /// The class of every row, from 0. Of two classes, 0 is −1 and 1 is +1.
  public let labels: Table<UInt8>
  /// The number that belongs to every row, finite; empty where rows have classes.
  public let targets: Table<Double>
  /// How many features there are.
  public let width: Int

  /// No samples.
  public init() {
    (starts, columns, values, labels, targets, width) = (Table(), Table(), Table(), Table(), Table(), 0)
  }

  /// A view of `labels.count` rows; nil unless starts ascend, columns are below `width`, values and targets
  /// are finite, and there are as many targets as rows or none. O(count of values).
  public init?(
    starts: Table<Int>, columns: Table<UInt32>, values: Table<Double>, labels: Table<UInt8>, width: Int,
    targets: Table<Double> = Table()
  ) {
    guard labels.count < Int(UInt32.max), starts.count == labels.count + 1, columns.count == values.count,
      width >= 0, starts[0] == 0, starts[labels.count] == columns.count
    else { return nil }
    for row in labels.indices where starts[row] > starts[row + 1] { return nil }
    for index in columns.indices {
      guard Int(columns[index]) < width, values[index].isFinite else { return nil }
    }
    guard targets.isEmpty || targets.count == labels.count else { return nil }
    for row in targets.indices where !targets[row].isFinite { return nil }
    self.targets = targets
    (self.starts, self.columns, self.values, self.labels) = (starts, columns, values, labels)
    self.width = width
  }

  /// m, the number of samples.
  @inlinable public var count: Int { labels.count }
}
