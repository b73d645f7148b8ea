// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// Stochastic gradients a second of the 784–32–10 network in Float on drawn digits.
func benchmarkNetwork(_ benchmark: Benchmark) throws {
  guard benchmark.includes("network") else { return }
  let data = DataLibrary()
  for batch in benchmark.options.isQuick ? [32] : [1, 32, 128] {
    var work = SimulatedWork(
      problem: "network", problemSettings: ["batch": .number(Double(batch))], workers: 1,
      method: MethodEntry(Hero.self),
      settings: ["gamma": 1e-6])
    work.unit = .updates
    // Forwards and back, a multiplication and an addition for every weight.
    benchmark.report(
      try benchmark.pace(work, data), "network", "batch \(batch)", "gradients", "gradients/s",
      operations: 4 * Double(batch) * (784 * 32 + 32 * 10), isFloat: true)
  }
}
