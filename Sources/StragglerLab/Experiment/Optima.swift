internal import StragglerCore

// f*, which some problems have to be searched for, before anything runs.

extension Experiment {
  /// Searches for f* where the problem needs that, and it is neither assumed nor known to the problem's data,
  /// which remember it: so that a later `start()` need not.
  ///
  /// `progress` is told now and then the share of the work that is done, and `interrupted` looked at. False
  /// after an interruption, of which nothing is kept. Throws as `start()` does where the problem makes no
  /// sense.
  public func findOptimum(
    interrupted: () -> Bool = { false }, progress: (Double) -> Void = { _ in }
  ) throws(LabError) -> Bool {
    try checkWorkers()
    do throws(SetupError) {
      let assembly = problem.assembly(self)
      _ = try assembly.prepare(.measuring())
      return try assembly.findOptimum { share in
        progress(share)
        return !interrupted()
      }
    } catch { throw LabError(error) }
  }

  /// What the problem's data know of f*: under which name, and the value if they do; nil where it need not be
  /// searched for.
  func optimum() throws(LabError) -> (data: ProblemData, key: String, value: Double?)? {
    try checkWorkers()
    do throws(SetupError) {
      let assembly = problem.assembly(self)
      guard let key = try assembly.prepare(.measuring()).optimumKey else { return nil }
      return (assembly.data, key, assembly.data.optimum(of: key))
    } catch { throw LabError(error) }
  }
}

extension Sweep {
  /// Searches for the f* of all points that are left to run, as `Experiment.findOptimum` does, and for those
  /// that `journal` has takes its values; what is found stands in the journal afterwards.
  ///
  /// False after an interruption. Points whose problem makes no sense are passed over: `run` says so. Throws
  /// where the journal cannot be written.
  public func findOptima(
    journal: SweepJournal? = nil, interrupted: () -> Bool = { false }, progress: (Double) -> Void = { _ in }
  ) throws(Failure) -> Bool {
    for entry in journal?.optima ?? [] where points.indices.contains(entry.point) {
      if let optimum = optimum(of: entry.point, seed: entry.seed) {
        optimum.data.keep(optimum: entry.value, of: optimum.key)
      }
    }
    for index in points.indices where shard.contains(index) {
      let method = points[index].experiment.method.name
      if journal?.entry(of: index, seeds: seeds, method: method) != nil { continue }
      for seed in seeds {
        if interrupted() { return false }
        guard let before = optimum(of: index, seed: seed) else { break }
        if before.value != nil { continue }
        var experiment = points[index].experiment
        experiment.seed = seed
        do throws(LabError) {
          guard try experiment.findOptimum(interrupted: interrupted, progress: progress) else { return false }
        } catch { break }
        guard let found = before.data.optimum(of: before.key) else { continue }
        do { try journal?.append(optimum: found, of: index, seed: seed) } catch {
          throw Failure(index: nil, error: error)
        }
      }
    }
    return true
  }

  private func optimum(of index: Int, seed: UInt64) -> (data: ProblemData, key: String, value: Double?)? {
    var experiment = points[index].experiment
    experiment.seed = seed
    return try? experiment.optimum()
  }
}
