// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct ScaffoldTests {
  /// Algorithm 1 with option II in arrays, with x and y as the source has them.
  private struct Slow {
    var x = Bowls.start
    var time = 0.0
    var cancelled = 0

    init(
      _ workers: [Worker], local: [Int], gamma: Double, server: Double, count: Int?, accepted: Int?,
      seed: UInt64, noise: Double, steps: Int
    ) {
      let n = workers.count
      let zero = x.map { _ in 0.0 }
      var (c, own, numbers) = (zero, workers.map { _ in zero }, workers.map { _ in 0 })
      for round in 0..<steps {
        var members = Array(workers.indices)
        if let count, count < n {
          var stream = RandomStream(seed: seed, purpose: .participation, job: round)
          for position in 0..<count {
            members.swapAt(position, position + stream.integer(below: n - position))
          }
          members = members.prefix(count).sorted()
        }
        let ends = members.map { i in
          var seconds = 0.0
          for h in 1...local[i] {
            var stream = RandomStream(seed: seed, purpose: .delay, worker: i, job: numbers[i] + h)
            seconds += workers[i].tau + workers[i].delay.sample(&stream, job: numbers[i] + h)
          }
          return (time + seconds) + workers[i].upload
        }
        let order = members.indices.sorted { (ends[$0], members[$0]) < (ends[$1], members[$1]) }
        let taken = order.prefix(accepted ?? members.count)
        time = ends[taken.last!]
        if round + 1 < steps { cancelled += members.count - taken.count }
        var (step, change) = (zero, zero)
        for place in taken {
          let i = members[place]
          var y = x
          for h in 1...local[i] {
            let g = Bowls.gradient(y, i, job: numbers[i] + h, noise: noise)
            y = y.indices.map { y[$0] - gamma * (g[$0] - own[i][$0] + c[$0]) }
          }
          let new = y.indices.map { own[i][$0] - c[$0] + (x[$0] - y[$0]) / (Double(local[i]) * gamma) }
          step = step.indices.map { step[$0] + (y[$0] - x[$0]) / Double(taken.count) }
          change = change.indices.map { change[$0] + (new[$0] - own[i][$0]) / Double(n) }
          own[i] = new
        }
        for i in members { numbers[i] += local[i] }
        x = x.indices.map { x[$0] + server * step[$0] }
        c = NetworkLab.add(c, 1, change)
      }
    }
  }

  private func scaffold(_ gamma: Double, _ change: (inout Scaffold) -> Void = { _ in }) -> Scaffold {
    Scaffold {
      $0.gamma = Parameter(gamma)
      change(&$0)
    }
  }

  @Test func agreesWithSlowRuns() throws {
    for trial in 0..<24 {
      var draw = RandomStream(seed: 31, purpose: .data, worker: trial)
      let n = 1 + draw.integer(below: 7)
      let workers = (0..<n).map { _ in
        Worker(
          tau: 0.2 + 3 * draw.uniform(), delay: .uniform(a: 0, b: 2), upload: trial % 4 == 1 ? 0.5 : 0)
      }
      let local = (0..<n).map { _ in trial % 5 == 0 ? 1 : 1 + draw.integer(below: 5) }
      let count = draw.integer(below: 2) == 0 ? nil : 1 + draw.integer(below: n)
      let accepted = draw.integer(below: 2) == 0 ? nil : 1 + draw.integer(below: count ?? n)
      var settings: Settings = ["gamma": 0.05, "server": 1.5, "local": .perWorker(local.map { Double($0) })]
      settings["participants"] = count.map { .number(Double($0)) }
      settings["accept"] = accepted.map { .number(Double($0)) }
      let run = try Experiment(
        problem: ProblemChoice(Bowls(noise: 0.1)), workers: workers,
        method: try #require(Catalogue().method("scaffold")).choose(settings), seed: UInt64(trial)
      ).start()
      run.run(until: Stop(updates: 20))
      let slow = Slow(
        workers, local: local, gamma: 0.05, server: 1.5, count: count, accepted: accepted,
        seed: UInt64(trial), noise: 0.1, steps: 20)
      expectClose(run.model, slow.x, 1e-10, "fleet \(trial)")
      expectClose([run.statistics.point.time], [slow.time], 1e-12, "fleet \(trial)")
      #expect(run.statistics.cancelled == slow.cancelled, "fleet \(trial)")
      #expect(run.statistics.point.used == 20 * min(accepted ?? n, count ?? n), "fleet \(trial)")
    }
  }

  /// c = cᵢ there, to the last bit.
  @Test func onOneWorkerIsLocalSGD() throws {
    let workers = [Worker(tau: 1.5, delay: .exponential(rate: 1))]
    for H in [1, 4] {
      func outcome(_ name: String) throws -> Run {
        let method = try #require(Catalogue().method(name)).choose(
          ["gamma": 0.1, "local": .number(Double(H))])
        let run = try Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 10, noise: 0.1)), workers: workers,
          method: method
        ).start()
        run.run(until: Stop(updates: 50))
        return run
      }
      let (local, found) = (try outcome("local-sgd"), try outcome("scaffold"))
      #expect(found.model == local.model)
      #expect(found.statistics.point.time == local.statistics.point.time)
      #expect(found.statistics.gradients == local.statistics.gradients)
    }
  }

  private func distance(_ name: String, _ settings: Settings, steps: Int) throws -> Double {
    let run = try Experiment(
      problem: ProblemChoice(Bowls()), workers: MethodLab.workers(Array(repeating: 1, count: 6)),
      method: try #require(Catalogue().method(name)).choose(settings)
    ).start()
    run.run(until: Stop(updates: steps))
    let difference = NetworkLab.add(run.model, -1, Bowls.optimum(6))
    return difference.map { $0 * $0 }.reduce(0, +).squareRoot()
  }

  /// Where local steps alone stop at a distance, because workers with more steps have more say.
  @Test func reachesTheMinimumOfDataThatDiffer() throws {
    let local = SettingValue.perWorker([1, 2, 3, 4, 5, 6])
    let settings: Settings = ["gamma": 0.05, "local": local]
    #expect(try distance("local-sgd", settings, steps: 3_000) > 0.05)
    #expect(try distance("scaffold", settings, steps: 3_000) < 1e-10)
    var some = settings
    some["participants"] = 2
    #expect(try distance("scaffold", some, steps: 20_000) < 1e-8)
  }

  @Test func hasItsKeys() throws {
    let entry = try #require(Catalogue().method("scaffold"))
    #expect(entry.keys.map(\.name) == ["gamma", "local", "server", "participants", "accept"])
    try expectRefused("scaffold", ["server": 0], "a positive number")
    try expectRefused("scaffold", ["local": 0], "a positive integer")
    try expectRefused("scaffold", ["participants": 4], "from 1 to n")
  }

  @Test func theTheoryDoesNotKnow() throws {
    let forecast = try TheoryLab.forecast("scaffold", MethodLab.workers([1, 2, 3]), ["gamma": 0.1])
    #expect(forecast.time.isNaN && forecast.notes.contains { $0.contains("no theorem with constants") })
    #expect(throws: LabError.self) { try TheoryLab.forecast("scaffold", MethodLab.workers([1, 2, 3])) }
  }
}
