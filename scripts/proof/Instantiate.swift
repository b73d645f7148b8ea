// SPDX-License-Identifier: Apache-2.0

// Instantiates every method and problem, so that the compiler of the proof sees all code that can run.

/// An own law, of which nothing but the distribution function is given.
private struct OwnLaw: DelayLaw {
  static var name: StaticText { "own" }
  static var summary: StaticText { "uniform from 0 to top" }
  static var code: LawCode { { Self.answer($0) } }
  var top = 1.0
  mutating func parameters(_ parameters: inout LawParameters) { parameters.positive("top", &top) }
  func cdf(_ t: Double) -> Double { min(1, t / top) }
}

private struct MethodProof: MethodVisitor {
  let memory: UnsafeMutableRawBufferPointer
  var events = 0
  var time = 0.0

  mutating func visit<M: Method>(_ type: M.Type) {
    do throws(SetupError) {
      var method = M()
      var keys = Keys.describing()
      try method.keys(&keys)
      var arena = Arena(memory)
      let workers = try arena.table(of: Worker.self, count: 4)
      workers.fill(Worker(tau: 1, delay: .lognormal(mu: 0, sigma: 1)))
      if let own = try? Delay(OwnLaw(top: 2)) {
        workers[1].delay = own
        time += own.mean + own.partialMean(1) + own.quantile(0.3)
      }
      let links = try arena.table(of: Link.self, count: 8)
      for node in 0..<4 {
        links[2 * node] = Link(from: node, to: (node + 1) % 4, seconds: 1)
        links[2 * node + 1] = Link(from: (node + 1) % 4, to: node, perCoordinate: 1)
      }
      let network = try Network(links, nodes: 4, arena: &arena)
      let theory = NetworkTheory(network, fleet: Fleet(workers), coordinates: 10)
      events += theory.equilibrium(ratio: theory.lowerBound(ratio: 9)).nodes + theory.center
      events += theory.minibatch(ratio: 9) < theory.amelie(ratio: 9) ? 1 : 0
      var asked = Setup(fleet: Fleet(workers), conditions: Conditions(), arena: arena)
      asked.network = network
      try method.prepare(&asked)
      if let prediction = try method.predict(&asked) { time += prediction.time + prediction.convexTable }
      time += ClippingTimes.singleExact(tau: 1, delay: workers[0].delay).cost
      arena = asked.finish()
      var setup = Setup(fleet: Fleet(workers), conditions: Conditions(), arena: arena)
      setup.network = network
      let stepsize = 0.1 / (1 + StepsizeSchedule.updates + .delay + .time).squareRoot()
      setup.modifiers = Modifiers(stepsize: M.modifiers.stepsize ? stepsize : nil)
      if M.modifiers.compression { setup.modifiers.compression = .randK(1) }
      if M.modifiers.step { (setup.modifiers.step, setup.modifiers.maxNorm) = (.muon(a: 0.1), 1) }
      if M.modifiers.active { setup.modifiers.active = 2 }
      var simulation = try Simulation(method, setup: &setup, seed: 1)
      while events < 5_000, simulation.next() { events += 1 }
      var other = Setup(fleet: Fleet(workers), conditions: Conditions(), arena: setup.finish())
      var deployment = try Deployment(method, setup: &other)
      if let worker = deployment.worker(of: deployment.order(0).ticket) {
        deployment.receive(worker, isClipped: false, at: 1)
        deployment.settle()
        deployment.fail(worker, at: 2)
        deployment.remove(worker, at: 3)
        if let order = deployment.replace(worker) { events += order.number }
        deployment.beginLife(1)
        deployment.countLate()
      }
      simulation.reset()
    } catch { events += 1 }
  }
}

private struct ProblemProof: ProblemVisitor {
  let memory: UnsafeMutableRawBufferPointer
  var sum = 0.0

  mutating func visit<P: Problem, Q: Problem>(_ standard: P.Type, _ other: Q.Type) {
    use(P())
    use(Q())
  }

  private mutating func use<P: Problem>(_ problem: P) {
    do throws(SetupError) {
      var problem = problem
      var keys = Keys.describing()
      try problem.keys(&keys)
      var setup = ProblemSetup(workers: 4, seed: 1, arena: Arena(memory))
      try problem.prepare(&setup)
      var arena = setup.finish()
      let workers = try arena.table(of: Worker.self, count: 4)
      let compression = Compression.topK(1)
      var model = try Model(
        problem, points: 4, slots: 2, averages: true, compression: compression, feedback: 4, seed: 1,
        arena: &arena)
      var plan = Setup(fleet: Fleet(workers), conditions: model.conditions(epsilon: 1e-4), arena: arena)
      plan.modifiers = Modifiers(compression: compression, hasFeedback: true)
      var simulation = try Simulation(Rennala(), setup: &plan, seed: 1)
      while simulation.next(), simulation.server.iteration < 10 { model.execute(&simulation.server) }
      sum += model.value() + model.squaredGradientNorm() + model.accuracy() + model.consensus()
    } catch { sum += 1 }
  }
}

/// What keeps everything alive.
@c public func straggler_proof(_ memory: UnsafeMutableRawPointer, _ bytes: Int) -> Double {
  let buffer = UnsafeMutableRawBufferPointer(start: memory, count: bytes)
  var methods = MethodProof(memory: buffer)
  Methods.visit(&methods)
  var problems = ProblemProof(memory: buffer)
  Problems.visit(&problems)
  return problems.sum + Double(methods.events) + methods.time
}
