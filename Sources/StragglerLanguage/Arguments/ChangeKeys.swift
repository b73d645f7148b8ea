// SPDX-License-Identifier: Apache-2.0

internal import StragglerData

/// A speed or availability with every variable's value put in.
enum BoundSchedule: Sendable {
  case constant(WorkerExpression)
  /// A form other than a file, with its arguments.
  case form(Schedule.Form, [WorkerExpression])
  /// A file with the keys in its brackets.
  case trace(file: String, Place, BoundArguments)
}

/// How a file of speeds or of times when workers are there is to be read, where its titles do not say it: the
/// keys in the brackets of `trace("FILE",…)`.
struct ChangeKeys: ArgumentSet {
  private var worker: Given<String>?
  private var time: Given<String>?
  private var speed: Given<String>?
  private var state: Given<String>?
  private var unit: Given<RecordKeys.Unit>?

  mutating func arguments(_ arguments: inout Arguments) {
    let byTitle = "by its title"
    arguments.key("worker", &worker, .column, "the column of the workers", standard: byTitle)
    arguments.key("time", &time, .column, "the column of the times of changes", standard: byTitle)
    arguments.key("speed", &speed, .column, "the column of the speeds", standard: byTitle)
    arguments.key("state", &state, .column, "the column of on and off", standard: byTitle)
    arguments.key("unit", &unit, .choice, "what the times are in", standard: "that of the title, or s")
  }

  /// The columns by their roles.
  var columns: [String: String] {
    var columns: [String: String] = [:]
    for (role, column) in [("worker", worker), ("time", time), ("speed", speed), ("state", state)] {
      columns[role] = column?.value
    }
    return columns
  }

  /// The unit of the times.
  var timeUnit: TimeUnit? { (unit?.value.rawValue).flatMap { TimeUnit($0) } }
}
