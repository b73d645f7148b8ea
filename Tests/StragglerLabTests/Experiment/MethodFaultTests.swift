// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import StragglerRuntime
import Testing

/// Mistakes in the code of a method end its run with a sentence, and never the program.
@Suite struct MethodFaultTests {
  /// Gives `count` orders for vectors in every event.
  private struct Chatty: Method {
    static var name: StaticText { "chatty" }
    static var summary: StaticText { "Clears its slot very often" }
    var gamma: Parameter<Double> = 0.1
    var count = 8
    private var sum = Slot()

    init() {}
    mutating func keys(_ keys: inout Keys) throws(SetupError) {}
    mutating func prepare(_ setup: inout Setup) throws(SetupError) { sum = setup.slot() }
    mutating func begin(_ server: inout Server) { server.assignAll() }
    mutating func receive(_ arrival: Arrival, _ server: inout Server) {
      for _ in 2..<count { server.clear(sum) }
      server.accumulate(arrival, into: sum)
      server.step(along: sum, by: gamma.value)
      server.assign(arrival.worker)
    }
  }

  /// Uses every gradient although it keeps only the newest point.
  private struct Forgetful: Method {
    static var name: StaticText { "forgetful" }
    static var summary: StaticText { "Uses gradients at points that are gone" }
    var gamma: Parameter<Double> = 0.1
    private var sum = Slot()

    init() {}
    mutating func keys(_ keys: inout Keys) throws(SetupError) {}
    mutating func prepare(_ setup: inout Setup) throws(SetupError) {
      sum = setup.slot()
      setup.horizon = 0
    }
    mutating func begin(_ server: inout Server) { server.assignAll() }
    mutating func receive(_ arrival: Arrival, _ server: inout Server) {
      server.accumulate(arrival, into: sum)
      server.step(along: sum, by: gamma.value)
      server.assign(arrival.worker)
    }
  }

  /// Sends messages on channels, without asking for any.
  private struct Unheard: Method {
    static var name: StaticText { "unheard" }
    static var summary: StaticText { "Sends messages nowhere" }
    var gamma: Parameter<Double> = 0.1
    var channel = 0
    var withdraws = false

    init() {}
    mutating func keys(_ keys: inout Keys) throws(SetupError) {}
    mutating func prepare(_ setup: inout Setup) throws(SetupError) {}
    mutating func begin(_ server: inout Server) { server.assignAll() }
    mutating func receive(_ arrival: Arrival, _ server: inout Server) {
      server.assign(arrival.worker)
      guard !server.isBusy(channel) else { return }
      if withdraws { server.withdraw(channel) } else { server.send(channel, after: 1, coordinates: 4) }
    }
  }

  private func run(_ method: some Method) throws -> Run {
    try Experiment(
      Quadratic<Double>(dimension: 4), workers: [Worker(tau: 1), Worker(tau: 2.5)], method: method
    ).start()
  }

  @Test(arguments: [9, 17]) func manyOrdersAreCarriedOut(count: Int) throws {
    var method = Chatty()
    method.count = count
    let run = try run(method)
    #expect(run.run(until: Stop(updates: 5)) == .updates)
    #expect(run.failure == nil)
  }

  @Test func tooManyOrdersEndTheRunWithASentence() throws {
    var method = Chatty()
    method.count = 18
    let run = try run(method)
    #expect(run.run(until: Stop(updates: 5)) == .failed)
    let failure = try #require(run.failure)
    #expect(failure.message.hasPrefix("chatty gave more orders for vectors in one event"))
    #expect(failure.remedy?.contains("prepare(_:)") == true)
    #expect(run.run(until: Stop(updates: 5)) == .failed)
    run.reset()
    #expect(run.failure == nil)
  }

  @Test func aPointThatIsGoneEndsTheRunWithASentence() throws {
    let run = try run(Forgetful())
    #expect(run.run(until: Stop(updates: 50)) == .failed)
    #expect(run.failure?.message.contains("older than its horizon") == true)
  }

  @Test(arguments: [-1, 0, 7], [false, true])
  func aChannelThatIsNotThereEndsTheRunWithASentence(channel: Int, withdraws: Bool) throws {
    var method = Unheard()
    (method.channel, method.withdraws) = (channel, withdraws)
    let run = try run(method)
    #expect(run.run(until: Stop(arrivals: 50)) == .failed)
    #expect(run.failure?.message.contains("channel") == true)
  }

  @Test func aComparisonThrowsIt() throws {
    let experiment = Experiment(
      Quadratic<Double>(dimension: 4), workers: [Worker(tau: 1), Worker(tau: 2.5)], method: Forgetful())
    #expect(throws: LabError.self) {
      _ = try Comparison([experiment], until: Stop(updates: 50), seeds: [1]).run()
    }
  }

  @Test func aParameterServerThrowsIt() throws {
    var method = Chatty()
    method.count = 40
    let model = [1.0, 2]
    var server = try ParameterServer(method, model: model.span, workers: 1)
    let gradient = [0.5, 0.5]
    do {
      try server.receive(gradient.span, ticket: server.order(0).ticket)
      Issue.record("nothing was thrown")
    } catch { #expect(error == .faultyMethod(.tooManyOrders)) }
  }
}
