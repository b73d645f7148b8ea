// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData
import StragglerLab
import StragglerRuntime
import Testing

/// One model, two clocks: what real workers did, the simulator does again.
@Suite(.timeLimit(.minutes(1))) struct ReplayTests {
  static let dimension = 12

  /// Runs `method` on threads, and then in the simulator with the durations that were recorded.
  private func replay<M: Method>(_ method: M, noise: Double = 0, workers: Int = 5) throws {
    let problem = Quadratic<Double>(dimension: Self.dimension, noise: noise)
    let start = (0..<Self.dimension).map { $0 == 0 ? Double(Self.dimension).squareRoot() : 0 }
    let real = try ThreadedRun(method, model: start.span, workers: workers, records: true)
    let law = Delay.lognormal(mu: 0, sigma: 1)
    let reason = try real.run(
      until: Stop(updates: 60), clock: ContinuousClock(),
      delay: { job in
        var stream = RandomStream(seed: 3, purpose: .delay, worker: job.worker, job: job.number)
        return Double(1 + job.worker) * 5e-5 * law.sample(&stream, job: job.number)
      },
      gradient: { job, x, gradient in
        var problem = problem
        problem.accumulate(
          1, Sample(seed: 1, worker: job.worker, job: job.number), at: x, into: &gradient)
      })
    #expect(reason == .updates)

    let text = real.log.durations(for: .replay)
    let recorded = try RecordedDelay(RecordedDurations.parse(Array(text.utf8)), order: .replay)
    var experiment = Experiment(
      problem, workers: (0..<workers).map { Worker(tau: 0, delay: recorded.delay(of: $0)) }, method: method)
    experiment.owners = [recorded]
    experiment.isLogging = true
    let simulated = try experiment.start()
    var arrivals: [Int] = []
    simulated.onLog = { if $0.kind == .arrive { arrivals.append($0.worker) } }
    simulated.run(until: Stop(arrivals: real.counts.arrivals))

    let delivered = real.log.jobs.filter { $0.end == .delivered }
    #expect(arrivals == delivered.map(\.worker))
    #expect(simulated.model == real.model)
    let (counts, statistics) = (real.counts, simulated.statistics)
    #expect(statistics.point.iteration == real.iteration)
    #expect(statistics.discarded == counts.discarded)
    let end = statistics.point.time
    #expect(end == delivered.last.map { $0.start + $0.duration })
    // The simulator stops before it carries out what the last update orders.
    let cancelled = real.log.jobs.filter { $0.end == .cancelled && $0.start + $0.duration < end }
    #expect(statistics.cancelled == cancelled.count)
  }

  private func make<M: Method>(_ type: M.Type, _ change: (inout M) -> Void) -> M {
    var method = M()
    change(&method)
    return method
  }

  @Test func asynchronousMethods() throws {
    try replay(make(Asynchronous.self) { $0.gamma = 0.05 }, noise: 0.01)
    try replay(make(DelayAdaptive.self) { $0.gamma = 0.05 }, noise: 0.01)
    try replay(make(Hogwild.self) { $0.gamma = 0.05 }, noise: 0.01)
    for stops in [false, true] {
      try replay(
        make(Ringmaster.self) { ($0.gamma, $0.threshold, $0.stops) = (0.1, 3, stops) }, noise: 0.01)
    }
  }

  @Test func methodsWithBatches() throws {
    for stops in [false, true] {
      try replay(make(Rennala.self) { ($0.gamma, $0.batch, $0.stops) = (0.4, 6, stops) })
      try replay(make(Malenia.self) { ($0.gamma, $0.batch, $0.stops) = (0.4, 6, stops) })
    }
    try replay(make(MSynchronous.self) { ($0.gamma, $0.m) = (0.4, 3) })
    try replay(make(AcceleratedRennala.self) { ($0.gamma, $0.batch) = (0.05, 4) })
  }

  @Test func methodsWithPointsOfTheirOwn() throws {
    try replay(make(Ringleader.self) { $0.gamma = 0.1 })
    try replay(make(PIAG.self) { $0.gamma = 0.1 })
    try replay(make(AsGrad.self) { ($0.gamma, $0.waiting) = (0.05, 3) })
  }

  @Test func workersThatNeverWork() throws { try replay(make(Hero.self) { $0.gamma = 0.4 }) }

  @Test func writesWhatIsAskedFor() throws {
    let log = JobLog(
      workers: 4,
      jobs: [
        JobRecord(worker: 1, number: 1, start: 0, duration: 0.25, end: .delivered),
        JobRecord(worker: 0, number: 1, start: 0, duration: 0x1p-30, end: .cancelled),
        JobRecord(worker: 2, number: 1, start: 0, duration: 3, end: .expired),
        JobRecord(worker: 0, number: 2, start: 1, duration: 1e-6, end: .delivered),
        JobRecord(worker: 1, number: 2, start: 1, duration: 7, end: .running),
      ])
    #expect(log.durations(for: .fitting) == "worker,duration\n2,0.25\n1,1e-06\n")
    let replay = try RecordedDurations.parse(Array(log.durations(for: .replay).utf8))
    #expect(replay.workerNames == ["1", "2", "3", "4"])
    #expect(replay.byWorker == [[1e300, 1e-6], [0.25, 1e300], [3], [1e300]])
  }
}
