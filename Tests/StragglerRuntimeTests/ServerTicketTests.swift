// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import StragglerLanguage
import StragglerRuntime
import Testing

/// A gradient is taken by its ticket alone, and work that was lost is given again.
@Suite struct ServerTicketTests {
  private static let origin = [0.0, 0]
  private static let one = [1.0, 1]

  @Test func aTicketIsTakenOnce() throws {
    var server = try ParameterServer(Asynchronous { $0.gamma = 0.1 }, model: Self.origin.span, workers: 2)
    let tickets = server.tickets
    try check(server.receive(Self.one.span, ticket: tickets[1]), .taken)
    let next = server.order(0)
    #expect(next.worker == 1 && next.ticket > tickets[1] && next.number == 2)
    // Delivered twice, unknown, and of a worker who has another: even where the rest is wrong.
    for ticket in [tickets[1], 0, 12, .max, tickets[1] + 1] {
      try check(server.receive([Double.nan].span, ticket: ticket, at: -1), .late)
      try check(server.fail(ticket: ticket), .late)
      try check(server.completeStep(ticket: ticket), .late)
      let (orders, iteration) = (server.orderCount, server.iteration)
      #expect(orders == 0 && iteration == 1)
    }
    let late = server.late
    #expect(late == 15)
    try check(server.receive(Self.one.span, ticket: tickets[0]), .taken)
    try check(server.receive(Self.one.span, ticket: next.ticket), .taken)
    let used = server.counts.used
    #expect(used == 3)
  }

  /// A job that the method stops, or gives another in place of, delivers nothing.
  @Test func whatIsCancelledIsLate() throws {
    let method = Ringmaster { ($0.gamma, $0.threshold, $0.stops) = (0.1, 1, true) }
    var server = try ParameterServer(method, model: Self.origin.span, workers: 2)
    let first = server.tickets
    try server.receive(Self.one.span, ticket: first[0])
    // R = 1: the other job is too old now, and both have new ones.
    let second = server.tickets
    #expect(second.allSatisfy { $0 > first[1] })
    try check(server.receive(Self.one.span, ticket: first[1]), .late)
    let (used, late) = (server.counts.used, server.late)
    #expect(used == 1 && late == 1)
    let rennala = Rennala { ($0.gamma, $0.batch, $0.stops) = (0.1, 1, true) }
    var other = try ParameterServer(rennala, model: Self.origin.span, workers: 2)
    let tickets = other.tickets
    try other.receive(Self.one.span, ticket: tickets[0])
    try check(other.receive(Self.one.span, ticket: tickets[1]), .late)
  }

  /// The same work, as the worker's next job, without the method's knowledge.
  @Test func failedWorkIsGivenAgain() throws {
    var server = try ParameterServer(Minibatch { $0.gamma = 0.5 }, model: Self.origin.span, workers: 2)
    let tickets = server.tickets
    try server.receive([2.0, 2].span, ticket: tickets[0], at: 1)
    try check(server.fail(ticket: tickets[1], at: 2), .taken)
    let again = server.order(0)
    let orders = server.orderCount
    #expect(orders == 1 && again.worker == 1 && again.number == 2 && again.version == 0)
    #expect(again.ticket != tickets[1] && !again.keepsPoint)
    let iteration = server.iteration
    #expect(iteration == 0)
    try check(server.receive([100.0, 100].span, ticket: tickets[1]), .late)
    try server.receive([4.0, 4].span, ticket: again.ticket, at: 3)
    // The mean of the two that arrived: nothing is divided by less, and nothing counted that did not.
    #expect(server.copy == [-1.5, -1.5])
    let (counts, failed) = (server.counts, server.failed)
    #expect(counts.used == 2 && counts.arrivals == 2 && failed == 1 && counts.cancelled == 1)
    #expect(counts.assigned == counts.arrivals + counts.cancelled + counts.running)
    #expect(counts.busy == 4)
  }

  /// A trial that came to nothing is one for the method, which never adds it up.
  @Test func theMethodSeesFailedTrials() throws {
    let method = MindFlayer { ($0.gamma, $0.trials, $0.clip) = (0.5, 1, .times(.same(1))) }
    var server = try ParameterServer(method, model: Self.origin.span, workers: 2)
    let tickets = server.tickets
    try server.fail(ticket: tickets[0])
    try server.receive(Self.one.span, ticket: tickets[1])
    let (iteration, counts, failed) = (server.iteration, server.counts, server.failed)
    #expect(iteration == 1 && counts.clipped == 1 && counts.used == 1 && failed == 0)
  }

