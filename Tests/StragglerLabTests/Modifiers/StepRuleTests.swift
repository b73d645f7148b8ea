// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// What an update makes of the vector that it steps along.
@Suite struct StepRuleTests {
  static let smooth: [StepRule] = [
    .heavyBall(beta: 0.6), .nesterov(beta: 0.7), .adam(beta1: 0.8, beta2: 0.95, eps: 1e-3),
    .normalized(a: 0.3), .delayedNesterov(beta: 0.5, period: 4), .delayedNesterov(beta: 0.5, period: 1),
  ]

  @Test(arguments: smooth, [nil, 0.8])
  func agreesWithSlowRuns(rule: StepRule, maxNorm: Double?) throws {
    try SlowSchedule.expectAgreement(fleets: 12) { workers, draw in
      ModifierCases.of(Modifiers(step: rule, maxNorm: maxNorm), workers, &draw) {
        $0.stepRule = SlowStepRule(rule, maxNorm: maxNorm)
      }
    }
  }

  /// Numbers with few bits, so that sums are exact and no sign hangs on their rounding.
  @Test(arguments: [.sign(a: 0.5), .sign(a: 1), .muon(a: 0.5)] as [StepRule])
  func signsAgreeWithSlowRuns(rule: StepRule) throws {
    try SlowSchedule.expectAgreement(fleets: 12) { workers, draw in
      ModifierCases.of(Modifiers(stepsize: 0.125, step: rule), workers, &draw) {
        $0.schedule = { _, _, _ in 0.125 }
        $0.stepRule = SlowStepRule(rule)
      }.filter { $0.name.hasPrefix("asgd") || $0.name.hasPrefix("ringmaster") }
    }
  }

  @Test func cutStepsAgreeWithSlowRuns() throws {
    try SlowSchedule.expectAgreement(fleets: 12) { workers, draw in
      ModifierCases.of(Modifiers(maxNorm: 0.3), workers, &draw) {
        $0.stepRule = SlowStepRule(nil, maxNorm: 0.3)
      }
    }
  }

  /// A rule goes with a stepsize that changes.
  @Test func goesWithASchedule() throws {
    let modifiers = Modifiers(stepsize: 0.3 / (1 + .delay), step: .heavyBall(beta: 0.5))
    try SlowSchedule.expectAgreement(fleets: 6) { workers, draw in
      ModifierCases.of(modifiers, workers, &draw) {
        $0.schedule = { _, delay, _ in 0.3 / (1 + Double(delay)) }
        $0.stepRule = SlowStepRule(.heavyBall(beta: 0.5))
      }
    }
  }

  private static let keys: [String: Settings] = [
    "mindflayer": ["trials": 3], "vecna": ["trials": 2], "mindflayer-mod": ["batch": 4],
    "ata": ["batch": 6], "rennala": ["batch": 4], "shadowheart": ["K": 3, "ratio": 5], "qsgd": ["K": 3],
    "malenia": ["batch": 8], "ringmaster": ["threshold": 3], "msync": ["m": 2], "freya-sgd": ["batch": 3],
    "rennala-mvr": ["batch": 3, "a": 0.5],
  ]

  /// A run of `entry` with noise and random durations, its log and its model.
  private func run(
    _ entry: MethodEntry, _ settings: Settings, steps: Int = 50
  ) throws -> (run: Run, log: [LogEntry]) {
    var problem = Quadratic<Double>(dimension: 12, noise: entry.name == "freya-sgd" ? 0 : 0.1)
    if entry.name == "freya-sgd" { problem.samples = 9 }
    var experiment = Experiment(
      problem: ProblemChoice(problem),
      workers: MethodLab.workers([1, 1.5, 2.5], delay: .exponential(rate: 1)),
      method: try entry.choose((Self.keys[entry.name] ?? [:]).merging(settings) { $1 }))
    experiment.isLogging = true
    let run = try experiment.start()
    var log: [LogEntry] = []
    run.onLog = { log.append($0) }
    run.run(until: Stop(updates: steps))
    return (run, log)
  }

