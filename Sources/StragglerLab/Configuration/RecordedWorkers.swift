// SPDX-License-Identifier: Apache-2.0

public import StragglerData

extension RecordedDurations {
  /// For each worker of `range` (from 1) in a fleet of `count`, which recorded worker's durations it takes.
  ///
  /// A record without workers is that of every worker. One with workers needs a fleet, or a range, of as
  /// many; where the fleet's workers have `names`, they take the durations of the same name. With
  /// `isSpread` the recorded workers are dealt out in turn, again and again. O(count).
  ///
  /// Throws where it is not certain whose durations are whose.
  public func recordedWorkers(
    of range: ClosedRange<Int>, in count: Int, names: [String] = [], isSpread: Bool
  ) throws(LabError) -> [Int] {
    guard workers != nil else { return range.map { _ in 0 } }
    let size = workerNames.count
    if isSpread { return range.map { ($0 - 1) % size } }
    if !names.isEmpty { return try byName(range, names) }
    if size == count { return range.map { $0 - 1 } }
    // Numbers mean themselves, so that only names can be those of a part of the fleet.
    let areNumbers = workerNames.allSatisfy { Int($0) != nil }
    if size == range.count, !areNumbers { return Array(0..<size) }
    throw mismatch(count)
  }

  private func byName(_ range: ClosedRange<Int>, _ names: [String]) throws(LabError) -> [Int] {
    var indices: [String: Int] = [:]
    for (index, name) in workerNames.enumerated() { indices[name] = index }
    var result: [Int] = []
    for worker in range {
      guard let index = indices[names[worker - 1]] else {
        throw LabError(
          "the record has no worker \(names[worker - 1]), as worker \(worker) of the fleet is called; its "
            + "workers are \(Self.list(workerNames))",
          remedy: "name the workers alike in both files, or deal the records out: spread=true")
      }
      result.append(index)
    }
    guard range.count < names.count || Set(names).count == workerNames.count else {
      throw mismatch(names.count)
    }
    return result
  }

  /// The error for a record that does not fit a fleet of `count`; nil for a fleet that nothing says the size
  /// of.
  public func mismatch(_ count: Int?) -> LabError {
    let size = workerNames.count
    let remedy =
      "take those that are there: workers \(size), or workers=\(size) in advise; or deal the records out: "
      + "spread=true"
    if !gap.isEmpty {
      let missing = gap.prefix(5).map { String($0) }.joined(separator: ", ") + (gap.count > 5 ? ", …" : "")
      return LabError(
        "the numbers of the record's workers have a gap: they are \(Self.list(workerNames)), without "
          + "\(missing)", remedy: remedy)
    }
    return LabError(
      "the record is of \(size == 1 ? "1 worker" : "\(size) workers") (\(Self.list(workerNames)))"
        + (count.map { ", and the fleet has \($0)" } ?? ""), remedy: remedy)
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
  }

  /// The names for `show`, `gantt` and `log`; empty where they are but the workers' numbers.
  public var distinctNames: [String] {
    workers == nil || workerNames == (1...workerNames.count).map({ String($0) }) ? [] : workerNames
  }
}
