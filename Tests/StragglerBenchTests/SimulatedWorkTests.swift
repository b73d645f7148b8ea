// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@testable import StragglerBench

struct SimulatedWorkTests {
  private let hero = Catalogue().method("hero")

  /// In 10 seconds workers of 1, √2 and √3 seconds deliver 10, 7 and 5 gradients.
  @Test func noMoreArriveThanThereIsTimeFor() throws {
    var work = SimulatedWork(workers: 3, method: try #require(hero), settings: [:])
    #expect(work.mostArrivals(by: 10) == 22)
    work.isUniform = true
    #expect(work.mostArrivals(by: 10) == 30)
    work.isRandom = true
    #expect(work.mostArrivals(by: 10) == .infinity)
  }

  @Test func theProgramIsToldTheSame() throws {
    let work = SimulatedWork(
      problemSettings: ["dim": 10, "noise": 0], workers: 9, isUniform: true, method: try #require(hero),
      settings: ["gamma": 0.5], topology: (false, 0.1), unit: .updates)
    #expect(
      work.script == "problem quadratic dim=10.0 noise=0.0; workers 9 tau=1; topology grid rows=3 link=0.1; "
        + "trace every=1000000000; target epsilon=1; method hero gamma=0.5")
    #expect(work.command(7) == "run updates=7")
  }

  /// Every method can be measured without being named.
  @Test func everyMethodStarts() throws {
    for method in Catalogue().methods {
      var work = SimulatedWork(
        problemSettings: ["dim": 10, "noise": 0], workers: 100, isUniform: true, method: method,
        settings: SimulatedWork.settings(of: method))
      if method.needsNetwork { work.topology = (false, 1) }
      if (try? work.experiment(DataLibrary()).start()) == nil { work.problemSettings["samples"] = 100 }
      let run = try work.experiment(DataLibrary()).start()
      #expect(run.run(until: Stop(updates: 2)) == .updates, "\(method.name)")
    }
  }

  /// A key that no method has, because it got another name, would leave what is measured to theory.
  @Test func everySettingIsSomeMethods() {
    let keys = Set(Catalogue().methods.flatMap { $0.keys.map(\.name) })
    #expect(SimulatedWork.settings().keys.filter { !keys.contains($0) } == [])
  }

  /// Workers of 1, 2 and 2 seconds: of those that complete at one time, the one with the smallest index.
  @Test func theStandardQueueTakesTheEarliest() throws {
    let queue = try StandardQueue([2, 1, 2])
    var order: [Int] = []
    for _ in 0..<6 {
      order.append(queue.next.worker)
      queue.run(1)
    }
    #expect(order == [1, 0, 1, 2, 1, 0])
    #expect(queue.next == (4, 1))
  }
}
