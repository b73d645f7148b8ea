// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLanguage
import StragglerRuntime
import Testing

/// Servers behind a transport that delays, reorders, drops and doubles messages, with workers that are killed
/// and replaced, and with the server itself killed and restored.
@Suite struct ServerChaosTests {
  /// A few hundred runs; STRAGGLER_CHAOS says another number.
  @Test func survivesEverything() throws {
    let runs = ProcessInfo.processInfo.environment["STRAGGLER_CHAOS"].flatMap { Int($0) } ?? 300
    var total = Chaos.Totals()
    for run in 0..<runs {
      let text = ServedMethods.texts[run % ServedMethods.texts.count]
      let chaos = try Chaos(text, seed: UInt64(run))
      try chaos.run(events: 300)
      try chaos.recover()
      total.add(chaos.totals)
      if let fault = chaos.fault {
        Issue.record("run \(run), \(text): \(fault)")
        return
      }
    }
    #expect(total.taken > 20 * runs && total.late > runs && total.restored > runs / 2)
    print("chaos: \(runs) runs, \(total)")
  }
}

/// One run.
private final class Chaos {
  struct Totals {
    var (taken, late, failed, removed, restored) = (0, 0, 0, 0, 0)

    mutating func add(_ other: Totals) {
      taken += other.taken
      late += other.late
      failed += other.failed
      removed += other.removed
      restored += other.restored
    }
  }

  /// A message to a worker, or from one.
  private struct Order {
    let incarnation: Int
    let order: JobOrder
    let point: [Double]
  }
  private struct Result {
    let ticket: UInt64
    /// Nil for a step that is complete.
    let vector: [Double]?
  }
  private struct Worker {
    var incarnation = 0
    var isAlive = true
    var labour: Labour?
    /// The sum that it has been asked for.
    var steps: Int?
  }
  private struct Gradient: Hashable {
    let worker: Int
    let number: Int
  }

  private var server: AnyServer<Double>
  private var random: UInt64
  private var orders: [Order] = []
  private var results: [Result] = []
  private var workers: [Worker]
  /// What every ticket was given for, in all lives.
  private var given: [UInt64: Labour] = [:]
  private var taken: Set<UInt64> = []
  /// The ticket that the driver believes each worker to have.
  private var current: [UInt64?]
  private var used: Set<Gradient> = []
  private var saved: (bytes: [UInt8], used: Set<Gradient>, arrivals: Int)
  private var arrivals = 0
  private var isFaulty = true
  private(set) var totals = Totals()
  private(set) var fault: String?

  init(_ text: String, seed: UInt64) throws {
    random = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    let count = 2 + Int(seed % 4)
    let server = try AnyServer(
      text, model: [0.0, 0, 0].span, workers: count, present: seed % 5 == 0 ? 1 : nil)
    workers = Array(repeating: Worker(), count: count)
    current = Array(repeating: nil, count: count)
    saved = (try server.checkpoint(), [], 0)
    self.server = server
    for worker in 0..<count { workers[worker].isAlive = self.server.isPresent(worker) }
    send()
  }

  private func below(_ count: Int) -> Int {
    random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((random >> 33) % UInt64(count))
  }
  private func happens(_ percent: Int) -> Bool { isFaulty && below(100) < percent }

