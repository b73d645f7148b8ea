// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData

@testable import StragglerLab

/// A fleet and a noise level drawn at random from a seed.
struct RandomFleet: CustomStringConvertible {
  let seed: UInt64
  /// σ²/ε, from 0.2 to 10.
  let noise: Double
  let workers: [Worker]
  /// Whatever owns the laws of mixtures.
  let owners: [MixedDelay]
  let description: String

  /// 2 to 10 workers, equal or not, whose delays are of one law, or of several, with or without jobs that
  /// fail.
  init(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: .data)
    func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * stream.uniform() }
    func logUniform(_ low: Double, _ high: Double) -> Double {
      low * Elementary.exp(Elementary.log(high / low) * stream.uniform())
    }
    let count = Int(logUniform(2, 10).rounded())
    let shape = stream.integer(below: 4)
    let scale = [0.05, 0.5, 1][stream.integer(below: 3)]
    let family = stream.integer(below: 11)
    let follows = stream.uniform() < 0.5
    let failure = [0, 0, uniform(0.01, 0.1), uniform(0.1, 0.6)][stream.integer(below: 4)]
    let share = stream.uniform() < 0.5 ? 1 : 0.3
    let size = logUniform(0.2, 3)
    let (narrow, wide, index) = (uniform(0.3, 2), uniform(0.3, 3), uniform(0.5, 3))
    noise = logUniform(0.2, 10)
    var (workers, owners): ([Worker], [MixedDelay]) = ([], [])
    for i in 1...count {
      let i = Double(i)
      let relative = [1, i.squareRoot(), i, logUniform(0.2, 5)][shape]
      let b = follows ? size * relative : size
      let law = family < 10 ? family : stream.integer(below: 10)
      let mu = Elementary.log(b)
      var delay: Delay =
        switch law {
        case 0: .none
        case 1: .uniform(a: 0, b: b * wide)
        case 2: .exponential(rate: 1 / b)
        case 3: .gamma(shape: wide, scale: b / wide)
        case 4: .weibull(shape: narrow, scale: b)
        case 5: .pareto(minimum: 0.3 * b, alpha: index)
        case 6: .lognormal(mu: mu, sigma: wide)
        case 7: .logcauchy(mu: mu, gamma: narrow)
        case 8: .logt(mu: mu, sigma: narrow, dof: 5)
        default: .levy(mu: 0, c: 0.5 * b)
        }
      if failure > 0, stream.uniform() < share {
        let mixture = try MixedDelay([(1 - failure, delay, .infbernoulli(q: 1))])
        owners.append(mixture)
        delay = mixture.delay(0)
      }
      workers.append(Worker(tau: scale * relative, delay: delay))
    }
    (self.seed, self.workers, self.owners) = (seed, workers, owners)
    description = "fleet \(seed): \(count) workers, law \(family), failures \(failure), noise \(noise)"
  }

  /// Durations of 200 jobs of every worker.
  var record: RecordedDurations {
    var record = RecordedDurations(values: [], workers: [], workerNames: [])
    for (index, worker) in workers.enumerated() {
      record.workerNames.append("\(index + 1)")
      for job in 1...200 {
        var stream = RandomStream(seed: seed &+ 77, purpose: .data, worker: index, job: job)
        record.values.append(worker.tau + worker.delay.sample(&stream, job: job))
        record.workers?.append(index)
      }
    }
    return record
  }
}
