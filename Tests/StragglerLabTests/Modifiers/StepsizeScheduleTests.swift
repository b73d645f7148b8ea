// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// Stepsizes that change from update to update.
@Suite struct StepsizeScheduleTests {
  private static let schedules: [(program: StepsizeSchedule, value: @Sendable (Int, Int, Double) -> Double)] =
    [
      (0.3 / (1 + .updates).squareRoot(), { k, _, _ in 0.3 / sqrt(1 + Double(k)) }),
      (0.3 / (1 + .delay), { _, delay, _ in 0.3 / (1 + Double(delay)) }),
      (0.3 / (1 + .time / 10), { _, _, t in 0.3 / (1 + t / 10) }),
      (
        StepsizeSchedule.updates.applying(.less, with: 10) * 0.2 + 0.01,
        { k, _, _ in k < 10 ? 0.21 : 0.01 }
      ),
    ]

  @Test(arguments: schedules.indices) func agreesWithSlowRuns(index: Int) throws {
    let (program, value) = Self.schedules[index]
    try SlowSchedule.expectAgreement { workers, draw in
      ModifierCases.of(Modifiers(stepsize: program), workers, &draw) { $0.schedule = value }
    }
  }

  /// 0.1(1 + 0k) is 0.1 at every update: not a bit changes, whatever the method does with γ.
  @Test func whatDoesNotChangeIsTheConstant() throws {
    let entries = Catalogue().methods.filter { entry in
      entry.keys.contains { $0.name == "gamma" && $0.summary.contains("expression") }
    }
    #expect(entries.count == 22)
    let keys: [String: Settings] = [
      "mindflayer": ["trials": 3], "vecna": ["trials": 2], "mindflayer-mod": ["batch": 4],
      "ata": ["batch": 6], "rennala": ["batch": 4], "shadowheart": ["K": 3, "ratio": 5], "qsgd": ["K": 3],
      "malenia": ["batch": 8], "ringmaster": ["threshold": 3], "msync": ["m": 2], "freya-sgd": ["batch": 3],
      "rennala-mvr": ["batch": 3, "a": 0.5],
    ]
    for entry in entries {
      var problem = Quadratic<Double>(dimension: 12, noise: entry.name == "freya-sgd" ? 0 : 0.1)
      if entry.name == "freya-sgd" { problem.samples = 9 }
      var models: [[Double]] = []
      for gamma in [0.1, .schedule(0.1 * (1 + 0 * .updates))] as [SettingValue] {
        var settings = keys[entry.name] ?? [:]
        settings["gamma"] = gamma
        let run = try Experiment(
          problem: ProblemChoice(problem),
          workers: MethodLab.workers([1, 1.5, 2.5], delay: .exponential(rate: 1)),
          method: try entry.choose(settings)
        ).start()
        run.run(until: Stop(updates: 40))
        #expect(run.statistics.point.iteration == 40, "\(entry.name)")
        models.append(run.model)
      }
      #expect(models[0] == models[1], "\(entry.name)")
    }
  }

  @Test func theMethodsOwnStepsizeIsNotAskedFor() throws {
    // The theory would have another one.
    let method = MethodChoice(Asynchronous(), modifiers: Modifiers(stepsize: 0.1 / (1 + .updates)))
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 5, noise: 0)), workers: [Worker(tau: 1)],
      method: method
    ).start()
    #expect(run.gamma.isNaN)
    run.run(until: Stop(updates: 1))
    #expect(run.model == MethodLab.descent(5, gamma: 0.1, steps: 1))
  }

  @Test func isRefusedWhereItHasNoMeaning() throws {
    let modifiers = Modifiers(stepsize: 0.1 / (1 + .updates))
    func start(_ method: some Method, _ modifiers: Modifiers) throws {
      _ = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 5)), workers: [Worker(tau: 1)],
        method: MethodChoice(method, modifiers: modifiers)
      ).start()
    }
    #expect(throws: LabError.self) { try start(DelayAdaptive(), modifiers) }
    #expect(throws: LabError.self) { try start(AcceleratedRennala { $0.batch = 2 }, modifiers) }
    #expect(throws: LabError.self) { try start(PIAG { $0.rule = .adaptive1 }, modifiers) }
    try start(PIAG(), modifiers)
    let long = (0..<40).reduce(StepsizeSchedule.updates) { sum, _ in sum + .updates }
    #expect(long.isTooLong && long.value(updates: 1, delay: 0, time: 0).isNaN)
    #expect(throws: LabError.self) { try start(Asynchronous(), Modifiers(stepsize: long)) }
    for name in ["asgd-adaptive", "asgd-naive", "freya-page", "fragile", "relaysgd", "rennala-accelerated"] {
      let entry = try #require(Catalogue().method(name))
      #expect(throws: LabError.self, "\(name)") { try entry.choose(["gamma": .schedule(1 / .time)]) }
    }
  }

  /// A stepsize that is negative or no number ends the run with a sentence, and makes no step.
  @Test(arguments: [0.5 - 0.1 * .updates, 1 / (3 - .updates), (5 - .updates).squareRoot() - 1])
  func whatIsNoStepsizeEndsTheRun(schedule: StepsizeSchedule) throws {
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 5)), workers: [Worker(tau: 1)],
      method: MethodChoice(Asynchronous(), modifiers: Modifiers(stepsize: schedule))
    ).start()
    #expect(run.run(until: Stop(updates: 100)) == .failed)
    #expect(run.failure?.description.contains("gamma= is negative, infinite or no number") == true)
  }

  @Test func theTheoryPromisesNothing() throws {
    for name in ["asgd", "rennala", "minibatch"] {
      let forecast = try TheoryLab.forecast(
        name, MethodLab.workers([1, 2]), ["gamma": .schedule(0.1 / (1 + .updates))])
      #expect(forecast.time.isNaN && forecast.iterations.isNaN && forecast.table.isNaN)
      #expect(forecast.gamma.isNaN && forecast.notes.contains { $0.contains("constant gamma") })
    }
  }

  @Test func textsReadBack() {
    #expect(Self.schedules[0].program.text == "(0.3/sqrt((1+k)))")
    #expect(Self.schedules[3].program.text == "(((k<10)*0.2)+0.01)")
  }
}
