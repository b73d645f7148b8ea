// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct OutageTests {
  private static let count = 4_000
  private static let laws: [(up: Double, down: Double)] = [(1, 1), (5, 0.5), (0.2, 3), (40, 70)]

  private func pause(
    _ law: (up: Double, down: Double), work: Double, from start: Double, seed: UInt64 = 3, worker: Int = 2,
    job: Int = 1
  ) -> Double {
    var stream = RandomStream(seed: seed, purpose: .delay, worker: worker, job: job)
    return Delay.markov(up: law.up, down: law.down)
      .sample(&stream, job: job, start: start, work: work)
  }

  /// Outages are the worker's, not the job's: a job in two parts ends when the whole would.
  @Test(arguments: laws) func jobsInPartsEndWhenTheWholeDoes(_ law: (up: Double, down: Double)) {
    var random = RandomStream(seed: 9, purpose: .method)
    for job in 1...500 {
      let scale = law.up + law.down
      let start = 1_000 * scale * random.uniform(),
        (a, b) = (scale * random.uniform(), 3 * scale * random.uniform())
      let first = pause(law, work: a, from: start, job: job)
      let second = pause(law, work: b, from: start + a + first, job: job + 1)
      let whole = pause(law, work: a + b, from: start, job: job + 2)
      #expect(abs(first + second - whole) < 1e-9 * scale)
    }
  }

  @Test(arguments: laws) func workersAreOffForTheRightShareOfTime(_ law: (up: Double, down: Double)) {
    // Looks far apart are independent: what is left of an outage is exponential.
    let left = (0..<Self.count).map { pause(law, work: 0, from: 60 * (law.up + law.down) * Double($0)) }
    let n = Double(Self.count), share = law.down / (law.up + law.down)
    let off = left.filter { $0 > 0 }.sorted()
    #expect(abs(Double(off.count) - n * share) < 4 * (n * share * (1 - share)).squareRoot())
    #expect(Self.distance(off) { Delay.exponential(rate: 1 / law.down).cdf($0) } < 1.95)
  }

  /// Jobs that follow one another at once have independent delays of the law that theory sees.
  @Test(arguments: laws) func jobsOneAfterAnotherFollowTheLaw(_ law: (up: Double, down: Double)) {
    for factor in [0.3, 4] {
      let work = factor * law.up
      let delay = Delay.markov(up: law.up, down: law.down).during(work)
      // The first job may find the worker off.
      var time = pause(law, work: 0, from: 100) + 100
      let delays = (0..<Self.count).map { _ in
        let seconds = pause(law, work: work, from: time)
        time += work + seconds
        return seconds
      }
      let drawn = (1...Self.count).map { job in
        var stream = RandomStream(seed: 4, purpose: .delay, worker: 0, job: job)
        return delay.sample(&stream, job: job)
      }
      for sample in [delays, drawn] {
        let n = Double(sample.count), none = delay.cdf(0)
        #expect(abs(none - Elementary.exp(-factor)) < 1e-14)
        let zeros = Double(sample.count { $0 < 1e-9 * law.down })
        #expect(abs(zeros - n * none) < 4 * (n * none * (1 - none)).squareRoot())
        let positive = sample.filter { $0 >= 1e-9 * law.down }.sorted()
        #expect(Self.distance(positive) { (delay.cdf($0) - none) / (1 - none) } < 1.95)
        // The variance of a compound Poisson number is m E X².
        let deviation = (factor * 2 * law.down * law.down / n).squareRoot()
        #expect(abs(sample.reduce(0, +) / n - delay.mean) < 4 * deviation)
      }
    }
  }

  /// √n times the Kolmogorov–Smirnov distance: above 1.95 with probability 10⁻³.
  private static func distance(_ sorted: [Double], _ cdf: (Double) -> Double) -> Double {
    let n = Double(sorted.count)
    var distance = 0.0
    for (index, t) in sorted.enumerated() {
      let p = cdf(t)
      distance = max(distance, max(p - Double(index) / n, Double(index + 1) / n - p))
    }
    return distance * n.squareRoot()
  }

  @Test func lawAgreesWithItsDefinition() {
    for m in [0.01, 1, 7, 150] as [Double] {
      let delay = Delay.markov(up: 2, down: 3).during(2 * m)
      #expect(abs(delay.mean - 3 * m) < 1e-12 * m)
      var (last, partial) = (0.0, 0.0)
      for t in [0.001, 0.5, 3, 20, 100, 450, 600, 5_000] {
        // Σ over the number of outages, from gamma laws.
        var sum = 0.0, mean = 0.0
        var weight = Elementary.exp(-m)
        sum += weight
        for k in 1...600 {
          weight *= m / Double(k)
          let gamma = Delay.gamma(shape: Double(k), scale: 3)
          sum += weight * gamma.cdf(t)
          mean += weight * gamma.partialMean(t)
        }
        #expect(abs(delay.cdf(t) - sum) < 1e-12)
        #expect(abs(delay.partialMean(t) - mean) < 1e-11 * (1 + delay.mean))
        // Up to rounding: from some point on both stay where they are.
        #expect(delay.cdf(t) >= last * (1 - 1e-13) && delay.partialMean(t) >= partial * (1 - 1e-13))
        (last, partial) = (delay.cdf(t), delay.partialMean(t))
      }
      for p in [0.05, 0.5, 0.9, 0.9999] where p > delay.cdf(0) {
        #expect(abs(delay.cdf(delay.quantile(p)) - p) < 1e-12)
      }
      #expect(delay.quantile(delay.cdf(0)) == 0 && delay.quantile(1) == .infinity)
      #expect(delay.cdf(1e300) == 1)
    }
    #expect(Delay.markov(up: 2, down: 3).during(0).cdf(0) == 1)
    #expect(Delay.markov(up: 1e-9, down: 3).during(1e9).cdf(1).isFinite)
  }

  /// The time that is best to allot, against a fine grid.
  @Test func bestTimeToAllot() {
    for m in [0.1, 1, 5] as [Double] {
      for (tau, down) in [(1, 0.2), (1, 5), (0.1, 50)] {
        let worker = Worker(tau: tau, delay: .markov(up: tau / m, down: down))
        let best = successesPerSecond(worker, clip: bestClip(worker))
        for step in 0...200 {
          let t = step == 0 ? 0 : down * Elementary.exp(Double(step) / 12 - 12)
          #expect(successesPerSecond(worker, clip: t) <= best * (1 + 1e-9))
        }
      }
    }
  }

  private func successesPerSecond(_ worker: Worker, clip t: Double) -> Double {
    worker.delay.cdf(t) / (worker.tau + t)
  }

  /// What `clip=optimal` would take for a single worker.
  private func bestClip(_ worker: Worker) -> Double {
    let memory = TestMemory()
    let times = memory.table([0.0])
    _ = ClippingTimes.optimize(fleet: Fleet(memory.table([worker])), batch: 1e9, into: times)
    return times[0]
  }

  @Test func arePureFunctionsOfSeedAndWorker() {
    let starts = (0..<200).map { Double($0) * 7.3 }
    let all = starts.map { pause((1, 2), work: 3, from: $0) }
    #expect(all == starts.map { pause((1, 2), work: 3, from: $0, job: 77) })
    #expect(all == starts.reversed().map { pause((1, 2), work: 3, from: $0) }.reversed())
    #expect(all != starts.map { pause((1, 2), work: 3, from: $0, seed: 4) })
    #expect(all != starts.map { pause((1, 2), work: 3, from: $0, worker: 3) })
  }

  @Test func extremesEnd() {
    for start in [0, 1e15, 1e18, 1e300, Double.greatestFiniteMagnitude] {
      #expect(pause((1, 2), work: 3, from: start).isFinite)
    }
    #expect(pause((1, 2), work: .infinity, from: 0) == 0)
    #expect(pause((1e-307, 1e-307), work: 1, from: 0).isFinite)
    #expect(pause((1e307, 1e307), work: 1, from: 5).isFinite)
  }

  @Test func lawIsThatOfTheWorkersJobs() {
    var worker = Worker(tau: 3, delay: .markov(up: 1, down: 2))
    #expect(worker.delay.mean == 6 && worker.meanDuration == 9)
    worker.tau = 4
    #expect(worker.delay.mean == 8)
    worker.delay = .markov(up: 2, down: 2)
    #expect(worker.delay.mean == 4 && worker.meanDuration == 8)
  }

  /// Without the seconds of a job nothing is known of its pauses.
  @Test func nothingIsKnownWithoutWork() {
    let law = Delay.markov(up: 1, down: 2)
    var stream = RandomStream(seed: 1, purpose: .delay)
    #expect(law.dependsOnWork && law.mean.isNaN && law.cdf(1).isNaN && law.quantile(0.5).isNaN)
    #expect(law.partialMean(1).isNaN && law.sample(&stream, job: 1).isNaN)
    #expect(throws: Never.self) { try law.validate() }
  }

  @Test func whatMakesNoSenseIsRefused() {
    for law in [(0, 1), (1, 0), (-1, 1), (.infinity, 1), (1, .nan)] as [(Double, Double)] {
      #expect(throws: DelayError.self) { try Delay.markov(up: law.0, down: law.1).validate() }
    }
    func start(_ delay: Delay) throws {
      let memory = TestMemory()
      let fleet = Fleet(memory.table([Worker(tau: 1, delay: delay)]))
      var setup = Setup(fleet: fleet, conditions: Conditions(), arena: .measuring())
      var method = Asynchronous()
      method.gamma = 0.1
      _ = try Simulation(method, setup: &setup, seed: 1)
    }
    #expect(throws: SetupError.self) { try start(.markov(up: 1e-6, down: 1e-6)) }
    #expect(throws: Never.self) { try start(.markov(up: 1e-3, down: 1e-3)) }
  }
}
