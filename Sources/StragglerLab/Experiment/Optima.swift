// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

// f*, which some problems have to be searched for, before anything runs.

extension Experiment {
  /// Searches for f* where the problem needs that, and it is neither assumed nor known to the problem's data,
  /// which remember it, so that a later `start()` does not repeat the work.
  ///
  /// `progress` is called now and then with the share of the work that is done, and so is `interrupted`.
  /// False after an interruption, of which nothing is kept. Throws as `start()` does where the problem makes
  /// no sense.
  public func findOptimum(
    progress: (Double) -> Void = { _ in }, interrupted: () -> Bool = { false }
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

  /// What the problem's data know of f*, and of the same of what is evaluated: under which names, and the
  /// values if they do; none where nothing need be searched for.
  func optima() throws(LabError) -> [(data: ProblemData, key: String, value: Double?)] {
    try checkWorkers()
    do throws(SetupError) {
      let assembly = problem.assembly(self)
      return try assembly.prepare(.measuring()).optimumKeys.map {
        (assembly.data, $0, assembly.data.optimum(of: $0))
      }
    } catch { throw LabError(error) }
  }
}

extension Sweep {
  /// Searches for the f* of all points that are left to run, as `Experiment.findOptimum` does, and for those
  /// that `journal` has takes its values; results are added to the journal.
  ///
  /// False after an interruption. Points whose problem is invalid are skipped: `run` reports them. Throws
  /// where the journal cannot be written.
  public func findOptima(
    journal: SweepJournal? = nil, progress: (Double) -> Void = { _ in }, interrupted: () -> Bool = { false }
  ) throws(Failure) -> Bool {
    for entry in journal?.optima ?? [] where points.indices.contains(entry.point) {
      let optima = optima(of: entry.point, seed: entry.seed)
      guard optima.indices.contains(entry.place) else { continue }
      optima[entry.place].data.keep(optimum: entry.value, of: optima[entry.place].key)
    }
    for index in points.indices where shard.contains(index) {
      let method = points[index].experiment.method.name
      if journal?.entry(of: index, seeds: seeds, method: method) != nil { continue }
      for seed in seeds {
        if interrupted() { return false }
        let before = optima(of: index, seed: seed)
        if before.isEmpty { break }
        if before.allSatisfy({ $0.value != nil }) { continue }
        var experiment = points[index].experiment
        experiment.seed = seed
        do throws(LabError) {
          guard try experiment.findOptimum(progress: progress, interrupted: interrupted) else { return false }
        } catch { break }
        for (place, entry) in before.enumerated() where entry.value == nil {
          guard let found = entry.data.optimum(of: entry.key) else { continue }
          do { try journal?.append(optimum: found, place, of: index, seed: seed) } catch {
            throw Failure(index: nil, error: error)
          }
        }
      }
    }
    return true
  }

  /// What of f* the point depends on; nothing where it cannot be run, which its row will say.
  private func optima(of index: Int, seed: UInt64) -> [(data: ProblemData, key: String, value: Double?)] {
    var experiment = points[index].experiment
    experiment.seed = seed
    return (try? experiment.optima()) ?? []
  }
}
