// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// The time of a condition is that of the first update at which it holds, however seldom the model can be
/// looked at.
@Suite struct ConditionTimeTests {
  /// Problems, methods and conditions from a seed: the times agree with those of a run that looks at every
  /// update.
  @Test(arguments: 1...40) func agreesWithEveryUpdate(seed: Int) throws {
    var draw = RandomStream(seed: UInt64(seed), purpose: .data)
    let workers = (0..<(2 + draw.integer(below: 9))).map { _ in
      Worker(tau: 0.2 + 3 * draw.uniform(), delay: .exponential(rate: 0.5 + draw.uniform()))
    }
    let (name, settings) = LogTests.methods[draw.integer(below: LogTests.methods.count)]
    let dimension = 2 + draw.integer(below: 30)
    let noise = draw.uniform() < 0.5 ? 0 : 0.003 * draw.uniform()
    // From an evaluation that costs nothing to one that takes a tenth of a second.
    let nanoseconds = Elementary.pow(10, 2 + 6 * draw.uniform())
    let gamma = 0.02 + 0.2 * draw.uniform()
    var problem = CostlyQuadratic(Quadratic(dimension: dimension, noise: noise), nanoseconds: nanoseconds)
    if LogTests.finiteSums.contains(name) { problem.base.samples = 7 }
    var experiment = Experiment(
      problem: ProblemChoice(problem), workers: workers,
      method: try #require(Catalogue().method(name)).choose(
        settings.merging(["gamma": .number(gamma)]) { given, _ in given }),
      seed: UInt64(seed))
    let start = try experiment.start().statistics.point
    let share = [0.5, 0.2, 0.05][draw.integer(below: 3)]
    let condition =
      switch draw.integer(below: 3) {
      case 0: Stop.Condition(.gap, .below, share * start.gap)
      case 1: Stop.Condition(.gradnorm2, .atMost, share * start.gradnorm2)
      default: Stop.Condition(.loss, .below, start.loss - (1 - share) * start.gap)
      }
    let stop = Stop(updates: 20_000)
    let run = try experiment.start()
    let reason = run.run(until: stop, or: [condition])
    experiment.interval = .updates(1)
    let exact = try experiment.start()
    try #require(exact.run(until: stop, or: [condition]) == reason)
    guard reason == .condition else { return }
    let (found, first) = (run.statistics, exact.statistics.point)
    let slack = max(0.05 * first.time, found.isCoarse ? found.timeResolution : 0)
    #expect(found.point.time >= first.time && found.point.time <= first.time + slack, "\(name) \(settings)")
    #expect(condition.holds(at: found.point))
    #expect(!found.isCoarse || nanoseconds > 1e7)
  }

  /// A run that has gone back is where one is that went straight to the same update: counts, model, log, what
  /// follows.
  @Test(arguments: LogTests.methods.indices) func goingBackLeavesNoTrace(index: Int) throws {
    let (name, settings) = LogTests.methods[index]
    let workers = (0..<5).map { Worker(tau: 0.3 + Double($0), delay: .exponential(rate: 1)) }
    // Half a second for an evaluation: few can be paid for.
    var problem = CostlyQuadratic(Quadratic(dimension: 6, noise: 0.001), nanoseconds: 1e7)
    if LogTests.finiteSums.contains(name) { problem.base.samples = 7 }
    var experiment = Experiment(
      problem: ProblemChoice(problem), workers: workers,
      method: try #require(Catalogue().method(name)).choose(
        settings.merging(["gamma": 0.003]) { given, _ in given }))
    experiment.isLogging = true
    let (run, straight) = (try experiment.start(), try experiment.start())
    var (log, plain) = ([String](), [String]())
    run.onLog = { log.append("\($0)") }
    straight.onLog = { plain.append("\($0)") }
    let gap = run.statistics.point.gap
    try #require(run.run(until: Stop(), or: [.init(.gap, .below, 0.3 * gap)]) == .condition)
    for _ in 0..<2 {
      straight.run(until: Stop(events: run.events))
      #expect(run.model == straight.model)
      #expect(log == plain)
      let (a, b) = (run.statistics, straight.statistics)
      for (x, y) in zip(a.numbers, b.numbers) where x.name != "wall" && x.name != "events_per_second" {
        #expect(x.value == y.value || x.value.isNaN && y.value.isNaN, "\(name): \(x.name)")
      }
      #expect(run.trace.last?.iteration == run.iteration || run.stopped == .interrupted)
      #expect(zip(run.trace, run.trace.dropFirst()).allSatisfy { $0.iteration <= $1.iteration })
      run.run(until: Stop(events: run.events + 200))
    }
  }

  @Test func theEndIsALook() throws {
    let experiment = Experiment(
      Quadratic<Double>(dimension: 5, noise: 0), workers: [Worker(tau: 1)], method: Hero())
    let run = try experiment.start()
    let gap = run.statistics.point.gap
    var condition = Stop.Condition(.gap, .below, 0.9 * gap)
    #expect(run.run(until: Stop(), or: [condition]) == .condition)
    let time = run.time
    // The same condition, and just time enough for it.
    let again = try experiment.start()
    #expect(again.run(until: Stop(time: time + 0.5), or: [condition]) == .condition)
    #expect(again.time == time)
    condition.bound = -1
    #expect(try experiment.start().run(until: Stop(time: 10), or: [condition]) == .time)
  }

  @Test func runsOfAKnownEndHaveAHundredPoints() throws {
    let problem = CostlyQuadratic(Quadratic(dimension: 5, noise: 0), nanoseconds: 1e8)
    let experiment = Experiment(
      problem: ProblemChoice(problem), workers: [Worker(tau: 1), Worker(tau: 1.7)],
      method: MethodChoice(Minibatch()))
    for stop in [Stop(updates: 5_000), Stop(updates: 101), Stop(time: 3_000), Stop(time: 250)] {
      let run = try experiment.start()
      run.run(until: stop)
      #expect(run.trace.count >= 101, "\(stop)")
    }
    let short = try experiment.start()
    short.run(until: Stop(time: 17 * 1.7))
    #expect(short.trace.count >= 18)
  }

  @Test func growthIsDivergence() throws {
    let problem = Quadratic<Double>(dimension: 5, noise: 0)
    var hero = Hero()
    hero.gamma = 3
    let run = try Experiment(problem, workers: [Worker(tau: 1)], method: hero).start()
    let gap = run.statistics.point.gap
    var steps = 0
    while run.statistics.point.gap <= 1e6 * gap {
      #expect(run.stopped == nil || run.stopped == .updates)
      steps += 1
      run.run(until: Stop(updates: steps))
    }
    #expect(run.stopped == .diverged)
  }

  /// Without the goal there is no time, and without an update no stepsize.
  @Test func whatIsNotReachedHasNoTime() throws {
    let experiment = Experiment(
      Quadratic<Double>(dimension: 5, noise: 0), workers: [Worker(tau: 1)], method: Hero())
    let never = [Stop.Condition(.gap, .below, -1)]
    let row = try #require(
      try Comparison([experiment], until: Stop(time: 7.5), or: never, seeds: [1, 2]).run().first)
    #expect(row.times == [.infinity, .infinity])
    #expect(row.end == 7)
    let report = ComparisonReport([row])
    #expect(report.table.text(width: 200).contains("> 7.5"))
    #expect(report.csv.contains("inf"))
    let idle = try #require(
      try Comparison([experiment], until: Stop(time: 0.5), or: never, seeds: [1]).run()
        .first)
    #expect(idle.times[0].isNaN)
    let tuned = try Tuning([[experiment]], until: Stop(time: 0.5), or: never, seeds: [1])
      .run()
    #expect(tuned.choices[0].row.gamma.isNaN)
  }
}

