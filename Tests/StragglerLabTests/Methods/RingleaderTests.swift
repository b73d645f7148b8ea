// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// Ringleader ASGD written out with arrays, for noiseless gradients and fixed durations.
private struct SlowRingleader {
  struct Update: Equatable {
    let time: Double
    let worker: Int
    /// bᵢ, the newest point in every worker's entry, and how old the oldest is.
    let counts: [Int]
    let newest: [Int]
    let oldest: [Int]
  }

  var updates: [Update] = []
  var x: [Double]

  init(_ tau: [Double], refresh: Bool, gamma: Double, dimension: Int, updates limit: Int) {
    let n = tau.count
    x = MethodLab.start(dimension)
    var points = Array(repeating: (k: 0, x: x), count: n)
    var ends = tau
    var table = Array(repeating: [(k: Int, g: [Double])](), count: n)
    var buffer = table
    var (served, isSecondPhase, k) = (Set<Int>(), false, 0)
    while updates.count < limit {
      let i = ends.indices.min { (ends[$0], $0) < (ends[$1], $1) }!
      let now = ends[i]
      let entry = (points[i].k, MethodLab.gradient(points[i].x))
      var isTurn = false
      if isSecondPhase && served.contains(i) {
        buffer[i].append(entry)
      } else {
        table[i].append(entry)
        isTurn = isSecondPhase || !table.contains { $0.isEmpty }
      }
      if isTurn {
        isSecondPhase = true
        for j in x.indices {
          let mean = table.map { entries in
            entries.map(\.g[j]).reduce(0, +) / Double(entries.count)
          }.reduce(0, +)
          x[j] -= gamma * mean / Double(n)
        }
        updates.append(
          Update(
            time: now, worker: i + 1, counts: table.map(\.count), newest: table.map { $0.map(\.k).max()! },
            oldest: table.map { k - $0.map(\.k).min()! }))
        k += 1
        served.insert(i)
      }
      if isTurn || refresh { points[i] = (k, x) }
      if served.count == n {
        (table, buffer) = (buffer, Array(repeating: [], count: n))
        (served, isSecondPhase) = ([], false)
      }
      ends[i] = now + tau[i]
    }
  }
}

@Suite struct RingleaderTests {
  private func ringleader(refresh: Bool, gamma: Double = 0.05) -> Ringleader {
    MethodLab.make(Ringleader.self) { ($0.gamma.given, $0.refresh) = (gamma, refresh) }
  }

  private func updates(_ tau: [Double], refresh: Bool, count: Int) throws -> [(Double, Int)] {
    try MethodLab.run(ringleader(refresh: refresh), MethodLab.workers(tau), until: Stop(updates: count)).log
      .filter { $0.kind == .update }.map { ($0.time, $0.worker + 1) }
  }

  @Test func reproducesThePoster() throws {
    let updates = try updates([66, 95, 136.8], refresh: false, count: 9)
    #expect(updates.map(\.1) == [3, 2, 1, 2, 1, 3, 3, 2, 1])
  }

  @Test(
    .enabled(if: TheoryCase.arePresent, "the shared folder is not here"),
    arguments: ["trace_ringleader_poster_code", "trace_ringleader_sqrt127_code"])
  func reproducesTheReferenceTraces(id: String) throws {
    let reference = try TheoryCase(id)
    let tau = try reference.inputs("tau")
    let expected = try #require(reference.outputs["updates"] as? [[Any]])
    let updates = try updates(tau, refresh: true, count: expected.count)
    let slow = SlowRingleader(tau, refresh: true, gamma: 0.05, dimension: 3, updates: expected.count)
    for (index, expected) in expected.enumerated() {
      let time = try #require(expected[0] as? Double)
      #expect(abs(updates[index].0 - time) <= 1e-12 * time)
      #expect(updates[index].1 == expected[1] as? Int)
      #expect(slow.updates[index].counts == expected[2] as? [Int])
      #expect(slow.updates[index].newest == expected[3] as? [Int])
      #expect(slow.updates[index].oldest == expected[4] as? [Int])
    }
  }

