// SPDX-License-Identifier: Apache-2.0

/// What changes over time for each worker, as a text file has it: speeds, or whether a worker is there.
///
/// Rows of worker, time in seconds and value, in any order of the workers, each worker's times in order; a
/// header with titles such as `worker,time,speed` or `device,at,state` may change the order of the columns.
/// States are on and off, 1 and 0, up and down, available and unavailable. Without a header, states may
/// also be a row a worker: its name, its first state, and the times at which that changes. Separators,
/// comments and line ends are those of `RecordedDurations`.
public struct RecordedChanges: Equatable, Sendable {
  /// What is from a time on.
  public struct Change: Equatable, Sendable {
    /// Seconds.
    public var time: Double
    /// A speed, or 1 for on and 0 for off.
    public var value: Double
  }

  /// What the values are.
  public enum Kind: Sendable {
    /// Speeds, finite and not negative.
    case speeds
    /// On and off.
    case states
  }

  /// A worker of the file.
  public struct Worker: Equatable, Sendable {
    /// What the file calls it.
    public var name: String
    /// Its changes, in order of time; at least one.
    public var changes: [Change]
    /// Where it is first, from 1.
    public var line: Int
  }

  /// The workers in natural order of their names.
  public let workers: [Worker]
  /// What was taken.
  public private(set) var reading: TableReading
  private let path: String

  /// Reads the file at `path`, which may be gzip. O(size log size).
  ///
  /// `columns` names the columns of the roles `worker`, `time` and `speed` or `state` where their titles do
  /// not: a title, or a number from 1. `unit` is that of the times without one. Throws where the file cannot
  /// be read or holds no changes, and for what is none, at its line and column.
  public static func read(
    _ path: String, _ kind: Kind, columns: [String: String] = [:], unit: TimeUnit? = nil
  ) throws(DataError) -> RecordedChanges {
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) { return try parse(bytes, kind, columns: columns, unit: unit, path: path) } catch {
      throw error.about(path)
    }
  }

  /// Reads the text `bytes`, which errors call `path`. O(length log length). Throws as `read` does.
  public static func parse(
    _ bytes: [UInt8], _ kind: Kind, columns: [String: String] = [:], unit: TimeUnit? = nil, path: String = ""
  ) throws(DataError) -> RecordedChanges {
    var table: [[TableCell]] = []
    var rows = try TableRows(bytes, "a table of times")
    while let row = try rows.next() {
      guard table.makeRoom(for: 1) else { throw DataError.outOfMemory }
      table.append(row)
    }
    var reader = ChangeReader(kind, columns: columns, unit: unit)
    try reader.read(table)
    var (workers, reading) = try reader.finish(comments: rows.commentCount)
    reading.file = path
    return RecordedChanges(workers: workers, reading: reading, path: path)
  }

  /// The changes of each of `count` workers, none for those that have no rows.
  ///
  /// Where the workers have `names`, rows are joined by them, and several workers of a name have the same
  /// changes. Otherwise whole numbers are the workers' numbers, from 1, or from 0 where there is a 0, and
  /// other names stand for the workers in their order, of which there are then as many. Throws where the file
  /// has a worker that is none of them.
  public func changes(ofWorkers count: Int, names: [String] = []) throws(DataError) -> [[Change]] {
    if !names.isEmpty { return try changes(ofNamed: names) }
    var changes = [[Change]](repeating: [], count: count)
    let numbers = workers.map { Int($0.name) }
    let areNumbers = numbers.allSatisfy { $0 != nil }
    guard areNumbers || workers.count == count else {
      let size = workers.count == 1 ? "1 worker" : "\(workers.count) workers"
      throw DataError(
        "names \(size), and the fleet has \(count), whose names are not known",
        remedy: "make the fleet of as many workers, or of a table with their names", path: path)
    }
    let first = numbers.contains(0) ? 0 : 1
    for (index, worker) in workers.enumerated() {
      let place = areNumbers ? (numbers[index] ?? 0) - first : index
      guard changes.indices.contains(place) else {
        throw DataError(
          "worker \(worker.name) is beyond the \(count) workers of the fleet",
          remedy: "make a fleet of as many workers as the file has, or leave it out", path: path,
          place: .text(line: worker.line, column: 1))
      }
      changes[place] = worker.changes
    }
    return changes
  }

  private func changes(ofNamed names: [String]) throws(DataError) -> [[Change]] {
    var own: [String: [Change]] = [:]
    for worker in workers { own[worker.name] = worker.changes }
    let known = Set(names)
    // Where several workers have a name, the fleet was drawn, and not all names need be in it.
    if known.count == names.count, let stranger = workers.first(where: { !known.contains($0.name) }) {
      throw DataError(
        "the fleet has no worker \(TableCell.quoted(stranger.name)); its workers are "
          + TableCell.list(names),
        remedy: "name the workers alike in both files, or take the rows out", path: path,
        place: .text(line: stranger.line, column: 1))
    }
    return names.map { own[$0] ?? [] }
  }
}
