import StragglerCore
import StragglerLab
import Testing

/// Methods that coincide in special cases must do so event for event.
@Suite struct EquivalenceTests {
  static let irregular = (1...7).map { Worker(tau: Double($0).squareRoot()) }
  static let equal = (1...7).map { _ in Worker(tau: 1) }

  /// The last state and the model of a run of `method` on a small quadratic.
  func run(
    _ method: some Method, workers: [Worker] = irregular, noise: Double = 0.01, steps: Int = 60,
    seed: UInt64 = 1
  ) throws -> (statistics: Statistics, model: [Double]) {
    let run = try Experiment(
      Quadratic<Double>(dimension: 50, noise: noise), workers: workers, method: method, seed: seed
    ).start()
    #expect(run.run(until: Stop(steps: steps)) == .steps)
    return (run.statistics, run.model)
  }

  /// A method with its public parameters set.
  func make<M: Method>(_ type: M.Type, _ change: (inout M) -> Void) -> M {
    var method = M()
    change(&method)
    return method
  }

  private func expectSame(
    _ a: (statistics: Statistics, model: [Double]), _ b: (statistics: Statistics, model: [Double]),
    sameEvents: Bool = true
  ) {
    #expect(a.model == b.model)
    #expect(a.statistics.point.time == b.statistics.point.time)
    #expect(a.statistics.point.iteration == b.statistics.point.iteration)
    if sameEvents {
      #expect(a.statistics.point.arrivals == b.statistics.point.arrivals)
      #expect(a.statistics.discarded == b.statistics.discarded)
      #expect(a.statistics.cancelled == b.statistics.cancelled)
    }
  }

  @Test func withOneWorkerAllAreSGD() throws {
    let one = [Worker(tau: 1.5)]
    let hero = try run(make(Hero.self) { $0.stepsize = 0.5 }, workers: one)
    #expect(hero.statistics.point.time == 90)
    expectSame(hero, try run(make(Minibatch.self) { $0.stepsize = 0.5 }, workers: one))
    expectSame(hero, try run(make(Asynchronous.self) { $0.stepsize = 0.5 }, workers: one))
    expectSame(hero, try run(make(DelayAdaptive.self) { $0.stepsize = 0.5 }, workers: one))
    for threshold in [1, 3, Int.max] {
      for stops in [false, true] {
        let ringmaster = make(Ringmaster.self) {
          $0.stepsize = 0.5
          $0.threshold = threshold
          $0.stops = stops
        }
        expectSame(hero, try run(ringmaster, workers: one))
      }
    }
    let rennala = make(Rennala.self) {
      $0.stepsize = 0.5
      $0.batch = 1
    }
    expectSame(hero, try run(rennala, workers: one))
  }

  @Test func ringmasterWithoutThresholdIsASGD() throws {
    let asgd = try run(make(Asynchronous.self) { $0.stepsize = 0.02 }, steps: 400)
    for stops in [false, true] {
      let ringmaster = make(Ringmaster.self) {
        $0.stepsize = 0.02
        $0.threshold = .max
        $0.stops = stops
      }
      expectSame(asgd, try run(ringmaster, steps: 400))
    }
  }

  @Test func thresholdOneIsHeroForFixedTimes() throws {
    let hero = try run(make(Hero.self) { $0.stepsize = 0.3 })
    for stops in [false, true] {
      let ringmaster = make(Ringmaster.self) {
        $0.stepsize = 0.3
        $0.threshold = 1
        $0.stops = stops
      }
      expectSame(hero, try run(ringmaster), sameEvents: false)
      let rennala = make(Rennala.self) {
        $0.stepsize = 0.3
        $0.batch = 1
        $0.stops = stops
      }
      expectSame(hero, try run(rennala), sameEvents: false)
    }
  }

  @Test func mSynchronousWithAllWorkersIsMinibatch() throws {
    let minibatch = try run(make(Minibatch.self) { $0.stepsize = 0.4 })
    let msync = make(MSynchronous.self) {
      $0.stepsize = 0.4
      $0.m = 7
    }
    expectSame(minibatch, try run(msync))
  }

