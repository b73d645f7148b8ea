// SPDX-License-Identifier: Apache-2.0

/// Gathers changes row by row.
struct ChangeReader {
  private let kind: RecordedChanges.Kind
  /// The columns that keys name, by their roles.
  private let given: [String: String]
  private let unit: TimeUnit?
  /// In the order of their first rows.
  private var workers: [RecordedChanges.Worker] = []
  private var ids = WorkerIDs()
  private var count = 0
  private var columns: TableColumns?
  private var times: TimeColumn

  private struct Places {
    var worker = 0
    var time = 1
    var value = 2
    var width = 3
  }

  init(_ kind: RecordedChanges.Kind, columns: [String: String], unit: TimeUnit?) {
    (self.kind, given, self.unit) = (kind, columns, unit)
    times = TimeColumn(unit)
  }

  private var value: TableRole { kind == .speeds ? .speed : .state }

  var howToWrite: String {
    kind == .speeds
      ? "write a row for each change: worker,time,speed"
      : "write a row for each change: worker,time,state; or a row a worker: name, state, times of its changes"
  }

  mutating func read(_ table: [[TableCell]]) throws(DataError) {
    guard let first = table.first else { return }
    if isHeader(first) {
      let places = try places(titled: first)
      for row in table.dropFirst() { try read(row, places) }
    } else if !given.isEmpty {
      throw first[0].error("keys name columns, and there are no titles", "begin with a row of titles")
    } else if kind == .states, table.contains(where: { $0.count != 3 || Self.word(of: $0) }) {
      for row in table { try readWorker(row) }
    } else {
      for row in table { try read(row, Places()) }
    }
  }

  /// The workers in their order, and what was taken.
  func finish(comments: Int) throws(DataError) -> (workers: [RecordedChanges.Worker], reading: TableReading) {
    guard !workers.isEmpty else { throw DataError("holds no changes", remedy: howToWrite) }
    let order = ids.ordered
    var sorted = workers
    for (old, new) in order.newIndex.enumerated() {
      sorted[new] = workers[old]
      sorted[new].name = order.names[new]
    }
    func by(_ role: TableRole) -> [String] { columns?[role].map { [$0.name] } ?? [] }
    let items = [
      TableReading.Item("workers", workers.count, by: by(.worker)),
      .init(kind == .speeds ? "speeds" : "changes of state", count, by: by(value)),
      .init("times", by: by(.instant), unit: times.unitName ?? "seconds"),
    ]
    var notes = order.notes
    if comments > 0 { notes.append("comments behind \(comments) \(comments == 1 ? "row" : "rows") left out") }
    return (sorted, TableReading(items, unused: columns?.unused ?? [], notes: notes))
  }

  /// Whether a row has titles: no value, and one for times among them.
  private func isHeader(_ row: [TableCell]) -> Bool {
    !row.contains(where: \.looksLikeValue)
      && (!given.isEmpty
        || row.contains { cell in
          if case .no = Title(cell).fit(TableRole.instant.titles, isTime: true) { false } else { true }
        })
  }

  /// Whether the second cell is a state in words.
  private static func word(of row: [TableCell]) -> Bool {
    row.count > 1 && !isNumber(row[1]) && state(row[1]) != nil
  }

  // MARK: Columns

  private mutating func places(titled row: [TableCell]) throws(DataError) -> Places {
    let roles = [TableRole.worker, .instant, value]
    let found = try TableColumns(titles: row, roles: roles + [.end], given: given)
    if let end = found[.end], given[TableRole.instant.name] == nil {
      throw row[end.index].error(
        "\(row[end.index].quoted) makes each row an interval, and rows are changes",
        "write a row for each change, or say which column has its time: time=start")
    }
    guard let worker = found[.worker], let time = found[.instant], let column = found[value] else {
      let missing = roles.first { found[$0] == nil } ?? value
      throw row[0].error(
        "no column is titled \(missing.name); there are \(TableCell.list(row.map(\.string)))",
        "title the columns worker, time and \(value.name), or say which: \(missing.name)=TITLE")
    }
    times = TimeColumn(unit ?? time.unit)
    columns = found
    return Places(worker: worker.index, time: time.index, value: column.index, width: row.count)
  }

