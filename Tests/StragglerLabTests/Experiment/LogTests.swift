// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// The log of a run tells the same as its statistics.
@Suite struct LogTests {
  static let methods: [(name: String, settings: Settings)] = [
    ("hero", [:]), ("minibatch", [:]), ("msync", ["m": 2]), ("asgd", [:]),
    ("asgd-adaptive", ["rule": "drop"]),
    ("asgd-naive", ["m": 3]), ("ringmaster", ["threshold": 2]),
    ("ringmaster", ["threshold": 3, "stops": true]),
    ("ringleader", [:]), ("rennala", ["batch": 4]), ("rennala", ["batch": 7, "stops": true]),
    ("rennala-accelerated", ["batch": 3]), ("malenia", ["batch": 9]),
    ("malenia", ["batch": 6, "stops": true]),
    ("mindflayer", ["trials": 3, "clip": 1.5]), ("vecna", ["trials": 2, "clip": 1.5]),
    ("mindflayer-mod", ["batch": 8]), ("asgrad", ["order": "random", "waiting": 2]), ("fedbuff", [:]),
    ("piag", [:]), ("ata", ["batch": 9]), ("ata", ["batch": 9, "allocation": "greedy"]), ("qsgd", ["K": 2]),
    ("shadowheart", ["ratio": 3, "K": 2]),
    ("shadowheart", ["ratio": 3, "K": 2, "adaptive": true]), ("freya-page", ["batch": 3, "p": 0.5]),
    ("freya-sgd", ["batch": 4]), ("hero-gd", [:]), ("soviet-page", ["batch": 5, "p": 0.5]),
    ("synthesis", ["batch": 3, "p": 0.5]), ("fedasync", [:]), ("rescaled", [:]),
    ("rescaled", ["times": "measured"]), ("aced", ["limit": 2]), ("aced", [:]),
    ("rennala-mvr", ["batch": 3, "a": 0.3]),
  ]

  static let finiteSums = ["freya-page", "freya-sgd", "hero-gd", "soviet-page", "synthesis"]

  @Test func tellsWhatTheStatisticsCount() throws {
    for (trial, (name, settings)) in Self.methods.enumerated() {
      for stop in [Stop(updates: 12), Stop(time: 11), Stop(arrivals: 17)] {
        var draw = RandomStream(seed: 5, purpose: .data, worker: trial)
        let workers = (0..<5).map { _ in
          Worker(
            tau: 0.3 + 2 * draw.uniform(), delay: .exponential(rate: 0.5), upload: trial % 2 == 0 ? 0.2 : 0,
            power: 1 + draw.uniform())
        }
        var problem = Quadratic<Double>(dimension: 4, noise: 0.01)
        if Self.finiteSums.contains(name) { problem.samples = 7 }
        var experiment = Experiment(
          problem: ProblemChoice(problem), workers: workers,
          method: try #require(Catalogue().method(name)).choose(
            settings.merging(["gamma": 0.05]) { given, _ in given }))
        experiment.isLogging = true
        let run = try experiment.start()
        var history = History(workers)
        run.onLog = { history.record($0) }
        run.run(until: stop)
        history.expectSame(as: run.statistics, "\(name) \(settings), until \(stop)")
      }
    }
  }
}

extension LogTests {
  /// However often a run that has diverged goes on, its log has every event, and no more.
  @Test(arguments: ["hero", "rennala", "ringmaster"]) func tellsOfDivergence(_ name: String) throws {
    let workers = [Worker(tau: 1), Worker(tau: 2)]
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 4)), workers: workers,
      method: try #require(Catalogue().method(name)).choose(["gamma": 1e99]))
    experiment.isLogging = true
    let run = try experiment.start()
    var history = History(workers)
    run.onLog = { history.record($0) }
    for _ in 0..<20 { #expect(run.run(until: Stop(updates: 99)) == .diverged) }
    history.expectSame(as: run.statistics, name)
    #expect(history.counts[.update] == run.iteration && run.iteration > 0)
  }
}

/// What can be learnt from a log.
private struct History {
  let workers: [Worker]
  var counts: [LogEntry.Kind: Int] = [:]
  var delays: [Int] = []
  /// When the job that each worker has began, and how long the last one took.
  var starts: [Double?]
  var durations: [Double]
  var busy: [Double]
  var useful = 0.0
  var concurrency = 0
  /// Messages that began, came and were cancelled, which are no jobs: their entries have the number of the
  /// last gradient.
  var messages: [LogEntry.Kind: Int] = [:]
  var jobs: [Int]
  var isConsistent = true
  var time = 0.0

  init(_ workers: [Worker]) {
    self.workers = workers
    starts = Array(repeating: nil, count: workers.count)
    durations = Array(repeating: 0, count: workers.count)
    busy = durations
    jobs = Array(repeating: 0, count: workers.count)
  }

  mutating func record(_ entry: LogEntry) {
    let i = entry.worker
    counts[entry.kind, default: 0] += 1
    isConsistent = isConsistent && entry.time >= time
    time = entry.time
    switch entry.kind {
    case .assign:
      isConsistent = isConsistent && starts[i] == nil && entry.job >= jobs[i]
      if entry.job == jobs[i] { messages[.assign, default: 0] += 1 }
      starts[i] = entry.time
      concurrency = max(concurrency, starts.count { $0 != nil })
    case .arrive, .clip, .cancel:
      durations[i] = entry.time - (starts[i] ?? .nan)
      busy[i] += durations[i]
      starts[i] = nil
      if entry.job == jobs[i] { messages[entry.kind, default: 0] += 1 }
      jobs[i] = entry.job
    case .use:
      useful += durations[i]
      delays.append(Int(entry.delay))
    case .discard, .step: break
    case .update: isConsistent = isConsistent && entry.iteration == counts[.update]
    }
  }

  func expectSame(as statistics: Statistics, _ name: String) {
    /// Of jobs, without messages.
    func count(_ kind: LogEntry.Kind) -> Int { (counts[kind] ?? 0) - (messages[kind] ?? 0) }
    let sending = (messages[.assign] ?? 0) - (messages[.arrive] ?? 0) - (messages[.cancel] ?? 0)
    func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(1, abs(b)) }
    #expect(isConsistent, "\(name)")
    #expect(statistics.point.iteration == count(.update), "\(name)")
    #expect(statistics.assigned == count(.assign), "\(name)")
    #expect(statistics.point.arrivals == count(.arrive), "\(name)")
    #expect(statistics.point.used == count(.use) - (messages[.arrive] ?? 0), "\(name)")
    #expect(statistics.discarded == count(.discard), "\(name)")
    #expect(statistics.cancelled == count(.cancel) + count(.clip), "\(name)")
    #expect(
      statistics.assigned - statistics.point.arrivals - statistics.cancelled
        == starts.count { $0 != nil } - sending, "\(name)")
    #expect(statistics.concurrencyMax == concurrency, "\(name)")
    #expect(statistics.delayMax == delays.max() ?? 0, "\(name)")
    let now = statistics.point.time
    let seconds = zip(busy, starts).map { $0 + ($1.map { now - $0 } ?? 0) }
    let total = seconds.reduce(0, +)
    #expect(isClose(statistics.busy * now * Double(workers.count), total), "\(name)")
    #expect(isClose(statistics.useful * total, useful), "\(name)")
    #expect(isClose(statistics.energy, zip(workers, seconds).map { $0.power * $1 }.reduce(0, +)), "\(name)")
  }
}
