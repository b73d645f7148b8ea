// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

/// Methods that a program adds are advised and predicted as the library's are, under names of their own.
@Suite struct OwnMethodAdviceTests {
  /// Rennala SGD, which calls its batch `gather`.
  private struct Gathering: Method {
    static var name: StaticText { "gathering" }
    static var summary: StaticText { "Rennala SGD by another name" }
    static var randomDurations: RandomDurations { .collection(batch: "gathered", stops: "restarts") }
    static var advised: AdvisedForms? { AdvisedForms(.shared, .batches("gather"), hasStops: true) }

    private var inner = Rennala()
    var gamma: Parameter<Double> { inner.gamma }

    mutating func keys(_ keys: inout Keys) throws(SetupError) {
      try keys.gamma(&inner.gamma)
      try keys.count("gather", &inner.batch.given, "the gradients of a step", standard: "the theory's")
      try keys.flag("stops", &inner.stops, "whether an update cancels the other jobs")
    }
    mutating func prepare(_ setup: inout Setup) throws(SetupError) { try inner.prepare(&setup) }
    mutating func begin(_ server: inout Server) { inner.begin(&server) }
    mutating func receive(_ arrival: Arrival, _ server: inout Server) { inner.receive(arrival, &server) }
    func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
      guard let theirs = try inner.predict(&setup) else { return nil }
      var prediction = Prediction(.shared, .published)
      (prediction.iterations, prediction.time) = (theirs.iterations, theirs.time)
      if let batch = inner.batch.given { try prediction.add("gathered", Double(batch)) }
      try prediction.add("restarts", inner.stops ? 1 : 0)
      return prediction
    }
  }

  /// m-synchronous SGD, which calls m `quorum`.
  private struct Quorum: Method {
    static var name: StaticText { "quorum" }
    static var summary: StaticText { "m-synchronous SGD by another name" }
    static var randomDurations: RandomDurations { .rank(of: "quorum") }
    static var advised: AdvisedForms? {
      AdvisedForms(.shared, .fewerWorkers("quorum"), survivesFailures: true)
    }

    private var inner = MSynchronous()
    var gamma: Parameter<Double> { inner.gamma }

    mutating func keys(_ keys: inout Keys) throws(SetupError) {
      try keys.gamma(&inner.gamma)
      try keys.count("quorum", &inner.m.given, "the gradients of a step", standard: "the theory's")
    }
    mutating func prepare(_ setup: inout Setup) throws(SetupError) { try inner.prepare(&setup) }
    mutating func begin(_ server: inout Server) { inner.begin(&server) }
    mutating func receive(_ arrival: Arrival, _ server: inout Server) { inner.receive(arrival, &server) }
    func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
      guard let theirs = try inner.predict(&setup) else { return nil }
      var prediction = Prediction(.shared, .derived)
      (prediction.iterations, prediction.time) = (theirs.iterations, theirs.time)
      if let m = inner.m.given { try prediction.add("quorum", Double(m)) }
      return prediction
    }
  }

  /// Advised, but its stepsize cannot be chosen.
  private struct Unbound: Method {
    static var name: StaticText { "unbound" }
    static var summary: StaticText { "Without the key gamma" }
    static var advised: AdvisedForms? { AdvisedForms(.any) }
    var gamma: Parameter<Double> { 0.1 }

    mutating func keys(_ keys: inout Keys) throws(SetupError) {}
    mutating func prepare(_ setup: inout Setup) throws(SetupError) {}
    mutating func begin(_ server: inout Server) {}
    mutating func receive(_ arrival: Arrival, _ server: inout Server) {}
  }

  private var catalogue: Catalogue {
    var catalogue = Catalogue()
    catalogue.add(Gathering.self)
    catalogue.add(Quorum.self)
    catalogue.add(Unbound.self)
    return catalogue
  }

  private let experiment = Experiment(
    problem: ProblemChoice(Quadratic<Double>(dimension: 6, noise: 0.1)),
    workers: (1...4).map { Worker(tau: Double($0), delay: .exponential(rate: 2)) },
    method: MethodChoice(Hero()), epsilon: 1e-2)

  @Test(arguments: [false, true]) func isAdvisedAsTheLibrarysMethods(tunes: Bool) throws {
    var adviser = Adviser(
      AdviceFleet(experiment.workers), problem: experiment.problem,
      conditions: try experiment.situation().conditions, catalogue: catalogue)
    (adviser.replicates, adviser.events, adviser.gradients, adviser.seeds) = (5, 1_000, 5_000, 2)
    (adviser.stops, adviser.tunes, adviser.threads) = (true, tunes, 2)
    let advice = try #require(try adviser.advise())
    for (own, theirs, key) in [("gathering", "rennala", "gather"), ("quorum", "msync", "quorum")] {
      let forms = advice.forecasts.filter { $0.candidate.method == own }
      let known = advice.forecasts.filter { $0.candidate.method == theirs }
      #expect(forms.count == (own == "gathering" ? 2 : 1) && forms.count == known.count)
      for (form, known) in zip(forms, known) {
        #expect(form.candidate.settings.map(\.name).first == key)
        #expect(form.candidate.settings.map(\.value) == known.candidate.settings.map(\.value))
        #expect(form.candidate.survivesFailures == known.candidate.survivesFailures)
        #expect(form.gamma == known.gamma && form.secondsPerUpdate == known.secondsPerUpdate)
        #expect(form.outcome == known.outcome && form.low == known.low && form.high == known.high)
        let command = form.candidate.command(gamma: form.gamma)
        #expect(command.hasPrefix("method \(own) \(key)=") && command.contains(" gamma="))
      }
    }
    let refusal = try #require(advice.refusals.first { $0.candidate.method == "unbound" })
    #expect(refusal.error.message.contains("no key gamma"))
  }

  @Test func isPredictedForRandomDurationsAsTheLibrarysMethods() throws {
    let situation = try experiment.situation()
    func forecast(_ method: String, _ settings: Settings) throws -> Forecast {
      try #require(catalogue.method(method)).choose(settings).forecast(situation)
    }
    let own = try forecast("gathering", ["gather": 3]).parameters.filter { $0.name.contains("time_") }
    let theirs = try forecast("rennala", ["batch": 3]).parameters.filter { $0.name.contains("time_") }
    #expect(own.count == 10 && own.elementsEqual(theirs) { $0 == $1 })

    let quorum = try forecast("quorum", ["quorum": 2])
    #expect(quorum.time == (try forecast("msync", ["m": 2])).time)
    #expect(quorum.notes.contains("quorum is chosen by the mean durations"))
    #expect(quorum.table.isNaN)
    // Without the parameter, the method's own time is all that is known.
    let unsaid = try forecast("quorum", [:])
    #expect(unsaid.time > 0 && unsaid.notes.contains { $0.contains("an estimate") })
  }
}
