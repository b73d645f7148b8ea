// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// Gradients that come compressed.
@Suite(.serialized) struct CompressionTests {
  static let compressions: [Compression] = [
    .randK(1), .randK(3), .topK(1), .topK(2), .natural, .qsgd(1), .qsgd(4), .sign,
  ]

  @Test(arguments: compressions, [false, true])
  func agreesWithSlowRuns(compression: Compression, hasFeedback: Bool) throws {
    let modifiers = Modifiers(compression: compression, hasFeedback: hasFeedback)
    // Messages have another length than gradients, so that uploads are not those of the slow runs.
    try SlowSchedule.expectAgreement(hasTies: false, hasUploads: false, fleets: 6) { workers, draw in
      ModifierCases.of(modifiers, workers, &draw) {
        $0.compressor = SlowCompressor(compression, hasFeedback: hasFeedback)
      }
    }
  }

  /// Both in one: γ of the schedule along compressed gradients.
  @Test func goesWithASchedule() throws {
    let modifiers = Modifiers(
      stepsize: 0.3 / (1 + .updates).squareRoot(), compression: .topK(2), hasFeedback: true)
    try SlowSchedule.expectAgreement(hasTies: false, hasUploads: false, fleets: 6) { workers, draw in
      ModifierCases.of(modifiers, workers, &draw) {
        $0.schedule = { k, _, _ in 0.3 / sqrt(1 + Double(k)) }
        $0.compressor = SlowCompressor(.topK(2), hasFeedback: true)
      }
    }
  }

