// SPDX-License-Identifier: Apache-2.0

/// How a record of durations is to be read where its titles do not say it.
public struct RecordOptions: Equatable, Sendable {
  /// The columns by their roles: `worker`, `duration`, `start`, `end` and `outcome`. A title, a number
  /// from 1, or `none` for no column.
  public var columns: [String: String] = [:]
  /// The unit of the times; nil for that of the titles, or seconds.
  public var unit: TimeUnit?
  /// Where every cell is a duration: what a column is.
  public var matrix: Matrix?
  /// Whether rows with a missing or negative cell are left out, instead of being errors.
  public var skipsMissing = false

  /// The two ways to lay out durations without a column for the workers.
  public enum Matrix: String, CaseIterable, Sendable {
    /// A column is a worker.
    case worker
    /// A column is a sample, and a row a worker.
    case samples
  }

  /// What the titles say.
  public init() {}
}