  /// A method that forgets to look whether a trial was clipped adds nothing up all the same.
  @Test func theCoreKeepsClippedTrialsOut() throws {
    var server = try ParameterServer(Careless(), model: Self.origin.span, workers: 1)
    try server.expire(ticket: server.order(0).ticket)
    let (iteration, used) = (server.iteration, server.counts.used)
    #expect(iteration == 1 && used == 0)
    #expect(server.copy == Self.origin)
  }

  @Test func workWaitsForTheNextWorker() throws {
    var server = try ParameterServer(
      Asynchronous { $0.gamma = 0.5 }, model: Self.origin.span, workers: 3, present: 2)
    let (orders, open, tickets) = (server.orderCount, server.open, server.tickets)
    #expect(orders == 2 && open == 2 && tickets[2] == 0)
    try server.remove(0, at: 1)
    try check(server.receive(Self.one.span, ticket: tickets[0]), .late)
    try server.receive(Self.one.span, ticket: tickets[1], at: 2)
    // The newcomer gets the job of its predecessor, at x⁰, and the third its first.
    let order = try present(server.replace(0))
    #expect(order.version == 0 && order.number == 2)
    #expect(server.copy(for: order) == Self.origin)
    let third = try present(server.replace(2))
    #expect(third.version == 0 && third.number == 1)
    try check(server.receive(Self.one.span, ticket: order.ticket, at: 3), .taken)
    let counts = server.counts
    #expect(counts.used == 2 && counts.delayMax == 1)
    #expect(throws: ServerMisuse.workerIsThere(2)) { try server.replace(2) }
    #expect(throws: ServerMisuse.noSuchWorker(3, of: 3)) { try server.remove(3) }
    #expect(throws: ServerMisuse.noSuchWorker(-1, of: 3)) { try server.replace(-1) }
    try server.remove(2)
    #expect(throws: ServerMisuse.workerIsGone(2)) { try server.remove(2) }
    let (isPresent, isNot) = (server.isPresent(0), server.isPresent(2))
    #expect(isPresent && !isNot)
  }

  @Test func saysWhyNothingCanCome() throws {
    var server = try ParameterServer(
      Minibatch { $0.gamma = 0.5 }, model: Self.origin.span, workers: 3, present: 0)
    let stall = server.stall
    #expect(stall == .workersAreGone(3, first: 0) && stall?.description.contains("3 workers") == true)
    for worker in 0..<3 { try server.replace(worker) }
    let isStalled = server.isStalled
    #expect(!isStalled)
  }

  @Test func waitsForTheOneThatIsGone() throws {
    var server = try ParameterServer(Minibatch { $0.gamma = 0.5 }, model: Self.origin.span, workers: 3)
    let tickets = server.tickets
    for worker in [0, 2] { try server.receive(Self.one.span, ticket: tickets[worker]) }
    try server.remove(1)
    let stall = server.stall
    #expect(stall == .workersAreGone(1, first: 1) && stall?.description.contains("worker 1") == true)
    let order = try present(server.replace(1))
    try server.receive(Self.one.span, ticket: order.ticket)
    let (iteration, none) = (server.iteration, server.stall)
    #expect(iteration == 1 && none == nil)
    // A method that gives no orders.
    var idle = try ParameterServer(Idle(), model: Self.origin.span, workers: 1)
    try idle.receive(Self.one.span, ticket: idle.order(0).ticket)
    let nothing = idle.stall
    #expect(nothing == .nothingToDo)
  }

