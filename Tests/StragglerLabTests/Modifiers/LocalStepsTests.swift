// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// Jobs that are local steps.
@Suite(.serialized) struct LocalStepsTests {
  private static func choice(_ name: String, _ settings: Settings) throws -> MethodChoice {
    try #require(Catalogue().method(name)).choose(settings)
  }

  /// H that differ between workers, ties, messages and downloads.
  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let n = workers.count
      let local = workers.map { _ in 1 + draw.integer(below: 4) }
      let (R, S) = (1 + draw.integer(below: 3 * n), 1 + draw.integer(below: 2 * n))
      let m = 1 + draw.integer(below: n)
      let gamma = SlowSchedule.gamma
      func choice(_ name: String, _ settings: Settings = [:]) throws -> MethodChoice {
        let own: Settings = ["gamma": .number(gamma), "local": .perWorker(local.map(Double.init))]
        return try Self.choice(name, own.merging(settings) { $1 })
      }
      var cases: [SlowCase] = [
        SlowCase("asgd", try choice("asgd"), .each(gamma: { _ in gamma }, limit: .max)),
        SlowCase(
          "asgrad", try choice("asgrad", ["waiting": 1]), .each(gamma: { _ in gamma }, limit: .max)),
        SlowCase(
          "minibatch", try choice("minibatch"),
          .batch(enough: { $0.reduce(0, +) == n }, ofMeans: false, isOnce: true, stops: true)),
        SlowCase(
          "msync m=\(m)", try choice("msync", ["m": .number(Double(m))]),
          .batch(enough: { $0.reduce(0, +) == m }, ofMeans: false, isOnce: true, stops: true)),
      ]
      for stops in [false, true] {
        cases += [
          SlowCase(
            "ringmaster R=\(R) \(stops)",
            try choice(
              "ringmaster", ["threshold": .number(Double(R)), "stops": .init(booleanLiteral: stops)]),
            .each(gamma: { $0 < R ? gamma : nil }, limit: stops ? R : .max)),
          SlowCase(
            "rennala S=\(S) \(stops)",
            try choice("rennala", ["batch": .number(Double(S)), "stops": .init(booleanLiteral: stops)]),
            .batch(enough: { $0.reduce(0, +) == S }, ofMeans: false, isOnce: false, stops: stops)),
        ]
      }
      for index in cases.indices { cases[index].local = local }
      return cases
    }
  }

  /// Sums along local steps are compressed like gradients.
  @Test func goesWithCompression() throws {
    try SlowSchedule.expectAgreement(hasTies: false, hasUploads: false, fleets: 6) { workers, draw in
      let local = workers.map { _ in 1 + draw.integer(below: 4) }
      return try [false, true].map { hasFeedback in
        var test = SlowCase(
          "asgd",
          try Self.choice(
            "asgd",
            [
              "gamma": .number(SlowSchedule.gamma), "local": .perWorker(local.map(Double.init)),
              "compress": .call("topk", [2]), "feedback": .init(booleanLiteral: hasFeedback),
            ]),
          .each(gamma: { _ in SlowSchedule.gamma }, limit: .max))
        test.local = local
        test.compressor = SlowCompressor(.topK(2), hasFeedback: hasFeedback)
        return test
      }
    }
  }

  private static let methods = [
    "minibatch", "msync", "asgd", "asgd-adaptive", "asgd-naive", "ringmaster", "ringleader", "rennala",
    "malenia", "asgrad", "fedbuff",
  ]

  /// The log, the trace and the model of a run with noise.
  private func run(
    _ method: MethodChoice, noise: Double = 0.1, workers: [Worker] = MethodLab.workers([1, 2.5, 0.7]),
    until stop: Stop = Stop(updates: 40)
  ) throws -> (log: [String], points: [String], model: [Double]) {
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 8, noise: noise)), workers: workers, method: method,
      seed: 5)
    experiment.isLogging = true
    let run = try experiment.start()
    var log: [String] = []
    run.onLog = { log.append(EventReport.line($0)) }
    run.run(until: stop)
    return (log, run.trace.map { "\($0)" }, run.model)
  }

  /// One step is a gradient, whether all have one or another worker has more.
  @Test(arguments: methods) func oneStepIsAGradient(_ name: String) throws {
    let settings: Settings = ["gamma": 0.05]
    let plain = try run(Self.choice(name, settings))
    for one in [SettingValue.number(1), .perWorker([1, 1, 1])] {
      let local = try run(Self.choice(name, settings.merging(["local": one]) { $1 }))
      #expect(local.log == plain.log && local.points == plain.points && local.model == plain.model)
    }
    guard name == "asgd" else { return }
    // Worker 3 makes two steps and never delivers.
    let workers = MethodLab.workers([1, 2.5, 1e9])
    let still = try run(Self.choice(name, settings), workers: workers)
    let mixed = try run(
      Self.choice(name, settings.merging(["local": .perWorker([1, 1, 2])]) { $1 }), workers: workers)
    #expect(mixed.model == still.model)
  }

  /// `messages` are 1/H of the gradients, and the time is that of H durations and one message.
  @Test(arguments: methods) func countsGradientsAndMessages(_ name: String) throws {
    let settings: Settings = ["gamma": 0.01, "local": 4]
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 8, noise: 0.1)),
      workers: [Worker(tau: 1.5, upload: 0.25)], method: Self.choice(name, settings)
    ).start()
    run.run(until: Stop(arrivals: 10))
    #expect(run.statistics.gradients == 40 && run.statistics.messages == 10)
    #expect(run.statistics.point.time == 10 * (4 * 1.5 + 0.25))
  }

  /// A worker whose speed changes: one inversion of ∫v for the whole sum, and a restart loses all of it.
  @Test(arguments: ["pause", "restart"]) func followsChangingSpeeds(_ offline: String) throws {
    let statistics = try ReferenceSchedule.statistics(
      """
      problem quadratic dim=4 noise=0; workers 1 tau=1 upload=0.5 speed=profile(10,1,0) offline=\(offline)
      method asgd gamma=0.01 local=3; run steps=2; stats
      """)
    // On in [0, 5), [10, 15), …: 3 seconds and a message, then 1.5 + 5 off + 1.5, or 3 from 10 on.
    #expect(statistics["time"] as? Double == (offline == "pause" ? 12.0 : 13.5))
  }

  @Test func bitsAreTheSameAtEverySIMDLevel() throws {
    var models: [[Double]] = []
    for level in [SIMDLevel.baseline, .avx2, .avx512] {
      SIMDLevel.select(level)
      models.append(try run(Self.choice("asgd", ["gamma": 0.01, "local": 3])).model)
    }
    SIMDLevel.select(.highest)
    #expect(models[0] == models[1] && models[1] == models[2])
  }

  @Test func areRefusedWhereTheyMeanNothing() throws {
    func refusal(_ name: String, _ settings: Settings) -> String? {
      do throws(LabError) {
        let choice = try Catalogue().method(name)!.choose(settings)
        let experiment = Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 8)), workers: MethodLab.workers([1, 2]),
          method: choice)
        _ = try experiment.start()
        return nil
      } catch { return "\(error)" }
    }
    for bad: SettingValue in [0, 1.5, .perWorker([1, -1])] {
      #expect(refusal("asgd", ["gamma": 0.1, "local": bad])?.contains("a positive integer") == true)
    }
    for name in ["mindflayer", "mindflayer-mod", "vecna"] {
      #expect(refusal(name, ["gamma": 0.1, "local": 2])?.contains("no closed form") == true, "\(name)")
    }
    for name in ["hero", "piag", "ata", "qsgd"] {
      #expect(refusal(name, ["local": 2])?.contains("takes no local=") == true, "\(name)")
    }
    #expect(
      refusal("asgd", ["gamma": .schedule(0.1 / (1 + .updates)), "local": 2])?.contains(
        "a gamma that changes")
        == true)
  }

  @Test func theoryDoesNotKnow() throws {
    let forecast = try TheoryLab.forecast("rennala", MethodLab.workers([1, 2]), ["local": 2])
    #expect(forecast.time.isNaN && forecast.iterations.isNaN)
    #expect(forecast.notes.contains { $0.contains("these are local steps") })
    #expect(try TheoryLab.forecast("rennala", MethodLab.workers([1, 2]), ["local": 1]).time > 0)
  }
}
