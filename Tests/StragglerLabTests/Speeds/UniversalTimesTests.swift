// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

/// The theory of workers whose speeds change, against runs.
@Suite struct UniversalTimesTests {
  private func experiment(
    _ speeds: [WorkerSpeed], tau: [Double], _ method: MethodChoice, noise: Double = 0.05,
    epsilon: Double = 0.1
  ) -> Experiment {
    var experiment = Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 10, noise: noise)),
      workers: tau.map { Worker(tau: $0) }, method: method, epsilon: epsilon)
    experiment.speeds = speeds
    return experiment
  }

  private func time(of experiment: Experiment, updates: Double) throws -> Double {
    let run = try experiment.start()
    return run.rehearse(upTo: .max, steps: Int(updates)).time
  }

  private static func profile(_ speeds: [Double], period: Double, phase: Double = 0) -> WorkerSpeed {
    var speed = WorkerSpeed()
    speed.pace = .profile(period: period, speeds: speeds)
    speed.phase = phase
    return speed
  }

  private static let fleets: [[WorkerSpeed]] = [
    [profile([1, 0.1], period: 40), profile([0.1, 1], period: 40), profile([1, 0, 2], period: 40)],
    [
      profile([2, 1, 0.5], period: 700), profile([1, 3], period: 350, phase: 0.3),
      profile([1, 1, 2], period: 700),
    ],
    {
      var (a, b) = (WorkerSpeed(), WorkerSpeed())
      a.pace = .changes([.init(0, 1), .init(50, 0.01)])
      b.pace = .changes([.init(0, 0.01), .init(50, 1)])
      return [a, b, a]
    }(),
  ]

  /// No run takes longer than its bound, with stops or without, and the bound is not far off.
  @Test(arguments: fleets.indices, [true, false]) func boundsHold(_ fleet: Int, _ stops: Bool) throws {
    var (rennala, malenia) = (Rennala(), Malenia())
    (rennala.stops, malenia.stops) = (stops, stops)
    for method in [MethodChoice(rennala), MethodChoice(malenia)] {
      let experiment = experiment(Self.fleets[fleet], tau: [1, 0.7, 1.3], method)
      let forecast = try method.forecast(try experiment.situation())
      #expect(forecast.durations == .changing && forecast.constants == .derived)
      #expect(forecast.table > 0 && forecast.lowerBound > 0 && forecast.table <= forecast.time)
      #expect(forecast.lowerBound <= forecast.table * (1 + 1e-12))
      let seconds = try time(of: experiment, updates: forecast.iterations)
      #expect(seconds <= forecast.time * (1 + 1e-12), "\(method.name) \(seconds) \(forecast.time)")
      // Without stops a job of each worker may be lost at every update.
      #expect(forecast.time <= (stops ? 1.01 : 8) * seconds, "\(method.name) \(seconds) \(forecast.time)")
    }
  }

  /// `optimal` is no worse than the batch of the theorem, and around it.
  @Test func theOptimalBatchIsTheBestOfSome() throws {
    var best = Rennala()
    best.searchesBatch = true
    func forecast(_ method: Rennala) throws -> Forecast {
      let choice = MethodChoice(method)
      return try choice.forecast(
        try experiment(Self.fleets[0], tau: [1, 0.7, 1.3], choice, noise: 0.3, epsilon: 0.5).situation())
    }
    let (found, standard) = (try forecast(best), try forecast(Rennala()))
    #expect(found.time <= standard.time)
    for factor in [0.5, 0.8, 1.25, 2] {
      var other = Rennala()
      other.batch.given = Int(factor * (found.parameters.first { $0.name == "batch" }?.value ?? 1)) + 1
      #expect(found.time <= 1.3 * (try forecast(other).time))
    }
  }

  /// Very many updates are not walked one by one, and the bounds still hold.
  @Test func boundsGoOnWithThePeriods() throws {
    let method = MethodChoice(Rennala())
    let experiment = experiment(Self.fleets[0], tau: [1, 0.7, 1.3], method, noise: 0.02, epsilon: 4e-3)
    let forecast = try method.forecast(try experiment.situation())
    #expect(forecast.iterations > 15_000)
    let seconds = try time(of: experiment, updates: forecast.iterations)
    #expect(seconds <= forecast.time && forecast.time < 4 * seconds)
  }

  /// With a speed that hardly changes the bounds are those of fixed speeds.
  @Test func comesToFixedSpeeds() throws {
    var method = Rennala()
    method.stops = true
    let nearly = Self.profile([1, 1 + 1e-13], period: 10)
    let changing = experiment(Array(repeating: nearly, count: 3), tau: [1, 2, 4], MethodChoice(method))
    let forecast = try MethodChoice(method).forecast(try changing.situation())
    let fixed = experiment([], tau: [1, 2, 4], MethodChoice(method))
    let seconds = try time(of: fixed, updates: forecast.iterations)
    #expect(abs(forecast.time - seconds) < 1e-9 * seconds)
  }

  /// All other theorems are for fixed speeds: they say so, and nothing else.
  @Test func othersSayThatTheyDoNotKnow() throws {
    for entry in Catalogue().methods where !entry.needsNetwork {
      guard let choice = try? entry.choose() else { continue }
      let experiment = experiment(Self.fleets[0], tau: [1, 0.7, 1.3], choice)
      guard let forecast = try? choice.forecast(try experiment.situation()) else { continue }
      guard !["rennala", "malenia"].contains(entry.name) else { continue }
      #expect(forecast.time.isNaN && forecast.table.isNaN && forecast.lowerBound.isNaN, "\(entry.name)")
      #expect(forecast.iterations.isNaN, "\(entry.name)")
    }
  }

  /// Random durations, messages and lost work are outside the model.
  @Test func whatTheModelDoesNotKnow() throws {
    let method = MethodChoice(Rennala())
    var changed = experiment(Self.fleets[0], tau: [1, 1, 1], method)
    changed.workers[1].delay = .exponential(rate: 1)
    var sent = experiment(Self.fleets[0], tau: [1, 1, 1], method)
    sent.workers[0].upload = 1
    var lost = experiment(Self.fleets[0], tau: [1, 1, 1], method)
    lost.speeds[2].offline = .restart
    for experiment in [changed, sent, lost] {
      let forecast = try method.forecast(try experiment.situation())
      #expect(forecast.time.isNaN && forecast.table.isNaN && forecast.lowerBound.isNaN)
      #expect(forecast.notes.contains { $0.contains("does not know") })
    }
    // A rule that never applies changes nothing.
    var always = experiment(Self.fleets[1], tau: [1, 1, 1], method)
    always.speeds[2].offline = .lose
    #expect(try method.forecast(try always.situation()).time > 0)
  }

  /// Outages of workers whose jobs have no other delay are those of the law, in every bit.
  @Test func outagesAreThoseOfTheLaw() throws {
    var away = WorkerSpeed()
    away.availability = .markov(up: 5, down: 2)
    let method = MethodChoice(Asynchronous())
    let outside = experiment([away, away], tau: [1, 2], method)
    var inside = experiment([], tau: [1, 2], method)
    for worker in 0..<2 { inside.workers[worker].delay = .markov(up: 5, down: 2) }
    let (a, b) = (try outside.start(), try inside.start())
    a.run(until: Stop(time: 500))
    b.run(until: Stop(time: 500))
    #expect(a.model == b.model && a.time == b.time)
    #expect(b.statistics.point.available == 1)
    let shares = a.trace.map(\.available)
    #expect(Set(shares).isSubset(of: [0, 0.5, 1]) && Set(shares).count > 1)
    // With seconds of work that a worker of speed 1 has, the general way agrees.
    var slow = outside
    slow.speeds = [away, away].map {
      var speed = $0
      speed.pace = .constant(0.5)
      return speed
    }
    slow.workers = [Worker(tau: 0.5), Worker(tau: 1)]
    let c = try slow.start()
    c.run(until: Stop(time: 500))
    #expect(abs(c.time - a.time) < 1e-9 * a.time)
    #expect(c.iteration == a.iteration)
  }

  /// Time-outs are the server's: workers that never come back lose jobs, and a method with time-outs goes on.
  @Test func timeOutsSurviveLostJobs() throws {
    var lose = WorkerSpeed()
    lose.pace = .profile(period: 10, speeds: [1, 1, 1, 0])
    lose.offline = .lose
    var mindflayer = MindFlayer()
    mindflayer.gamma = 0.1
    let survivors = experiment([lose, lose], tau: [1, 1.4], MethodChoice(mindflayer))
    let run = try survivors.start()
    #expect(run.run(until: Stop(time: 200)) == .time)
    #expect(run.statistics.cancelled > 0 && run.iteration > 20)
    var rennala = Rennala()
    rennala.gamma = 0.1
    let stuck = try experiment([lose, lose], tau: [1, 1.4], MethodChoice(rennala)).start()
    #expect(stuck.run(until: Stop(time: 200)) == .starved)
  }
}
