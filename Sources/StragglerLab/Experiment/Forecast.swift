// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// What the theory says about a method: its `Prediction`, copied out of the core's memory, with remarks.
public struct Forecast: Sendable {
  /// The method's name in the command language.
  public let method: String
  /// A label, where the method's name is not enough.
  public var label: String?
  /// The label, or else the method's name.
  public var name: String { label ?? method }
  /// γ, from the theorem or as given; NaN where it depends on a constant that is unknown.
  public let gamma: Double
  /// K, the updates until the goal is reached; NaN where it is not known.
  public var iterations = Double.nan
  /// The seconds that `iterations` updates take at most, with constants; NaN where it is not known.
  public var time = Double.nan
  /// The time complexity without constants, in seconds; NaN where it is not known.
  public var table = Double.nan
  /// A lower bound for every method, up to a constant; NaN where it is not known, and for random durations.
  public var lowerBound = Double.nan
  /// The time complexity without constants for convex f and E f − f* ≤ ε; NaN where R is not known.
  public var convexTable = Double.nan
  /// A lower bound for every method for such convex problems, up to a constant; NaN as `lowerBound` and
  /// `convexTable`.
  public var convexLowerBound = Double.nan
  /// What the theorem is about; nil where there is none.
  public var scope: Prediction.Scope?
  /// How far the constants of `iterations` and `time` can be relied on.
  public var constants = Prediction.Constants.unverified
  /// What is at most ε after `iterations` updates.
  public var guarantee = Prediction.Guarantee.mean
  /// The method's parameters, and what else belongs to the theorem.
  public var parameters: [(name: String, value: Double)] = []
  /// Numbers for every worker.
  public var lists: [(name: String, values: [Double])] = []
  /// Remarks: constants that are missing, assumptions that do not hold.
  public var notes: [String] = []
  /// Whether the theorem is about problems like this one.
  public var applies = true
  /// The kind of the durations of jobs.
  public private(set) var durations = Durations.fixed
  /// Why there is no forecast: the method cannot run on this problem, fleet or network; nil where it can.
  public let reason: String?

  /// The kind of the durations of jobs.
  public enum Durations: String, Sendable {
    /// Always the same.
    case fixed
    /// Random, and independent of each other and of when jobs start.
    case independent
    /// They are correlated in time, through outages or because they are replayed: times are simulated.
    case dependent
    /// The speeds of workers change.
    case changing
  }

  /// Whether there is a time or a table's entry.
  public var saysSomething: Bool { applies && !(time.isNaN && table.isNaN) }

  /// A method of which nothing is forecast, because of `reason`.
  public init(_ method: String, refused reason: String) {
    (self.method, self.reason) = (method, reason)
    (gamma, applies) = (.nan, false)
    notes = [reason]
  }

  /// A forecast that lacks the constant which the key `unknown` of `target` gives.
  init(_ method: String, without unknown: ProblemConstant, _ situation: Situation) {
    (self.method, reason) = (method, nil)
    gamma = .nan
    durations = situation.durations
    var missing = situation.unknown
    if !missing.contains(unknown) { missing.append(unknown) }
    notes = [Self.needs(missing)]
  }

  private static func needs(_ constants: [ProblemConstant]) -> String {
    "the theory needs what is not known of this problem: give target "
      + constants.map { "\($0.key)=…" }.joined(separator: " ")
  }

  init(_ method: String, gamma: Double, _ prediction: Prediction?, _ situation: Situation) {
    (self.method, reason) = (method, nil)
    self.gamma = gamma
    durations = situation.durations
    guard let prediction else { return }
    scope = prediction.scope
    constants = prediction.constants
    guarantee = prediction.guarantee
    applies = Self.violation(prediction.scope, situation.conditions) == nil
    // A theorem about other problems says nothing about this one.
    if applies {
      iterations = prediction.iterations
      (time, table) = (prediction.time, prediction.table)
      if situation.conditions.isConvex { convexTable = prediction.convexTable }
    }
    // Bounds for fixed durations: with random ones, giving up trials can be faster than any of them says.
    if applies && (durations == .fixed || durations == .changing) {
      lowerBound = prediction.lowerBound
      if situation.conditions.isConvex { convexLowerBound = prediction.convexLowerBound }
    }
    for index in 0..<prediction.parameterCount {
      if let parameter = prediction.parameter(index) {
        parameters.append(("\(parameter.name)", parameter.value))
      }
    }
    for index in 0..<prediction.listCount {
      if let list = prediction.list(index) {
        lists.append(("\(list.name)", list.values.indices.map { list.values[$0] }))
      }
    }
    notes = Self.notes(prediction, situation)
    if durations == .dependent { dropTimes() }
    if durations == .changing, !prediction.holdsForChangingSpeeds { dropAll() }
  }

