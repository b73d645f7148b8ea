// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// A simulation, whatever its method is.
class Simulated {
  func next(by time: Double) -> Outcome { .never }
  /// Carries out the orders for vectors; false if the model is no longer finite.
  func execute(_ vectors: Vectors) -> Bool { false }
  /// When the next event comes.
  var timeOfNext: Double { .infinity }
  var time: Double { 0 }
  var iteration: Int { 0 }
  var counts: Counts { Counts() }
  var fault: MethodFault? { nil }
  var log: EventLog? { nil }
  func emptyLog() {}
  var runningTotals: (seconds: Double, energy: Double) { (0, 0) }
  var gamma: Double { .nan }

  enum Outcome { case handled, later, never }
}

final class SimulatedOf<M: Method>: Simulated {
  private var simulation: Simulation<M>

  init(_ simulation: consuming Simulation<M>) { self.simulation = simulation }

  override func next(by time: Double) -> Outcome {
    switch simulation.next(by: time) {
    case .handled: .handled
    case .later: .later
    case .never: .never
    }
  }
  override func execute(_ vectors: Vectors) -> Bool {
    simulation.server.vectorOrderCount == 0 || vectors.execute(&simulation.server)
  }
  override var timeOfNext: Double { simulation.timeOfNext() }
  override var time: Double { simulation.server.time }
  override var iteration: Int { simulation.server.iteration }
  override var counts: Counts { simulation.server.counts }
  override var fault: MethodFault? { simulation.server.fault }
  override var log: EventLog? { simulation.server.log }
  override func emptyLog() { simulation.server.emptyLog() }
  override var runningTotals: (seconds: Double, energy: Double) { simulation.server.runningTotals }
  override var gamma: Double {
    simulation.server.fault == nil ? simulation.method.gamma.value : .nan
  }
}

/// A method on its way into a run.
class MethodChoice {
  var extras = Extras()
  func check(_ conditions: Conditions, workers: Int) throws(SetupError) {}
  /// Sets a simulation up: how many points it keeps. Unless the arena only measures, it is then in
  /// `simulated`.
  func simulate(_ setup: inout Setup, seed: UInt64) throws(SetupError) -> Int { 0 }
  var simulated: Simulated?
}

final class MethodChoiceOf<M: Method>: MethodChoice {
  private var method = M()

  init(_ plan: Plan) throws(SetupError) {
    super.init()
    var keys = Keys(plan.ofMethod)
    try extras.bind(&method, &keys)
  }

  override func check(_ conditions: Conditions, workers: Int) throws(SetupError) {
    if !extras.isForced { try M.check(conditions, workers: workers) }
  }

  override func simulate(_ setup: inout Setup, seed: UInt64) throws(SetupError) -> Int {
    let simulation = try Simulation(method, setup: &setup, seed: seed, logging: true)
    let points = simulation.server.pointCapacity
    if !setup.arena.isMeasuring { simulated = SimulatedOf(simulation) }
    return points
  }
}

/// Finds the type of the method with a name.
struct MethodSearch: MethodVisitor {
  let plan: Plan
  private(set) var choice: MethodChoice?
  private(set) var error: SetupError?

  init(_ plan: Plan) { self.plan = plan }

  mutating func visit<M: Method>(_ type: M.Type) {
    guard !M.needsNetwork, plan.method == M.name else { return }
    do throws(SetupError) { choice = try MethodChoiceOf<M>(plan) } catch { self.error = error }
  }
}