  private mutating func read(_ row: [TableCell], _ places: Places) throws(DataError) {
    guard row.count == places.width else {
      throw row[row.count - 1].error(
        "this row has \(row.count) \(row.count == 1 ? "cell" : "cells"), not \(places.width)", howToWrite)
    }
    let cell = row[places.value]
    let value = kind == .speeds ? try speed(cell) : try state(cell)
    try add(value, from: try time(row[places.time]), at: row[places.time], to: row[places.worker])
  }

  /// A row of a worker: its name, its first state, and the times of its changes.
  private mutating func readWorker(_ row: [TableCell]) throws(DataError) {
    guard row.count >= 2 else { throw row[0].error("this row has 1 cell", howToWrite) }
    let known = ids.count
    guard !row[0].isMissing, try ids.index(of: row[0]) == known else {
      throw row[0].error(
        row[0].isMissing ? "the worker is missing" : "a second row of worker \(row[0].string)",
        "give every worker one row")
    }
    var value = try state(row[1])
    try add(value, from: -.greatestFiniteMagnitude, at: row[1], to: row[0])
    for cell in row.dropFirst(2) {
      value = 1 - value
      try add(value, from: try time(cell), at: cell, to: row[0])
    }
  }

  private mutating func add(
    _ value: Double, from time: Double, at place: TableCell, to worker: TableCell
  ) throws(DataError) {
    guard !worker.isMissing else { throw worker.error("the worker is missing", "give every row a worker") }
    guard worker.infinity == nil else {
      throw worker.error("a worker cannot be \(worker.quoted)", "give the worker another name")
    }
    guard workers.makeRoom(for: 1) else { throw DataError.outOfMemory }
    let (name, index) = (worker.string, try ids.index(of: worker))
    if index == workers.count {
      workers.append(RecordedChanges.Worker(name: name, changes: [], line: worker.line))
    }
    if let last = workers[index].changes.last, time <= last.time {
      throw place.error(
        time == last.time
          ? "a second row of worker \(name) for the time \(place.quoted)"
          : "the time \(place.quoted) of worker \(name) is before that of the row above",
        "write the rows of a worker in the order of their times")
    }
    guard workers[index].changes.makeRoom(for: 1) else { throw DataError.outOfMemory }
    workers[index].changes.append(RecordedChanges.Change(time: time, value: value))
    count += 1
  }

  // MARK: Cells

  private static func isNumber(_ cell: TableCell) -> Bool { ExactDecimal.isDecimal(cell.text) }

  private mutating func time(_ cell: TableCell) throws(DataError) -> Double {
    guard !cell.isMissing, cell.infinity == nil else {
      throw cell.error("\(cell.text.isEmpty ? "an empty cell" : cell.quoted) is not a time", "write seconds")
    }
    let time = try times.seconds(cell, "a time").value
    guard time.isFinite else { throw cell.error("\(cell.quoted) is too large for a number", "write seconds") }
    return time
  }

  private func speed(_ cell: TableCell) throws(DataError) -> Double {
    let remedy = "write a speed of at least 0"
    guard let speed = TimeUnit.seconds.seconds(cell.text)?.value, speed.isFinite else {
      throw cell.error("\(cell.text.isEmpty ? "an empty cell" : cell.quoted) is not a speed", remedy)
    }
    guard speed >= 0 else { throw cell.error("a speed cannot be negative: \(cell.quoted)", remedy) }
    return speed == 0 ? 0 : speed
  }

  private static func state(_ cell: TableCell) -> Double? {
    switch String(decoding: cell.text, as: UTF8.self).lowercased() {
    case "on", "1", "up", "available": 1
    case "off", "0", "down", "unavailable": 0
    default: nil
    }
  }

  private func state(_ cell: TableCell) throws(DataError) -> Double {
    guard let state = Self.state(cell) else {
      throw cell.error(
        "\(cell.text.isEmpty ? "an empty cell" : cell.quoted) is not a state",
        "write on or off, 1 or 0, up or down, available or unavailable")
    }
    return state
  }
}