  /// C(v) of 600 draws, and v.
  private func draws(_ compression: Compression) throws -> (draws: [[Double]], v: [Double]) {
    var (found, v): ([[Double]], [Double]) = ([], [])
    for seed in 1...600 {
      let method = MethodChoice(
        configured(Asynchronous.self) { $0.gamma = 1 }, modifiers: Modifiers(compression: compression))
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 12, noise: 0, x0: .ones)),
        workers: [Worker(tau: 1)], method: method, seed: UInt64(seed)
      ).start()
      let (models, estimators) = estimators(of: run, steps: 1)
      v = slowGradient(models[0])
      found.append(estimators[0])
    }
    return (found, v)
  }

  @Test(arguments: [.randK(3), .natural, .qsgd(1), .qsgd(2), .qsgd(7)] as [Compression])
  func unbiasedOnesHaveTheirMeanAndVariance(compression: Compression) throws {
    let (draws, v) = try draws(compression)
    #expect(haveMean(draws, v))
    let omega = try #require(compression.variance(dimension: 12))
    let errors = draws.map { squaredNorm(zip($0, v).map { $0 - $1 }) }
    let mean = errors.reduce(0, +) / Double(errors.count)
    let spread = errors.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(errors.count - 1)
    #expect(mean <= omega * squaredNorm(v) + 5 * (spread / Double(errors.count)).squareRoot())
    if case .randK = compression { #expect(haveMean(errors.map { [$0] }, [omega * squaredNorm(v)])) }
  }

  /// Powers of two stay as they are, and what lies between them becomes one of those beside it.
  @Test func naturalCompressionGivesPowersOfTwo() throws {
    for estimate in try draws(.natural).draws.prefix(50) {
      for value in estimate where value != 0 { #expect(abs(value).significand == 1) }
    }
  }

  @Test func messagesCountTheirBits() {
    // 12 coordinates: ⌈log₂ 12⌉ = 4 bits for an index.
    for (compression, bits, coordinates) in [
      (.randK(3), 96, 3), (.topK(3), 3 * (32 + 4), 4), (.natural, 108, 4), (.qsgd(1), 32 + 12 * 2, 2),
      (.qsgd(4), 32 + 12 * 4, 3), (.sign, 44, 2),
    ] as [(Compression, Int, Int)] {
      #expect(compression.bits(dimension: 12) == bits)
      #expect(compression.coordinates(dimension: 12) == coordinates)
    }
    #expect(Compression.topK(1).bits(dimension: 1) == 32 && Compression.topK(1).bits(dimension: 2) == 33)
  }

  /// A message takes the time of the coordinates that it has.
  @Test(arguments: compressions) func uploadsCountWhatIsSent(compression: Compression) throws {
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 20)), workers: [Worker(tau: 1)],
      method: MethodChoice(
        configured(Minibatch.self) { $0.gamma = 0.01 }, modifiers: Modifiers(compression: compression)))
    experiment.uploadPerCoordinate = [0.5]
    let run = try experiment.start()
    run.run(until: Stop(updates: 10))
    let coordinates = compression.coordinates(dimension: 20)
    #expect(abs(run.statistics.point.time - 10 * (1 + 0.5 * Double(coordinates))) < 1e-9)
    #expect(run.statistics.coordinates == 10 * coordinates && run.statistics.messages == 10)
  }

  @Test func randKOnMinibatchIsQSGD() throws {
    let workers = MethodLab.workers(MethodLab.durations)
    let qsgd = configured(QSGD.self) { ($0.gamma, $0.coordinates) = (0.1, 4) }
    let minibatch = configured(Minibatch.self) { $0.gamma = 0.1 }
    let choices = [
      MethodChoice(qsgd), MethodChoice(minibatch, modifiers: Modifiers(compression: .randK(4))),
    ]
    let runs = try choices.map { choice in
      var experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 12, noise: 0.1)), workers: workers,
        method: choice)
      experiment.uploadPerCoordinate = workers.map { 0.01 * $0.tau }
      return try experiment.start()
    }
    for run in runs { run.run(until: Stop(updates: 50)) }
    #expect(runs[0].model == runs[1].model)
    #expect(runs[0].statistics.point.time == runs[1].statistics.point.time)
    #expect(runs[0].statistics.coordinates == runs[1].statistics.coordinates)
  }

  /// TopK of one coordinate and sign converge with feedback where workers have data of their own.
  @Test func feedbackConverges() throws {
    func gap(_ compression: Compression?) throws -> Double {
      var problem = Quadratic<Double>(dimension: 10, noise: 0)
      problem.heterogeneity = 1
      let modifiers = Modifiers(compression: compression, hasFeedback: compression != nil)
      let run = try Experiment(
        problem: ProblemChoice(problem), workers: MethodLab.workers([1, 2, 3]),
        method: MethodChoice(configured(Minibatch.self) { $0.gamma = 0.2 }, modifiers: modifiers)
      ).start()
      run.run(until: Stop(updates: 6_000))
      return run.statistics.point.gap
    }
    let whole = try gap(nil)
    for compression in Self.compressions {
      #expect(try gap(compression) < 1e-5 + 2 * whole, "\(compression)")
    }
  }

  @Test(arguments: compressions, [Modifiers().hasFeedback, true])
  func bitsAreTheSameAtEverySIMDLevel(compression: Compression, hasFeedback: Bool) throws {
    var models: [[Double]] = []
    for level in [SIMDLevel.baseline, .avx2, .avx512] {
      SIMDLevel.select(level)
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Float>(dimension: 37, noise: 0.1)),
        workers: MethodLab.workers([1, 2, 3]),
        method: MethodChoice(
          configured(Asynchronous.self) { $0.gamma = 0.01 },
          modifiers: Modifiers(compression: compression, hasFeedback: hasFeedback))
      ).start()
      run.run(until: Stop(updates: 50))
      models.append(run.model)
    }
    SIMDLevel.select(.highest)
    #expect(models[0] == models[1] && models[0] == models[2])
  }

  @Test func everyMethodThatSendsGradientsTakesIt() throws {
    let takers = Catalogue().methods.filter { entry in
      !entry.needsNetwork && entry.keys.contains { $0.name == "compress" }
    }
    #expect(
      takers.map(\.name).sorted() == [
        "aced", "asgd", "asgd-adaptive", "asgd-naive", "asgrad", "async-batch", "async-local", "ata", "cycle",
        "fedasync", "fedbuff", "local-sgd", "malenia", "mindflayer", "mindflayer-mod", "minibatch", "msync",
        "piag", "rennala", "rennala-accelerated", "rescaled", "ringleader", "ringmaster", "vecna",
      ])
    let keys: [String: Settings] = [
      "mindflayer": ["trials": 3], "vecna": ["trials": 2], "mindflayer-mod": ["batch": 4],
      "ata": ["batch": 6], "cycle": ["group": 2], "rennala": ["batch": 4],
      "rennala-accelerated": ["batch": 4],
    ]
    for entry in takers {
      for (compression, feedback) in [("natural", false), ("sign", true)] as [(SettingValue, SettingValue)] {
        var settings = keys[entry.name] ?? [:]
        settings.merge(["gamma": 0.001, "compress": compression, "feedback": feedback]) { $1 }
        let run = try Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 12, noise: 0.01)),
          workers: MethodLab.workers([1, 1.5, 2.5], delay: .exponential(rate: 1)),
          method: try entry.choose(settings), epsilon: 0.1
        ).start()
        let start = run.statistics.point.gap
        run.run(until: Stop(updates: 300))
        #expect(run.statistics.point.gap < start, "\(entry.name)")
        let words = compression == "natural" ? 4 : 2
        #expect(run.statistics.coordinates == words * run.statistics.messages, "\(entry.name)")
      }
    }
  }

  @Test func isRefusedWhereItHasNoMeaning() throws {
    func start(_ method: some Method, _ compression: Compression) throws {
      _ = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 5)), workers: [Worker(tau: 1)],
        method: MethodChoice(method, modifiers: Modifiers(compression: compression))
      ).start()
    }
    #expect(throws: LabError.self) { try start(Hero(), .sign) }
    #expect(throws: LabError.self) { try start(QSGD(), .sign) }
    for compression in [.randK(0), .randK(6), .topK(6), .qsgd(0)] as [Compression] {
      #expect(throws: LabError.self) { try start(Minibatch { $0.gamma = 0.1 }, compression) }
    }
    let entry = try #require(Catalogue().method("asgd"))
    for value in ["randk", .call("randk", [0]), .call("topk", [1.5]), .call("sign", [2]), 3, "topk"]
      as [SettingValue]
    {
      #expect(throws: LabError.self) { try entry.choose(["compress": value]) }
    }
    #expect(throws: LabError.self) { try entry.choose(["feedback": true]) }
    for name in ["hero", "qsgd", "shadowheart", "freya-page", "fragile", "hogwild"] {
      let error = #expect(throws: LabError.self) {
        try #require(Catalogue().method(name)).choose(["compress": "sign"])
      }
      #expect(error?.message.contains("do not send whole gradients") == true)
    }
  }

  @Test func theTheoryPromisesNothing() throws {
    let forecast = try TheoryLab.forecast("rennala", MethodLab.workers([1, 2]), ["compress": "sign"])
    #expect(forecast.time.isNaN && forecast.iterations.isNaN && forecast.table.isNaN)
    #expect(forecast.notes.contains { $0.contains("these are compressed") })
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 5, noise: 0)), workers: [Worker(tau: 1)],
      method: try #require(Catalogue().method("asgd")).choose(["compress": "sign"])
    ).start()
    #expect(run.remarks.contains { $0.contains("promises nothing") })
  }
}
