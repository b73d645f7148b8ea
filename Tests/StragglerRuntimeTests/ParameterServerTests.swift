// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import StragglerRuntime
import Testing

@Suite struct ParameterServerTests {
  /// Heavy ball by hand, and what a server refuses.
  @Test func takesRulesOfTheStep() throws {
    let asgd = Asynchronous { $0.gamma = 0.5 }
    let start = [1.0, 2]
    var server = try ParameterServer(
      asgd, model: start.span, workers: 2, modifiers: Modifiers(step: .heavyBall(beta: 0.5), maxNorm: 5))
    var (x, m) = (start, [0.0, 0])
    for (step, gradient) in [[1.0, -2], [0.5, 1], [30, 40]].enumerated() {
      try server.receive(gradient.span, from: step % 2)
      let g = step == 2 ? [3.0, 4] : gradient
      m = zip(m, g).map { 0.5 * $0 + $1 }
      x = zip(x, m).map { $0 - 0.5 * $1 }
      #expect((0..<2).allSatisfy { abs(server.model[$0] - x[$0]) < 1e-12 })
    }
    #expect(throws: SetupError.self) {
      _ = try ParameterServer(
        asgd, model: start.span, workers: 2, modifiers: Modifiers(step: .muon(a: 0.1)))
    }
    #expect(throws: SetupError.self) {
      _ = try ParameterServer(
        RennalaMVR { ($0.gamma, $0.batch, $0.a) = (0.1, 2, 0.5) }, model: start.span, workers: 2)
    }
  }

  /// FedAsync mixes with the point that the worker had.
  @Test func mixesWithOlderPoints() throws {
    let start = [1.0, 2]
    var server = try ParameterServer(
      FedAsync { ($0.gamma, $0.alpha, $0.staleness) = (0.5, 0.25, .constant) }, model: start.span, workers: 2)
    try server.receive([1.0, -2].span, from: 0)
    let first = [1 - 0.25 * 0.5, 2 + 0.25]
    #expect(server.model[0] == first[0] && server.model[1] == first[1])
    // Worker 1 still has x⁰: y = (1, 2) − 0.5 (4, 2).
    try server.receive([4.0, 2].span, from: 1)
    #expect(abs(server.model[0] - (0.75 * first[0] - 0.25)) < 1e-12)
    #expect(abs(server.model[1] - (0.75 * first[1] + 0.25)) < 1e-12)
  }

  static let minimum = [1.0, -2, 3]
  static let origin = [0.0, 0, 0]
  static let plane = [0.0, 0]
  static let line = [0.0]

  private func gradient(at point: [Double]) -> [Double] { zip(point, Self.minimum).map { $0 - $1 } }

  /// Drives `method` with fixed durations, as a program with workers of its own would, and returns the model.
  private func drive<M: Method>(_ method: M, durations: [Double], arrivals: Int) throws -> [Double] {
    var server = try ParameterServer(method, model: Self.origin.span, workers: durations.count)
    var jobs: [(end: Double, point: [Double])?] = Array(repeating: nil, count: durations.count)
    var held = Array(repeating: [Double](), count: durations.count)
    var now = 0.0
    func model() -> [Double] { server.model.indices.map { server.model[$0] } }
    func passOn() {
      for index in 0..<server.orderCount {
        let worker = Int(server.order(index).worker)
        let order = server.order(index)
        let point = server.point(for: order)
        if !order.keepsPoint { held[worker] = point.indices.map { point[$0] } }
        jobs[worker] = order.isCancellation ? nil : (now + durations[worker], held[worker])
      }
    }
    passOn()
    for _ in 0..<arrivals {
      var next = -1
      for worker in jobs.indices where jobs[worker] != nil {
        if next < 0 || jobs[worker]!.end < jobs[next]!.end { next = worker }
      }
      let job = try #require(jobs[next])
      (now, jobs[next]) = (job.end, nil)
      try server.receive(gradient(at: job.point).span, from: next, at: now)
      passOn()
    }
    return model()
  }

  /// The same in the simulator, on a problem with these gradients.
  private func simulate<M: Method>(_ method: M, durations: [Double], arrivals: Int) throws -> [Double] {
    let run = try Experiment(Paraboloid(), workers: durations.map { Worker(tau: $0) }, method: method).start()
    run.run(until: Stop(arrivals: arrivals))
    return run.model
  }

  private func compare<M: Method>(_ method: M, _ durations: [Double]) throws {
    let driven = try drive(method, durations: durations, arrivals: 60)
    let simulated = try simulate(method, durations: durations, arrivals: 60)
    #expect(driven == simulated)
  }

  @Test func doesWhatTheSimulatorDoes() throws {
    let durations = [1.0, 1.3, 2.1, 3.7, 5.9]
    var asgd = Asynchronous()
    asgd.gamma = 0.05
    try compare(asgd, durations)
    for stops in [false, true] {
      var rennala = Rennala()
      (rennala.gamma, rennala.batch, rennala.stops) = (0.3, 4, stops)
      try compare(rennala, durations)
      var ringmaster = Ringmaster()
      (ringmaster.gamma, ringmaster.threshold, ringmaster.stops) = (0.1, 3, stops)
      try compare(ringmaster, durations)
    }
  }

  @Test func doesSoForMethodsWithPointsOfTheirOwn() throws {
    let durations = [1.0, 1.3, 2.1, 3.7, 5.9]
    for refresh in [false, true] {
      var ringleader = Ringleader()
      (ringleader.gamma, ringleader.refresh) = (0.05, refresh)
      try compare(ringleader, durations)
    }
    var malenia = Malenia()
    (malenia.gamma, malenia.batch) = (0.3, 7)
    try compare(malenia, durations)
    var accelerated = AcceleratedRennala()
    (accelerated.gamma, accelerated.batch) = (0.2, 3)
    try compare(accelerated, durations)
    var piag = PIAG()
    piag.gamma = 0.1
    try compare(piag, durations)
    for order in [AssignmentOrder.pure, .shuffled] {
      var family = AsGrad()
      (family.gamma, family.order, family.waiting) = (0.03, order, 4)
      // The simulator's seed is 1 and a server's 0, which only draws notice.
      if order == .pure {
        try compare(family, durations)
      } else {
        _ = try drive(family, durations: durations, arrivals: 60)
      }
    }
  }

  @Test func refusesWhatMakesNoSenseAndChangesNothing() throws {
    var hero = Hero()
    hero.gamma = 0.5
    var server = try ParameterServer(hero, model: Self.plane.span, workers: 2)
    let one = [1.0]
    let two = [1.0, 1]
    do {
      try server.receive(one.span, from: 0)
      Issue.record("a gradient of the wrong length was taken")
    } catch { #expect(error == .wrongLength(1, expected: 2)) }
    for worker in [-1, 1, 2, Int.max] {
      do {
        try server.receive(two.span, from: worker)
        Issue.record("a gradient of worker \(worker), which has no job, was taken")
      } catch { #expect(error == .workerIsIdle(worker)) }
    }
    let (before, arrivals) = (server.iteration, server.counts.arrivals)
    #expect(before == 0 && arrivals == 0)
    try server.receive(two.span, from: 0)
    let (iteration, x) = (server.iteration, server.model[0])
    #expect(iteration == 1 && x == -0.5)
  }

  @Test func asksForParametersThatTheTheoryCannotKnow() {
    do {
      _ = try ParameterServer(Rennala(), model: Self.line.span, workers: 2)
      Issue.record("a batch came from nowhere")
    } catch { #expect(error == .noTheory(key: "batch", missing: .variance)) }
  }

  @Test func countsTrialsThatFail() throws {
    var method = MindFlayer()
    (method.gamma, method.trials, method.clip) = (0.5, 2, .times(.same(1)))
    let start = [4.0]
    var server = try ParameterServer(method, model: start.span, workers: 2)
    let (orders, allotted) = (server.orderCount, server.order(0).allotted)
    #expect(orders == 2 && allotted == 1)
    let one = [1.0]
    try server.receive(one.span, from: 0)
    try server.expire(1)
    try server.expire(0)
    let none = server.iteration
    #expect(none == 0)
    try server.receive(one.span, from: 1)
    let once = server.iteration
    #expect(once == 1)
    // Two of four trials brought the gradient 1; with p = 1 the estimate is G/4.
    let x = server.model[0]
    #expect(x == 3.75)
    let cancelled = server.counts.cancelled
    #expect(cancelled == 2)
  }
}

/// ½‖x − (1, −2, 3)‖² from x⁰ = 0.
private struct Paraboloid: Problem {
  static var name: StaticText { "paraboloid" }
  static var summary: StaticText { "½‖x − c‖²" }

  init() {}
  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  var dimension: Int { 3 }
  var conditions: Conditions { Conditions() }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) { Double.fill(&x, with: 0) }

  mutating func value(at x: Span<Double>) -> Double {
    var sum = 0.0
    for index in x.indices {
      let difference = x[index] - ParameterServerTests.minimum[index]
      sum += difference * difference / 2
    }
    return sum
  }

  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    for index in x.indices { g[index] = x[index] - ParameterServerTests.minimum[index] }
  }

  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    for index in x.indices { g[index] += weight * (x[index] - ParameterServerTests.minimum[index]) }
  }
}
