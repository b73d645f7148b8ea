// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// T_B of Rennala SGD for batches of many jobs a worker, when the workers' arrivals have become a steady
/// flow: B arrivals then take B/rate seconds, with a variance that grows like B, and are about normal.
///
/// Rate and variance are those of simulated arrivals from eight starts of the fleet. With `stops` every
/// iteration begins with such a start; without it a job of every worker is at an older point and arrives
/// first, unused. Source: the central limit theorem of renewal processes.
struct FlowTimes: Sendable {
  private static let starts = 8

  /// Seconds of an iteration beyond those of its arrivals in the flow.
  private let start: Double
  /// Seconds an arrival.
  private let pace: Double
  private let variance: Double
  /// The standard error of `pace`.
  private let error: Double
  private let count: Double

  /// For batches of `batch` ≥ 20n; nil for smaller ones, where jobs have no finite mean or may never end,
  /// where memory is not enough, and where `interrupted` holds.
  init?(
    _ situation: Situation, batch: Double, stops: Bool, interrupted: () -> Bool = { false }
  ) {
    let n = Double(situation.workers.count)
    guard batch >= max(1_000, 20 * n), situation.workers.allSatisfy({ $0.meanDuration < .infinity }) else {
      return nil
    }
    var method = Asynchronous()
    method.gamma = 1
    let fleet = OwnedTable(situation.workers)
    guard let memory = OwnedArena.memory(for: method, fleet, situation) else { return nil }
    let (starts, half) = (Self.starts, max(12_500, 3 * situation.workers.count))
    var (early, late, seed) = ([Double](), [Double](), situation.seed)
    for _ in 0..<starts {
      var setup = Setup(fleet: Fleet(fleet.table), conditions: situation.conditions, arena: memory.arena())
      guard var simulation = try? Simulation(method, setup: &setup, seed: seed) else { return nil }
      for arrival in 1...2 * half {
        if arrival % 4_096 == 0, interrupted() { return nil }
        guard simulation.next() else { return nil }
        simulation.server.vectorOrdersAreDone()
        if arrival == half { early.append(simulation.server.time) }
      }
      late.append(simulation.server.time - (early.last ?? 0))
      seed &+= 0x9e37_79b9_7f4a_7c15
    }
    withExtendedLifetime((fleet, memory)) {}
    let mean = late.reduce(0, +) / Double(starts)
    let spread = late.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(starts - 1)
    pace = mean / Double(half)
    variance = spread / Double(half)
    error = (spread / Double(starts)).squareRoot() / Double(half)
    // How much longer the first jobs take than jobs of the flow.
    start = stops ? early.reduce(0, +) / Double(starts) - mean : n * pace
    count = batch
  }

  /// The mean of the time of `iterations` iterations, and its standard error.
  func mean(_ iterations: Double) -> (value: Double, error: Double) {
    (iterations * (start + count * pace), iterations * count * error)
  }

  /// The p-quantile of that time, further out by what is not known through sampling.
  func quantile(_ p: Double, _ iterations: Double) -> Double {
    let (mean, error) = mean(iterations)
    let deviation = (iterations * count * variance + error * error).squareRoot()
    return max(0, mean + deviation * Delay.studentQuantile(p, samples: Self.starts))
  }
}
