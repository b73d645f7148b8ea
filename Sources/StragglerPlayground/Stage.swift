// SPDX-License-Identifier: Apache-2.0

import StragglerCore

extension Plan {
  /// Measures what the run needs, takes it in one piece from `take`, and sets the run up in it: what
  /// `Experiment.start` does in the program.
  func start(
    _ words: inout Words, take: (_ bytes: Int) throws(SetupError) -> Arena
  ) throws(SetupError) -> Run {
    guard !workers.isEmpty else {
      throw .impossible("a fleet without workers", remedy: "give at least one worker")
    }
    var ownMemory = try take(workers.count * 1_024 + 65_536)
    let fleet = try fleet(&ownMemory)
    let problem = try problemChoice()
    var search = MethodSearch(self)
    Methods.visit(&search)
    if let error = search.error { throw error }
    guard let method = search.choice else {
      throw .impossible("a method that is not here", remedy: "take one of the list")
    }
    let modifiers = method.extras.modifiers

    let measuring = try problem.prepare(self, .measuring())
    try method.check(problem.conditions, workers: workers.count)
    var plan = Setup(
      fleet: fleet, conditions: problem.conditions.assuming(Conditions()), arena: measuring)
    plan.modifiers = modifiers
    let points = try method.simulate(&plan, seed: seed)
    let needs = VectorNeeds(
      points: points, slots: plan.slots, compresses: plan.messageLength != nil, paths: plan.hasLocalSteps,
      modifiers: modifiers, workers: workers.count)
    let counted = try problem.allocate(needs, self, plan.finish()).used

    let prepared = try problem.prepare(self, try take(counted))
    let arena = try problem.allocate(needs, self, prepared)
    guard let vectors = problem.vectors else { throw .outOfMemory }
    var setup = Setup(fleet: fleet, conditions: vectors.conditions.assuming(Conditions()), arena: arena)
    setup.modifiers = modifiers
    _ = try method.simulate(&setup, seed: seed)
    guard let simulated = method.simulated else { throw .outOfMemory }
    for index in 0..<setup.remarkCount {
      guard let remark = setup.remark(index) else { continue }
      words.append(remark)
      words.append(byte: 10)
    }
    var logs = try take((32 * workers.count + 5_000) * 8 * Run.logColumns + 200_000)
    return try Run(simulated, vectors, workers: workers.count, arena: &logs)
  }

  private func problemChoice() throws(SetupError) -> ProblemChoice {
    if problem == Quadratic<Double>.name { return try ProblemChoiceOf(Quadratic<Double>(), self) }
    if problem == Landscape<Double>.name { return try ProblemChoiceOf(Landscape<Double>(), self) }
    throw .impossible("a problem that is not here", remedy: "take quadratic or landscape")
  }
}
