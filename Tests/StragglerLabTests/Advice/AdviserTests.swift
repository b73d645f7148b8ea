// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData
import Testing

@testable import StragglerLab

@Suite struct AdviserTests {
  private let problem = ProblemChoice(Quadratic<Double>(dimension: 6, noise: 0.01))

  private var conditions: Conditions {
    let experiment = Experiment(
      problem: problem, workers: [Worker(tau: 1)], method: MethodChoice(Hero()), epsilon: 1e-2)
    return (try? experiment.situation().conditions) ?? Conditions()
  }

  private func adviser(_ fleet: AdviceFleet) -> Adviser {
    var adviser = Adviser(fleet, problem: problem, conditions: conditions)
    (adviser.replicates, adviser.events, adviser.gradients, adviser.seeds) = (20, 1_000, 5_000, 2)
    return adviser
  }

  private func record(failing: Bool) throws -> AdviceFleet {
    var record = RecordedDurations(values: [], workers: [], workerNames: ["1", "2", "3"])
    for worker in 0..<3 {
      for job in 1...60 {
        var stream = RandomStream(seed: 4, purpose: .data, worker: worker, job: job)
        let fails = stream.uniform() < 0.4
        record.values.append(failing && fails ? .infinity : 1 + stream.uniform())
        record.workers?.append(worker)
      }
    }
    return try AdviceFleet(record)
  }

  @Test func isTheSameForAnyNumberOfThreads() throws {
    var one = adviser(try record(failing: false))
    var two = one
    (one.threads, two.threads) = (1, 2)
    // As text, in which what is not known is the same as itself.
    func report(_ adviser: Adviser) throws -> [String] {
      AdviceReport(
        try #require(try adviser.advise()), subject: "", problem: "", notes: [], commands: []
      ).json.map(\.line)
    }
    #expect(try report(one) == report(two))
  }

  @Test func givesUpJobsWhereJobsFail() throws {
    let advice = try #require(try adviser(try record(failing: true)).advise())
    let best = try #require(advice.best)
    #expect(best.candidate.method == "mindflayer" && best.candidate.hasTimeouts)
    #expect(advice.forecasts.first { $0.candidate.method == "minibatch" }?.outcome == .starved)
    let report = AdviceReport(advice, subject: "", problem: "", notes: [], commands: [])
    #expect(report.methodWins == 1 && report.timeoutSaving == 1)
    #expect(best.low <= best.high && best.low > 0)
  }

  @Test func weighsAGivenTimeoutAndCancellation() throws {
    var adviser = adviser(try record(failing: true))
    adviser.timeout = 50
    adviser.stops = true
    let advice = try #require(try adviser.advise())
    let given = try #require(advice.forecasts.first { $0.candidate.parameters == "clip=50" })
    #expect(advice.predicted(given) > 5 * advice.predicted(advice.forecasts[0]))
    #expect(advice.forecasts.contains { $0.candidate.parameters == "batch=1 stops=true" })
    let text = AdviceReport(advice, subject: "S.", problem: "P.", notes: [], commands: []).text(width: 80)
    #expect(text.contains("Against the given time-out"))
  }

  @Test func fallsBackOnTheoryWithoutAProblem() throws {
    var adviser = adviser(try record(failing: false))
    adviser.gradients = 0
    let advice = try #require(try adviser.advise())
    #expect(!advice.isSimulated && advice.agrees)
    let best = try #require(advice.best)
    #expect(advice.predicted(best) == best.theoryTime)
    #expect(advice.forecasts.allSatisfy { $0.outcome == .notSimulated })
    // 4Δ/(γε) updates.
    let expected = 4 * conditions.gap / (best.gamma * conditions.epsilon)
    #expect((best.theoryUpdates / expected - 1).magnitude < 1e-12)
  }

