// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct TimeOfNextTests {
  @Test func theNextEventComesWhenItWasSaidTo() throws {
    let memory = TestMemory()
    let workers = memory.table([
      Worker(tau: 1), Worker(tau: 2.5), Worker(tau: 1, delay: .exponential(rate: 1)),
    ])
    var measuring = Setup(fleet: Fleet(workers), conditions: Conditions(), arena: .measuring())
    _ = try Simulation(try Asynchronous(gamma: 0.1), setup: &measuring, seed: 1)
    var setup = Setup(
      fleet: Fleet(workers), conditions: Conditions(), arena: Arena(memory.bytes(measuring.arena.used)))
    var simulation = try Simulation(try Asynchronous(gamma: 0.1), setup: &setup, seed: 1)
    for _ in 0..<200 {
      let time = simulation.timeOfNext()
      #expect(time == simulation.timeOfNext())
      #expect(simulation.next(by: time.nextDown) == .later)
      #expect(simulation.next(by: time) == .handled)
      #expect(simulation.server.time == time)
    }
  }
}
