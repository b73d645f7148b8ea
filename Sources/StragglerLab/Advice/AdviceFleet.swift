// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
public import StragglerData

/// The fleet that advice is about: a configured one, or one given by recorded durations of its workers' jobs.
public struct AdviceFleet: Sendable {
  /// The workers to simulate; recorded ones have τ = 0 and draw whole durations.
  public var workers: [Worker]
  /// How fast each of them works over time; empty where all work at speed 1.
  public var speeds: [WorkerSpeed] = []
  /// The owners of memory that the delays refer to.
  public var owners: [any DelayOwner]
  /// The durations by worker, where they were recorded.
  public let record: RecordedDurations?

  /// A configured fleet.
  public init(_ workers: [Worker], owners: [any DelayOwner] = []) {
    self.workers = workers
    self.owners = owners
    record = nil
  }

  /// A fleet of `count` workers, or of as many as the record names, whose jobs take durations drawn from it:
  /// of each worker its own, or, where the record names no workers, all the same. The recorded workers of a
  /// smaller record are dealt out again and again. Uploads and downloads are those of `links`, where these
  /// are as many.
  ///
  /// Throws where no job of the record ever ended.
  public init(_ record: RecordedDurations, count: Int? = nil, links: [Worker] = []) throws(LabError) {
    guard record.values.contains(where: { $0 < .infinity }) else {
      throw LabError(
        "no job of the record ever ended: every duration is inf",
        remedy: "record at least one job that ended")
    }
    let recording = try RecordedDelay(record, order: .bootstrap)
    let count = count ?? (record.workers == nil ? 1 : record.workerNames.count)
    workers = (0..<count).map { index in
      var worker = Worker(tau: 0, delay: recording.delay(of: index))
      if links.count == count {
        (worker.upload, worker.download) = (links[index].upload, links[index].download)
      }
      return worker
    }
    owners = [recording]
    self.record = record
  }

  /// Whether some worker's jobs take different times at different times.
  public var changesSpeed: Bool { (try? OwnedFleet(workers, speeds))?.changes == true }

  /// The names of the recorded workers, in the order of the fleet; empty where the record names none.
  public var names: [String] { record?.workers == nil ? [] : record?.workerNames ?? [] }

  /// The same fleet with durations drawn again from the record, sample number `index`: what another recording
  /// of the same length could have been. The fleet itself where there is no record, or where no job of the
  /// sample ends.
  func resampled(_ index: Int, seed: UInt64) -> AdviceFleet {
    guard let record else { return self }
    var lists = record.byWorker
    for worker in lists.indices where !lists[worker].isEmpty {
      var stream = RandomStream(seed: seed, purpose: .data, worker: worker, job: index)
      let old = lists[worker]
      for job in old.indices { lists[worker][job] = old[stream.integer(below: old.count)] }
    }
    var owners: [Int]?
    if record.workers != nil {
      owners = lists.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element.count) }
    }
    let sample = RecordedDurations(
      values: lists.flatMap(\.self), workers: owners, workerNames: record.workerNames)
    return (try? AdviceFleet(sample, count: workers.count, links: workers)) ?? self
  }
}
