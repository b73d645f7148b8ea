// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct InvariantTests {
  private static let workers = [1.0, 1.5, 2, 3, 5].map {
    Worker(tau: $0, delay: .exponential(rate: 1))
  }

  private static var conditions: Conditions {
    var conditions = Conditions()
    (conditions.smoothness, conditions.variance, conditions.gap) = (1, 0.4, 1)
    (conditions.distance, conditions.hessianVariance, conditions.sampleVariance) = (1, 1, 0.1)
    (conditions.epsilon, conditions.dimension, conditions.sampleCount) = (0.1, 8, 30)
    return conditions
  }

  /// A simulation of `method` in memory of its own; its orders for vectors are not carried out.
  private static func simulate<M: Method>(
    _ method: M, _ body: (inout Simulation<M>) throws -> Void
  ) throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 19, alignment: Arena.alignment)
    defer { memory.deallocate() }
    var fleet = workers
    try fleet.withUnsafeMutableBufferPointer { buffer in
      let fleet = Fleet(Table(base: buffer.baseAddress, count: buffer.count))
      var setup = Setup(fleet: fleet, conditions: conditions, arena: Arena(memory))
      var simulation = try Simulation(method, setup: &setup, seed: 3)
      try body(&simulation)
    }
  }

  private struct EveryMethod: MethodVisitor {
    var count = 0
    var broken: [(method: String, event: Int, fault: MethodFault)] = []

    mutating func visit<M: Method>(_ type: M.Type) {
      guard !M.needsNetwork else { return }
      // What a method needs of which no theorem is known.
      var method = M()
      var given = [NamedSetting(Text("gamma"), .number(0.1)), NamedSetting(Text("a"), .number(0.5))]
      given.withUnsafeMutableBufferPointer { buffer in
        var keys = Keys(Table(base: buffer.baseAddress, count: buffer.count))
        try? method.keys(&keys)
      }
      try? InvariantTests.simulate(method) { simulation in
        count += 1
        for event in 0..<400 {
          if let fault = simulation.brokenRule() {
            broken.append(("\(M.name.value)", event, fault))
            return
          }
          guard simulation.next() else { return }
          simulation.server.vectorOrdersAreDone()
        }
      }
    }
  }

  @Test func everyMethodKeepsTheRules() {
    var visitor = EveryMethod()
    Methods.visit(&visitor)
    #expect(visitor.count >= 31)
    #expect(visitor.broken.isEmpty, "\(visitor.broken)")
  }

  @Test func aReferenceThatNothingExplainsIsFound() throws {
    try Self.simulate(Asynchronous()) { simulation in
      for _ in 0..<10 { _ = simulation.next() }
      #expect(simulation.brokenRule() == nil)
      let place = Int(simulation.server.face.points.newest)
      simulation.server.face.points.references[place] += 1
      #expect(simulation.brokenRule() == .inconsistentPoints)
      simulation.server.face.points.references[place] -= 2
      #expect(simulation.brokenRule() == .inconsistentPoints)
    }
  }

  @Test func aPointThatIsFreeTwiceIsFound() throws {
    try Self.simulate(Asynchronous()) { simulation in
      for _ in 0..<10 { _ = simulation.next() }
      let points = simulation.server.face.points
      try #require(points.freeCount > 1)
      points.free[0] = points.free[1]
      #expect(simulation.brokenRule() == .inconsistentPoints)
    }
  }

  @Test func aJobThatIsNotCountedIsFound() throws {
    try Self.simulate(Minibatch()) { simulation in
      for _ in 0..<7 { _ = simulation.next() }
      simulation.server.face.tally.running += 1
      #expect(simulation.brokenRule() == .inconsistentJobs)
      simulation.server.face.tally.running -= 1
      #expect(simulation.brokenRule() == nil)
      simulation.server.face.jobs[2].version = simulation.server.iteration + 1
      #expect(simulation.brokenRule() == .inconsistentJobs)
    }
  }

  @Test func aWorkerWithoutItsEventIsFound() throws {
    try Self.simulate(Minibatch()) { simulation in
      _ = simulation.next(by: 0)
      #expect(simulation.brokenRule() == nil)
      simulation.queue.update(1, to: .infinity)
      #expect(simulation.brokenRule() == .inconsistentEvents)
    }
  }

  @Test func aGameThatTheWrongWorkerHasWonIsFound() throws {
    try withArena { arena in
      let queue = try EventQueue(workers: 6, arena: &arena)
      for worker in 0..<6 { queue.update(worker, to: Double(6 - worker)) }
      #expect(queue.isConsistent)
      queue.stage(2, at: 0.5)
      #expect(!queue.isConsistent)
      queue.rebuild()
      #expect(queue.isConsistent)
    }
  }

  #if STRAGGLER_INVARIANTS
    @Test func aBrokenRuleEndsTheRun() throws {
      try Self.simulate(Asynchronous()) { simulation in
        _ = simulation.next()
        #expect(simulation.server.fault == nil)
        simulation.server.face.tally.running += 1
        for _ in 0..<3 { _ = simulation.next() }
        #expect(simulation.server.fault == .inconsistentJobs)
      }
    }
  #endif
}