  @Test func mSynchronousWithOneIsRingmasterThatStopsAtOne() throws {
    let msync = make(MSynchronous.self) {
      $0.stepsize = 0.4
      $0.m = 1
    }
    let ringmaster = make(Ringmaster.self) {
      $0.stepsize = 0.4
      $0.threshold = 1
      $0.stops = true
    }
    expectSame(try run(msync), try run(ringmaster))
  }

  @Test func rennalaWithAllOfEqualWorkersIsMinibatch() throws {
    // Rennala starts jobs that the update cancels, and these use up their samples: without noise that is all one.
    let minibatch = try run(make(Minibatch.self) { $0.stepsize = 0.4 }, workers: Self.equal, noise: 0)
    let rennala = make(Rennala.self) {
      $0.stepsize = 0.4
      $0.batch = 7
      $0.stops = true
    }
    let other = try run(rennala, workers: Self.equal, noise: 0)
    expectSame(minibatch, other, sameEvents: false)
    #expect(other.statistics.point.arrivals == minibatch.statistics.point.arrivals)
  }

  @Test func mindFlayerWithoutDelaysTakesTheLongestWorkersTrials() throws {
    let trials = [3.0, 1, 2, 2, 1, 4, 1]
    let longest = zip(trials, Self.irregular).map { trial, worker in
      // The trials of a worker end one after another.
      (0..<Int(trial)).reduce(0) { time, _ in time + worker.tau }
    }.max()
    let settings: Settings = ["gamma": 0.4, "trials": .perWorker(trials), "clip": 0]
    let entry = try #require(Catalogue().method("mindflayer"))
    let experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 50)), workers: Self.irregular,
      method: try entry.choose(settings))
    let run = try experiment.start()
    run.run(until: Stop(steps: 1))
    #expect(run.statistics.point.time == longest)
    #expect(run.statistics.point.used == 14)
  }

  @Test func delayAdaptiveIsASGDWhileDelaysAreSmall() throws {
    // Of equal workers none is ever more than n − 1 updates late.
    let asgd = try run(make(Asynchronous.self) { $0.stepsize = 0.05 }, workers: Self.equal)
    for rule in [DelayRule.mishchenko, .koloskova, .drop] {
      let adaptive = make(DelayAdaptive.self) {
        $0.stepsize = 0.05
        $0.rule = rule
      }
      expectSame(asgd, try run(adaptive, workers: Self.equal))
    }
  }

  @Test func scalingTimeScalesTimeAndNothingElse() throws {
    let slow = Self.irregular.map { Worker(tau: 8 * $0.tau) }
    for batch in [1, 5] {
      let rennala = make(Rennala.self) {
        $0.stepsize = 0.4
        $0.batch = batch
      }
      let (fast, scaled) = (try run(rennala), try run(rennala, workers: slow))
      #expect(fast.model == scaled.model)
      #expect(8 * fast.statistics.point.time == scaled.statistics.point.time)
    }
  }

  @Test func permutingWorkersPermutesTheTrace() throws {
    // Without noise, who computed a gradient does not matter; durations that do not tie.
    let workers = [1, 1.37, 1.91, 2.23, 2.713, 3.141, 3.57].map { Worker(tau: $0) }
    let permuted = [3, 0, 6, 1, 5, 2, 4].map { workers[$0] }
    for method in ["rennala", "asgd"] {
      let entry = try #require(Catalogue().method(method))
      var times: [Double] = []
      for workers in [workers, permuted] {
        let choice = try entry.choose(method == "rennala" ? ["gamma": 0.3, "batch": 3] : ["gamma": 0.02])
        let run = try Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 50, noise: 0)), workers: workers, method: choice
        ).start()
        run.run(until: Stop(steps: 25))
        times.append(run.statistics.point.time)
      }
      #expect(times[0] == times[1])
    }
  }
}
