// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// Workers that always work, on sums of `counts` gradients along local steps or at one point; a sum makes a
/// step if fewer than `limit` gradients have gone into the model since its point. With arrays.
struct SlowWindow {
  private struct Job {
    let end: Double
    let made: Int
    let version: Int
    let sum: [Double]
  }

  var x: [Double]
  var (time, iteration, arrivals, discarded, delayMax) = (0.0, 0, 0, 0, 0)

  init(
    _ workers: [Worker], counts: [Int], isBatch: Bool, limit: Int, gamma: Double, seed: UInt64,
    dimension: Int, steps: Int
  ) {
    x = MethodLab.start(dimension)
    var (made, numbers, jobs) = (0, workers.map { _ in 0 }, [Job?](repeating: nil, count: workers.count))
    func job(_ i: Int, _ x: [Double], _ time: Double, _ made: Int, _ version: Int) -> Job {
      var (y, sum, seconds) = (x, x.map { _ in 0.0 }, 0.0)
      for _ in 0..<counts[i] {
        numbers[i] += 1
        var stream = RandomStream(seed: seed, purpose: .delay, worker: i, job: numbers[i])
        seconds += workers[i].tau + workers[i].delay.sample(&stream, job: numbers[i])
        for (j, g) in MethodLab.gradient(y).enumerated() {
          sum[j] += g
          if !isBatch { y[j] -= gamma * g }
        }
      }
      return Job(end: time + seconds + workers[i].upload, made: made, version: version, sum: sum)
    }
    for i in workers.indices { jobs[i] = job(i, x, 0, 0, 0) }
    while iteration < steps {
      let i = jobs.indices.min { (jobs[$0]!.end, $0) < (jobs[$1]!.end, $1) }!
      let done = jobs[i]!
      time = done.end
      arrivals += 1
      if made - done.made < limit {
        delayMax = max(delayMax, iteration - done.version)
        for j in x.indices { x[j] -= gamma * done.sum[j] }
        made += counts[i]
        iteration += 1
      } else {
        discarded += 1
      }
      jobs[i] = job(i, x, time, made, iteration)
    }
  }

  /// Runs the method and the rule on fleets drawn at random: the same events, the same model.
  static func expectAgreement(
    isBatch: Bool, _ method: (_ counts: [Int], _ limit: Int) throws -> MethodChoice
  ) throws {
    for trial in 0..<32 {
      var draw = RandomStream(seed: 11, purpose: .data, worker: trial)
      let isWhole = trial % 3 == 0
      let workers = (0..<1 + draw.integer(below: 7)).map { index in
        Worker(
          tau: isWhole ? Double(1 + draw.integer(below: 4)) : 0.2 + 3 * draw.uniform(),
          delay: isWhole ? .none : .uniform(a: 0, b: 2), upload: trial % 4 == 1 ? 0.5 * Double(index % 3) : 0)
      }
      let same = 1 + draw.integer(below: 4)
      let counts = workers.map { _ in isBatch || trial % 2 == 0 ? same : 1 + draw.integer(below: 4) }
      let limit = trial % 5 == 4 ? Int.max : 1 + draw.integer(below: 3 * workers.count)
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 4, noise: 0)), workers: workers,
        method: method(counts, limit), seed: UInt64(trial)
      ).start()
      run.run(until: Stop(updates: 40))
      let slow = SlowWindow(
        workers, counts: counts, isBatch: isBatch, limit: limit, gamma: SlowSchedule.gamma,
        seed: UInt64(trial), dimension: 4, steps: 40)
      let (found, name) = (run.statistics, "\(counts) R=\(limit), fleet \(trial)")
      #expect(found.point.time == slow.time, "\(name)")
      #expect(found.point.arrivals == slow.arrivals && found.discarded == slow.discarded, "\(name)")
      #expect(found.delayMax == slow.delayMax, "\(name)")
      expectClose(run.model, slow.x, 1e-9, name)
    }
  }

  /// With one gradient of a job `method` is Ringmaster ASGD: in the log, the trace and every bit.
  static func expectRingmaster(_ method: some Method, threshold: Int) throws {
    let ringmaster = configured(Ringmaster.self) { ($0.gamma, $0.threshold.given) = (0.05, threshold) }
    let expected = try MethodLab.run(
      ringmaster, MethodLab.workers(MethodLab.durations), noise: 0.1, until: Stop(updates: 200))
    let found = try MethodLab.run(
      method, MethodLab.workers(MethodLab.durations), noise: 0.1, until: Stop(updates: 200))
    #expect(found.run.model == expected.run.model)
    #expect(found.log.map { EventReport.line($0) } == expected.log.map { EventReport.line($0) })
    #expect(found.run.trace.map { "\($0)" } == expected.run.trace.map { "\($0)" })
  }

  /// The theory's numbers, where `key` says how many gradients a job has.
  static func expectTheorysNumbers(_ name: String, key: String) throws {
    let (tau, L, noise) = ([1.0, 2, 4], TheoryLab.L, TheoryLab.noise)
    for (settings, R, H) in [
      ([:], 7, 1), ([key: 4], 7, 4), (["threshold": 3, key: 5], 3, 5),
    ] as [(Settings, Double, Double)] {
      let forecast = try TheoryLab.forecast(name, MethodLab.workers(tau), settings)
      #expect(forecast["R"] == R)
      expectNear(forecast.gamma, min(1 / (2 * (R + H - 1) * L), 1 / (4 * L * noise)))
      #expect(
        forecast["local_steps"] == ((4 * (R + H - 1) + 8 * noise) * TheoryLab.progress).rounded(.up))
      #expect(forecast.iterations == (forecast["local_steps"] / H).rounded(.up))
      // Jobs of H gradients: Σ H(T/(Hτᵢ) − 1)₊ = R.
      expectNear(forecast["round_time"], 2 * TheoryLab.collecting(R / H, tau.map { H * $0 }))
    }
    #expect(throws: LabError.self) {
      try TheoryLab.forecast(name, MethodLab.workers(tau), ["threshold": .number(.infinity), key: 2])
    }
  }
}
