// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

/// Rounds in which only some workers take part.
@Suite struct ParticipationTests {
  private static let gamma = 0.1

  /// A fleet with times off on ticks of 1/16 s, and when each worker is on.
  private static func fleet(
    _ draw: inout RandomStream
  ) -> (workers: [Worker], speeds: [WorkerSpeed], isOn: (Int, Double) -> Bool) {
    let count = 2 + draw.integer(below: 6)
    let workers = (0..<count).map { _ in
      Worker(
        tau: Double(4 + draw.integer(below: 40)) / 16, upload: draw.integer(below: 3) == 0 ? 0.25 : 0)
    }
    // Half of the time on, so that τ takes twice as long at the mean speed.
    let pieces = (0..<count).map { _ in
      var pieces = [1.0, 1, 1, 1, 0, 0, 0, 0]
      for index in 0..<8 { pieces.swapAt(index, index + draw.integer(below: 8 - index)) }
      return pieces
    }
    let phases = (0..<count).map { _ in Double(draw.integer(below: 16)) / 16 }
    let speeds = (0..<count).map { i in
      var speed = WorkerSpeed()
      (speed.pace, speed.phase) = (.profile(period: 8, speeds: pieces[i]), phases[i])
      return speed
    }
    return (
      workers, speeds,
      { i, time in
        let turns = time / 8 + phases[i]
        return pieces[i][Int((turns - turns.rounded(.down)) * 8)] > 0
      }
    )
  }

