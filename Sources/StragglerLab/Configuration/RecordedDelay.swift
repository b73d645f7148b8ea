// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
public import StragglerData

/// Recorded durations as delays of workers.
///
/// The delays look into the memory of this object, which must live as long as they are used: give it to the
/// experiment, which refuses to start without it.
///
///     let record = try RecordedDelay(durations, order: .replay)
///     let workers = (0..<4).map { Worker(tau: 0, delay: record.delay(of: $0)) }
///     let experiment = Experiment(problem, workers: workers, method: method, owners: [record])
public final class RecordedDelay: DelayOwner {
  private let tables: [OwnedTable<Double>]
  private let recordings: [Recording]
  private let addresses: Set<UInt>
  /// Whether the durations are all that a run with real workers did, which a simulation then repeats.
  public let isOfRealRun: Bool

  /// Delays from `durations`. Where these name workers, each worker of the fleet takes its own, in turn. O(m
  /// log m).
  ///
  /// Names without a duration are passed over. Throws where there are no durations, or one is negative or
  /// NaN.
  public init(_ durations: RecordedDurations, order: Recording.Order) throws(LabError) {
    // Their order is kept beside them.
    guard AvailableMemory.has(durations.values.count, times: 64) else {
      throw LabError(SetupError.outOfMemory)
    }
    let lists = durations.workers == nil ? [durations.values] : durations.byWorker.filter { !$0.isEmpty }
    var tables: [OwnedTable<Double>] = []
    var recordings: [Recording] = []
    for list in lists {
      let table = OwnedTable(
        list + Array(repeating: 0, count: Recording.memory(for: list.count) - list.count))
      do { recordings.append(try Recording(table.table, order: order)) } catch { throw LabError(error) }
      tables.append(table)
    }
    guard !recordings.isEmpty else {
      throw LabError("there are no durations", remedy: "write one duration in seconds a line")
    }
    (self.tables, self.recordings) = (tables, recordings)
    addresses = Set(recordings.map(\.address))
    isOfRealRun = durations.isOfRealRun
  }

  /// The delay of a worker, from 0.
  public func delay(of worker: Int) -> Delay { .trace(recordings[worker % recordings.count]) }

  /// Whether `delay` is one of a worker of this record.
  public func owns(_ delay: Delay) -> Bool { delay.recording.map { addresses.contains($0.address) } ?? false }
}

extension LabError {
  /// The core's error about a law in words.
  public init(_ error: DelayError) {
    self.init("\(error.parameter) of \(error.law) is out of range", remedy: "it takes \(error.expected)")
  }
}