  /// Says that the times are without the seconds that workers wait for the model.
  mutating func leaveOutDownloads() {
    guard saysSomething else { return }
    notes.append("download= does not count in these times: workers wait for the model besides")
  }

  /// Removes what holds only for durations that are independent in time.
  private mutating func dropTimes() {
    (time, table, convexTable) = (.nan, .nan, .nan)
    parameters.removeAll { Self.timeNames.contains($0.name) }
  }

  /// Removes all that a theorem promises, which is not about `modifiers`; says which it is not about.
  mutating func drop(for modifiers: Modifiers) {
    guard modifiers != Modifiers() else { return }
    dropAll()
    table = .nan
    notes = []
    if modifiers.stepsize != nil {
      notes.append("the theorem is for a constant gamma, and this one changes: it promises nothing")
    }
    if modifiers.active != nil {
      notes.append("the theorem is for all workers at work, and some wait here: it promises nothing")
    }
    if modifiers.localSteps != nil {
      notes.append("the theorem is for gradients, and these are local steps: it promises nothing")
    }
    if modifiers.compression != nil {
      notes.append("the theorem is for whole gradients, and these are compressed: it promises nothing")
    }
    if modifiers.step != nil {
      notes.append(
        "the theorem is for step=sgd: for another rule it promises nothing; gamma= has to be given or tuned"
      )
    }
    if modifiers.maxNorm != nil {
      notes.append("the theorem is for whole steps, and max_norm= cuts them: it promises nothing")
    }
  }

  /// Removes everything but γ and parameters: the theorem is for speeds that do not change.
  private mutating func dropAll() {
    dropTimes()
    (iterations, lowerBound, convexLowerBound) = (.nan, .nan, .nan)
    notes = ["speeds change, and the theorem is for fixed ones: it does not know how long this takes"]
  }

  private static let timeNames: Set<String> = [
    "iteration_time", "round_time", "time_trials", "full_time", "batch_time", "coupon_time", "t_star", "T",
    "m_star", "j_star", "k_star", "lower_bound_expr", "delay_max",
  ]

  /// Why a theorem about problems of this `scope` says nothing under `conditions`; nil where it does.
  private static func violation(_ scope: Prediction.Scope, _ conditions: Conditions) -> String? {
    if conditions.isHeterogeneous, scope == .shared || scope == .convex {
      return "the theorem is for shared data, and here data differ between workers: it says nothing of them"
    }
    if !conditions.isConvex, scope == .convex || scope == .convexAny {
      return "the theorem is for convex f, and this one is not: it says nothing of it"
    }
    return nil
  }

  private static func notes(_ prediction: Prediction, _ situation: Situation) -> [String] {
    var notes: [String] = []
    let conditions = situation.conditions
    if let violation = violation(prediction.scope, conditions) { return [violation] }
    let isConvex = prediction.scope == .convex || prediction.scope == .convexAny
    if prediction.table.isNaN, !(conditions.gap >= 0), !isConvex {
      notes.append(needs([.gap]))
    }
    if prediction.guarantee == .gap { notes.append("for convex f, and the goal E f − f* ≤ ε") }
    if isConvex, !(conditions.distance >= 0) {
      notes.append(needs([.distance]))
    }
    if !prediction.time.isNaN, prediction.constants == .unverified, situation.durations != .dependent,
      situation.durations != .changing
    {
      notes.append("theory, constant not verified")
    }
    return notes
  }
}

/// A problem and a fleet, as predictions need to know them.
public struct Situation: Sendable {
  /// What is known of the problem and the goal, or assumed instead.
  public let conditions: Conditions
  /// The fleet, with uploads and downloads of d coordinates; where speeds change, as it is at the mean
  /// speeds.
  public var workers: [Worker] { fleet.workers }
  let fleet: OwnedFleet
  /// The seed of what is drawn, such as durations of iterations.
  public let seed: UInt64
  /// The links between the workers, for decentralised methods.
  let network: OwnedNetwork?
  /// The same, as it was given.
  let topology: Topology?
  /// The owners of memory that the workers' delays refer to.
  let owners: [any DelayOwner]
  /// Called now and then during long searches through a large network.
  let interrupted: @Sendable () -> Bool
  /// How much of the data a run of the problem is measured on; nil where that is all.
  public var evaluated: EvaluatedSample?

