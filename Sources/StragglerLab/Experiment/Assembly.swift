// SPDX-License-Identifier: Apache-2.0

import StragglerCore

// How an experiment becomes a run.

extension MethodChoice {
  /// Measures what the run needs, takes it in one piece, and sets the run up in it.
  func start(_ experiment: Experiment) throws(LabError) -> Run {
    try experiment.checkWorkers()
    let network = code.needsNetwork ? try experiment.network() : nil
    let fleet = try experiment.fleetOfCore()
    do throws(SetupError) {
      let problem = experiment.problem.assembly(experiment)
      // The same set-up twice: first against an arena that only counts.
      let measured = try problem.prepare(.measuring())
      _ = try problem.findOptimum { _ in true }
      if !extras.isForced { try code.check(measured.conditions, experiment.workers.count) }
      fleet.slowMessages(
        uploads: experiment.uploadPerCoordinate, downloads: experiment.downloadPerCoordinate,
        dimension: measured.dimension)
      let plannedConditions = measured.conditions.assuming(experiment.assumed)
      if let network {
        try search(network, for: experiment.interrupted, code.prepare) {
          Setup(fleet: fleet.fleet, conditions: plannedConditions, arena: .measuring())
        }
      }
      var plan = Setup(fleet: fleet.fleet, conditions: plannedConditions, arena: measured.arena)
      plan.network = network?.network
      plan.modifiers = extras.modifiers
      let points = try code.simulate(&plan, experiment.seed, experiment.isLogging).points
      let needs = VectorNeeds(
        points: points, slots: plan.slots, compresses: plan.messageLength != nil, averages: plan.averages,
        paths: plan.hasLocalSteps,
        compression: extras.modifiers.compression,
        feedback: extras.modifiers.hasFeedback ? experiment.workers.count : 0,
        stepRule: extras.modifiers.step, maxNorm: extras.modifiers.maxNorm)
      let counted = try problem.allocate(needs, plan.finish())
      guard let memory = OwnedArena(bytes: counted.arena.used) else {
        throw extras.modifiers.hasFeedback
          ? SetupError.invalid(
            key: "feedback", expected: "false where a vector for every worker is more memory than can be had")
          : SetupError.outOfMemory
      }

      let prepared = try problem.prepare(memory.arena())
      let allocated = try problem.allocate(needs, prepared.arena)
      guard let vectors = allocated.vectors else { throw SetupError.outOfMemory }
      let conditions = vectors.conditions.assuming(experiment.assumed)
      var setup = Setup(fleet: fleet.fleet, conditions: conditions, arena: allocated.arena)
      setup.network = network?.network
      setup.modifiers = extras.modifiers
      guard let engine = try code.simulate(&setup, experiment.seed, experiment.isLogging).1 else {
        throw SetupError.outOfMemory
      }
      return Run(
        method: name, engine: engine, vectors: vectors, arena: memory, network: network,
        owners: [fleet, settings, problem.data] + experiment.owners.map { $0 },
        interval: experiment.interval, allowance: experiment.allowance, averages: setup.averages,
        remarks: remarks(setup))
    } catch {
      throw refusal(error)
    }
  }
}

/// Lets `prepare` search through `network` in slices until it has found all that it needs, which stays with
/// the network.
///
/// Throws `unfinished` where `interrupted` holds in between, and what else keeps it from preparing.
func search(
  _ network: OwnedNetwork, for interrupted: () -> Bool,
  _ prepare: (inout Setup) throws(SetupError) -> Void, setup: () -> Setup
) throws(SetupError) {
  while true {
    var setup = setup()
    setup.network = network.network
    setup.isInSlices = true
    do throws(SetupError) { return try prepare(&setup) } catch {
      guard error == .unfinished, !interrupted() else { throw error }
    }
  }
}
