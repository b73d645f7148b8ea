// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// Gradients delivered in a second by every method that has a server, with d = 10 so that vectors hardly
/// count.
func benchmarkMethods(_ benchmark: Benchmark) throws {
  guard benchmark.includes("methods") else { return }
  let data = DataLibrary()
  for method in Catalogue().methods where !method.needsNetwork {
    for n in benchmark.options.isQuick ? [100] : [100, 10_000] {
      let pace = try benchmark.pace(try work(method, workers: n), data)
      // An arrival plays its worker's games in the queue.
      benchmark.report(
        pace, "methods", method.name, "n = \(n)", scale: 1e-6, "million/s", operations: log2(n))
    }
  }
  guard !benchmark.options.isQuick else { return }
  let rennala = MethodEntry(Rennala.self)
  var large = SimulatedWork(
    problemSettings: ["dim": 1_000], workers: 10_000, method: rennala,
    settings: SimulatedWork.settings(of: rennala))
  large.unit = .arrivals
  benchmark.report(
    try benchmark.pace(large, data), "methods", "\(rennala.name), d = 1,000, noise", "n = 10000", scale: 1e-6,
    "million/s",
    operations: log2(10_000))
}

/// The method on the quadratic, or on one that is a finite sum where it needs that.
private func work(_ method: MethodEntry, workers: Int) throws(LabError) -> SimulatedWork {
  var work = SimulatedWork(
    problemSettings: ["dim": 10, "noise": 0], workers: workers, method: method,
    settings: SimulatedWork.settings(of: method))
  do throws(LabError) { _ = try work.experiment(DataLibrary()).start() } catch {
    work.problemSettings["samples"] = 10_000
  }
  return work
}

func log2(_ n: Int) -> Double { Elementary.log2(Double(n)) }