  /// Without momentum, and with a bound that nothing reaches, no bit changes, whatever the method.
  @Test func rulesThatDoNothingAreSGD() throws {
    let entries = Catalogue().methods.filter { entry in entry.keys.contains { $0.name == "max_norm" } }
    #expect(entries.count >= 24)
    for entry in entries {
      let plain = try run(entry, ["gamma": 0.1])
      #expect(plain.run.statistics.point.iteration == 50, "\(entry.name)")
      for settings in [
        ["step": .call("heavy-ball", [0])], ["step": .call("nesterov", [0])], ["max_norm": 1e9],
        ["step": "sgd"], ["step": .call("delayed-nesterov", [0, 1])],
      ] as [Settings] {
        let same = try run(entry, settings.merging(["gamma": 0.1]) { $1 })
        if settings["step"] == .call("delayed-nesterov", [0, 1]) {
          expectClose(same.run.model, plain.run.model, 1e-12, entry.name)
        } else {
          #expect(same.run.model == plain.run.model, "\(entry.name) \(settings)")
        }
        #expect(same.log.map { "\($0)" } == plain.log.map { "\($0)" }, "\(entry.name) \(settings)")
      }
    }
  }

  /// Every method remembers across its updates what its rule has to, and a rewound run comes to the same.
  @Test(arguments: smooth + [.sign(a: 0.3), .muon(a: 0.3)])
  func resetsAndGoesOn(rule: StepRule) throws {
    let method = MethodChoice(
      configured(Ringmaster.self) { ($0.gamma, $0.threshold) = (0.05, 3) },
      modifiers: Modifiers(step: rule, maxNorm: 2))
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 12, noise: 0.1)),
      workers: MethodLab.workers(MethodLab.durations), method: method
    ).start()
    run.run(until: Stop(updates: 25))
    let checkpoint = try run.checkpoint()
    run.run(until: Stop(updates: 60))
    let model = run.model
    #expect(try run.restore(checkpoint))
    run.run(until: Stop(updates: 60))
    #expect(run.model == model)
    run.reset()
    run.run(until: Stop(updates: 60))
    #expect(run.model == model)
  }

  @Test func adamBeginsWithTheSigns() throws {
    for scale in [1e-3, 1, 1e3] {
      let rule = StepRule.adam(beta1: 0.9, beta2: 0.999, eps: 1e-12)
      let method = MethodChoice(
        configured(Hero.self) { $0.gamma = 0.01 }, modifiers: Modifiers(step: rule))
      let problem = Stretched { $0.scale = scale }
      let run = try Experiment(
        problem: ProblemChoice(problem), workers: [Worker(tau: 1)], method: method
      ).start()
      let start = run.model
      run.run(until: Stop(updates: 1))
      for (before, after) in zip(start, run.model) where before != 0 {
        #expect(abs((before - after) - (before > 0 ? 0.01 : -0.01)) < 1e-9, "\(scale)")
      }
    }
  }

  @Test func stepsOfBoundedLength() throws {
    func lengths(_ modifiers: Modifiers) throws -> [Double] {
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 12, noise: 0)), workers: [Worker(tau: 1)],
        method: MethodChoice(configured(Hero.self) { $0.gamma = 0.5 }, modifiers: modifiers)
      ).start()
      var (last, lengths): ([Double], [Double]) = (run.model, [])
      for update in 1...40 {
        run.run(until: Stop(updates: update))
        lengths.append(sqrt(zip(run.model, last).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)))
        last = run.model
      }
      return lengths
    }
    for length in try lengths(Modifiers(step: .normalized(a: 0.2))) { #expect(abs(length - 0.5) < 1e-12) }
    let cut = try lengths(Modifiers(maxNorm: 0.6))
    #expect(abs(cut[0] - 0.3) < 1e-12 && cut.allSatisfy { $0 <= 0.3 + 1e-12 } && cut[39] < 0.29)
  }

  @Test(arguments: smooth + [.sign(a: 0.3), .muon(a: 0.3)])
  func bitsAreTheSameAtEverySIMDLevel(rule: StepRule) throws {
    var models: [[Double]] = []
    for level in [SIMDLevel.baseline, .avx2, .avx512] {
      SIMDLevel.select(level)
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 67, noise: 0.1)),
        workers: MethodLab.workers(MethodLab.durations),
        method: MethodChoice(
          configured(Rennala.self) { ($0.gamma, $0.batch) = (0.05, 3) },
          modifiers: Modifiers(step: rule, maxNorm: 1))
      ).start()
      run.run(until: Stop(updates: 50))
      models.append(run.model)
    }
    SIMDLevel.select(.highest)
    #expect(models[0] == models[1] && models[0] == models[2])
  }

  @Test func withoutAGradientNothingMoves() throws {
    for rule in Self.smooth + [.sign(a: 0.1), .muon(a: 0.1)] {
      let run = try Experiment(
        problem: ProblemChoice(Stretched { $0.scale = 0 }), workers: [Worker(tau: 1)],
        method: MethodChoice(configured(Hero.self) { $0.gamma = 1 }, modifiers: Modifiers(step: rule))
      ).start()
      let start = run.model
      run.run(until: Stop(updates: 9))
      #expect(run.model == start, "\(rule)")
    }
  }

  /// Gradients whose squares are beyond doubles have a norm.
  @Test(arguments: [1e-200, 1e200]) func normsAreOfAnySize(scale: Double) throws {
    for modifiers in [Modifiers(step: .normalized(a: 1)), Modifiers(maxNorm: scale)] {
      let gamma = modifiers.step == nil ? 1 / scale : 1
      let run = try Experiment(
        problem: ProblemChoice(Stretched { $0.scale = scale }), workers: [Worker(tau: 1)],
        method: MethodChoice(configured(Hero.self) { $0.gamma.given = gamma }, modifiers: modifiers)
      ).start()
      let start = run.model
      run.run(until: Stop(updates: 1))
      #expect(abs(sqrt(zip(run.model, start).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)) - 1) < 1e-9)
    }
  }

  @Test func isRefusedWhereItHasNoMeaning() throws {
    func start(_ method: some Method, _ modifiers: Modifiers) throws {
      _ = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 5)), workers: [Worker(tau: 1)],
        method: MethodChoice(method, modifiers: modifiers)
      ).start()
    }
    let modifiers = Modifiers(step: .heavyBall(beta: 0.5))
    #expect(throws: LabError.self) {
      try start(AcceleratedRennala { ($0.batch, $0.gamma) = (2, 0.1) }, modifiers)
    }
    #expect(throws: LabError.self) { try start(PIAG { ($0.rule, $0.gamma) = (.adaptive1, 0.1) }, modifiers) }
    // Without γ the theorem's would be that of SGD.
    #expect(throws: LabError.self) { try start(Asynchronous(), modifiers) }
    try start(Asynchronous { $0.gamma = 0.1 }, modifiers)
    try start(Asynchronous(), Modifiers(stepsize: 0.1 / (1 + .updates), step: .heavyBall(beta: 0.5)))
    try start(Asynchronous(), Modifiers(maxNorm: 1))
    for rule in [
      .heavyBall(beta: 1), .nesterov(beta: -0.1), .adam(beta1: 0.9, beta2: 1, eps: 1),
      .adam(beta1: 0.9, beta2: 0.9, eps: 0), .normalized(a: 0), .sign(a: 1.1), .muon(a: .nan),
      .delayedNesterov(beta: 0.9, period: 0),
    ] as [StepRule] {
      #expect(throws: LabError.self, "\(rule)") {
        try start(Asynchronous { $0.gamma = 0.1 }, Modifiers(step: rule))
      }
    }
    #expect(throws: LabError.self) { try start(Asynchronous(), Modifiers(maxNorm: 0)) }
    for name in ["freya-page", "fragile", "relaysgd", "rennala-accelerated", "page", "hero-gd"] {
      guard let entry = Catalogue().method(name) else { continue }
      #expect(throws: LabError.self, "\(name)") { try entry.choose(["step": "adam"]) }
    }
  }

  @Test func theTheoryPromisesNothing() throws {
    let workers = MethodLab.workers([1, 2])
    let plain = try TheoryLab.forecast("rennala", workers, [:])
    let ruled = try TheoryLab.forecast("rennala", workers, ["step": "adam"])
    #expect(ruled.time.isNaN && ruled.iterations.isNaN && ruled.table.isNaN && ruled.gamma.isNaN)
    #expect(ruled.notes.contains { $0.contains("gamma= has to be given or tuned") })
    let given = try TheoryLab.forecast("rennala", workers, ["step": "adam", "gamma": 0.1])
    #expect(given.gamma == 0.1 && given.iterations.isNaN)
    let cut = try TheoryLab.forecast("rennala", workers, ["max_norm": 1])
    #expect(cut.time.isNaN && cut.gamma == plain.gamma)
    #expect(cut.notes.contains { $0.contains("max_norm= cuts them") })
  }
}

/// ½·scale·‖x‖² from (1, −1, 2, 0).
struct Stretched: Problem {
  static var name: StaticText { "stretched" }
  static var summary: StaticText { "a quadratic" }
  var scale = 1.0
  init() {}
  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  var dimension: Int { 4 }
  var conditions: Conditions { Conditions() }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) {
    (x[0], x[1], x[2], x[3]) = (1, -1, 2, 0)
  }
  mutating func value(at x: Span<Double>) -> Double { scale / 2 * Double.squaredNorm(x) }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    for index in g.indices { g[index] = scale * x[index] }
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    for index in g.indices { g[index] += weight * (scale * x[index]) }
  }
}
