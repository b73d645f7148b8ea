// SPDX-License-Identifier: Apache-2.0

#if MPI
  import StragglerCore
  import StragglerMPI
  import StragglerRuntime

  /// Prints the updates a second with gradients that cost nothing.
  func measureThroughput(_ ranks: Ranks) throws {
    for dimension in [10, 1_000, 100_000, 1_000_000] {
      var method = Asynchronous()
      method.gamma.given = 1e-9
      let origin = [Double](repeating: 1, count: dimension)
      let run = try MPIRun(method, model: origin.span, over: ranks)
      let clock = ContinuousClock()
      // The first run warms up.
      var (updates, seconds) = (0, 0.0)
      for part in 1...2 {
        let (before, start) = (run.iteration, clock.now)
        _ = try run.run(until: Stop(time: Double(part)), clock: clock) { _, _, g in g[0] = 1 }
        let (whole, rest) = start.duration(to: clock.now).components
        (updates, seconds) = (run.iteration - before, Double(whole) + Double(rest) * 1e-18)
      }
      if ranks.isFirst {
        print("d = \(dimension), \(ranks.count) ranks: \(Int(Double(updates) / seconds)) updates/s")
      }
    }
  }
#endif