/// A quadratic that says that its evaluations take long.
struct CostlyQuadratic: Problem {
  static var name: StaticText { "costly" }
  static var summary: StaticText { "a quadratic that says that its evaluations take long" }

  var base = Quadratic<Double>()
  var nanoseconds = 0.0

  init() {}
  init(_ base: Quadratic<Double>, nanoseconds: Double) {
    self.base = base
    self.nanoseconds = nanoseconds
  }

  mutating func keys(_ keys: inout Keys) throws(SetupError) { try base.keys(&keys) }
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) { try base.prepare(&setup) }
  var dimension: Int { base.dimension }
  var conditions: Conditions { base.conditions }
  var evaluationCost: Double { max(1, nanoseconds / 100) }
  var evaluationWork: EvaluationWork {
    EvaluationWork(value: nanoseconds, gradient: 2 * nanoseconds, accuracy: 0, sample: 100)
  }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) { base.start(&x, seed: seed) }
  mutating func value(at x: Span<Double>) -> Double { base.value(at: x) }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    base.gradient(at: x, into: &g)
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) { base.accumulate(weight, sample, at: x, into: &g) }
  var sampleCount: Int { base.sampleCount }
  mutating func value(index: Int, at x: Span<Double>) -> Double { base.value(index: index, at: x) }
  mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) { base.accumulate(weight, index: index, at: x, into: &g) }
}

