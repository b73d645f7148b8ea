/// Samples a₀, a₁, … with labels −1 and +1 in the caller's memory, row by row without the zeros (compressed
/// sparse rows).
@safe
public struct LabelledRows: BitwiseCopyable, Sendable {
  /// Where each row starts in `columns` and `values`, and where the last one ends.
  public let starts: Table<Int>
  public let columns: Table<UInt32>
  public let values: Table<Double>
  public let labels: Table<Int8>
  /// How many features there are.
  public let width: Int

  /// No samples.
  public init() {
    (starts, columns, values, labels, width) = (Table(), Table(), Table(), Table(), 0)
  }

  /// A view of `labels.count` rows; nil unless starts ascend, columns are below `width`, values are finite and
  /// labels are −1 or +1. O(count of values).
  public init?(
    starts: Table<Int>, columns: Table<UInt32>, values: Table<Double>, labels: Table<Int8>, width: Int
  ) {
    guard labels.count < Int(UInt32.max), starts.count == labels.count + 1, columns.count == values.count,
      width >= 0, starts[0] == 0, starts[labels.count] == columns.count
    else { return nil }
    for row in labels.indices {
      guard starts[row] <= starts[row + 1], labels[row] == 1 || labels[row] == -1 else { return nil }
    }
    for index in columns.indices {
      guard Int(columns[index]) < width, values[index].isFinite else { return nil }
    }
    (self.starts, self.columns, self.values, self.labels) = (starts, columns, values, labels)
    self.width = width
  }

  /// m, the number of samples.
  @inlinable public var count: Int { labels.count }

  /// The label of `row` as a number.
  @inlinable public func label(_ row: Int) -> Double { Double(labels[row]) }

  /// aᵀx of `row`, in double precision, in the order of the columns.
  @inlinable
  public func dot<S: Scalar>(_ row: Int, _ x: Span<S>) -> Double {
    precondition(row >= 0 && row < count && x.count >= width, "no such row, or a vector too short")
    let (columns, values) = unsafe (self.columns.buffer, self.values.buffer)
    return unsafe x.withUnsafeBufferPointer { x in
      var sum = 0.0
      // The indices were checked when the view was made.
      for index in starts[row]..<starts[row + 1] {
        unsafe sum += values[index] * Double(x[Int(columns[index])])
      }
      return sum
    }
  }

  /// g += c · a of `row`.
  @inlinable
  public func add<S: Scalar>(_ c: Double, _ row: Int, to g: inout MutableSpan<S>) {
    precondition(row >= 0 && row < count && g.count >= width, "no such row, or a vector too short")
    let (columns, values) = unsafe (self.columns.buffer, self.values.buffer)
    unsafe g.withUnsafeMutableBufferPointer { g in
      for index in starts[row]..<starts[row + 1] {
        unsafe g[Int(columns[index])] += S(c * values[index])
      }
    }
  }
}
