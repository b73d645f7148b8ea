internal import StragglerCore

/// T_B, the time of an iteration of Rennala SGD under random durations: when B gradients at one point have come from n
/// workers. Drawn by running the method's own simulation without a model, some thousand iterations of it.
struct BatchTimes: Sendable {
  /// The finite times, in the order in which they were drawn.
  let times: [Double]
  /// How many iterations could never end, because every worker was stuck.
  let endless: Int

  /// Draws for the fleet of `situation`, seeded by its seed; nil where there is no memory for them.
  ///
  /// As many as `events` arrivals give, between 100 and 4,000. With `stops` the times are independent; without it the
  /// jobs of the last iteration run on, and consecutive times hang together slightly.
  init?(_ situation: Situation, batch: Double, stops: Bool, events: Int = 200_000) {
    guard batch >= 1, batch <= 1e7 else { return nil }
    var rennala = Rennala()
    (rennala.batch, rennala.stops, rennala.stepsize) = (Int(batch), stops, 1)
    let count = min(4_000, max(100, events / Int(batch)))
    let fleet = OwnedTable(situation.workers)
    guard let memory = Self.memory(rennala, fleet, situation) else { return nil }
    var (times, endless, seed) = ([Double](), 0, situation.seed)
    while times.count + endless < count {
      var setup = Setup(fleet: Fleet(fleet.table), conditions: situation.conditions, arena: memory.arena())
      guard var simulation = try? Simulation(rennala, setup: &setup, seed: seed) else { return nil }
      var (start, iteration) = (0.0, 0)
      while times.count < count - endless, simulation.next() {
        simulation.server.vectorOrdersAreDone()
        guard simulation.server.iteration > iteration else { continue }
        iteration = simulation.server.iteration
        times.append(simulation.server.time - start)
        start = simulation.server.time
      }
      // Nothing can come any more: once more from the start, with other durations.
      if times.count < count - endless { endless += 1 }
      seed &+= 0x9e37_79b9_7f4a_7c15
    }
    withExtendedLifetime((fleet, memory)) {}
    (self.times, self.endless) = (times, endless)
  }

  private static func memory(
    _ rennala: Rennala, _ fleet: OwnedTable<Worker>, _ situation: Situation
  ) -> OwnedArena? {
    var plan = Setup(fleet: Fleet(fleet.table), conditions: situation.conditions, arena: .measuring())
    guard (try? Simulation(rennala, setup: &plan, seed: 0)) != nil else { return nil }
    return OwnedArena(bytes: plan.finish().used)
  }
}