/// A loss of one variable that comes and goes on its way down, 1 a unit of x: every update goes γ further.
private struct Swinging: Problem {
  static var name: StaticText { "swinging" }
  static var summary: StaticText { "a loss that comes and goes" }

  var period = 1.0
  var height = 0.0
  var nanoseconds = 0.0

  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  var dimension: Int { 1 }
  var conditions: Conditions { Conditions() }
  var evaluationWork: EvaluationWork {
    EvaluationWork(value: nanoseconds, gradient: nanoseconds, accuracy: 0, sample: 100)
  }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) { x[0] = 0 }
  mutating func value(at x: Span<Double>) -> Double {
    10 - x[0] + height * Elementary.sin(2 * Double.pi * x[0] / period)
  }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) { g[0] = -1 }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) { g[0] -= weight }
  var sampleCount: Int { 0 }
  mutating func value(index: Int, at x: Span<Double>) -> Double { .nan }
  mutating func accumulate(
    _ weight: Double, index: Int, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {}
}

extension ConditionTimeTests {
  /// What comes and goes may have held between two looks; where they are far apart the resolution says so.
  @Test(arguments: 1...30) func whatComesAndGoesIsResolvedOrSaidNotToBe(seed: Int) throws {
    var draw = RandomStream(seed: UInt64(seed), purpose: .data)
    var problem = Swinging()
    problem.period = 0.05 + draw.uniform()
    problem.height = 2 * draw.uniform()
    problem.nanoseconds = Elementary.pow(10, 2 + 6 * draw.uniform())
    var method = Hero()
    method.gamma.given = 0.002 + 0.02 * draw.uniform()
    var experiment = Experiment(problem, workers: [Worker(tau: 1)], method: method)
    let low = [Stop.Condition(.loss, .below, 4)]
    let run = try experiment.start()
    try #require(run.run(until: Stop(), or: low) == .condition)
    experiment.interval = .updates(1)
    let exact = try experiment.start()
    try #require(exact.run(until: Stop(), or: low) == .condition)
    let found = run.statistics
    #expect(found.point.loss < 4 && found.point.time >= exact.time)
    if problem.nanoseconds < 1e4 { #expect(found.point.time == exact.time && !found.isCoarse) }
    let slack = found.isCoarse ? found.timeResolution : max(0.05 * exact.time, 1)
    #expect(found.point.time <= exact.time + slack, "\(problem) \(method.gamma.value)")
  }
}