  @Test func simulatesHowLongAnUpdateTakes() throws {
    let fleet = AdviceFleet([Worker(tau: 1), Worker(tau: 2), Worker(tau: 5)])
    func seconds(_ candidate: AdviceCandidate) throws -> Double {
      try IterationTime(candidate, fleet, conditions, Catalogue(), seed: 1, events: 2_000).seconds
    }
    #expect(try seconds(AdviceCandidate("minibatch")) == 5)
    #expect(try seconds(AdviceCandidate("hero", [("worker", 2)])) == 2)
    #expect(try seconds(AdviceCandidate("msync", [("m", 2)])) == 2)
    let stuck = AdviceFleet([Worker(tau: 1, delay: .infbernoulli(q: 1))])
    #expect(
      try IterationTime(AdviceCandidate("hero"), stuck, conditions, Catalogue(), seed: 1, events: 99).seconds
        == .infinity)
  }

  @Test func wearsOutAFleetWhoseJobsFail() throws {
    let fleet = AdviceFleet([Worker(tau: 1), Worker(tau: 1, delay: .infbernoulli(q: 0.01))])
    #expect(fleet.worn(after: 10) == nil)
    let worn = try #require(fleet.worn(after: 1_000))
    #expect(worn.workers[1].meanDuration == .infinity && worn.workers[0].meanDuration == 1)
  }

  @Test func keepsToMethodsForDataOfTheWorkersOwn() throws {
    var conditions = conditions
    conditions.isHeterogeneous = true
    let methods = AdviceCandidate.all(
      of: Catalogue(), fleet: [Worker(tau: 1), Worker(tau: 2)], conditions, stops: false, timeout: nil
    ).map(\.method)
    #expect(Set(methods) == ["minibatch", "malenia", "ringleader", "vecna"])
  }

  /// What sends fewer messages is weighed where these take time, what stops workers where that is allowed,
  /// and what has no theorem where stepsizes are tuned.
  @Test func weighsMethodsWhereTheyApply() {
    func forms(_ fleet: [Worker], stops: Bool = false, tunes: Bool = false) -> [String] {
      AdviceCandidate.all(
        of: Catalogue(), fleet: fleet, conditions, stops: stops, timeout: nil, tunes: tunes
      ).map { "\($0.method) \($0.parameters)" }
    }
    let near = [Worker(tau: 1), Worker(tau: 3)]
    let far = [Worker(tau: 1, upload: 2), Worker(tau: 3, upload: 2)]
    #expect(
      Set(forms(far)).subtracting(forms(near)) == [
        "async-local local=2", "async-local local=4", "async-batch batch=2", "async-batch batch=4",
      ])
    let plain = Set(forms(near))
    #expect(
      Set(forms(near, stops: true)).subtracting(plain) == [
        "local-sgd budget=1", "rennala batch=1 stops=true", "ringmaster threshold=1 stops=true",
      ])
    #expect(Set(forms(near, tunes: true)) == plain)
    #expect(
      Set(forms(near, stops: true, tunes: true)).subtracting(forms(near, stops: true)) == ["cycle group=1"])
    #expect(AdvisedForms.Values.gradientsPerMessage([Worker(tau: 1, upload: 0.4)]) == [])
    #expect(AdvisedForms.Values.gradientsPerMessage([Worker(tau: 0, upload: 1)]).last == 64)
  }

  /// A sum of B gradients with the stepsize γ goes as far as B steps.
  @Test func theorysUpdatesCountWhatAddsUp() {
    let sums = AdviceCandidate("local-sgd", [("budget", 8)], sum: 8)
    let single = AdviceCandidate("hero").theoryUpdates(gamma: 0.1, conditions)
    #expect(sums.theoryUpdates(gamma: 0.1, conditions) * 8 == single)
    #expect(AdviceCandidate("rescaled", guess: 0.1).theoryUpdates(gamma: 0.1, conditions) == .infinity)
  }

  /// Without a theorem a method is weighed by simulations alone, and the report says so.
  @Test func tunesMethodsWithoutATheorem() throws {
    var quadratic = Quadratic<Double>(dimension: 6, noise: 0.01)
    quadratic.heterogeneity = 0.5
    let problem = ProblemChoice(quadratic)
    let workers = [1.0, 2, 5].map { Worker(tau: $0, upload: 4) }
    let experiment = Experiment(
      problem: problem, workers: workers, method: MethodChoice(Minibatch()), epsilon: 1e-2)
    var adviser = Adviser(
      AdviceFleet(workers), problem: problem, conditions: try experiment.situation().conditions)
    (adviser.replicates, adviser.events, adviser.gradients, adviser.seeds) = (5, 500, 4_000, 1)
    let plain = try #require(try adviser.advise())
    let names = ["rescaled", "aced", "scaffold"]
    #expect(!plain.forecasts.contains { names.contains($0.candidate.method) } && plain.refusals.isEmpty)
    adviser.tunes = true
    let advice = try #require(try adviser.advise())
    for name in names {
      let forecast = try #require(advice.forecasts.first { $0.candidate.method == name })
      #expect(forecast.theoryTime == .infinity && forecast.gamma > 0)
    }
    #expect(advice.forecasts.contains { names.contains($0.candidate.method) && $0.outcome == .reached })
    #expect(try #require(advice.best).outcome == .reached)
    let text = AdviceReport(advice, subject: "", problem: "", notes: [], commands: []).text(width: 200)
    #expect(text.contains("inf where no theorem gives a stepsize"))
    // Where the problem cannot be simulated nothing is known of them.
    adviser.problem = nil
    #expect(!(try #require(try adviser.advise())).forecasts.contains { names.contains($0.candidate.method) })
  }

  /// What is forecast of sums along local steps is what simulations of the fleet show.
  @Test func forecastsOfLocalStepsAreTrue() throws {
    let workers = [1.0, 1.5, 2, 4].map { Worker(tau: $0, delay: .exponential(rate: 1), upload: 8) }
    var adviser = adviser(AdviceFleet(workers))
    (adviser.replicates, adviser.seeds, adviser.tunes, adviser.stops) = (0, 10, true, true)
    let advice = try #require(try adviser.advise())
    for name in ["async-local", "async-batch", "local-sgd"] {
      let forecast = try #require(advice.forecasts.first { $0.candidate.method == name })
      #expect(forecast.outcome == .reached || forecast.outcome == .slower, "\(name)")
      guard forecast.outcome == .reached else { continue }
      let experiment = Experiment(
        problem: problem, workers: workers,
        method: try forecast.candidate.choice(Catalogue(), gamma: forecast.gamma), epsilon: 1e-2)
      let row = try Comparison(
        [experiment], until: Stop(), or: [.init(.gradnorm2, .below, 1e-2)], seeds: Array(500..<540),
        threads: 2
      ).run()[0]
      #expect(abs(row.time / advice.predicted(forecast) - 1) < 0.25, "\(name)")
    }
  }

  @Test func refusesWhatItCannotKnow() {
    var adviser = adviser(AdviceFleet([Worker(tau: 1)]))
    adviser.conditions.smoothness = .nan
    #expect(throws: LabError.self) { try adviser.advise() }
    let dead = RecordedDurations(values: [.infinity, .infinity])
    #expect(throws: LabError.self) { try AdviceFleet(dead, count: 2) }
  }

  @Test func choosesSizesOfAnyFleet() {
    #expect(AdvisedForms.Values.sizes(upTo: 1) == [])
    #expect(AdvisedForms.Values.sizes(upTo: 2) == [1])
    #expect(AdvisedForms.Values.sizes(upTo: 13) == [1, 2, 3, 4, 6, 8, 12])
  }

  @Test func searchesEndAtRootsAndPeaks() {
    let root = Search.root(from: 0, to: 10, near: 9) { ($0 * $0 * $0 - 2, 3 * $0 * $0) }
    #expect((root - 1.2599210498948732).magnitude < 1e-15)
    // A slope of no use.
    let bisected = Search.root(from: 0, to: 1, near: 0.5) { ($0 < 0.3 ? -1 : 1, 0) }
    #expect((bisected - 0.3).magnitude < 1e-15)
    let peak = Search.peak(from: -1, to: 5) { -($0 - 2) * ($0 - 2) }
    #expect((peak - 2).magnitude < 1e-6)
  }

  /// With fixed durations every sample is the same run, of fewer events than the forecast's.
  @Test func forecastsLieInTheirOwnIntervals() throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      let fleet = try RandomFleet(seed: seed)
      let fixed = fleet.workers.enumerated().map { Worker(tau: 0.3 + $1.tau, upload: 0.01 * Double($0)) }
      for workers in [fixed, fleet.workers] {
        var conditions = Conditions()
        (conditions.smoothness, conditions.gap, conditions.epsilon) = (1, 50, 1e-3)
        conditions.variance = fleet.noise * conditions.epsilon
        var adviser = Adviser(
          AdviceFleet(workers, owners: fleet.owners), problem: nil, conditions: conditions)
        (adviser.replicates, adviser.events, adviser.threads) = (20, 1_000, 2)
        let advice = try #require(try adviser.advise())
        for forecast in advice.forecasts {
          let own = advice.predicted(forecast)
          #expect(forecast.low <= own && own <= forecast.high, "\(fleet): \(forecast.candidate.method)")
        }
      }
    }
  }

  /// With fixed durations only the seeds leave the time open: the range is wide where gradients are noisy,
  /// and holds what many other seeds take.
  @Test func rangesHoldWhatOtherSeedsTake() throws {
    for noise in [0, 0.1] {
      let problem = ProblemChoice(Quadratic<Double>(dimension: 10, noise: noise))
      let workers = (1...4).map { Worker(tau: Double($0)) }
      var conditions = Conditions()
      (conditions.smoothness, conditions.variance, conditions.epsilon) = (1, 10 * noise * noise, 0.05)
      conditions.gap = 5
      var adviser = Adviser(AdviceFleet(workers), problem: problem, conditions: conditions)
      (adviser.replicates, adviser.seeds, adviser.threads) = (100, 20, 2)
      let best = try #require(try adviser.advise()?.best)
      #expect((best.low < best.high) == (noise > 0))
      let experiment = Experiment(
        problem: problem, workers: workers,
        method: try best.candidate.choice(Catalogue(), gamma: best.gamma), epsilon: conditions.epsilon)
      let row = try Comparison(
        [experiment], until: Stop(), or: [.init(.gradnorm2, .below, conditions.epsilon)],
        seeds: Array(1_000..<1_200), threads: 2
      ).run()[0]
      #expect(row.time >= 0.95 * best.low && row.time <= 1.05 * best.high)
    }
  }
}
