// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import StragglerLanguage
import StragglerRuntime
import Testing

/// A server that is restored goes on where it was.
@Suite struct ServerCheckpointTests {
  /// A server whose workers compute at once, the one with the fewest jobs first: nothing is in flight.
  private struct Drill: ~Copyable {
    var server: AnyServer<Double>
    var labours: [Labour?]

    init(_ text: String) throws {
      server = try AnyServer(text, model: [0.0, 0, 0].span, workers: 4)
      labours = Array(repeating: nil, count: 4)
      take()
    }

    mutating func take() {
      for index in 0..<server.orderCount {
        let order = server.order(index)
        switch order.task {
        case .stop: labours[order.worker] = nil
        case .sum: labours[order.worker]?.finish()
        default:
          var labour = Labour(order, at: server.copy(for: order))
          labour.work()
          labours[order.worker] = labour
        }
      }
    }

    mutating func run(events: Int) throws {
      for _ in 0..<events {
        let worker = labours.indices.filter { labours[$0] != nil }.min {
          let (a, b) = (labours[$0]!, labours[$1]!)
          return (a.nextNumber, $0) < (b.nextNumber, $1)
        }
        guard let worker, let labour = labours[worker] else { return }
        if labour.isOpen {
          labours[worker]?.openStep()
          check(try server.completeStep(ticket: labour.order.ticket, at: server.time + 1), .taken)
        } else {
          labours[worker] = nil
          check(try server.receive(labour.sum.span, ticket: labour.order.ticket, at: server.time + 1), .taken)
        }
        take()
      }
    }
  }

  @Test(arguments: ServedMethods.texts) func goesOnBitForBit(_ text: String) throws {
    var whole = try Drill(text)
    try whole.run(events: 23)
    let bytes = try whole.server.checkpoint()
    let open = whole.labours.compactMap { $0?.order.ticket }
    var other = try Drill(text)
    try other.run(events: 5)
    try other.server.restore(bytes.span)
    other.labours = [nil, nil, nil, nil]
    other.take()
    // What was in flight is late, and the same work has been ordered.
    #expect(other.labours.map { $0?.nextNumber } == whole.labours.map { $0?.nextNumber })
    for ticket in open { check(try other.server.receive([0.0, 0, 0].span, ticket: ticket), .late) }
    try whole.run(events: 40)
    try other.run(events: 40)
    #expect(whole.server.copy == other.server.copy)
    let (a, b) = (whole.server.counts, other.server.counts)
    #expect(a.used == b.used && a.arrivals == b.arrivals && a.assigned == b.assigned && a.busy == b.busy)
    let (updates, others) = (whole.server.iteration, other.server.iteration)
    #expect(updates == others)
  }

  @Test func everyLifeHasItsOwnTickets() throws {
    let text = "asgd gamma=0.1"
    var server = try AnyServer(text, model: [0.0].span, workers: 1)
    let bytes = try server.checkpoint()
    var tickets: Set<UInt64> = [server.order(0).ticket]
    for life in 1..<5 {
      try server.restore(bytes.span, life: UInt16(life))
      #expect(tickets.insert(server.order(0).ticket).inserted)
      try server.receive([1.0].span, ticket: server.order(0).ticket)
      #expect(tickets.insert(server.order(0).ticket).inserted)
    }
  }

  @Test func refusesOtherBytesAndChangesNothing() throws {
    let method = Rennala { ($0.gamma, $0.batch) = (0.1, 2) }
    var server = try ParameterServer(method, model: [1.0, 2].span, workers: 3)
    try server.receive([1.0, 1].span, ticket: server.order(0).ticket)
    let bytes = try server.checkpoint()
    func error(_ bytes: [UInt8]) -> ServerCheckpointError? {
      do throws(ServerCheckpointError) {
        try server.restore(bytes.span)
        return nil
      } catch { return error }
    }
    #expect(error([]) == .noCheckpoint && error(Array(bytes.dropFirst())) == .noCheckpoint)
    for length in [40, bytes.count / 2, bytes.count - 1] {
      #expect(error(Array(bytes.prefix(length))) != nil)
    }
    for place in stride(from: 24, to: bytes.count, by: 7) {
      var changed = bytes
      changed[place] ^= 0x10
      #expect(error(changed) == .damaged)
    }
    var other = try ParameterServer(method, model: [1.0, 2].span, workers: 4)
    let fewer = #expect(throws: ServerCheckpointError.self) { try other.restore(bytes.span) }
    #expect(fewer == .otherServer("its number of workers differs"))
    var wide = try ParameterServer(method, model: [1.0, 2, 3].span, workers: 3)
    let wider = #expect(throws: ServerCheckpointError.self) { try wide.restore(bytes.span) }
    #expect(wider == .otherServer("the length of its model differs"))
    var asgd = try ParameterServer(Asynchronous { $0.gamma = 0.1 }, model: [1.0, 2].span, workers: 3)
    let method2 = #expect(throws: ServerCheckpointError.self) { try asgd.restore(bytes.span) }
    #expect(method2 == .otherServer("its method differs"))
    let (open, iteration) = (server.open, server.iteration)
    #expect(open == 3 && iteration == 0 && error(bytes) == nil)
  }
}
