// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

/// Own methods that ask for more than there is room for: nothing is dropped without a word.
@Suite struct CatalogueTests {
  /// Where all constants are known and nothing is configured, theory gives γ to those methods that say so,
  /// and to no other.
  @Test(arguments: Catalogue().methods.map(\.name)) func gammaComesFromWhereItsKeySays(_ name: String) throws
  {
    let entry = try #require(Catalogue().method(name))
    let key = try #require(entry.keys.first { $0.name == "gamma" })
    // What else has to be given.
    let settings: Settings = name == "cycle" ? ["group": 2] : [:]
    func start(samples: Int?) throws {
      var problem = Quadratic<Double>(dimension: 4)
      problem.samples = samples
      var experiment = Experiment(
        problem: ProblemChoice(problem), workers: (1...4).map { Worker(tau: Double($0)) },
        method: try entry.choose(settings), epsilon: 0.1)
      experiment.assumed.variance = 1
      if entry.needsNetwork {
        experiment.topology = try Topology(.grid(rows: 2), nodes: 4) { _, _ in LinkTime(seconds: 1) }
      }
      _ = try experiment.start()
    }
    let starts = (try? start(samples: nil)) != nil || (try? start(samples: 8)) != nil
    #expect(starts == (key.standard == "from the theorem"), "gamma= is \(key.standard)")
  }

  @Test func aKeyTooManyIsAnError() throws {
    var catalogue = Catalogue()
    catalogue.add(Crowded<23>.self)
    let entry = try #require(catalogue.method("crowded"))
    // With `force` there are as many as there may be.
    #expect(entry.keys.count == Keys.limit)
    _ = try entry.choose()
    catalogue.add(Crowded<24>.self)
    let error = #expect(throws: LabError.self) { try catalogue.method("crowded")?.choose() }
    #expect(error?.message == "a method or problem with more than 24 keys")
  }

  @Test func whatAPredictionHasNoRoomForIsAnError() throws {
    for (parameters, lists, remarks, sentence) in [
      (12, 4, 4, nil), (13, 0, 0, "a prediction of more than 12 parameters"),
      (0, 5, 0, "a prediction of more than 4 lists"), (0, 0, 5, "a method with more than 4 remarks"),
    ] {
      var method = Crowded<1>()
      (method.parameters, method.lists, method.remarks) = (parameters, lists, remarks)
      let experiment = Experiment(
        Quadratic<Double>(dimension: 2), workers: [Worker(tau: 1)], method: method)
      let situation = try experiment.situation()
      guard let sentence else {
        let forecast = try experiment.method.forecast(situation)
        #expect(forecast.parameters.count == parameters && forecast.lists.count == lists)
        #expect(forecast.notes.filter { $0 == "remark" }.count == remarks)
        continue
      }
      let error = #expect(throws: LabError.self) { try experiment.method.forecast(situation) }
      #expect(error?.message == sentence)
      if remarks > 0 { #expect(throws: LabError.self) { _ = try experiment.start() } }
    }
  }
}

private struct Crowded<let keyCount: Int>: Method {
  static var name: StaticText { "crowded" }
  static var summary: StaticText { "says a lot" }
  var gamma: Parameter<Double> { 1 }
  var (parameters, lists, remarks) = (0, 0, 0)
  private var value = 1.0

  init() {}

  mutating func keys(_ keys: inout Keys) throws(SetupError) {
    for _ in 0..<keyCount {
      try keys.number("key", &value, atLeast: 0, "a key", standard: "1", expected: "a number")
    }
  }

  mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    for _ in 0..<remarks { try setup.remark("remark") }
  }

  func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .derived)
    let list = try setup.table(of: Double.self)
    for _ in 0..<parameters { try prediction.add("parameter", 1) }
    for _ in 0..<lists { try prediction.add("list", list) }
    return prediction
  }

  mutating func begin(_ server: inout Server) {}
  mutating func receive(_ arrival: Arrival, _ server: inout Server) {}
}
