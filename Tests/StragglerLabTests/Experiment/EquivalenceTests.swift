import StragglerCore
import StragglerLab
import Testing

/// Methods that coincide in special cases must do so event for event.
@Suite struct EquivalenceTests {
  static let irregular = (1...7).map { Worker(tau: Double($0).squareRoot()) }

  /// Runs `method` on a small quadratic and returns its last state.
  func run(
    _ method: some Method, workers: [Worker] = irregular, dimension: Int = 50, noise: Double = 0, steps: Int,
    seed: UInt64 = 1
  ) throws -> Statistics {
    let run = try Experiment(
      Quadratic<Double>(dimension: dimension, noise: noise), workers: workers, method: method, seed: seed
    ).start()
    run.run(until: Stop(steps: steps))
    return run.statistics
  }

  @Test func printSome() throws {
    var rennala = Rennala()
    rennala.stepsize = 0.8
    rennala.batch = 40
    let s = try run(rennala, steps: 80)
    print(s.numbers)
    var ring = Ringmaster()
    ring.stepsize = 0.1
    ring.threshold = 3
    ring.stops = true
    print(try run(ring, steps: 400).numbers)
    var mind = MindFlayer()
    mind.stepsize = 0.6
  }
}
