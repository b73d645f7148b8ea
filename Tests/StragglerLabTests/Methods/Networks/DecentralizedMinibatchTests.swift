// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct DecentralizedMinibatchTests {
  private let method = MethodLab.make(DecentralizedMinibatch.self) { $0.gamma = 0.5 }

  /// Gradient descent, with rounds of a broadcast, the slowest gradient and a way back.
  @Test(arguments: [0.0, 0.25, 3]) func roundsAreAsDefined(link: Double) throws {
    let workers = MethodLab.workers([1, 2, 4, 3, 2])
    let topology = try NetworkLab.topology(.line, 5, seconds: link)
    let found = try NetworkLab.run(method, workers, topology, until: Stop(updates: 30))
    expectClose(found.run.model, MethodLab.descent(20, gamma: 0.5, steps: 30))
    #expect(found.run.statistics.delayMax == 0)
    // Node 3 is the centre and the slowest; the others have their gradients by then, or two links later.
    let slowest = [4, 2 + link, 3 + link, 1 + 2 * link, 2 + 2 * link].max()!
    for (index, time) in found.updates.enumerated() {
      #expect(abs(time - Double(index + 1) * (slowest + 2 * link)) < 1e-9)
    }
  }

  @Test(arguments: NetworkLab.shapes) func freeLinksMakeItMinibatch(_ shape: Topology.Shape) throws {
    let minibatch = MethodLab.make(Minibatch.self) { $0.gamma = 0.5 }
    for fleet in NetworkLab.fleets {
      for heterogeneity in [0.0, 1] {
        let expected = try NetworkLab.run(
          minibatch, fleet, nil, noise: 0.1, heterogeneity: heterogeneity, until: Stop(updates: 20))
        let found = try NetworkLab.run(
          method, fleet, try NetworkLab.topology(shape, fleet.count), noise: 0.1,
          heterogeneity: heterogeneity, until: Stop(updates: 20))
        expectClose(found.run.model, expected.run.model, 1e-12)
        #expect(found.updates == expected.updates)
        #expect(found.run.statistics.point.arrivals == expected.run.statistics.point.arrivals)
      }
    }
  }

  /// The facts of the authors' unit test: a line of 11, a second a coordinate, d = 100, 100 s a gradient.
  @Test func lineOfEleven() throws {
    let workers = MethodLab.workers(Array(repeating: 100, count: 11))
    for (perCoordinate, seconds) in [(1.0, 1_100.0), (0, 100)] {
      let topology = try NetworkLab.topology(.line, 11, perCoordinate: perCoordinate)
      let found = try NetworkLab.run(method, workers, topology, dimension: 100, until: Stop(updates: 4))
      #expect(found.updates == (1...4).map { seconds * Double($0) })
    }
  }

  /// Local steps on trees and fleets drawn at random, against arrays: a node begins when x^k is there, makes
  /// its Hᵢ steps one after another, and the way back begins when all have ended.
  @Test func localStepsAgreeWithSlowRuns() throws {
    for fleet in 0..<30 {
      var draw = RandomStream(seed: 11, purpose: .data, job: fleet)
      let n = 1 + draw.integer(below: 7)
      let workers = (0..<n).map { _ in
        Worker(tau: 0.2 + 3 * draw.uniform(), delay: .exponential(rate: 1))
      }
      let local = (0..<n).map { _ in 1 + draw.integer(below: 4) }
      // A tree: the distance of a new node to the others is that of its parent, and one link more.
      var links: [Link] = []
      var distance = (0..<n).map { _ in (0..<n).map { _ in 0.0 } }
      for i in 0..<n where i > 0 {
        let (parent, seconds) = (draw.integer(below: i), 0.1 + draw.uniform())
        links += [Link(from: parent, to: i, seconds: seconds), Link(from: i, to: parent, seconds: seconds)]
        for j in 0..<i {
          distance[i][j] = distance[parent][j] + seconds
          distance[j][i] = distance[i][j]
        }
      }
      var experiment = Experiment(
        problem: ProblemChoice(Bowls(noise: 0.05)), workers: workers,
        method: try #require(Catalogue().method("minibatch-decentralized")).choose([
          "gamma": 0.1, "local": .perWorker(local.map(Double.init)),
        ]), seed: UInt64(fleet))
      experiment.topology = try Topology(links, nodes: n)
      let run = try experiment.start()

      let furthest = distance.map { $0.max() ?? 0 }
      let root = try #require(furthest.indices.min { furthest[$0] < furthest[$1] })
      var (x, time, jobs) = (Bowls.start, 0.0, workers.map { _ in 0 })
      for round in 1...12 {
        var (ready, total) = (0.0, x.map { _ in 0.0 })
        for i in 0..<n {
          var (y, end) = (x, time + distance[root][i])
          for _ in 0..<local[i] {
            jobs[i] += 1
            var stream = RandomStream(seed: UInt64(fleet), purpose: .delay, worker: i, job: jobs[i])
            end += workers[i].tau + workers[i].delay.sample(&stream, job: jobs[i])
            y = NetworkLab.add(y, -0.1, Bowls.gradient(y, i, job: jobs[i], noise: 0.05))
          }
          ready = max(ready, end)
          total = zip(total, zip(x, y)).map { $0 + ($1.0 - $1.1) / 0.1 }
        }
        x = NetworkLab.add(x, -0.1 / Double(n), total)
        time = ready + furthest[root]
        run.run(until: Stop(updates: round))
        expectClose(run.model, x, 1e-12, "fleet \(fleet), round \(round)")
        #expect(abs(run.time - time) < 1e-9, "fleet \(fleet), round \(round)")
      }
      #expect(run.statistics.point.gradients == 12 * local.reduce(0, +))
      #expect(run.statistics.point.arrivals == 12 * n)
    }
  }

  @Test func oneLocalStepIsAGradient() throws {
    let topology = try NetworkLab.topology(.line, 5, seconds: 0.25)
    let workers = MethodLab.workers([1, 2, 4, 3, 2], delay: .exponential(rate: 1))
    func run(_ settings: Settings) throws -> [String] {
      var experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 9, noise: 0.1)), workers: workers,
        method: try #require(Catalogue().method("minibatch-decentralized")).choose(settings))
      (experiment.topology, experiment.isLogging) = (topology, true)
      let run = try experiment.start()
      var log: [String] = []
      run.onLog = { log.append(EventReport.line($0)) }
      run.run(until: Stop(updates: 20))
      return log + run.trace.map { "\($0)" } + run.model.map { "\($0)" }
    }
    #expect(try run(["gamma": 0.3]) == run(["gamma": 0.3, "local": 1]))
  }

  @Test func aloneItIsSGD() throws {
    try NetworkLab.expectSGDAlone(MethodLab.make(DecentralizedMinibatch.self) { $0.gamma = 0.3 })
  }

  @Test func hasItsKeys() throws { try expectKeys("minibatch-decentralized", [:]) }

  @Test func hasTheTheorysNumbers() throws {
    let (noise, progress) = (TheoryLab.noise, TheoryLab.progress)
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    let forecast = try TheoryLab.forecast(
      "minibatch-decentralized", MethodLab.workers([1, 2, 4]), topology: topology)
    #expect(forecast["pivot"] == 2 && forecast["iteration_time"] == 4.5)
    expectNear(forecast.gamma, 3 / (2 * TheoryLab.L * noise))
    #expect(forecast.iterations == 8 * progress * (1 + noise / 3))
    expectNear(forecast.time, 4.5 * forecast.iterations)
    expectNear(forecast.table, progress * 4 * (1 + noise / 3))
  }
}