  private func expectAgreement(
    _ name: String, _ method: MethodChoice, _ rule: SlowRounds.Rule, _ participation: Participation,
    _ workers: [Worker], _ speeds: [WorkerSpeed] = [], seed: UInt64, isOn: ((Int, Double) -> Bool)? = nil
  ) throws {
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 4, noise: 0)), workers: workers, method: method,
      seed: seed)
    experiment.speeds = speeds
    let run = try experiment.start()
    run.run(until: Stop(updates: 25))
    let slow = SlowRounds(
      workers, rule, count: participation.count, accepted: participation.accepted, seed: seed,
      gamma: Self.gamma, dimension: 4, steps: 25, isOn: isOn)
    let statistics = run.statistics
    let of = (participation.count, participation.accepted)
    let name = "\(name) of \(of), fleet \(seed)"
    #expect(statistics.point.iteration == slow.iteration, "\(name)")
    #expect(statistics.point.time == slow.time, "\(name)")
    #expect(statistics.assigned == slow.assigned, "\(name)")
    #expect(statistics.point.arrivals == slow.arrivals, "\(name)")
    #expect(statistics.point.used == slow.used, "\(name)")
    #expect(statistics.cancelled == slow.cancelled, "\(name)")
    expectClose(run.model, slow.x, 1e-9, name)
  }

  /// C and A of all kinds.
  private static func draw(_ n: Int, _ draw: inout RandomStream) -> Participation {
    let count = draw.integer(below: 4) == 0 ? nil : 1 + draw.integer(below: n)
    return Participation(
      count, accepted: draw.integer(below: 3) == 0 ? nil : 1 + draw.integer(below: count ?? n))
  }

  private func expectAgreement(
    _ participation: Participation, _ draw: inout RandomStream, _ workers: [Worker],
    _ speeds: [WorkerSpeed] = [], seed: UInt64, isOn: ((Int, Double) -> Bool)? = nil
  ) throws {
    let gamma = Parameter(Self.gamma)
    let minibatch = Minibatch { ($0.gamma, $0.participation) = (gamma, participation) }
    try expectAgreement(
      "minibatch", MethodChoice(minibatch), .mean, participation, workers, speeds, seed: seed, isOn: isOn)
    if let m = participation.accepted {
      let msync = MSynchronous {
        ($0.gamma, $0.m) = (gamma, Parameter(m))
        $0.participation.count = participation.count
      }
      try expectAgreement(
        "msync", MethodChoice(msync), .mean, participation, workers, speeds, seed: seed, isOn: isOn)
    }
    for stops in [false, true] {
      let S = 1 + draw.integer(below: 12)
      let malenia = Malenia {
        ($0.gamma, $0.batch, $0.stops, $0.participation) = (gamma, Parameter(S), stops, participation)
      }
      try expectAgreement(
        "malenia S=\(S) stops=\(stops)", MethodChoice(malenia), .harmonic(S: Double(S), stops: stops),
        participation,
        workers, speeds, seed: seed, isOn: isOn)
    }
    var trials = workers.map { _ in draw.integer(below: 4) }
    trials[0] += 1
    // η is uniform from 0 to 2, or nothing.
    let clip = isOn == nil ? 1.5 : 4
    var settings: Settings = [
      "gamma": .number(Self.gamma), "clip": .number(clip), "trials": .perWorker(trials.map { Double($0) }),
    ]
    settings["participants"] = participation.count.map { .number(Double($0)) }
    settings["accept"] = participation.accepted.map { .number(Double($0)) }
    let mindflayer = try #require(Catalogue().method("mindflayer")).choose(settings)
    try expectAgreement(
      "mindflayer \(trials)", mindflayer,
      .trials(trials, clip: clip, probability: isOn == nil ? 0.75 : 1), participation, workers, speeds,
      seed: seed, isOn: isOn)
  }

  @Test func agreesWithSlowRuns() throws {
    for trial in 0..<24 {
      var draw = RandomStream(seed: 11, purpose: .data, worker: trial)
      let workers = (0..<1 + draw.integer(below: 8)).map { _ in
        Worker(
          tau: 0.2 + 3 * draw.uniform(), delay: .uniform(a: 0, b: 2),
          upload: draw.integer(below: 3) == 0 ? 0.5 : 0)
      }
      try expectAgreement(Self.draw(workers.count, &draw), &draw, workers, seed: UInt64(trial))
    }
  }

  /// Workers that are off are not drawn, and a round waits for the next one that is on.
  @Test func agreesWithSlowRunsWithTimesOff() throws {
    for trial in 0..<24 {
      var draw = RandomStream(seed: 12, purpose: .data, worker: trial)
      let (workers, speeds, isOn) = Self.fleet(&draw)
      var participation = Self.draw(workers.count, &draw)
      participation.count = participation.count ?? workers.count
      try expectAgreement(participation, &draw, workers, speeds, seed: UInt64(trial), isOn: isOn)
    }
  }

  private func outcome(_ name: String, _ settings: Settings, noise: Double = 0.01) throws -> [String] {
    let method = try #require(Catalogue().method(name)).choose(settings)
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 10, noise: noise)),
      workers: (1...7).map {
        Worker(tau: Double($0).squareRoot(), delay: .exponential(rate: 2), upload: 0.1 * Double($0))
      },
      method: method, seed: 3)
    experiment.isLogging = true
    let run = try experiment.start()
    var log: [String] = []
    run.onLog = { log.append(EventReport.line($0)) }
    run.run(until: Stop(updates: 40))
    let left = ["wall", "events_per_second", "memory"]
    let numbers = run.statistics.numbers.filter { !left.contains($0.name) }
    return log + numbers.map { "\($0.name) \($0.value)" } + run.model.map { "\($0)" }
  }

  /// Every entry of the log, every number and every bit of the model.
  @Test func ofAllWorkersIsAsWithoutIt() throws {
    let others: [(String, Settings)] = [
      ("minibatch", ["gamma": 0.3]), ("msync", ["gamma": 0.3, "m": 3]),
      ("malenia", ["gamma": 0.3, "batch": 20]), ("malenia", ["gamma": 0.3, "batch": 20, "stops": true]),
      ("mindflayer", ["gamma": 0.3, "trials": 3, "clip": 0.5]),
    ]
    for (name, settings) in others {
      var all = settings
      all["participants"] = 7
      let (found, expected) = (try outcome(name, all), try outcome(name, settings))
      let place = zip(found, expected).first { $0 != $1 }
      #expect(found == expected, "\(name) \(settings): \(place as Any)")
    }
  }

  @Test func minibatchThatAcceptsMIsMSynchronous() throws {
    for m in [1, 3, 7] {
      let msync = try outcome("msync", ["gamma": 0.3, "m": .number(Double(m))])
      let accept = SettingValue.number(Double(m))
      #expect(try outcome("minibatch", ["gamma": 0.3, "participants": 7, "accept": accept]) == msync)
      #expect(try outcome("minibatch", ["gamma": 0.3, "accept": accept]) == msync)
      #expect(try outcome("msync", ["gamma": 0.3, "accept": accept]) == msync)
      let some = try outcome("msync", ["gamma": 0.3, "m": accept, "participants": 7])
      #expect(some == msync)
    }
  }

  /// Every worker takes part in its share of the rounds, and the draw is that of a shuffled list.
  @Test func everyWorkerHasItsShare() throws {
    let workers = MethodLab.workers((1...6).map { Double($0) })
    let method = Minibatch { ($0.gamma, $0.participation) = (0.1, Participation(2)) }
    let (_, log) = try MethodLab.run(method, workers, until: Stop(updates: 3_000))
    var shares = [Int](repeating: 0, count: 6)
    for entry in log where entry.kind == .arrive { shares[entry.worker] += 1 }
    // Five standard deviations of a binomial with p = 1/3.
    for share in shares { #expect(abs(Double(share) - 1_000) < 5 * (3_000.0 * 2 / 9).squareRoot()) }
  }

  @Test func refusesWhatDoesNotFit() throws {
    for name in ["minibatch", "malenia", "mindflayer", "msync"] {
      try expectRefused(name, ["participants": 0], "a positive integer")
      try expectRefused(name, ["participants": 4], "from 1 to n, the number of workers")
    }
    for (name, settings, sentence) in [
      ("minibatch", ["participants": 2, "accept": 3], "from 1 to the participants of a round"),
      ("malenia", ["participants": 2, "accept": 3, "batch": 3], "from 1 to the participants of a round"),
      ("mindflayer", ["participants": 2, "accept": 3], "from 1 to the participants of a round"),
      ("msync", ["m": 3, "participants": 2], "from m to n"),
      ("msync", ["m": 3, "accept": 2], "m is how many gradients a round waits for"),
    ] as [(String, Settings, String)] {
      let error = #expect(throws: LabError.self) {
        var all: Settings = ["gamma": 0.1]
        all.merge(settings) { _, new in new }
        let method = try #require(Catalogue().method(name)).choose(all)
        _ = try Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 3)), workers: MethodLab.workers([1, 2, 3]),
          method: method
        ).start()
      }
      #expect(error?.description.contains(sentence) == true, "\(error as Any)")
    }
    for name in ["asgd", "ringmaster", "rennala", "vecna", "asgrad"] {
      #expect(throws: LabError.self) { try Catalogue().method(name)?.choose(["participants": 1]) }
    }
  }

  /// The mean of the A-th shortest of C, over all subsets.
  @Test func hasTheTheorysNumbers() throws {
    let tau = [5.0, 1, 3, 1, 8, 2.5]
    for C in 1...6 {
      for A in 1...C {
        var (sum, subsets) = (0.0, 0.0)
        for mask in 0..<64 where mask.nonzeroBitCount == C {
          sum += (0..<6).filter { mask >> $0 & 1 == 1 }.map { tau[$0] }.sorted()[A - 1]
          subsets += 1
        }
        let settings: Settings = ["participants": .number(Double(C)), "accept": .number(Double(A))]
        let forecast = try TheoryLab.forecast("minibatch", MethodLab.workers(tau), settings)
        expectNear(forecast["iteration_time"], sum / subsets)
        let K = 8 * TheoryLab.progress * (1 + TheoryLab.noise / Double(A))
        #expect(abs(forecast.iterations - K) <= 1)
        expectNear(forecast.time, forecast.iterations * sum / subsets)
        expectNear(forecast.gamma, min(1, Double(A) / TheoryLab.noise) / (2 * TheoryLab.L))
        let msync = try TheoryLab.forecast(
          "msync", MethodLab.workers(tau), ["participants": .number(Double(C)), "m": .number(Double(A))])
        #expect(msync.time == forecast.time && msync.gamma == forecast.gamma)
      }
    }
    // Of all workers it is msync.
    let all = try TheoryLab.forecast("minibatch", MethodLab.workers(tau), ["participants": 6, "accept": 3])
    let msync = try TheoryLab.forecast("msync", MethodLab.workers(tau), ["m": 3])
    #expect(all.time == msync.time && all.iterations == msync.iterations && all.table == msync.table)
    // m is that of the least time.
    for C in 1...6 {
      let best = try TheoryLab.forecast("msync", MethodLab.workers(tau), ["participants": .number(Double(C))])
      let tables = try (1...C).map { m in
        try TheoryLab.forecast(
          "msync", MethodLab.workers(tau),
          ["participants": .number(Double(C)), "m": .number(Double(m))]
        ).table
      }
      #expect(best.table == tables.min())
    }
  }

  @Test func theTheorySaysWhereItDoesNotKnow() throws {
    let random = (1...5).map { Worker(tau: Double($0), delay: .exponential(rate: 1)) }
    for (name, workers) in [
      ("malenia", MethodLab.workers([1, 2, 3, 4, 5])), ("mindflayer", MethodLab.workers([1, 2, 3, 4, 5])),
      ("minibatch", random), ("msync", random),
    ] {
      let forecast = try TheoryLab.forecast(name, workers, ["participants": 3, "gamma": 0.1])
      #expect(forecast.time.isNaN && forecast.table.isNaN, "\(name)")
      #expect(forecast.notes.contains { $0.contains("does not know") }, "\(name): \(forecast.notes)")
    }
  }
}
