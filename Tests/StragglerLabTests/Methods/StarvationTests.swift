import StragglerCore
import StragglerLab
import Testing

/// Methods that need every worker end as starved when one never delivers, and do not keep the others busy for ever.
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
}