  @Test func doesWhatTheSlowOneDoes() throws {
    var stream = RandomStream(seed: 5, purpose: .data)
    for n in [1, 2, 3, 7, 20] {
      let tau = (0..<n).map { _ in 0.3 + 5 * stream.uniform() }
      for refresh in [false, true] {
        let count = 5 * n + 3
        let slow = SlowRingleader(tau, refresh: refresh, gamma: 0.05, dimension: 20, updates: count)
        let (run, log) = try MethodLab.run(
          ringleader(refresh: refresh), MethodLab.workers(tau), until: Stop(updates: count))
        expectClose(run.model, slow.x)
        let updates = log.filter { $0.kind == .update }
        #expect(updates.map(\.time) == slow.updates.map(\.time))
        #expect(updates.map { $0.worker + 1 } == slow.updates.map(\.worker))
        #expect(run.statistics.discarded == 0)
        #expect(run.statistics.cancelled == 0)
      }
    }
  }

  @Test func entriesAreAtMostTwoNMinusTwoUpdatesOld() {
    var stream = RandomStream(seed: 6, purpose: .data)
    for n in [2, 3, 8] {
      for refresh in [false, true] {
        let tau = (0..<n).map { _ in 0.1 + 10 * stream.uniform() }
        let slow = SlowRingleader(tau, refresh: refresh, gamma: 0.01, dimension: 2, updates: 40 * n)
        #expect(slow.updates.flatMap(\.oldest).max()! <= 2 * n - 2)
        // A round takes at most 2τ_n, and B is at least τ_n/(2τ_avg).
        let slowest = tau.max()!
        for round in 1..<40 {
          let time = slow.updates[round * n + n - 1].time - slow.updates[round * n - 1].time
          #expect(time <= 2 * slowest * (1 + 1e-12))
        }
        let bound = slowest / (2 * tau.reduce(0, +) / Double(n))
        for update in slow.updates {
          #expect(Double(n) / update.counts.map { 1 / Double($0) }.reduce(0, +) >= bound)
        }
      }
    }
  }

  @Test func withOneWorkerIsSGD() throws {
    let hero = MethodLab.make(Hero.self) { $0.gamma = 0.5 }
    let workers = MethodLab.workers([1.5])
    let (a, _) = try MethodLab.run(hero, workers, noise: 0.1, until: Stop(updates: 50))
    let (b, _) = try MethodLab.run(
      ringleader(refresh: false, gamma: 0.5), workers, noise: 0.1, until: Stop(updates: 50))
    expectClose(a.model, b.model, 1e-13)
    #expect(a.statistics.point.time == b.statistics.point.time)
  }

  @Test func findsTheMinimumOfDifferentWorkers() throws {
    let asgd = MethodLab.make(Asynchronous.self) { $0.gamma = 0.05 }
    #expect(try MethodLab.gap(ringleader(refresh: false, gamma: 0.1), steps: 9_000) < 1e-9)
    #expect(!(try MethodLab.gap(asgd, steps: 9_000) < 1e-3))
  }

  @Test(.enabled(if: TheoryCase.arePresent, "the shared folder is not here"))
  func takesTheTheorysStepsize() throws {
    let reference = try TheoryCase("ringleader_1_2_4")
    let gamma = try MethodLab.theoryStepsize(Ringleader(), try reference.inputs("tau")) {
      $0.smoothness = (try? reference.input("L")) ?? .nan
      $0.variance = (try? reference.input("sigma2")) ?? .nan
      $0.epsilon = (try? reference.input("eps")) ?? .nan
    }
    #expect(abs(gamma / (try reference.output("gamma")) - 1) < 1e-14)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("ringleader", ["refresh": "false"])
    try expectRefused("ringleader", ["refresh": 2], "true or false")
  }

  @Test func hasTheTheorysNumbers() throws {
    let forecast = try TheoryLab.forecast("ringleader", MethodLab.workers([1, 2, 6]))
    let (L, noise, progress) = (TheoryLab.L, TheoryLab.noise, TheoryLab.progress)
    // B ≥ τₙ/(2τ_avg), and no bᵢ is below 1.
    let B = 1.0
    #expect(forecast["B"] == B && forecast["delay_max"] == 4 && forecast["round_time"] == 12)
    expectNear(forecast.gamma, min(1 / (8 * 3 * L), B / (10 * L * noise)))
    #expect(forecast.iterations == 32 * 3 * progress + 40 * progress * noise / B)
    expectNear(forecast.time, 12 * (forecast.iterations / 3).rounded(.up))
    expectNear(forecast.table, progress * (6 + 3 * noise / 3))
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("ringleader"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
