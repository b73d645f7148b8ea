// SPDX-License-Identifier: Apache-2.0

/// Which of a job's reads are recorded: those from when version `first` became the newest until `end`.
public struct Reading: BitwiseCopyable, Sendable {
  /// w, the part of a job's duration in which it reads.
  let window: Double
  let first: Int
  let last: Int
  let end: Double
  /// Version v is at v mod (n + 1).
  let history: Table<Version>

  /// When a version became the newest, and its place among the points.
  struct Version: BitwiseCopyable, Sendable {
    var time: Double
    var place: Int32
  }

  /// When the reads begin.
  var start: Double { history[first % history.count].time }

  /// The place of the version that is the newest at `time`, which is not before `start`. O(log n).
  func place(at time: Double) -> Int {
    // No division in the loop: versions are in a ring, which the loop passes at most once.
    let origin = first % history.count
    var (low, high) = (origin, origin + (last - first))
    while low < high {
      let middle = (low + high + 1) / 2
      let index = middle < history.count ? middle : middle - history.count
      if history[index].time <= time { low = middle } else { high = middle - 1 }
    }
    return Int(history[low < history.count ? low : low - history.count].place)
  }
}

extension Server {
  /// k − s for the job that `worker` runs, or has just ended.
  func delay(ofJobOf worker: Int) -> Int { k - jobs[worker].version }

  /// Records a part of what the job of `worker` reads in `view`.
  mutating func read(_ worker: Int, into view: Slot, _ reading: Reading) {
    guard let readingSeconds else { return }
    let job = jobs[worker]
    give(
      .read(
        view: view, reading: reading, worker: Int32(truncatingIfNeeded: worker), job: job.number,
        start: job.start,
        seconds: reading.window * readingSeconds[worker]))
  }
}
