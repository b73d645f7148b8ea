// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// Methods of which only C workers are at work at a time.
@Suite struct ActiveWorkersTests {
  /// The queue as an array, and the next event looked for among all jobs.
  struct SlowTurns {
    enum Rule {
      /// Each gradient makes a step of γ for its delay, or none; after an update jobs of delay `limit`
      /// start anew.
      case each(gamma: (Int) -> Double?, limit: Int)
      /// S gradients at x^k make a step; then with `stops` all jobs start anew.
      case batch(Int, stops: Bool)
    }
    struct Job {
      let end: Double
      let version: Int
      let gradient: [Double]
    }
    let workers: [Worker]
    let seed: UInt64
    var x = MethodLab.start(4)
    var (time, iteration, assigned, discarded, cancelled) = (0.0, 0, 0, 0, 0)
    var delays: [Int] = []
    private var jobs: [Job?]
    private var numbers: [Int]

    init(
      _ workers: [Worker], of candidates: [Int], active: Int, _ rule: Rule, gamma: Double, seed: UInt64,
      steps: Int
    ) {
      (self.workers, self.seed) = (workers, seed)
      jobs = workers.map { _ in nil }
      numbers = workers.map { _ in 0 }
      var order = candidates
      var stream = RandomStream(seed: seed, purpose: .participation, worker: 1)
      for position in order.indices where active < order.count {
        order.swapAt(position, position + stream.integer(below: order.count - position))
      }
      var queue = Array(order.dropFirst(active))
      for i in order.prefix(active).sorted() { start(i) }
      var sum = x.map { _ in 0.0 }
      var collected = 0
      while true {
        let i = jobs.indices.filter { jobs[$0] != nil }.min { (jobs[$0]!.end, $0) < (jobs[$1]!.end, $1) }!
        let job = jobs[i]!
        jobs[i] = nil
        time = job.end
        let delay = iteration - job.version
        var restarts: (Job) -> Bool = { _ in false }
        switch rule {
        case .each(let stepsize, let limit):
          guard let stepsize = stepsize(delay) else {
            discarded += 1
            break
          }
          delays.append(delay)
          for j in x.indices { x[j] -= stepsize * job.gradient[j] }
          iteration += 1
          if iteration == steps { return }
          let now = iteration
          restarts = { now - $0.version >= limit }
        case .batch(let S, let stops):
          guard delay == 0 else {
            discarded += 1
            break
          }
          delays.append(0)
          sum = NetworkLab.add(sum, 1, job.gradient)
          collected += 1
          guard collected == S else { break }
          for j in x.indices { x[j] -= gamma * sum[j] / Double(S) }
          (sum, collected) = (sum.map { _ in 0 }, 0)
          iteration += 1
          if iteration == steps { return }
          restarts = { _ in stops }
        }
        for other in jobs.indices {
          if let running = jobs[other], restarts(running) {
            cancelled += 1
            start(other)
          }
        }
        queue.append(i)
        start(queue.removeFirst())
      }
    }

    private mutating func start(_ i: Int) {
      numbers[i] += 1
      assigned += 1
      var stream = RandomStream(seed: seed, purpose: .delay, worker: i, job: numbers[i])
      let end = time + (workers[i].tau + workers[i].delay.sample(&stream, job: numbers[i]))
      jobs[i] = Job(end: end + workers[i].upload, version: iteration, gradient: MethodLab.gradient(x))
    }
  }

