// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import StragglerRuntime
import Testing

/// Jobs of more than one gradient with real workers.
@Suite struct LocalWorkTests {
  private static let minimum = [1.0, -2, 3]
  private static let origin = [0.0, 0, 0]

  private static func gradient(at point: [Double]) -> [Double] { zip(point, minimum).map { $0 - $1 } }

  /// A worker that makes what its order asks for.
  private struct Desk {
    var y: [Double] = []
    var sum: [Double] = []
    var order: JobOrder?

    mutating func step() {
      let g = LocalWorkTests.gradient(at: y)
      for index in g.indices {
        sum[index] += g[index]
        if let gamma = order?.stepsize, !gamma.isNaN { y[index] -= gamma * g[index] }
      }
    }
  }

  private func simulate(_ method: MethodChoice, _ durations: [Double], updates: Int) throws -> [Double] {
    let run = try Experiment(
      problem: ProblemChoice(Paraboloid()), workers: durations.map { Worker(tau: $0) }, method: method
    ).start()
    run.run(until: Stop(updates: updates))
    return run.model
  }

  /// The order says how many steps there are and how long; the worker hands in the sum.
  @Test func localStepsAreThoseOfTheSimulator() throws {
    let (method, durations) = (Asynchronous { $0.gamma = 0.1 }, [1.0, 1.3, 2.1])
    let modifiers = Modifiers(localSteps: 3)
    var server = try ParameterServer(
      method, model: Self.origin.span, workers: durations.count, modifiers: modifiers)
    var desks = durations.map { _ in Desk() }
    var ends = durations.map { _ in Double.infinity }
    var now = 0.0
    func passOn() {
      for index in 0..<server.orderCount {
        let order = server.order(index)
        let (worker, point) = (order.worker, server.point(for: order))
        let x = point.indices.map { point[$0] }
        #expect(order.task == .local(steps: 3, stepsize: 0.1) && order.allotted == .infinity)
        desks[worker] = Desk(y: x, sum: [0, 0, 0], order: order)
        ends[worker] = now + 3 * durations[worker]
      }
    }
    passOn()
    while server.iteration < 20 {
      let worker = ends.indices.min { (ends[$0], $0) < (ends[$1], $1) }!
      now = ends[worker]
      for _ in 0..<3 { desks[worker].step() }
      let sum = desks[worker].sum
      try server.receive(sum.span, ticket: #require(desks[worker].order).ticket, at: now)
      passOn()
    }
    let simulated = try simulate(MethodChoice(method, modifiers: modifiers), durations, updates: 20)
    for (a, b) in zip(server.model.indices.map { server.model[$0] }, simulated) {
      #expect(abs(a - b) < 1e-12)
    }
    let counts = server.counts
    #expect(counts.gradients >= 60 && counts.messages == counts.arrivals)
  }

  /// Steps are reported one by one, until an order ends them.
  @Test func openEndedWorkGoesOnUntilItIsHandedIn() throws {
    let durations = [1.0, 1.3, 2.1]
    let method = LocalSGD { ($0.gamma, $0.budget) = (0.1, 5) }
    var server = try ParameterServer(method, model: Self.origin.span, workers: durations.count)
    let isOpen = server.hasOpenEndedWork
    #expect(isOpen)
    var desks = durations.map { _ in Desk() }
    var ends = durations.map { _ in Double.infinity }
    var (now, sending) = (0.0, Set<Int>())
    func passOn() {
      for index in 0..<server.orderCount {
        let order = server.order(index)
        let worker = order.worker
        switch order.task {
        case .stop: ends[worker] = .infinity
        case .sum:
          ends[worker] = now
          sending.insert(worker)
        default:
          let point = server.point(for: order)
          desks[worker] = Desk(y: point.indices.map { point[$0] }, sum: [0, 0, 0], order: order)
          ends[worker] = now + durations[worker]
        }
      }
    }
    passOn()
    while server.iteration < 20 {
      let worker = ends.indices.min { (ends[$0], $0) < (ends[$1], $1) }!
      now = ends[worker]
      if sending.remove(worker) != nil {
        ends[worker] = .infinity
        let sum = desks[worker].sum
        try server.receive(sum.span, ticket: #require(desks[worker].order).ticket, at: now)
      } else {
        desks[worker].step()
        ends[worker] += durations[worker]
        let sum = desks[worker].sum
        let ticket = try #require(desks[worker].order).ticket
        #expect(throws: ServerMisuse.wrongWork(worker: worker)) {
          try server.receive(sum.span, ticket: ticket)
        }
        try server.completeStep(ticket: ticket, at: now)
      }
      passOn()
    }
    let simulated = try simulate(MethodChoice(method), durations, updates: 20)
    for (a, b) in zip(server.model.indices.map { server.model[$0] }, simulated) {
      #expect(abs(a - b) < 1e-12)
    }
    try check(server.completeStep(ticket: 7), .late)
    #expect(throws: SetupError.self) {
      try ThreadedRun(method, model: Self.origin.span, workers: 2)
    }
  }

  /// Threads make the local steps; the code computes one gradient after the other.
  @Test func threadsMakeLocalSteps() throws {
    let method = LocalSGD { ($0.gamma, $0.local) = (0.1, 4) }
    let run = try ThreadedRun(method, model: Self.origin.span, workers: 2)
    let reason = try run.run(until: Stop(updates: 10), clock: ContinuousClock()) { job, x, g in
      for index in g.indices { g[index] = x[index] - Self.minimum[index] }
    }
    #expect(reason == .updates && run.counts.gradients == 80)
    for (value, end) in zip(run.model, Self.minimum) {
      var x = 0.0
      for _ in 0..<40 { x -= 0.1 * (x - end) }
      #expect(abs(value - x) < 1e-12)
    }
  }
}
