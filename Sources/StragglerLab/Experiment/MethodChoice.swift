// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A method of any type with its keys bound.
public struct MethodChoice: Sendable {
  /// The method's name in the command language.
  public let name: String
  /// How random durations enter the times that it predicts.
  public let randomDurations: RandomDurations
  let code: MethodCode
  let settings: SettingMemory
  let extras: Extras

  /// The method with the parameters that it has.
  ///
  /// With `force` a method for workers that share one objective runs also where their objectives differ.
  /// `modifiers` are put on the method; a run of one that does not take them throws. With a `stepsize` among
  /// them the method's own γ has no meaning.
  @inlinable
  public init<M: Method>(_ method: M, modifiers: Modifiers = Modifiers(), force: Bool = false) {
    self.init(method, settings: SettingMemory([:]), Extras(modifiers: modifiers, isForced: force))
  }

  @inlinable
  init<M: Method>(_ method: M, settings: SettingMemory, _ extras: Extras) {
    var method = method
    // Nothing is then asked of the theory for γ.
    if extras.modifiers.stepsize != nil {
      try? bind(SettingMemory(["gamma": 1])) { (keys: inout Keys) throws(SetupError) in
        try method.keys(&keys)
      }
    }
    self.init(
      name: "\(M.name)", randomDurations: M.randomDurations, code: MethodCode(method), settings: settings,
      extras)
  }

  @usableFromInline
  init(
    name: String, randomDurations: RandomDurations, code: MethodCode, settings: SettingMemory,
    _ extras: Extras
  ) {
    (self.name, self.randomDurations) = (name, randomDurations)
    (self.code, self.settings, self.extras) = (code, settings, extras)
  }

  /// Whether it runs on a network of nodes, without a server.
  package var needsNetwork: Bool { code.needsNetwork }
  /// The modifiers that it takes.
  package var kinds: Modifiers.Kinds { code.kinds }
  /// What is put on it.
  package var modifiers: Modifiers { extras.modifiers }
  /// The method for a server; `owner` keeps alive what it refers to.
  package var any: AnyMethod { AnyMethod(code.any) }
  /// Keeps alive what `any` refers to.
  package var owner: any AnyObject & Sendable { MethodOwner(any: code.any, settings: settings) }

  /// `error` with the name under which its key was given.
  package func refusal(_ error: SetupError) -> LabError {
    var keys = Keys(settings.table)
    // They were bound before, and are named here.
    try? code.keys(&keys)
    return LabError(keys.asWritten(error))
  }
}

private final class MethodOwner: Sendable {
  let any: AnyMethodCode
  let settings: SettingMemory

  init(any: AnyMethodCode, settings: SettingMemory) { (self.any, self.settings) = (any, settings) }
}

/// What of a method depends on its type, and nothing else, behind closures.
///
/// Closures, and not a generic class or a protocol: they are compiled where the method's type is known, in
/// the module that names it, and so run as fast for your own method as for a built-in one.
@usableFromInline
struct MethodCode: Sendable {
  let needsNetwork: Bool
  let kinds: Modifiers.Kinds
  let any: AnyMethodCode
  let keys: @Sendable (inout Keys) throws(SetupError) -> Void
  /// Throws where workers have different objectives, as `Method.check(_:workers:)`.
  let check: @Sendable (Conditions, Int) throws(SetupError) -> Void
  /// Prepares the method.
  let prepare: @Sendable (inout Setup) throws(SetupError) -> Void
  /// Prepares the method; returns γ and what it predicts.
  let predict: @Sendable (inout Setup) throws(SetupError) -> (gamma: Double, prediction: Prediction?)
  /// Sets a simulation up: how many points it keeps, and unless the arena only measures the simulation.
  let simulate:
    @Sendable (inout Setup, _ seed: UInt64, _ isLogging: Bool) throws(SetupError) -> (points: Int, Engine?)

  @usableFromInline
  init(
    needsNetwork: Bool, kinds: Modifiers.Kinds, any: AnyMethodCode,
    keys: @escaping @Sendable (inout Keys) throws(SetupError) -> Void,
    check: @escaping @Sendable (Conditions, Int) throws(SetupError) -> Void,
    prepare: @escaping @Sendable (inout Setup) throws(SetupError) -> Void,
    predict: @escaping @Sendable (inout Setup) throws(SetupError) -> (gamma: Double, prediction: Prediction?),
    simulate:
      @escaping @Sendable (inout Setup, UInt64, Bool) throws(SetupError) -> (points: Int, Engine?)
  ) {
    (self.needsNetwork, self.kinds, self.any) = (needsNetwork, kinds, any)
    (self.keys, self.check) = (keys, check)
    (self.prepare, self.predict, self.simulate) = (prepare, predict, simulate)
  }

  @inlinable
  init<M: Method>(_ method: M) {
    self.init(
      needsNetwork: M.needsNetwork, kinds: M.modifiers, any: AnyMethodCode.of(method),
      keys: { (keys) throws(SetupError) in
        var (method, extras) = (M(), Extras())
        try allKeys(&method, &extras, &keys)
      },
      check: { (conditions, workers) throws(SetupError) in try M.check(conditions, workers: workers) },
      prepare: { (setup) throws(SetupError) in
        var method = method
        try setup.prepare(&method)
      },
      predict: { (setup) throws(SetupError) in
        var method = method
        try setup.prepare(&method)
        let prediction = try method.predict(&setup)
        // Theorems are about SGD, and have no γ for another rule.
        let hasGamma = setup.modifiers.step == nil || method.gamma.given != nil
        return (hasGamma ? method.gamma.value : .nan, prediction)
      },
      simulate: { (setup, seed, isLogging) throws(SetupError) in
        let simulation = try Simulation(method, setup: &setup, seed: seed, logging: isLogging)
        let points = simulation.server.pointCapacity
        if setup.arena.isMeasuring { return (points, nil) }
        return (points, Engine(simulation, hasSchedule: setup.modifiers.stepsize != nil))
      })
  }
}