  /// Steps that were reported and lost are made again, and not reported.
  @Test func openEndedWorkIsMadeAgain() throws {
    let method = LocalSGD { ($0.gamma, $0.budget) = (0.5, 4) }
    var server = try ParameterServer(method, model: Self.origin.span, workers: 2)
    let first = server.tickets
    for _ in 0..<2 { try server.completeStep(ticket: first[0]) }
    try server.fail(ticket: first[0])
    let again = server.order(0)
    #expect(again.task == .openEnded(stepsize: 0.5, made: 2) && again.gradients == 3)
    // Numbers 1 to 3 were begun; the work begins with number 4.
    #expect(again.number - again.gradients == 3)
    try server.completeStep(ticket: first[1])
    try server.completeStep(ticket: again.ticket)
    // Four steps: both hand in.
    let orders = (0..<server.orderCount).map { server.order($0) }
    #expect(orders.map(\.task) == [.sum(steps: 3), .sum(steps: 1)])
    #expect(orders.map(\.ticket) == [again.ticket, first[1]])
    try check(server.completeStep(ticket: first[1]), .late)
    try server.fail(ticket: again.ticket)
    let sum = server.order(0)
    #expect(sum.task == .local(steps: 3, stepsize: 0.5) && sum.number - sum.gradients == again.number)
    try server.remove(1)
    let other = try present(server.replace(1))
    #expect(other.task == .local(steps: 1, stepsize: 0.5))
    try server.receive(Self.one.span, ticket: sum.ticket)
    try server.receive(Self.one.span, ticket: other.ticket)
    let iteration = server.iteration
    #expect(iteration == 1)
  }

  @Test(arguments: ServedMethods.refusedTexts) func saysWhyAMethodHasNoServer(_ text: String) {
    let error = #expect(throws: LabError.self) {
      _ = try AnyServer(text, model: Self.origin.span, workers: 3)
    }
    #expect(error?.remedy != nil)
  }

  /// Where nothing fails, a server does what the simulator does, to the last bit, under every method.
  @Test(arguments: ServedMethods.texts) func doesWhatTheSimulatorDoes(_ text: String) throws {
    let durations = [1.0, 1.3, 2.1, 3.7]
    let choice = try Catalogue().method(parsing: text, workers: durations.count)
    let run = try Experiment(
      problem: ProblemChoice(NoisyParaboloid()), workers: durations.map { Worker(tau: $0) }, method: choice,
      seed: 0
    ).start()
    run.run(until: Stop(updates: 12))
    var server = try AnyServer(text, model: [0.0, 0, 0].span, workers: durations.count)
    var labours: [Labour?] = durations.map { _ in nil }
    var ends = durations.map { _ in Double.infinity }
    var now = 0.0
    while server.iteration < 12 {
      for index in 0..<server.orderCount {
        let order = server.order(index)
        switch order.task {
        case .stop: ends[order.worker] = .infinity
        case .sum:
          labours[order.worker]?.finish()
          ends[order.worker] = now
        default:
          labours[order.worker] = Labour(order, at: server.copy(for: order))
          labours[order.worker]?.work()
          ends[order.worker] = now + Double(max(1, order.gradients)) * durations[order.worker]
        }
      }
      let worker = try #require(ends.indices.min { (ends[$0], $0) < (ends[$1], $1) })
      try #require(ends[worker] < .infinity)
      now = ends[worker]
      let labour = try #require(labours[worker])
      if labour.isOpen {
        labours[worker]?.openStep()
        ends[worker] += durations[worker]
        try check(server.completeStep(ticket: labour.order.ticket, at: now), .taken)
      } else {
        ends[worker] = .infinity
        try check(server.receive(labour.sum.span, ticket: labour.order.ticket, at: now), .taken)
      }
    }
    #expect(server.copy == run.model)
    let used = server.counts.used
    #expect(used == run.statistics.point.used)
  }
}

/// Adds up every trial and steps, whatever has become of it.
private struct Careless: Method {
  static var name: StaticText { "careless" }
  static var summary: StaticText { "steps along trials that came to nothing" }
  var gamma: Parameter<Double> = 0.1
  private var sum = Slot()

  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout Setup) throws(SetupError) { sum = setup.slot() }
  mutating func begin(_ server: inout Server) { server.assign(0, allotted: 1) }
  mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    server.step(along: sum, by: 0.1)
    server.assign(0, allotted: 1)
  }
}

/// Gives one job.
private struct Idle: Method {
  static var name: StaticText { "idle" }
  static var summary: StaticText { "gives one job" }
  var gamma: Parameter<Double> = 0.1

  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout Setup) throws(SetupError) {}
  mutating func begin(_ server: inout Server) { server.assignAll() }
  mutating func receive(_ arrival: Arrival, _ server: inout Server) {}
}