  private func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition, fault == nil { fault = what() }
  }

  /// Passes the orders of the last event on.
  private func send() {
    for index in 0..<server.orderCount {
      let order = server.order(index)
      let point = server.copy(for: order)
      switch order.task {
      case .stop:
        if current[order.worker] == order.ticket { current[order.worker] = nil }
      case .sum: expect(given[order.ticket] != nil, "a sum of work that was not given")
      default:
        expect(given[order.ticket] == nil, "ticket \(order.ticket) was given twice")
        given[order.ticket] = Labour(order, at: point)
        current[order.worker] = order.ticket
      }
      let message = Order(incarnation: workers[order.worker].incarnation, order: order, point: point)
      if !happens(5) { orders.append(message) }
      if happens(5) { orders.append(message) }
    }
  }

  func run(events: Int) throws {
    for _ in 0..<events where fault == nil {
      switch below(100) {
      case 0..<35: deliverOrder()
      case 35..<65: work()
      case 65..<90: try deliverResult()
      case 90..<93: try failSome()
      case 93..<95: try removeSome()
      case 95..<97: try replaceSome()
      case 97..<98: saved = (try server.checkpoint(), used, arrivals)
      case 98..<99: try restore()
      default: if !results.isEmpty { results.append(results[below(results.count)]) }
      }
      expect(server.isFinite, "the model is not finite")
      expect(!server.isStalled || server.stall != nil, "no reason for the stall")
    }
  }

  /// Without faults, after everything that was lost has failed, the method goes on.
  func recover() throws {
    isFaulty = false
    (orders, results) = ([], [])
    for worker in workers.indices where !workers[worker].isAlive { try replace(worker) }
    for worker in workers.indices {
      guard let ticket = current[worker] else { continue }
      try server.fail(ticket: ticket)
      send()
    }
    let goal = server.iteration + 4
    var rounds = 0
    while server.iteration < goal, fault == nil, rounds < 2_000 {
      rounds += 1
      while !orders.isEmpty { deliverOrder() }
      for worker in workers.indices where fault == nil { work(worker) }
      if results.isEmpty { break }
      while !results.isEmpty, fault == nil { try deliverResult() }
    }
    let (iteration, stall) = (server.iteration, server.stall)
    expect(
      iteration >= goal, "it does not go on: \(stall?.description ?? "tickets are open"), k=\(iteration)")
  }

  private func deliverOrder() {
    guard !orders.isEmpty else { return }
    let message = orders.remove(at: below(orders.count))
    let (order, worker) = (message.order, message.order.worker)
    guard workers[worker].isAlive, workers[worker].incarnation == message.incarnation else { return }
    switch order.task {
    case .stop:
      if workers[worker].labour?.order.ticket == order.ticket { workers[worker].labour = nil }
    case .sum(let steps):
      if workers[worker].labour?.order.ticket == order.ticket { workers[worker].steps = steps }
    default:
      // An older order has been overtaken.
      if let known = workers[worker].labour?.order.ticket, known >= order.ticket { return }
      (workers[worker].labour, workers[worker].steps) = (Labour(order, at: message.point), nil)
    }
  }

  private func work() { work(below(workers.count)) }

  private func work(_ worker: Int) {
    guard workers[worker].isAlive, var labour = workers[worker].labour else { return }
    let ticket = labour.order.ticket
    if let steps = workers[worker].steps {
      workers[worker].labour = nil
      return answer(Result(ticket: ticket, vector: labour.sum(of: steps)))
    }
    if labour.isOpen {
      workers[worker].labour?.openStep()
      return answer(Result(ticket: ticket, vector: nil))
    }
    labour.work()
    workers[worker].labour = nil
    answer(Result(ticket: ticket, vector: labour.sum))
  }

  private func answer(_ result: Result) {
    if !happens(5) { results.append(result) }
    if happens(5) { results.append(result) }
  }

  private func deliverResult() throws {
    guard !results.isEmpty else { return }
    let result = results.remove(at: below(results.count))
    let before = (iteration: server.iteration, late: server.late, used: server.counts.used)
    guard let vector = result.vector else {
      let delivery = try server.completeStep(ticket: result.ticket)
      if delivery == .late { totals.late += 1 }
      return send()
    }
    let delivery = try server.receive(vector.span, ticket: result.ticket)
    guard delivery == .taken else {
      totals.late += 1
      let (iteration, late, count) = (server.iteration, server.late, server.counts.used)
      expect(
        iteration == before.iteration && late == before.late + 1 && count == before.used,
        "what was late changed something")
      return
    }
    totals.taken += 1
    arrivals += 1
    let (count, usedNow) = (server.counts.arrivals, server.counts.used)
    expect(count == arrivals, "\(count) arrivals where \(arrivals) were handed in")
    expect(usedNow <= arrivals, "more were used than arrived")
    expect(taken.insert(result.ticket).inserted, "a ticket was taken twice")
    guard let labour = given[result.ticket] else { return expect(false, "a ticket that was never given") }
    if case .openEnded = labour.order.task {
    } else {
      var again = labour
      again.work()
      expect(again.sum == vector, "a gradient of another job")
      for number in labour.numbers {
        let gradient = Gradient(worker: labour.order.worker, number: number)
        expect(used.insert(gradient).inserted, "gradient \(gradient) was used twice")
      }
    }
    if current[labour.order.worker] == result.ticket { current[labour.order.worker] = nil }
    send()
  }

  private func failSome() throws {
    let worker = below(workers.count)
    guard let ticket = current[worker] else { return }
    current[worker] = nil
    if try server.fail(ticket: ticket) == .taken { totals.failed += 1 }
    send()
  }

  private func removeSome() throws {
    let worker = below(workers.count)
    guard workers[worker].isAlive else { return }
    totals.removed += 1
    (workers[worker].isAlive, workers[worker].labour, current[worker]) = (false, nil, nil)
    try server.remove(worker)
    send()
  }

  private func replaceSome() throws {
    let worker = below(workers.count)
    if !workers[worker].isAlive { try replace(worker) }
  }

  private func replace(_ worker: Int) throws {
    workers[worker] = Worker(incarnation: workers[worker].incarnation + 1)
    try server.replace(worker)
    send()
  }

  /// The server is killed, and goes on from the last checkpoint with the workers that there are.
  private func restore() throws {
    totals.restored += 1
    let bytes = saved.bytes
    try server.restore(bytes.span, life: UInt16(totals.restored))
    (used, arrivals) = (saved.used, saved.arrivals)
    current = current.map { _ in nil }
    send()
    for worker in workers.indices {
      let isPresent = server.isPresent(worker)
      if isPresent && !workers[worker].isAlive {
        current[worker] = nil
        try server.remove(worker)
      }
      if !isPresent && workers[worker].isAlive {
        try server.replace(worker)
        send()
      }
    }
  }
}
