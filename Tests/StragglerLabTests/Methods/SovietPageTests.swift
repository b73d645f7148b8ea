import StragglerCore
import StragglerLab
import Testing

/// Hero and Soviet PAGE and GD.
@Suite struct SovietPageTests {
  private func sum(_ samples: Int) -> Quadratic<Double> {
    var problem = Quadratic<Double>(dimension: 6, noise: 0)
    problem.samples = samples
    problem.spread = 0.5
    return problem
  }

  private let workers = (1...4).map { Worker(tau: Double($0)) }

  @Test func stepsOfGradientDescentTakeTheirTime() throws {
    let hero = try Experiment(
      sum(12), workers: workers, method: configured(HeroGD.self) { $0.hero.page.stepsize = 0.5 }
    ).start()
    let soviet = try Experiment(
      sum(12), workers: workers, method: configured(SovietGD.self) { $0.soviet.page.stepsize = 0.5 }
    ).start()
    var x = hero.model
    for _ in 0..<20 { x = zip(x, slowGradient(x)).map { $0 - 0.5 * $1 } }
    for run in [hero, soviet] {
      run.run(until: Stop(steps: 20))
      #expect(areClose(run.model, x))
    }
    #expect(hero.statistics.point.time == 20 * 12)
    #expect(soviet.statistics.point.time == 20 * 4 * 3)
    // γ = 1/L.
    let theory = try Experiment(sum(12), workers: workers, method: HeroGD()).start()
    #expect(theory.stepsize == 1 / theory.conditions.smoothness)
  }

  @Test func everySampleIsUsedOnceAndBatchesAreWhole() throws {
    let record = SampleRecord()
    let method = configured(SovietPage.self) {
      $0.page.stepsize = 0.5
      $0.page.probability = 0.4
      $0.page.batch = 6
    }
    let run = try Experiment(RecordedSum(sum(19), record), workers: workers, method: method).start()
    var before = run.model
    for step in 1...40 {
      record.samples = []
      run.run(until: Stop(steps: step))
      let next = run.model
      if record.samples.count == 19 {
        #expect(record.samples.map(\.index).sorted() == Array(0..<19))
        #expect(areClose(zip(before, next).map { ($0 - $1) / 0.5 }, slowGradient(before)))
      } else {
        #expect(record.samples.count == 12)
      }
      before = next
    }
    #expect(run.statistics.discarded == 0)
    #expect(run.statistics.cancelled == 0)
  }

  @Test func workersWithoutWorkAreSkipped() throws {
    let record = SampleRecord()
    let many = (1...9).map { Worker(tau: Double($0)) }
    let method = configured(SovietPage.self) {
      $0.page.stepsize = 0.5
      $0.page.batch = 2
    }
    let run = try Experiment(RecordedSum(sum(5), record), workers: many, method: method).start()
    run.run(until: Stop(steps: 1))
    #expect(record.samples.map(\.index).sorted() == Array(0..<5))
    #expect(run.statistics.assigned == 5)
    run.run(until: Stop(steps: 30))
    #expect(run.statistics.point.iteration == 30)
  }

  @Test func differencesAreUnbiased() throws {
    var differences: [[Double]] = []
    var expected: [Double] = []
    for seed in 1...400 {
      let method = configured(SovietPage.self) {
        $0.page.stepsize = 0.5
        $0.page.probability = 1e-300
        $0.page.batch = 5
      }
      let run = try Experiment(sum(15), workers: workers, method: method, seed: UInt64(seed)).start()
      let (models, estimates) = estimators(of: run, steps: 2)
      differences.append(zip(estimates[1], estimates[0]).map { $0 - $1 })
      expected = zip(slowGradient(models[1]), slowGradient(models[0])).map { $0 - $1 }
    }
    #expect(haveMean(differences, expected))
  }
}

@Suite struct SynthesisTests {
  @Test func usesDelayedDifferences() throws {
    var problem = Quadratic<Double>(dimension: 6, noise: 0)
    problem.samples = 20
    problem.spread = 0.3
    let record = SampleRecord()
    let method = configured(Synthesis.self) {
      $0.page.stepsize = 0.2
      $0.page.probability = 0.05
      $0.page.batch = 2
    }
    let workers = (1...6).map { Worker(tau: Double($0 * $0)) }
    let run = try Experiment(RecordedSum(problem, record), workers: workers, method: method).start()
    var (before, anchors) = (run.model, 0)
    for step in 1...300 {
      record.samples = []
      run.run(until: Stop(steps: step))
      let next = run.model
      if record.samples.count == 20 {
        anchors += 1
        #expect(areClose(zip(before, next).map { ($0 - $1) / 0.2 }, slowGradient(before)))
      } else {
        #expect(record.samples.count == 4)
      }
      before = next
    }
    #expect(run.statistics.delayMax > 1)
    #expect(abs(Double(anchors) - 1 - 299 * 0.05) < 5 * (299 * 0.05 * 0.95).squareRoot())
    #expect(run.statistics.point.gap < 0.1 * run.trace[0].gap)
  }

  @Test func isReproducible() throws {
    var problem = Quadratic<Double>(dimension: 6, noise: 0)
    problem.samples = 20
    let method = configured(Synthesis.self) { $0.page.stepsize = 0.05 }
    let workers = (1...30).map { Worker(tau: Double($0).squareRoot()) }
    let run = try Experiment(problem, workers: workers, method: method, seed: 8).start()
    run.run(until: Stop(steps: 200))
    let model = run.model
    run.reset()
    run.run(until: Stop(steps: 200))
    #expect(run.model == model)
  }
}
