// SPDX-License-Identifier: Apache-2.0

internal import StragglerData

/// The keys that say how a record of durations is read, where its titles do not.
struct RecordKeys: ArgumentSet {
  /// A unit by its shortest name.
  enum Unit: String, CaseIterable, Sendable { case ns, us, ms, s, min, h, d }
  private enum Missing: String, CaseIterable, Sendable { case skip }

  private var worker: Given<String>?
  private var duration: Given<String>?
  private var start: Given<String>?
  private var end: Given<String>?
  private var outcome: Given<String>?
  private var job: Given<String>?
  private var unit: Given<Unit>?
  private var columns: Given<RecordOptions.Matrix>?
  private var missing: Given<Missing>?
  private var spread: Given<Bool>?

  mutating func arguments(_ arguments: inout Arguments) {
    let byTitle = "by its title"
    arguments.key(
      "worker", &worker, .column, "the column of the workers; none: one worker", standard: byTitle)
    arguments.key("duration", &duration, .column, "the column of the durations", standard: byTitle)
    arguments.key("start", &start, .column, "the column of the jobs' starts", standard: byTitle)
    arguments.key("end", &end, .column, "the column of the jobs' ends", standard: byTitle)
    arguments.key(
      "outcome", &outcome, .column, "the column of the jobs' outcomes; none: all delivered",
      standard: byTitle)
    arguments.key(
      "job", &job, .column, "the column of a scheduler's jobs; none: rows of steps count too",
      standard: byTitle)
    arguments.key("unit", &unit, .choice, "what the times are in", standard: "that of the title, or s")
    arguments.key(
      "columns", &columns, .choice, "every cell is a duration, a column a worker or, with samples, a row")
    arguments.key("missing", &missing, .choice, "leaves out rows with empty, NA, nan or negative cells")
    arguments.key(
      "spread", &spread, .truth, "whether the recorded workers are dealt out to a fleet of another size",
      standard: "false")
  }

  /// The names of the keys.
  static let names = Arguments(describing: Self.self).keys.map(\.name)

  /// Whether the recorded workers are dealt out again and again.
  var isSpread: Bool { spread?.value == true }

  var options: RecordOptions {
    var options = RecordOptions()
    let given = [
      ("worker", worker), ("duration", duration), ("start", start), ("end", end), ("outcome", outcome),
      ("job", job),
    ]
    for (role, column) in given { options.columns[role] = column?.value }
    options.unit = (unit?.value.rawValue).flatMap { TimeUnit($0) }
    options.matrix = columns?.value
    options.skipsMissing = missing != nil
    return options
  }
}
