// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// T_B, the time of an iteration of Rennala SGD under random durations: when B gradients at one point have
/// come from n workers. Drawn by running the method's own simulation without a model, some thousand
/// iterations of it.
struct BatchTimes: Sendable {
  /// The finite times, in the order in which they were drawn.
  let times: [Double]
  /// How many iterations could never end, because every worker was stuck.
  let endless: Int

  private static let fewest = 20

  /// Draws for the fleet of `situation`, seeded by its seed; nil where there is no memory for them, where
  /// twenty iterations begin more than `mostJobs` jobs, and where `interrupted` holds.
  ///
  /// As many as 200,000 arrivals give, between 20 and 4,000, but no more than `mostJobs` jobs make: in a
  /// large fleet most jobs that an iteration begins may end too late for it. With `stops` the times are
  /// independent; without it the jobs of the last iteration run on, and consecutive times are slightly
  /// correlated.
  init?(
    _ situation: Situation, batch: Double, stops: Bool, mostJobs: Int = 4_000_000,
    interrupted: () -> Bool = { false }
  ) {
    guard batch >= 1, batch <= 1e5 else { return nil }
    var rennala = Rennala()
    (rennala.batch.given, rennala.stops, rennala.gamma) = (Int(batch), stops, 1)
    let count = min(4_000, max(Self.fewest, 200_000 / Int(batch)))
    let fleet = OwnedTable(situation.workers)
    guard let memory = OwnedArena.memory(for: rennala, fleet, situation) else { return nil }
    var (times, endless, seed) = ([Double](), 0, situation.seed)
    var (jobs, due) = (0, 4_096)
    while times.count + endless < count, jobs < mostJobs {
      var setup = Setup(fleet: Fleet(fleet.table), conditions: situation.conditions, arena: memory.arena())
      guard var simulation = try? Simulation(rennala, setup: &setup, seed: seed) else { return nil }
      var (start, iteration) = (0.0, 0)
      let before = jobs
      var canGoOn = true
      while times.count < count - endless, jobs < mostJobs {
        canGoOn = simulation.next()
        guard canGoOn else { break }
        simulation.server.vectorOrdersAreDone()
        jobs = before + simulation.server.counts.assigned
        if jobs >= due {
          if interrupted() { return nil }
          due = jobs + 4_096
        }
        guard simulation.server.iteration > iteration else { continue }
        iteration = simulation.server.iteration
        times.append(simulation.server.time - start)
        start = simulation.server.time
      }
      // No gradient can arrive any more: start again with other durations.
      if !canGoOn { endless += 1 }
      seed &+= 0x9e37_79b9_7f4a_7c15
    }
    withExtendedLifetime((fleet, memory)) {}
    guard times.count + endless >= Self.fewest else { return nil }
    (self.times, self.endless) = (times, endless)
  }

  /// The mean of the finite times.
  var mean: Double { times.reduce(0, +) / Double(times.count) }

  /// The variance of the finite times.
  var variance: Double {
    let mean = mean
    guard times.count > 1 else { return 0 }
    return times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(times.count - 1)
  }

  /// The standard error of `mean`: from the times themselves or, where these are correlated, from twenty
  /// stretches of them, whichever is larger.
  var error: Double {
    let (stretches, mean) = (20, mean)
    let independent = variance / Double(max(1, times.count))
    guard times.count >= 4 * stretches else { return independent.squareRoot() }
    let length = times.count / stretches
    let sums = (0..<stretches).map { index in
      times[index * length..<(index + 1) * length].reduce(0, +) / Double(length)
    }
    let spread = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(stretches - 1)
    return max(independent, spread / Double(stretches)).squareRoot()
  }
}

extension OwnedArena {
  /// Memory for a simulation of `method`; nil where there is none.
  static func memory(
    for method: some Method, _ fleet: OwnedTable<Worker>, _ situation: Situation
  ) -> OwnedArena? {
    var plan = Setup(fleet: Fleet(fleet.table), conditions: situation.conditions, arena: .measuring())
    guard (try? Simulation(method, setup: &plan, seed: 0)) != nil else { return nil }
    return OwnedArena(bytes: plan.finish().used)
  }
}
