// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// Methods that need every worker end as starved when one never delivers, and do not keep the others busy for
/// ever.
@Suite struct StarvationTests {
  static let names = ["malenia", "ringleader", "piag", "vecna", "minibatch", "ata"]

  @Test(arguments: names) func aWorkerThatNeverDelivers(name: String) throws {
    var settings: Settings = ["gamma": 0.1]
    if name == "vecna" { settings = ["gamma": 0.1, "trials": 2, "clip": .number(.infinity)] }
    if name == "ata" { settings["batch"] = 8 }
    for probability in [0.05, 1] {
      let workers = (1...5).map { index in
        Worker(tau: Double(index), delay: index == 4 ? .infbernoulli(q: probability) : .none)
      }
      let entry = try #require(Catalogue().method(name))
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 5, noise: 0)), workers: workers,
        method: try entry.choose(settings)
      ).start()
      // PIAG goes on without a worker that has reported once.
      let reason = run.run(until: Stop(events: 20_000))
      #expect(reason == .starved || (name == "piag" && probability < 1))
    }
  }

  /// Up to a time a worker that never delivers is like one whose job ends later; a run for updates ends at
  /// the event after which none can come.
  @Test(
    arguments: [
      ("malenia", ["batch": 3]), ("malenia", ["batch": 9, "stops": true]), ("ringleader", [:]), ("piag", [:]),
      ("aced", [:]), ("minibatch", [:]), ("rennala", ["batch": 4]), ("cycle", ["group": 2]),
      ("amelie", ["batch": 12]),
    ] as [(String, Settings)])
  func upToATimeTheOthersGoOn(name: String, settings: Settings) throws {
    func run(_ last: Worker) throws -> Run {
      var experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 5, noise: 0.1)),
        workers: [Worker(tau: 1), Worker(tau: 2), last, Worker(tau: 0.7)],
        method: try #require(Catalogue().method(name)).choose(
          settings.merging(["gamma": 0.03]) { given, _ in given }))
      experiment.topology = try NetworkLab.topology(.ring, 4, seconds: 0.4)
      return try experiment.start()
    }
    let stuck = try run(Worker(tau: 3, delay: .infbernoulli(q: 1)))
    let late = try run(Worker(tau: 1e6))
    for time in [0.9, 5, 5.5, 40] {
      let reasons = [stuck, late].map { $0.run(until: Stop(time: time)) }
      // A method whose workers all wait has nothing to come, now or in 10⁶ seconds.
      #expect(reasons[1] == .time && (reasons[0] == .time || ["minibatch"].contains(name)))
      #expect(stuck.statistics.point == late.statistics.point)
      #expect(stuck.model == late.model)
    }
    guard name != "rennala" else { return }
    stuck.reset()
    #expect(stuck.run(until: Stop(updates: 100)) == .starved)
    #expect(stuck.time < 10)
  }

  /// A worker whose jobs take no time delivers forever before any other worker does.
  @Test(arguments: ["asgd", "malenia"]) func timeThatStandsStill(name: String) throws {
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 2, noise: 0)),
      workers: [Worker(tau: 1), Worker(tau: 0)],
      method: try #require(Catalogue().method(name)).choose(["gamma": 0.01])
    ).start()
    // Malenia waits for the other worker; every gradient is an update of ASGD.
    #expect(run.run(until: name == "asgd" ? Stop(time: 1) : Stop(updates: 5)) == .starved)
    run.reset()
    #expect(run.run(until: name == "asgd" ? Stop(updates: 5) : Stop(arrivals: 5)) != .starved)
    #expect(run.statistics.point.arrivals == 5)
  }

  @Test func trialsThatNeverSucceedAreRefused() throws {
    for (name, settings): (String, Settings) in [
      ("mindflayer", ["gamma": 0.1, "clip": 0.5, "trials": 3]),
      ("mindflayer-mod", ["gamma": 0.1, "clip": 0.5, "p": 0.5, "batch": 3]),
    ] {
      let experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 2, noise: 0)),
        workers: [Worker(tau: 1, delay: .constant(2)), Worker(tau: 2, delay: .constant(1))],
        method: try #require(Catalogue().method(name)).choose(settings))
      #expect(throws: (any Error).self, "\(name)") { try experiment.start() }
    }
  }
}