  /// What is not known of L, σ² and Δ.
  var unknown: [ProblemConstant] { [.smoothness, .variance, .gap].filter { !conditions.knows($0) } }

  /// The kind of the durations of the workers' jobs.
  public var durations: Forecast.Durations {
    if fleet.changes { return .changing }
    guard workers.allSatisfy({ $0.delay.isIndependent }) else { return .dependent }
    return workers.allSatisfy(\.delay.isConstant) ? .fixed : .independent
  }
}

extension Experiment {
  /// What the theory knows of the problem and the fleet.
  ///
  /// Evaluates f(x⁰), and what else the problem needs for its constants. Throws as `start()` does.
  public func situation() throws(LabError) -> Situation {
    try checkWorkers()
    let network = try network()
    let fleet = try fleetOfCore()
    do throws(SetupError) {
      let assembly = problem.assembly(self)
      let needs = VectorNeeds(points: 1, slots: 0, compresses: false, averages: false)
      let measured = try assembly.prepare(.measuring())
      _ = try assembly.findOptimum { _ in true }
      fleet.slowMessages(
        uploads: uploadPerCoordinate, downloads: downloadPerCoordinate, dimension: measured.dimension)
      let counted = try assembly.allocate(needs, measured.arena)
      guard let memory = OwnedArena(bytes: counted.arena.used) else { throw SetupError.outOfMemory }
      let prepared = try assembly.prepare(memory.arena())
      let allocated = try assembly.allocate(needs, prepared.arena)
      guard let vectors = allocated.vectors else { throw SetupError.outOfMemory }
      let conditions = vectors.conditions.assuming(assumed)
      return Situation(
        conditions: conditions, fleet: fleet, seed: seed, network: network,
        topology: topology, owners: owners, interrupted: interrupted, evaluated: vectors.measured.sample)
    } catch {
      throw LabError(error)
    }
  }
}

extension MethodChoice {
  /// What the theory says of the method in `situation` without what random durations do to its times.
  func formulas(_ situation: Situation) throws(LabError) -> Forecast {
    do { return try predict(situation) } catch {
      guard let unknown = error.unknown else { throw error }
      return Forecast(name, without: unknown, situation)
    }
  }
}

/// What a method has noted while it prepared.
func remarks(_ setup: borrowing Setup) -> [String] {
  var remarks: [String] = []
  for index in 0..<setup.remarkCount {
    if let remark = setup.remark(index) { remarks.append("\(remark)") }
  }
  return remarks
}

extension MethodChoice {
  /// Prepares the method in memory of its own and asks it for its prediction.
  func predict(_ situation: Situation) throws(LabError) -> Forecast {
    let fleet = situation.fleet
    do throws(SetupError) {
      if let network = situation.network {
        try search(network, for: situation.interrupted) { (setup) throws(SetupError) in
          _ = try code.predict(&setup)
        } setup: {
          Setup(fleet: fleet.fleet, conditions: situation.conditions, arena: .measuring())
        }
      }
      let used = try predict(situation, in: .measuring()).used
      guard let memory = OwnedArena(bytes: used) else { throw SetupError.outOfMemory }
      let forecast = try predict(situation, in: memory.arena()).forecast
      withExtendedLifetime((fleet, settings, memory, situation.network)) {}
      return forecast
    } catch {
      throw refusal(error)
    }
  }

  private func predict(
    _ situation: Situation, in arena: consuming Arena
  ) throws(SetupError) -> (used: Int, forecast: Forecast) {
    var setup = Setup(fleet: situation.fleet.fleet, conditions: situation.conditions, arena: arena)
    setup.network = situation.network?.network
    setup.modifiers = extras.modifiers
    let (gamma, prediction) = try code.predict(&setup)
    var forecast = Forecast(
      name, gamma: extras.modifiers.stepsize == nil ? gamma : .nan, prediction, situation)
    var modifiers = extras.modifiers
    // All at work.
    if modifiers.active == setup.workers { modifiers.active = nil }
    forecast.drop(for: modifiers)
    if let prediction, !prediction.countsDownloads, setup.hasDownloads { forecast.leaveOutDownloads() }
    forecast.notes += remarks(setup)
    return (setup.finish().used, forecast)
  }
}
