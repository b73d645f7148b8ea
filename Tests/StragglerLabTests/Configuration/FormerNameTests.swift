// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// Names that keys had before are accepted in place of those that they have, mean the same, and are shown
/// nowhere.
@Suite struct FormerNameTests {
  /// The keys of methods and problems that had another name, as `OWNER NAME FORMER`.
  private static let renamed: [(owner: String, key: Key, former: String)] = {
    let catalogue = Catalogue()
    let all = catalogue.methods.map { ($0.name, $0.keys) } + catalogue.problems.map { ($0.name, $0.keys) }
    return all.flatMap { owner, keys in
      keys.compactMap { key in key.former.map { (owner, key, $0) } }
    }
  }()

  @Test func theseKeysHadAnotherName() {
    #expect(
      Self.renamed.map { "\($0.owner) \($0.key.name) \($0.former)" } == [
        "ringmaster threshold R", "malenia batch S", "vecna updates K", "async-local threshold R",
        "async-batch threshold R", "ata allocation rule",
        "shadowheart K k", "qsgd K k",
      ])
    // No name means two keys of one owner.
    for (owner, key, former) in Self.renamed {
      let keys = Catalogue().method(owner)?.keys ?? Catalogue().problem(owner)?.keys ?? []
      #expect(keys.filter { [$0.name, $0.former].contains(former) }.map(\.name) == [key.name], "\(owner)")
    }
  }

  /// A value that is not the standard one.
  private static func value(of key: Key) -> SettingValue {
    key.kind == .word ? .word(key.words[key.words.count - 1]) : .number(3)
  }

  private static func experiment(_ method: MethodEntry, _ settings: Settings) throws -> Experiment {
    var settings = settings
    settings["gamma"] = 0.1
    if method.name == "shadowheart" { settings["ratio"] = 1 }
    return Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 8, noise: 0.01)),
      workers: (1...4).map { Worker(tau: Double($0), delay: .exponential(rate: 1), upload: 0.1) },
      method: try method.choose(settings), epsilon: 1e-2)
  }

  @Test func bothNamesGiveTheSameBits() throws {
    for (owner, key, former) in Self.renamed {
      let method = try #require(Catalogue().method(owner))
      let value = Self.value(of: key)
      let runs = try [[key.name: value], [former: value]].map { settings in
        let run = try Self.experiment(method, settings).start()
        run.run(until: Stop(updates: 40))
        return run
      }
      let (now, before) = (runs[0].statistics.point, runs[1].statistics.point)
      #expect(runs[0].model.map(\.bitPattern) == runs[1].model.map(\.bitPattern), "\(owner) \(former)")
      #expect(now.time == before.time && now.arrivals == before.arrivals, "\(owner) \(former)")
      let situation = try Self.experiment(method, [:]).situation()
      let forecasts = try [[key.name: value], [former: value]].map {
        try method.choose($0).forecast(situation)
      }
      #expect(forecasts[0].time.bitPattern == forecasts[1].time.bitPattern, "\(owner) \(former)")
    }
  }

  @Test func errorsNameTheKeyThatWasWritten() throws {
    for (owner, key, former) in Self.renamed {
      let method = try #require(Catalogue().method(owner))
      for name in [key.name, former] {
        let wrong: SettingValue = key.kind == .word ? .word("nothing") : .number(-1)
        let error = #expect(throws: LabError.self) { try method.choose([name: wrong]) }
        #expect(error?.key == name && error?.message == "the value of \(name)= is out of range", "\(owner)")
        #expect(error?.remedy?.hasPrefix("\(name)= takes ") == true, "\(owner)")
      }
      let error = #expect(throws: LabError.self) {
        try method.choose([key.name: Self.value(of: key), former: Self.value(of: key)])
      }
      #expect(error?.key == former, "\(owner)")
      #expect(error?.message.contains("\(former)= is \(key.name)= under its former name") == true, "\(owner)")
    }
  }

  /// What is found out only when the run is set up is blamed on the same name.
  @Test func soDoErrorsOfTheSetUp() throws {
    for name in ["K", "k"] {
      let qsgd = try #require(Catalogue().method("qsgd"))
      let error = #expect(throws: LabError.self) { try Self.experiment(qsgd, [name: 9]).start() }
      #expect(error?.key == name && error?.message == "the value of \(name)= is out of range")
      let situation = try Self.experiment(qsgd, [:]).situation()
      let other = #expect(throws: LabError.self) { try qsgd.choose([name: 9]).forecast(situation) }
      #expect(other?.key == name)
    }
  }

  /// The glossary has a row for each.
  @Test func theGlossaryHasThem() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Docs/Glossary.md")
    let rows = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n")
    for (owner, key, former) in Self.renamed {
      let row = rows.first { $0.hasPrefix("| `\(key.name)` ") && $0.contains("`\(former)`") }
      #expect(row?.contains("`\(owner)`") == true, "\(owner) \(key.name) \(former)")
    }
    #expect(rows.contains { $0.hasPrefix("| `updates` ") && $0.contains("`steps`") })
  }
}