  private func expectAgreement(
    _ name: String, _ method: some Method, _ rule: SlowTurns.Rule, _ workers: [Worker],
    of candidates: [Int]? = nil, active: Int, seed: UInt64
  ) throws {
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 4, noise: 0)), workers: workers,
      method: MethodChoice(method, modifiers: Modifiers(active: active)), seed: seed
    ).start()
    run.run(until: Stop(updates: 40))
    let candidates = candidates ?? Array(workers.indices)
    let slow = SlowTurns(
      workers, of: candidates, active: active, rule, gamma: 0.1, seed: seed, steps: 40)
    let statistics = run.statistics
    let name = "\(name) active=\(active), fleet \(seed)"
    #expect(statistics.point.time == slow.time, "\(name)")
    #expect(statistics.assigned == slow.assigned, "\(name)")
    #expect(statistics.discarded == slow.discarded, "\(name)")
    #expect(statistics.cancelled == slow.cancelled, "\(name)")
    #expect(statistics.delayMax == slow.delays.max() ?? 0, "\(name)")
    #expect(statistics.concurrencyMax <= active, "\(name)")
    expectClose(run.model, slow.x, 1e-9, name)
  }

  @Test func agreesWithSlowRuns() throws {
    for trial in 0..<24 {
      var draw = RandomStream(seed: 13, purpose: .data, worker: trial)
      let n = 1 + draw.integer(below: 8)
      // In every third fleet there are ties.
      let isWhole = trial % 3 == 0
      let workers = (0..<n).map { _ in
        Worker(
          tau: isWhole ? Double(1 + draw.integer(below: 3)) : 0.2 + 3 * draw.uniform(),
          delay: isWhole ? .none : .uniform(a: 0, b: 2), upload: trial % 4 == 1 ? 0.5 : 0)
      }
      let active = 1 + draw.integer(below: n)
      let (R, S) = (1 + draw.integer(below: 2 * n), 1 + draw.integer(below: 6))
      let seed = UInt64(trial)
      try expectAgreement(
        "asgd", Asynchronous { $0.gamma = 0.1 }, .each(gamma: { _ in 0.1 }, limit: .max), workers,
        active: active, seed: seed)
      try expectAgreement(
        "asgd-adaptive", DelayAdaptive { $0.gamma = 0.1 },
        .each(gamma: { 0.1 * Double(active) / Double(max(active, $0)) }, limit: .max), workers,
        active: active, seed: seed)
      for stops in [false, true] {
        try expectAgreement(
          "ringmaster R=\(R) stops=\(stops)",
          Ringmaster { ($0.gamma, $0.threshold, $0.stops) = (0.1, Parameter(R), stops) },
          .each(gamma: { $0 < R ? 0.1 : nil }, limit: stops ? R : .max), workers, active: active, seed: seed)
        try expectAgreement(
          "rennala S=\(S) stops=\(stops)",
          Rennala { ($0.gamma, $0.batch, $0.stops) = (0.1, Parameter(S), stops) }, .batch(S, stops: stops),
          workers, active: active, seed: seed)
      }
      try expectAgreement(
        "async-local R=\(R)", AsyncLocal { ($0.gamma, $0.threshold) = (0.1, Parameter(R)) },
        .each(gamma: { $0 < R ? 0.1 : nil }, limit: .max), workers, active: active, seed: seed)
      try expectAgreement(
        "async-batch R=\(R)", AsyncBatch { ($0.gamma, $0.threshold) = (0.1, Parameter(R)) },
        .each(gamma: { $0 < R ? 0.1 : nil }, limit: .max), workers, active: active, seed: seed)
      let m = 1 + draw.integer(below: n)
      let order = workers.indices.sorted {
        let (a, b) = (workers[$0], workers[$1])
        return (a.tau + a.delay.mean + a.upload, $0) < (b.tau + b.delay.mean + b.upload, $1)
      }
      let jobs = min(active, m)
      try expectAgreement(
        "asgd-naive m=\(m)", NaiveOptimal { ($0.gamma, $0.m) = (0.1, Parameter(m)) },
        .each(gamma: { 0.1 * Double(jobs) / Double(max(jobs, $0)) }, limit: .max), workers,
        of: Array(order.prefix(m)), active: active, seed: seed)
    }
  }

  private func lines(_ name: String, _ settings: Settings) throws -> [String] {
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 10, noise: 0.01)),
      workers: MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 2)),
      method: try #require(Catalogue().method(name)).choose(settings), seed: 3)
    experiment.isLogging = true
    let run = try experiment.start()
    var log: [String] = []
    run.onLog = { log.append(EventReport.line($0)) }
    run.run(until: Stop(updates: 60))
    return log + run.model.map { "\($0)" }
  }

  /// Every entry of the log, and every bit of the model.
  @Test func allAtWorkIsAsWithoutIt() throws {
    let methods: [(String, Settings)] = [
      ("asgd", [:]), ("asgd-adaptive", [:]), ("asgd-naive", ["m": 4]), ("ringmaster", ["threshold": 3]),
      ("ringmaster", ["threshold": 3, "stops": true]), ("rennala", ["batch": 5]),
      ("rennala", ["batch": 5, "stops": true]), ("async-local", ["threshold": 6, "local": 2]),
      ("async-batch", ["threshold": 6, "batch": 2]), ("fedasync", [:]), ("rescaled", [:]),
      ("aced", ["limit": 9]),
    ]
    for (name, own) in methods {
      var settings = own
      settings["gamma"] = 0.1
      var all = settings
      all["active"] = 7
      #expect(try lines(name, all) == lines(name, settings), "\(name) \(own)")
    }
  }

  /// Where all workers have the same times, rescaled steps are those of `asgd`, no matter who is at work.
  @Test func rescaledIsAsynchronousOfEqualWorkers() throws {
    func model(_ method: MethodChoice) throws -> [Double] {
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 10, noise: 0.01)),
        workers: MethodLab.workers(Array(repeating: 1.5, count: 6)), method: method, seed: 3
      ).start()
      run.run(until: Stop(updates: 60))
      #expect(run.statistics.concurrencyMax == 2)
      return run.model
    }
    let turns = Modifiers(active: 2)
    #expect(
      try model(MethodChoice(Rescaled { $0.gamma = 0.1 }, modifiers: turns))
        == model(MethodChoice(Asynchronous { $0.gamma = 0.1 }, modifiers: turns)))
  }

  @Test func refusesWhatDoesNotFit() throws {
    for name in ["minibatch", "hero", "malenia", "piag", "ringleader"] {
      #expect(throws: LabError.self) { try Catalogue().method(name)?.choose(["active": 1]) }
    }
    for count in [0, 4] {
      let error = #expect(throws: LabError.self) {
        let method = try #require(Catalogue().method("asgd")).choose(
          ["gamma": 0.1, "active": .number(Double(count))])
        _ = try Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 3)), workers: MethodLab.workers([1, 2, 3]),
          method: method
        ).start()
      }
      #expect(error?.key == "active")
    }
    let error = #expect(throws: LabError.self) {
      _ = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 3)), workers: MethodLab.workers([1, 2, 3]),
        method: MethodChoice(Minibatch { $0.gamma = 0.1 }, modifiers: Modifiers(active: 1))
      ).start()
    }
    #expect(error?.description.contains("chooses its workers by itself") == true)
  }

  @Test func theTheoryPromisesNothing() throws {
    let workers = MethodLab.workers([1, 2, 3])
    let some = try TheoryLab.forecast("asgd", workers, ["active": 2])
    #expect(some.time.isNaN && some.iterations.isNaN)
    #expect(some.notes.contains { $0.contains("promises nothing") })
    let all = try TheoryLab.forecast("asgd", workers, ["active": 3])
    let plain = try TheoryLab.forecast("asgd", workers)
    #expect(all.time == plain.time && all.time.isFinite && all.notes == plain.notes)
  }
}
