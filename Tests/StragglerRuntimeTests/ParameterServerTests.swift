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
    var tickets = server.tickets
    for (step, gradient) in [[1.0, -2], [0.5, 1], [30, 40]].enumerated() {
      try server.receive(gradient.span, ticket: tickets[step % 2])
      tickets.note(server)
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
    let tickets = server.tickets
    try server.receive([1.0, -2].span, ticket: tickets[0])
    let first = [1 - 0.25 * 0.5, 2 + 0.25]
    #expect(server.model[0] == first[0] && server.model[1] == first[1])
    // Worker 1 still has x⁰: y = (1, 2) − 0.5 (4, 2).
    try server.receive([4.0, 2].span, ticket: tickets[1])
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
    var desks = Desks(durations)
    desks.take(server)
    for _ in 0..<arrivals {
      let job = try present(desks.next())
      try check(server.receive(gradient(at: job.point).span, ticket: job.ticket, at: desks.now), .taken)
      desks.take(server)
    }
    return server.copy
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
    var server = try ParameterServer(Hero { $0.gamma = 0.5 }, model: Self.plane.span, workers: 2)
    let ticket = server.order(0).ticket
    func expect(_ misuse: ServerMisuse, _ words: String, _ gradient: [Double], at time: Double? = nil) {
      let error = #expect(throws: ServerMisuse.self) {
        try server.receive(gradient.span, ticket: ticket, at: time)
      }
      #expect(error == misuse && error?.description.contains(words) == true)
      let (iteration, arrivals, open) = (server.iteration, server.counts.arrivals, server.open)
      #expect(iteration == 0 && arrivals == 0 && open == 1)
    }
    expect(.wrongLength(1, expected: 2, worker: 0), "1 coordinates; the model has 2", [1])
    for value in [Double.nan, .infinity, -.infinity] {
      expect(.notFinite(coordinate: 1, worker: 0), "coordinate 1 of the gradient of worker 0", [1, value])
    }
    for time in [-1.0, .infinity, -.infinity] {
      expect(.wrongTime(time, last: 0), "cannot follow 0.0", [1, 1], at: time)
    }
    // Coordinates whose squares overflow are finite.
    try check(server.receive([1e200, 1].span, ticket: ticket, at: 3), .taken)
    let next = server.order(0).ticket
    let error = #expect(throws: ServerMisuse.self) {
      try server.receive([1.0, 1].span, ticket: next, at: 2.9)
    }
    #expect(error == .wrongTime(2.9, last: 3))
    #expect(throws: ServerMisuse.self) { try server.fail(ticket: next, at: .nan) }
    #expect(throws: ServerMisuse.wrongWork(worker: 0)) { try server.completeStep(ticket: next) }
  }

  @Test func refusesModelsAndFleetsThatMakeNoSense() {
    func refusal(_ model: [Double], workers: Int, present: Int? = nil) -> SetupError? {
      do throws(SetupError) {
        _ = try ParameterServer(
          Asynchronous { $0.gamma = 0.1 }, model: model.span, workers: workers, present: present)
        return nil
      } catch { return error }
    }
    #expect(refusal([0, .nan], workers: 2) == .notFinite(coordinate: 1))
    #expect(refusal([.infinity], workers: 2) == .notFinite(coordinate: 0))
    for workers in [0, -1, 1 << 30, .max] { #expect(refusal([0], workers: workers) != nil) }
    for present in [-1, 3] { #expect(refusal([0], workers: 2, present: present) != nil) }
    #expect(refusal([0], workers: 2, present: 0) == nil)
    #expect(throws: SetupError.self) {
      _ = try ParameterServer(Asynchronous { $0.gamma = -1 }, model: [0.0].span, workers: 2)
    }
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
    var tickets = server.tickets
    try server.receive(one.span, ticket: tickets[0])
    tickets.note(server)
    try server.expire(ticket: tickets[1])
    tickets.note(server)
    try server.fail(ticket: tickets[0])
    tickets.note(server)
    let none = server.iteration
    #expect(none == 0)
    try server.receive(one.span, ticket: tickets[1])
    let once = server.iteration
    #expect(once == 1)
    // Two of four trials brought the gradient 1; with p = 1 the estimate is G/4.
    let x = server.model[0]
    #expect(x == 3.75)
    let cancelled = server.counts.cancelled
    #expect(cancelled == 2)
  }
}

extension ParameterServer {
  /// The model, copied.
  var copy: [Scalar] { model.indices.map { model[$0] } }
  /// The point for an order, copied.
  func copy(for order: JobOrder) -> [Scalar] {
    let point = point(for: order)
    return point.indices.map { point[$0] }
  }
  /// The tickets of the orders of the last event, by worker; 0 where there is none.
  var tickets: [UInt64] {
    var tickets = [UInt64](repeating: 0, count: workers)
    tickets.note(self)
    return tickets
  }
}

extension [UInt64] {
  /// Takes over the tickets of the orders of the last event.
  mutating func note<M: Method, Scalar>(_ server: borrowing ParameterServer<M, Scalar>) {
    for index in 0..<server.orderCount { self[server.order(index).worker] = server.order(index).ticket }
  }
}

/// Workers whose jobs take fixed durations.
struct Desks {
  var now = 0.0
  let durations: [Double]
  private var jobs: [(end: Double, ticket: UInt64, point: [Double])?]
  private var held: [[Double]]

  init(_ durations: [Double]) {
    self.durations = durations
    jobs = Array(repeating: nil, count: durations.count)
    held = Array(repeating: [], count: durations.count)
  }

  /// Takes the orders of the last event over.
  mutating func take<M: Method>(_ server: borrowing ParameterServer<M, Double>) {
    for index in 0..<server.orderCount {
      let order = server.order(index)
      let worker = order.worker
      if !order.keepsPoint {
        let point = server.point(for: order)
        held[worker] = point.indices.map { point[$0] }
      }
      jobs[worker] = order.task == .stop ? nil : (now + durations[worker], order.ticket, held[worker])
    }
  }

  /// The job that ends next, of several the first worker's.
  mutating func next() -> (ticket: UInt64, point: [Double])? {
    var next = -1
    for worker in jobs.indices where jobs[worker] != nil {
      if next < 0 || jobs[worker]!.end < jobs[next]!.end { next = worker }
    }
    guard next >= 0, let job = jobs[next] else { return nil }
    (now, jobs[next]) = (job.end, nil)
    return (job.ticket, job.point)
  }
}

/// ½‖x − (1, −2, 3)‖² from x⁰ = 0.
struct Paraboloid: Problem {
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
