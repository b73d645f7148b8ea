// SPDX-License-Identifier: Apache-2.0

// Jobs of more than one gradient. A method whose parameters depend on them has the key `local` itself and
// calls these functions in `prepare`; on others local steps are put as a modifier.

extension Setup {
  /// Has every job of a gradient consist of local steps by γ = `gamma`, `steps` of them, in place of the
  /// gradient. One step is the gradient.
  ///
  /// Throws where a number is no positive integer, or γ changes.
  public mutating func takeLocalSteps(_ steps: PerWorker, by gamma: Double) throws(SetupError) {
    try checkLocalSteps(steps)
    guard !steps.isOne else { return }
    try requireConstantStepsize()
    hasLocalSteps = true
    local.stepsize = gamma
    local.counts = try table(of: Int32.self)
    for worker in local.counts.indices { local.counts[worker] = Int32(steps[worker]) }
  }

  /// Throws unless `steps` is a positive integer for every worker.
  func checkLocalSteps(_ steps: PerWorker) throws(SetupError) {
    var isComplete = true
    if case .each(let values) = steps { isComplete = values.count == workers }
    guard isComplete, steps.isCount else {
      throw .invalid(
        key: "local", expected: "a positive integer, or an expression in i that is one for every worker")
    }
  }

  /// Has every job of a gradient consist of `count` gradients at one point.
  public mutating func takeBatches(of count: Int) throws(SetupError) {
    guard count >= 1, count <= Int(Int32.max) else {
      throw .invalid(key: "batch", expected: "an integer from 1 to 2147483647")
    }
    guard count > 1 else { return }
    hasLocalSteps = true
    local.isBatch = true
    local.counts = try table(of: Int32.self)
    local.counts.fill(Int32(count))
  }

  /// Makes room for open-ended work of local steps by γ = `gamma`. Throws where γ changes.
  public mutating func takeOpenEndedWork(by gamma: Double) throws(SetupError) {
    try requireConstantStepsize()
    hasOpenEndedWork = true
    hasLocalSteps = true
    local.stepsize = gamma
    local.open = try table(of: OpenWork.self)
  }

  /// Throws where there is open-ended work whose steps take no time, so that there would be infinitely many.
  func checkStepsTakeTime() throws(SetupError) {
    guard hasOpenEndedWork else { return }
    for worker in fleet.workers.indices
    where fleet.workers[worker].tau == 0 && fleet.workers[worker].law.mean == 0 {
      throw .impossible(
        "local steps that take no time, of which a worker would make infinitely many",
        remedy: "give every worker a duration: tau= or delay=")
    }
  }

  /// Throws where local steps are put on a method whose trials they would be.
  func refuseLocalSteps() throws(SetupError) {
    guard modifiers.localSteps == nil else {
      throw .invalid(
        key: "local",
        expected:
          "1 here: trials are given up by the law of a job's duration, and that of a sum has no closed form")
    }
  }

  private func requireConstantStepsize() throws(SetupError) {
    guard modifiers.stepsize == nil else {
      throw .impossible(
        "local steps by a gamma that changes: a job keeps the one that it begins with",
        remedy: "give gamma= a number")
    }
  }

  /// Puts the local steps of `modifiers` on the method, which has prepared.
  mutating func modifyJobs(_ kinds: Modifiers.Kinds, _ gamma: Parameter<Double>) throws(SetupError) {
    guard let steps = modifiers.localSteps, !steps.isOne else { return }
    guard kinds.local else {
      throw .impossible(
        "local steps in a method whose workers do not send a gradient a job",
        remedy: "take one whose workers do, such as rennala or ringmaster")
    }
    try takeLocalSteps(steps, by: gamma.value)
    if gamma.given == nil {
      try remark("gamma is the theorem's for gradients, and these are local steps: it promises nothing")
    }
  }
}
