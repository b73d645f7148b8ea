// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// After set-up a run allocates nothing: malloc is counted while every method handles events.
@Suite(.enabled(if: allocationsAreCounted, "malloc cannot be replaced here"))
struct MethodAllocationTests {
  #if DEBUG
    static let events = 20_000
  #else
    static let events = 1_000_000
  #endif

  /// Counts the allocations of a run of each method.
  private struct Counter: MethodVisitor {
    var counts: [(method: String, allocations: Int, events: Int)] = []

    mutating func visit<M: Method>(_ type: M.Type) {
      let name = "\(M.name.value)"
      do throws(SetupError) {
        for form in Form.allCases {
          let (allocations, events) = try measure(type, form)
          counts.append(("\(name) \(form)", allocations, events))
        }
      } catch {
        Issue.record("\(name): \(error)" as Comment)
      }
    }

    private enum Form: CaseIterable {
      case plain
      /// With all modifiers that it takes but local steps, and some workers take part in its rounds.
      case modified
      /// With local steps of a number, or until they are stopped.
      case local
    }

    private func measure<M: Method>(
      _ type: M.Type, _ form: Form
    ) throws(SetupError) -> (allocations: Int, events: Int) {
      let bytes = 1 << 22
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
      defer { memory.deallocate() }
      var arena = Arena(memory)
      let entries = try arena.table(of: NamedSetting.self, count: 7)
      // A stepsize so small that nothing diverges; the rest is the theory's. `hogwild` takes its longer way.
      entries[0] = NamedSetting(Text("gamma"), .number(1e-6))
      entries[1] = NamedSetting(Text("reads"), .word(Text("inconsistent")))
      entries[2] = NamedSetting(Text("group"), .number(5))
      entries[3] = NamedSetting(Text("a"), .number(0.1))
      let further: (StaticText, Double, StaticText, Double, StaticText, Double) =
        switch form {
        case .plain: ("", 0, "", 0, "", 0)
        case .modified: ("participants", 5, "accept", 3, "server", 1)
        case .local: ("budget", 9, "batch", 2, "", 0)
        }
      entries[4] = NamedSetting(Text(further.0), .number(further.1))
      entries[5] = NamedSetting(Text(further.2), .number(further.3))
      entries[6] = NamedSetting(Text(further.4), .number(further.5))
      var method = M()
      var keys = Keys(entries)
      try method.keys(&keys)
      let workers = try arena.table(of: Worker.self, count: 12)
      for index in workers.indices {
        workers[index] = Worker(tau: 1 + 0.1 * Double(index), delay: .exponential(rate: 2))
      }
      var problem = Quadratic<Double>(dimension: 10, noise: 0.01)
      problem.samples = 20
      var setup = ProblemSetup(workers: 12, seed: 1, arena: arena)
      try problem.prepare(&setup)
      arena = setup.finish()
      var conditions = problem.conditions
      conditions.epsilon = 1e-3
      conditions.gap = 1
      conditions.variance = 0.01
      (conditions.dimension, conditions.sampleCount, conditions.hessianVariance) = (10, 20, 1)
      let network = M.needsNetwork ? try MethodAllocationTests.ring(of: 12, arena: &arena) : nil
      var plan = Setup(fleet: Fleet(workers), conditions: conditions, arena: arena)
      plan.network = network
      if form == .local, M.modifiers.local { plan.modifiers = Modifiers(localSteps: 3) }
      if form == .modified {
        let stepsize = 1e-6 / (1 + StepsizeSchedule.updates + .delay + .time).squareRoot()
        plan.modifiers = Modifiers(
          stepsize: M.modifiers.stepsize ? stepsize : nil,
          compression: M.modifiers.compression ? .topK(3) : nil, hasFeedback: M.modifiers.compression,
          step: M.modifiers.step ? .adam(beta1: 0.9, beta2: 0.999, eps: 1e-8) : nil,
          maxNorm: M.modifiers.step ? 1 : nil, active: M.modifiers.active ? 5 : nil)
      }
      let modifiers = plan.modifiers
      var simulation = try Simulation(method, setup: &plan, seed: 1)
      let (points, slots, averages) = (simulation.server.pointCapacity, plan.slots, plan.averages)
      let paths = plan.hasLocalSteps
      var rest = plan.finish()
      var model = try Model(
        problem, points: points, slots: slots, averages: averages, paths: paths,
        compression: modifiers.compression,
        feedback: modifiers.hasFeedback ? 12 : 0, stepRule: modifiers.step, maxNorm: modifiers.maxNorm,
        seed: 1, arena: &rest)
      func handle(_ count: Int) -> Int {
        for event in 0..<count {
          guard simulation.next() else { return event }
          model.execute(&simulation.server)
        }
        return count
      }
      _ = handle(1_000)
      var handled = 0
      let count = allocations { handled = handle(MethodAllocationTests.events) }
      return (count, handled)
    }
  }

  /// A ring whose links take some time.
  private static func ring(of count: Int, arena: inout Arena) throws(SetupError) -> Network {
    let links = try arena.table(of: Link.self, count: 2 * count)
    for node in 0..<count {
      links[2 * node] = Link(from: node, to: (node + 1) % count, seconds: 0.3)
      links[2 * node + 1] = Link(from: (node + 1) % count, to: node, seconds: 0.2)
    }
    return try Network(links, nodes: count, arena: &arena)
  }

  @Test func noMethodAllocates() {
    var counter = Counter()
    Methods.visit(&counter)
    #expect(counter.counts.count >= 9)
    for (method, allocations, events) in counter.counts {
      #expect(allocations == 0, "\(method)")
      #expect(events == Self.events, "\(method)")
    }
  }
}
