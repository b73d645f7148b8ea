// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@Suite struct DPSGDTests {
  private func dpsgd(_ gamma: Double, _ change: (inout DPSGD) -> Void = { _ in }) -> DPSGD {
    DPSGD {
      $0.gamma = Parameter(gamma)
      change(&$0)
    }
  }

  /// Both orders of the source, and both rules for W, on graphs drawn at random.
  @Test func agreesWithSlowRuns() throws {
    for trial in 0..<24 {
      var draw = RandomStream(seed: 21, purpose: .data, worker: trial)
      let graph = try SlowNodes.graph(&draw)
      let (overlap, isUniform) = (trial % 2 == 1, trial % 3 == 1)
      let method = dpsgd(0.2) { ($0.overlap, $0.mixing) = (overlap, isUniform ? .uniform : .metropolis) }
      var slow = SlowNodes(
        graph.workers, isUniform ? graph.uniform : graph.metropolis, slowest: graph.slowest,
        overlaps: overlap, seed: UInt64(trial), noise: 0.1)
      let run = try SlowNodes.start(MethodChoice(method), graph, noise: 0.1, seed: UInt64(trial))
      for step in 1...20 {
        let gradients = slow.gradients()
        if overlap {
          slow.x = zip(slow.mixed(slow.x), gradients).map { NetworkLab.add($0, -0.2, $1) }
        } else {
          slow.x = slow.mixed(zip(slow.x, gradients).map { NetworkLab.add($0, -0.2, $1) })
        }
        run.run(until: Stop(updates: step))
        expectClose(run.model, slow.mean, 1e-11, "graph \(trial)")
        expectClose([run.statistics.point.time], [slow.time], 1e-12, "graph \(trial)")
      }
      let spread = slow.x.map { x in zip(x, slow.mean).map { pow($0 - $1, 2) }.reduce(0, +) }.reduce(0, +)
      expectClose([run.statistics.consensus], [spread / Double(slow.x.count)], 1e-9)
      // Where the exchange overlaps, the next one has begun.
      #expect(run.statistics.messages == (overlap ? 21 : 20) * graph.topology.links.count)
    }
  }

  /// All nodes have the mean after every step, noise and data that differ or not.
  @Test(arguments: [MixingRule.metropolis, .uniform]) func onACompleteGraphIsMinibatch(_ rule: MixingRule)
    throws
  {
    let workers = MethodLab.workers([1, 3, 2, 2.5, 1])
    let topology = try NetworkLab.topology(.complete, 5)
    let minibatch = try NetworkLab.run(
      Minibatch { $0.gamma = 0.3 }, workers, nil, noise: 0.1, heterogeneity: 1, until: Stop(updates: 50))
    let found = try NetworkLab.run(
      dpsgd(0.3) { $0.mixing = rule }, workers, topology, noise: 0.1, heterogeneity: 1,
      until: Stop(updates: 50))
    expectClose(found.run.model, minibatch.run.model, 1e-11)
    #expect(found.updates == minibatch.updates)
    #expect(found.run.statistics.consensus < 1e-24)
  }

  /// W from a file, with weights of its own.
  @Test func mixesByTheMatrixOfAFile() throws {
    let matrix = [[0.5, 0.5, 0], [0.5, 0.2, 0.3], [0, 0.3, 0.7]]
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("mixing-\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try matrix.map { $0.map { "\($0)" }.joined(separator: ",") + "\n" }.joined()
      .write(to: file, atomically: true, encoding: .utf8)
    let entry = try #require(Catalogue().method("dpsgd"))
    let graph = SlowNodes.Graph(
      workers: MethodLab.workers([1, 2, 1]), topology: try NetworkLab.topology(.line, 3, seconds: 0.5),
      slowest: 0.5, metropolis: [], uniform: [])
    let run = try SlowNodes.start(
      entry.choose(["gamma": 0.2, "mixing": .word(file.path)]), graph, seed: 1)
    var slow = SlowNodes(graph.workers, matrix, slowest: 0.5, seed: 1)
    for _ in 0..<30 {
      let gradients = slow.gradients()
      slow.x = slow.mixed(zip(slow.x, gradients).map { NetworkLab.add($0, -0.2, $1) })
    }
    run.run(until: Stop(updates: 30))
    expectClose(run.model, slow.mean, 1e-11)
    #expect(throws: LabError.self) { try entry.choose(["mixing": "no such file"]) }
  }

  @Test func refusesMatricesThatDoNotFit() throws {
    let wrong: [([Double], String)] = [
      ([0.5, 0.5, 0.5, 0.5], "a row and a column for every worker"),
      ([0.5, 0.5, 0, 0.4, 0.3, 0.3, 0.1, 0.2, 0.7], "a symmetric matrix"),
      ([1.5, -0.5, 0, -0.5, 1.5, 0, 0, 0, 1], "a symmetric matrix of numbers from 0 on"),
      ([0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.25, 0.5], "0 where nodes are not linked"),
      ([0.5, 0.4, 0, 0.4, 0.2, 0.4, 0, 0.4, 0.6], "rows add up to 1"),
    ]
    for (matrix, sentence) in wrong {
      let choice = try #require(Catalogue().method("dpsgd")).choose(["gamma": 0.1, "mixing": .list(matrix)])
      var experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 3)), workers: MethodLab.workers([1, 1, 1]),
        method: choice)
      experiment.topology = try NetworkLab.topology(.line, 3)
      let error = #expect(throws: LabError.self) { try experiment.start() }
      #expect(error?.description.contains(sentence) == true, "\(error as Any)")
    }
  }

  @Test func aloneItIsSGD() throws {
    try NetworkLab.expectSGDAlone(dpsgd(0.3))
    try NetworkLab.expectSGDAlone(dpsgd(0.3) { $0.overlap = true })
  }

  @Test func linksMustGoBothWays() throws { try NetworkLab.expectBothWaysAreNeeded(dpsgd(0.3)) }

  @Test func hasItsKeys() throws {
    try expectKeys("dpsgd", ["mixing": "metropolis", "overlap": "false"])
    try expectRefused("dpsgd", ["mixing": 3], "metropolis, uniform")
    try expectRefused("dpsgd", ["overlap": 2], "true or false")
  }

  @Test func hasTheStepsizeOfMinibatch() throws {
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    let forecast = try TheoryLab.forecast("dpsgd", MethodLab.workers([1, 2, 4]), topology: topology)
    expectNear(forecast.gamma, min(1, 3 / TheoryLab.noise) / (2 * TheoryLab.L))
    #expect(forecast.time.isNaN && forecast.notes.contains { $0.contains("promises nothing") })
  }
}
