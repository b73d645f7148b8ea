import StragglerCore
import StragglerLab
import Testing

/// Methods with a server against runs written out with arrays, on fleets drawn at random: the same events, and the same
/// model. `RingleaderTests`, `PIAGTests` and `AsGradTests` do so for theirs.
@Suite struct ScheduleTests {
  private struct Case {
    let name: String
    let method: MethodChoice
    let rule: SlowRule
  }

  private let gamma = 0.1

  private func make<M: Method>(_ type: M.Type, _ change: (inout M) -> Void) -> MethodChoice {
    MethodChoice(MethodLab.make(type, change))
  }

  /// The methods with parameters around n = `count`.
  private func cases(_ count: Int, smoothness: Double, _ draw: inout Stream) throws -> [Case] {
    let gamma = gamma
    let size = 1 + draw.integer(below: 3 * count)
    let stops = draw.integer(below: 2) == 1
    let part = 1 + draw.integer(below: count)
    var cases = [
      Case(
        name: "asgd", method: make(Asynchronous.self) { $0.stepsize = gamma },
        rule: .each(gamma: { _ in gamma }, limit: .max)),
      Case(
        name: "ringmaster R=\(size) \(stops)",
        method: make(Ringmaster.self) { ($0.stepsize, $0.threshold, $0.stops) = (gamma, size, stops) },
        rule: .each(gamma: { $0 < size ? gamma : nil }, limit: stops ? size : .max)),
      Case(
        name: "rennala S=\(size) \(stops)",
        method: make(Rennala.self) { ($0.stepsize, $0.batch, $0.stops) = (gamma, size, stops) },
        rule: .batch(enough: { $0.reduce(0, +) == size }, ofMeans: false, isOnce: false, stops: stops)),
      Case(
        name: "malenia S=\(size) \(stops)",
        method: make(Malenia.self) { ($0.stepsize, $0.batch, $0.stops) = (gamma, size, stops) },
        rule: .batch(enough: { isMeanReached($0, size) }, ofMeans: true, isOnce: false, stops: stops)),
      Case(
        name: "msync m=\(part)", method: make(MSynchronous.self) { ($0.stepsize, $0.m) = (gamma, part) },
        rule: .batch(enough: { $0.reduce(0, +) == part }, ofMeans: false, isOnce: true, stops: true)),
      Case(
        name: "minibatch", method: make(Minibatch.self) { $0.stepsize = gamma },
        rule: .batch(enough: { $0.reduce(0, +) == count }, ofMeans: true, isOnce: true, stops: true)),
    ]
    for rule in [DelayRule.mishchenko, .koloskova, .drop] {
      cases.append(
        Case(
          name: "asgd-adaptive \(rule)",
          method: make(DelayAdaptive.self) { ($0.stepsize, $0.rule) = (gamma, rule) },
          rule: .each(
            gamma: { delay in
              if delay <= count { return gamma }
              return switch rule {
              case .mishchenko: gamma * Double(count) / Double(delay)
              case .koloskova: min(gamma, 1 / (4 * smoothness * Double(delay)))
              case .drop: nil
              }
            }, limit: .max)))
    }
    // η is uniform between 0 and 2.
    let trials = (0..<count).map { _ in draw.integer(below: 4) }
    if trials.contains(where: { $0 > 0 }) {
      cases.append(
        Case(
          name: "mindflayer \(trials)",
          method: try #require(Catalogue().method("mindflayer")).choose(
            ["gamma": .number(gamma), "clip": 1.5, "trials": .perWorker(trials.map(Double.init))]),
          rule: .trials(trials, clip: 1.5, expected: 0.75 * Double(trials.reduce(0, +)))))
    }
    return cases
  }

  @Test func agreeWithSlowRunsOnAnyFleet() throws {
    for trial in 0..<24 {
      var draw = Stream(seed: 7, purpose: .data, worker: trial)
      let count = 1 + draw.integer(below: 8)
      // Whole seconds without a random part make ties; MindFlayer SGD's law is the other one.
      let hasTies = trial % 3 == 0
      let workers = (0..<count).map { _ in
        Worker(
          tau: hasTies ? Double(1 + draw.integer(below: 4)) : 0.2 + 3 * draw.uniform(),
          delay: hasTies ? .none : .uniform(a: 0, b: 2), upload: trial % 4 == 1 ? 0.5 : 0)
      }
      let smoothness = Quadratic<Double>(dimension: 4).conditions.smoothness
      for test in try cases(count, smoothness: smoothness, &draw) {
        if hasTies, test.name.hasPrefix("mindflayer") { continue }
        let run = try Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 4, noise: 0)), workers: workers,
          method: test.method, seed: UInt64(trial)
        ).start()
        run.run(until: Stop(steps: 30))
        let slow = SlowSchedule(
          workers, test.rule, gamma: gamma, seed: UInt64(trial), dimension: 4, steps: 30)
        let statistics = run.statistics
        let name = "\(test.name), fleet \(trial)"
        #expect(statistics.point.time == slow.time, "\(name)")
        #expect(statistics.assigned == slow.assigned, "\(name)")
        #expect(statistics.point.arrivals == slow.arrivals, "\(name)")
        #expect(statistics.discarded == slow.discarded, "\(name)")
        #expect(statistics.cancelled == slow.cancelled, "\(name)")
        #expect(statistics.delayMax == slow.delays.max() ?? 0, "\(name)")
        #expect(statistics.point.used == slow.delays.count, "\(name)")
        expectClose(run.model, slow.x, 1e-9, name)
      }
    }
  }
}

/// Whether the harmonic mean of `counts` is at least S/n, in whole numbers: n²·Πb ≥ S·Σ Πb/bᵢ.
private func isMeanReached(_ counts: [Int], _ size: Int) -> Bool {
  guard !counts.contains(0) else { return false }
  // Σ 1/bᵢ ≤ n²/S; a common multiple keeps it exact.
  let multiple = counts.reduce(1) { lcm($0, $1) }
  return counts.reduce(0) { $0 + multiple / $1 } * size <= counts.count * counts.count * multiple
}

private func lcm(_ a: Int, _ b: Int) -> Int {
  var (x, y) = (a, b)
  while y != 0 { (x, y) = (y, x % y) }
  return a / x * b
}
