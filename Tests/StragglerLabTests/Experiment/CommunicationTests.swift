import StragglerCore
import StragglerLab
import Testing

/// Messages take time, and are counted.
@Suite struct CommunicationTests {
  private func run(
    _ method: some Method, workers: [Worker], perCoordinate: [Double] = [], dimension: Int = 20,
    steps: Int = 5
  ) throws -> Statistics {
    var experiment = Experiment(Quadratic<Double>(dimension: dimension), workers: workers, method: method)
    experiment.uploadPerCoordinate = perCoordinate
    let run = try experiment.start()
    #expect(run.run(until: Stop(steps: steps)) == .steps)
    return run.statistics
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * abs(b) }

  /// With hᵢ = i and θ̇ᵢ = i/d a step of Minibatch SGD takes 2n seconds and one of QSGD n + nK/d.
  @Test func synchronousMethodsWaitForTheSlowestMessage() throws {
    let workers = (1...10).map { Worker(tau: Double($0)) }
    let perCoordinate = (1...10).map { Double($0) / 20 }
    let minibatch = try run(
      configured(Minibatch.self) { $0.stepsize = 0.1 }, workers: workers, perCoordinate: perCoordinate)
    #expect(isClose(minibatch.point.time, 5 * 20))
    #expect(minibatch.messages == 50)
    #expect(minibatch.coordinates == 1_000)
    for coordinates in [1, 7, 20] {
      let method = configured(QSGD.self) {
        $0.stepsize = 0.1
        $0.coordinates = coordinates
      }
      let qsgd = try run(method, workers: workers, perCoordinate: perCoordinate)
      #expect(isClose(qsgd.point.time, 5 * (10 + 10 * Double(coordinates) / 20)))
      #expect(qsgd.messages == 50)
      #expect(qsgd.coordinates == 50 * coordinates)
    }
  }

  @Test func workersAreBusyUntilTheirMessageHasArrived() throws {
    let workers = [Worker(tau: 1, upload: 0.5)]
    for method: MethodChoice in [
      MethodChoice(configured(Asynchronous.self) { $0.stepsize = 0.1 }),
      MethodChoice(configured(Ringmaster.self) { ($0.stepsize, $0.threshold) = (0.1, 2) }),
      MethodChoice(configured(Rennala.self) { ($0.stepsize, $0.batch) = (0.1, 1) }),
    ] {
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 4)), workers: workers, method: method
      ).start()
      run.run(until: Stop(steps: 6))
      #expect(run.statistics.point.time == 9)
      #expect(run.statistics.busy == 1)
      #expect(run.statistics.messages == 6)
    }
  }

  @Test func heroesSendNoMessages() throws {
    let workers = [Worker(tau: 1, upload: 0.5), Worker(tau: 2)]
    let hero = try run(configured(Hero.self) { $0.stepsize = 0.1 }, workers: workers)
    #expect(hero.point.time == 5)
    #expect(hero.messages == 0)
    #expect(hero.coordinates == 0)
  }

  /// Of equal τ the smaller mean of η decides, and not the upload: nothing is uploaded.
  @Test func theFastestHeroIsTheOneThatComputesFastest() throws {
    let workers = [
      Worker(tau: 1, delay: .constant(2), upload: 0), Worker(tau: 1, delay: .constant(0.5), upload: 9),
    ]
    let hero = try run(configured(Hero.self) { $0.stepsize = 0.1 }, workers: workers)
    #expect(hero.point.time == 7.5)
    var problem = Quadratic<Double>(dimension: 4, noise: 0)
    problem.samples = 3
    let method = configured(HeroGD.self) { $0.hero.page.stepsize = 0.1 }
    let gradientDescent = try Experiment(problem, workers: workers, method: method).start()
    gradientDescent.run(until: Stop(steps: 2))
    #expect(gradientDescent.statistics.point.time == 9)
  }

  @Test func trialsThatAreGivenUpSendNothing() throws {
    let mindFlayer = try #require(Catalogue().method("mindflayer")).choose(
      ["gamma": 0.1, "trials": 4, "clip": 0.5])
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 4)),
      workers: [Worker(tau: 1, upload: 0.25), Worker(tau: 1, delay: .constant(2), upload: 0.25)],
      method: mindFlayer
    ).start()
    run.run(until: Stop(steps: 1))
    #expect(run.statistics.messages == 4)
    // Four trials of 1.5 seconds, given up, outlast four of 1.25 that are sent.
    #expect(run.statistics.point.time == 6)
  }

  @Test func sovietWorkersSendOneSum() throws {
    var problem = Quadratic<Double>(dimension: 4, noise: 0)
    problem.samples = 12
    let method = configured(SovietGD.self) { $0.soviet.page.stepsize = 0.1 }
    let run = try Experiment(
      problem, workers: (1...4).map { _ in Worker(tau: 1, upload: 0.5) }, method: method
    )
    .start()
    run.run(until: Stop(steps: 2))
    #expect(run.statistics.point.time == 7)
    #expect(run.statistics.messages == 8)
  }
}
