// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
public import StragglerData
internal import Synchronization

/// The data of a problem, loaded once and shared by all runs, with what has been computed from them alone.
public final class ProblemData: Sendable {
  private let owners: [any AnyObject & Sendable]
  @usableFromInline let training: LabelledImages
  @usableFromInline let test: LabelledImages
  @usableFromInline let rows: LabelledRows
  @usableFromInline let system: LinearSystem
  /// What was taken from which file, in a line for the user; nil for data that were not read, and where all
  /// was taken as it is there.
  public let reading: String?
  private let knownBounds = Mutex<FeatureBounds?>(nil)
  private let knownOptima = Mutex<[String: Double]>([:])

  /// No data: for problems that are formulas.
  public static let none = ProblemData(training: ([], []), test: ([], []), width: 0)

  /// Rows of `width` bytes with their labels, below `classes`.
  public init(
    training: (images: [UInt8], labels: [UInt8]), test: (images: [UInt8], labels: [UInt8]), width: Int,
    classes: Int = 10, reading: String? = nil
  ) {
    self.reading = reading
    let tables = [training.images, training.labels, test.images, test.labels].map { OwnedTable($0) }
    owners = tables
    self.training = LabelledImages(
      images: tables[0].table, labels: tables[1].table, width: width, classes: classes)
    self.test = LabelledImages(
      images: tables[2].table, labels: tables[3].table, width: width, classes: classes)
    rows = LabelledRows()
    system = LinearSystem()
  }

  /// A matrix and a vector, with what is known of them, in memory that `owners` hold.
  init(_ system: LinearSystem, owners: [any AnyObject & Sendable], reading: String) {
    self.system = system
    self.owners = owners
    self.reading = reading
    training = LabelledImages()
    test = LabelledImages()
    rows = LabelledRows()
  }

  /// Samples read from the LIBSVM file `name`, or drawn by the program.
  public init(_ samples: SparseSamples, named name: String? = nil) {
    reading = samples.isPlain ? nil : name.map { "\($0): \(samples.reading)" }
    let (starts, columns) = (OwnedTable(samples.starts), OwnedTable(samples.columns))
    let (values, labels) = (OwnedTable(samples.values), OwnedTable(samples.classes))
    let targets = OwnedTable(samples.targets)
    owners = [starts, columns, values, labels, targets]
    system = LinearSystem()
    training = LabelledImages()
    test = LabelledImages()
    // Samples are what rows must be.
    rows =
      LabelledRows(
        starts: starts.table, columns: columns.table, values: values.table, labels: labels.table,
        width: samples.width, targets: targets.table) ?? LabelledRows()
  }

  /// The sizes of the samples for a linear model on them, computed when they are asked for first; nil where
  /// there is no memory for that.
  @usableFromInline
  func bounds() -> FeatureBounds? {
    knownBounds.withLock { known in
      if let known { return known }
      let isSparse = rows.count > 0
      // The softmax has a constant feature besides.
      let withConstant = rows.labels.indices.contains { rows.labels[$0] > 1 }
      let width = isSparse ? rows.width + (withConstant ? 1 : 0) : training.width + 1
      guard let workspace = OwnedTable<Double>(zeros: FeatureBounds.workspaceCount(width: width)) else {
        return nil
      }
      var bounds = withExtendedLifetime(workspace) {
        isSparse
          ? FeatureBounds(rows, withConstant: withConstant, workspace: workspace.table)
          : FeatureBounds(training, workspace: workspace.table)
      }
      if !rows.targets.isEmpty { bounds = resolved(bounds) }
      known = bounds
      return bounds
    }
  }

  /// `bounds` with the largest eigenvalue itself, where there is memory to find it.
  private func resolved(_ bounds: FeatureBounds) -> FeatureBounds {
    var measuring = Arena.measuring()
    guard (try? bounds.resolvingEigenvalue(of: rows, arena: &measuring)) != nil,
      let memory = OwnedArena(bytes: measuring.used)
    else { return bounds }
    var arena = memory.arena()
    return withExtendedLifetime(memory) {
      (try? bounds.resolvingEigenvalue(of: rows, arena: &arena)) ?? bounds
    }
  }

  /// f* of the problem that `key` stands for, which `search` gives where it is not known yet; NaN where that
  /// was not found, and nil where the search was interrupted, of which nothing is kept.
  ///
  /// One search at a time, so that of several runs that need the same f* one searches and the others wait.
  @usableFromInline
  func optimum(of key: String, _ search: () throws(SetupError) -> Double?) throws(SetupError) -> Double? {
    try knownOptima.withLock { (known) throws(SetupError) in
      if let optimum = known[key] { return optimum }
      let optimum = try search()
      known[key] = optimum
      return optimum
    }
  }

  /// f* of the problem that `key` stands for, where it is known.
  func optimum(of key: String) -> Double? { knownOptima.withLock { $0[key] } }

  /// Remembers f*.
  func keep(optimum: Double, of key: String) { knownOptima.withLock { $0[key] = optimum } }
}
