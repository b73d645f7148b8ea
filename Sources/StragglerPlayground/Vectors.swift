// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// The vectors of a run, whatever its problem is.
class Vectors {
  let conditions: Conditions
  init(_ conditions: Conditions) { self.conditions = conditions }

  /// Carries out the orders for vectors; false if the model is no longer finite.
  func execute(_ server: inout DrivenServer) -> Bool { false }
  var loss: Double { .nan }
  var squaredGradientNorm: Double { .nan }
  /// Coordinate `index` of the model; NaN where there is none.
  func coordinate(_ index: Int) -> Double { .nan }
}

/// What vectors a method needs.
struct VectorNeeds {
  let points: Int
  let slots: Int
  let compresses: Bool
  let paths: Bool
  let modifiers: Modifiers
  let workers: Int
}

final class VectorsOf<P: Problem>: Vectors {
  private var model: Model<P>

  init(_ model: consuming Model<P>, _ conditions: Conditions) {
    self.model = model
    super.init(conditions)
  }

  override func execute(_ server: inout DrivenServer) -> Bool { model.execute(&server) }
  override var loss: Double { model.value() }
  override var squaredGradientNorm: Double { model.squaredGradientNorm() }
  override func coordinate(_ index: Int) -> Double {
    let x = model.x
    return index < x.count ? Double(x[index]) : .nan
  }
}

/// A problem on its way into a run: what its set-up needs is measured first.
class ProblemChoice {
  /// Takes the problem's workspace; what is known of it is then in `conditions`.
  func prepare(_ plan: Plan, _ arena: consuming Arena) throws(SetupError) -> Arena { arena }
  /// Takes memory for points and slots, after the workspace; the vectors are then in `vectors`, unless the
  /// arena only measures.
  func allocate(_ needs: VectorNeeds, _ plan: Plan, _ arena: consuming Arena) throws(SetupError) -> Arena {
    arena
  }
  var conditions = Conditions()
  var vectors: Vectors?
}

final class ProblemChoiceOf<P: Problem>: ProblemChoice {
  private var problem: P

  init(_ problem: P, _ plan: Plan) throws(SetupError) {
    var problem = problem
    var keys = Keys(plan.ofProblem)
    try problem.keys(&keys)
    self.problem = problem
  }

  override func prepare(_ plan: Plan, _ arena: consuming Arena) throws(SetupError) -> Arena {
    var setup = ProblemSetup(workers: plan.workers.count, seed: plan.seed, arena: arena)
    try setup.prepare(&problem)
    conditions = problem.conditions
    conditions.epsilon = plan.epsilon
    conditions.dimension = problem.dimension
    conditions.sampleCount = problem.sampleCount
    return setup.finish()
  }

  override func allocate(
    _ needs: VectorNeeds, _ plan: Plan, _ arena: consuming Arena
  ) throws(SetupError) -> Arena {
    var arena = arena
    let modifiers = needs.modifiers
    var model = try Model(
      problem, points: needs.points, slots: needs.slots, compresses: needs.compresses, paths: needs.paths,
      compression: modifiers.compression, feedback: modifiers.hasFeedback ? needs.workers : 0,
      stepRule: modifiers.step, maxNorm: modifiers.maxNorm, seed: plan.seed, arena: &arena)
    if !arena.isMeasuring {
      let conditions = model.conditions(epsilon: plan.epsilon)
      vectors = VectorsOf(model, conditions)
    }
    return arena
  }
}
