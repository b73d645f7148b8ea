// SPDX-License-Identifier: Apache-2.0

/// What a run's jobs consist of, where that is more than a gradient.
@usableFromInline
struct LocalWork: BitwiseCopyable, Sendable {
  /// How many gradients every worker's job has; empty where it has one.
  @usableFromInline var counts = Table<Int32>()
  /// Whether they are all at the job's point.
  @usableFromInline var isBatch = false
  /// γ of the local steps.
  @usableFromInline var stepsize = 0.0
  /// Where every worker's open-ended work is; empty where there is none.
  @usableFromInline var open = Table<OpenWork>()

  init() {}
}

/// The open-ended work of a worker.
@usableFromInline
struct OpenWork: BitwiseCopyable, Sendable {
  /// The number of its first gradient.
  @usableFromInline var first: Int
  /// How many steps are complete.
  @usableFromInline var complete: Int
  /// When the first step begins: after the download.
  @usableFromInline var start: Double
  /// Seconds of the steps up to the one that runs, in work where the worker's speed changes.
  @usableFromInline var seconds: Double

  init(first: Int, start: Double) { (self.first, complete, self.start, seconds) = (first, 0, start, 0) }
}

extension DrivenServer {
  /// Whether workers may have open-ended work.
  @usableFromInline var hasOpenWork: Bool { !face.local.isEmpty && !face.local[0].open.isEmpty }

  /// Whether what ends next for `worker` is a step of open-ended work.
  @inlinable
  func isStep(_ worker: Int) -> Bool { face.jobs[worker].work == .openEnded }

  /// Whether what ends next for `worker` is the sum that open-ended work has become.
  @inlinable
  func isSum(_ worker: Int) -> Bool { face.jobs[worker].work == .sum }

  /// Ends the step of `worker` at `time`; what comes then is open until `goOn`.
  @usableFromInline
  mutating func endStep(_ worker: Int, at time: Double) {
    face.now = time
    face.isUsed = false
    let table = face.local[0].open
    table[worker].complete += 1
    if face.log.isRecording {
      face.record(.step, worker: worker, delay: Double(face.k - face.jobs[worker].version))
    }
  }

  /// Begins the open-ended work of `worker`, whose job has been started, at `start`, after the download.
  /// Returns when the first step will end.
  mutating func beginSteps(_ worker: Int, at start: Double, seed: UInt64) -> Double {
    let table = face.local[0].open
    table[worker] = OpenWork(first: face.jobs[worker].number, start: start)
    return endOfStep(worker, seed: seed)
  }

  /// As `beginSteps`, of a real worker, at once.
  @usableFromInline
  mutating func openWork(_ worker: Int) {
    let table = face.local[0].open
    table[worker] = OpenWork(first: face.jobs[worker].number, start: face.now)
  }

  /// Begins the next step of `worker` and returns when it will end.
  @usableFromInline
  mutating func goOn(_ worker: Int, seed: UInt64) -> Double {
    face.jobs[worker].number &+= 1
    return endOfStep(worker, seed: seed)
  }

  /// Step h ends at start + the sum of the first h durations, or where ∫v has grown by it. Where work that is
  /// interrupted is lost, a step is a job by itself, since those before it are not lost with it.
  private mutating func endOfStep(_ worker: Int, seed: UInt64) -> Double {
    let table = face.local[0].open
    let (open, job) = (table[worker], face.jobs[worker].number)
    guard open.start < .infinity else {
      markEndless(worker)
      return .infinity
    }
    let isNominal = face.fleet.speeds.isEmpty || face.fleet.speeds[worker].isNominal
    let end: Double
    if isNominal {
      let seconds = duration(
        of: face.fleet.workers[worker], worker, job: job, allotted: .infinity,
        start: open.start + open.seconds,
        seed: seed
      ).seconds
      table[worker].seconds += seconds
      end = open.start + table[worker].seconds
    } else {
      let isPause = face.fleet.speeds[worker].offline == .pause
      let start = isPause ? open.start : max(open.start, face.now)
      let work = work(worker, job: job, at: start + (isPause ? open.seconds : 0), seed: seed)
      table[worker].seconds = (isPause ? open.seconds : 0) + work
      end = face.fleet.speeds[worker].endOfNextJob(
        table[worker].seconds, from: start,
        worker: RandomStream(seed: seed, purpose: .delay, worker: worker, job: job))
    }
    if end == .infinity { markEndless(worker) }
    return end
  }

  /// Ends the open-ended work of `worker`, whose sum is on its way, and returns when it will be there.
  @usableFromInline
  mutating func handIn(_ worker: Int) -> Double {
    if face.jobs[worker].state == .endless { face.endless -= 1 }
    face.jobs[worker].state = .running
    face.jobs[worker].work = .sum
    let end = face.now + upload(of: face.fleet.workers[worker])
    if end == .infinity { markEndless(worker) }
    return end
  }
}
