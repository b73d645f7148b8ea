// SPDX-License-Identifier: Apache-2.0

import Foundation
import Straggler
import Synchronization
import protocol StragglerCore.Method
import Testing

/// What a program writes that links the library and imports nothing else of it.
@Suite struct EmbeddingTests {
  /// One expression makes each part, so that a constant can hold it and closures can use it.
  @Test func everythingIsOneExpression() throws {
    let method = Rennala { ($0.batch, $0.gamma) = (4, 0.5) }
    let problem = Quadratic<Double> { ($0.dimension, $0.noise, $0.heterogeneity) = (20, 0.01, 0) }
    let known = Conditions(smoothness: 1, variance: 0.1, gap: 2, epsilon: 1e-2)
    let near = Stop.Condition(.gradnorm2, .below, 1e-9)
    let fleet = (1...4).map { Worker(tau: Double($0), delay: .exponential(rate: 1)) }
    let start: @Sendable () throws -> Run = {
      try Experiment(problem, workers: fleet, method: method, seed: 3).start()
    }
    let run = try start()
    #expect(run.run(until: Stop(updates: 20), or: [near]) == .updates && run.gamma == 0.5)
    let server = try ParameterServer(Rennala(), model: [0, 0].span, workers: 2, conditions: known)
    #expect(server.method.batch.value == 10 && server.method.gamma.value > 0)
  }

  /// A trailing closure is the one that is wanted most.
  @Test func trailingClosuresAreProgress() throws {
    let experiments = [0.1, 0.2].map { gamma in
      Experiment(
        Quadratic<Double>(dimension: 5), workers: [Worker(tau: 1)], method: Hero { $0.gamma.given = gamma })
    }
    let seen = Mutex<[Int]>([])
    let sweep = Sweep(experiments.map { Sweep.Point($0) }, until: Stop(updates: 3), seeds: [1])
    _ = try sweep.run(journal: nil) { finished, of in seen.withLock { $0.append(10 * of + finished) } }
    #expect(seen.withLock { $0 } == [20, 21, 22])
    let run = try experiments[0].start()
    var iterations: [Int] = []
    run.run(until: Stop(updates: 9_000)) { iterations.append($0.iteration) }
    #expect(iterations.count >= 2 && iterations == iterations.sorted())
    #expect(try experiments[0].findOptimum { _ in })
  }

  /// What is set on a method and makes no sense is refused as a key's value is.
  @Test func parametersAreChecked() {
    func refused(_ method: some Method, workers: Int = 3) -> Bool {
      let fleet = (1...workers).map { Worker(tau: Double($0)) }
      do throws(LabError) {
        _ = try Experiment(Quadratic<Double>(dimension: 5, noise: 0.1), workers: fleet, method: method)
          .start()
        return false
      } catch { return true }
    }
    #expect(!refused(Rennala()) && !refused(Rennala { ($0.batch, $0.gamma) = (1, 1e-9) }))
    for gamma in [0, -1, Double.nan] {
      #expect(refused(Rennala { $0.gamma.given = gamma }) && refused(Asynchronous { $0.gamma.given = gamma }))
    }
    for count in [0, -3] {
      #expect(refused(Rennala { $0.batch.given = count }) && refused(Malenia { $0.batch.given = count }))
      #expect(refused(Ringmaster { $0.threshold.given = count }))
      #expect(refused(MSynchronous { $0.m.given = count }) && refused(NaiveOptimal { $0.m.given = count }))
      #expect(refused(ATA { $0.batch.given = count }) && refused(ModMindFlayer { $0.batch.given = count }))
      #expect(refused(Hero { $0.worker = count }) && refused(AsGrad { $0.waiting = count }))
      #expect(refused(AsGrad { $0.active = count }) && refused(QSGD { $0.coordinates = count }))
    }
    for p in [0, -0.5, 1.5, .nan] { #expect(refused(ModMindFlayer { $0.p.given = p })) }
    #expect(refused(ATA { $0.confidence = -1 }) && refused(ATA { $0.confidence = .nan }))
    #expect(refused(Shadowheart { $0.ratio.given = -1 }))
    #expect(refused(ModMindFlayer { $0.alpha = -1 }) && refused(MindFlayer { $0.trials = -1 }))
    #expect(refused(Vecna { $0.updates = 0 }))
  }

  /// So is what is set on problems, workers and experiments.
  @Test func settingsAreChecked() {
    func refused(
      _ problem: Quadratic<Double> = Quadratic(dimension: 5), _ worker: Worker = Worker(tau: 1),
      _ change: (inout Experiment) -> Void = { _ in }
    ) -> Bool {
      var experiment = Experiment(problem, workers: [worker, worker], method: Hero { $0.gamma = 0.1 })
      change(&experiment)
      do throws(LabError) {
        _ = try experiment.start()
        return false
      } catch { return true }
    }
    #expect(!refused())
    for noise in [-1, Double.nan, .infinity] { #expect(refused(Quadratic(dimension: 5, noise: noise))) }
    #expect(refused(Quadratic { $0.samples = 0 }) && refused(Quadratic { $0.heterogeneity = .nan }))
    for tau in [-1, Double.nan] { #expect(refused(Quadratic(dimension: 5), Worker(tau: tau))) }
    for upload in [-1, Double.nan] {
      #expect(refused(Quadratic(dimension: 5), Worker(tau: 1, upload: upload)))
    }
    for epsilon in [0, -1, Double.nan] { #expect(refused { $0.epsilon = epsilon }) }
    #expect(refused { $0.uploadPerCoordinate = [-1, 0] } && refused { $0.uploadPerCoordinate = [.nan, 0] })
    #expect(refused { $0.workers = [] })
    #expect(refused { $0.allowance = .nan } && refused { $0.allowance = -1 })
  }
}
