// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct SweepTests {
  static let small = """
    problem quadratic dim=8 noise=0.01; workers 4 tau=i delay=exponential(1); trace every=3
    method rennala gamma=0.5 batch=2; method asgd gamma=0.1; method rennala gamma=0.5 batch=2

    """

  /// Results without what only the configuration, and not the results, can tell.
  private func results(_ object: [String: Any], without names: [String] = []) -> [String: String] {
    let others = ["command", "best", "label", "wall", "events_per_second"] + names
    return object.filter { !others.contains($0.key) }.mapValues { "\($0)" }
  }

  @Test func reportsAnObjectAPointInTheOrderOfTheGrid() throws {
    let session = Session(
      Self.small + "sweep gamma in [0.2,auto] batch in 1..3 steps=300 gap<0.1 seeds=2", json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let objects = session.objects
    #expect(objects.map { $0["batch"] as? Int } == [1, 2, 3, 1, 2, 3])
    #expect(objects.prefix(3).allSatisfy { $0["gamma"] as? Double == 0.2 })
    #expect(objects.count { $0["best"] as? Bool == true } == 1)
    let keys =
      "command method time iteration assigned arrivals used discarded cancelled gradients loss gap gradnorm2 "
      + "accuracy delay_mean delay_max concurrency_max busy useful energy wall events_per_second memory "
      + "time_min time_max loss_min loss_max seeds gamma reached stopped"
    for object in objects {
      for key in keys.split(separator: " ") { #expect(object[String(key)] != nil, "\(key)") }
      #expect(object["command"] as? String == "sweep" && object["seeds"] as? Int == 2)
      #expect(object["wall"] is NSNull)
      let (low, high) = (object["time_min"] as? Double ?? .nan, object["time_max"] as? Double ?? .nan)
      let mean = object["time"] as? Double ?? .nan
      #expect(low <= mean && mean <= high && low < high)
    }
    let best = try #require(objects.first { $0["best"] as? Bool == true }?["time"] as? Double)
    let met = objects.filter { $0["reached"] as? Double == 1 }
    #expect(met.allSatisfy { $0["time"] as? Double ?? 0 >= best })
  }

  /// What is varied, and how the same is configured by hand.
  static let byHand: [(sweep: String, hand: [String], names: [String])] = [
    ("gamma in [0.1,0.3]", ["method rennala batch=2 gamma=0.1", "method rennala batch=2 gamma=0.3"], []),
    ("stops in [true,false]", ["method rennala batch=2 gamma=0.5 stops=1", "echo"], ["stops"]),
    (
      "noise in [0,0.1]", ["problem quadratic dim=8 noise=0", "problem quadratic dim=8 noise=0.1"], ["noise"]
    ),
    (
      "problem.dim in 3..4", ["problem quadratic noise=0.01 dim=3", "problem quadratic noise=0.01 dim=4"],
      ["problem.dim"]
    ),
    (
      "tau in [sqrt(i),2]",
      ["workers 4 tau=sqrt(i) delay=exponential(1)", "workers 4 tau=2 delay=exponential(1)"],
      ["tau"]
    ),
    (
      "delay in [0,lognormal(0,i)]", ["workers 4 tau=i delay=0", "workers 4 tau=i delay=lognormal(0,i)"],
      ["delay"]
    ),
    (
      "workers in [2,5]", ["workers 2 tau=i delay=exponential(1)", "workers 5 tau=i delay=exponential(1)"],
      ["workers"]
    ),
    ("a in [1,3]", ["echo", "workers 4 tau=i delay=exponential(3)"], ["a"]),
  ]

  @Test(arguments: byHand.indices)
  func variesWhatTheSameConfiguredByHandWouldBe(_ index: Int) {
    let (sweep, hand, names) = Self.byHand[index]
    let start = Self.small + (names == ["a"] ? "let a = 1; workers 4 tau=i delay=exponential(a)\n" : "")
    let swept = Session(start + "sweep \(sweep) steps=30 seeds=2", json: true)
    #expect(swept.outcome == .done, "\(swept.error)")
    #expect(swept.objects.count == 2)
    for (object, command) in zip(swept.objects, hand) {
      let compared = Session(start + command + "\ncompare rennala steps=30 seeds=2", json: true)
      #expect(compared.outcome == .done, "\(compared.error)")
      #expect(results(object, without: names) == results(compared.objects.last ?? [:]), "\(command)")
    }
    // What was configured is as it was.
    let after = Session(start + "sweep \(sweep) steps=30\nshow", json: true)
    #expect(
      after.objects.last?["commands"] as? [String] == Session(start + "show", json: true).objects.last?[
        "commands"] as? [String])
  }

  @Test func methodsAndTheirKeysVaryTogether() {
    let session = Session(
      Self.small + "sweep gamma in [0.05,0.2] method in [rennala,asgd] steps=20", json: true)
    #expect(session.outcome == .done, "\(session.error)")
    #expect(session.objects.map { $0["method"] as? String } == ["rennala", "asgd", "rennala", "asgd"])
    #expect(session.objects.map { $0["gamma"] as? Double } == [0.05, 0.05, 0.2, 0.2])
    let epsilon = Session(
      Self.small + "method rennala batch=auto\nsweep epsilon in [1e-2,1e-4] steps=3", json: true)
    #expect(epsilon.outcome == .done, "\(epsilon.error)")
    #expect(epsilon.objects.count == 2)
  }

  static let mistakes: [(arguments: String, message: String)] = [
    ("steps=3", "sweep needs to know what to vary"),
    ("gamma in [1]", "sweep needs to know when to stop"),
    ("gamma in [] steps=3", "the list for gamma is empty"),
    ("gama in [1] steps=3", "did you mean gamma?"),
    ("gamma in 3 steps=3", "a list is expected here"),
    ("gamma in", "a list is expected here"),
    ("gamma steps=3", "sweep does not take 'gamma'"),
    ("gamma in [1] gamma in [2] steps=3", "gamma is varied twice"),
    ("gamma in 1..1e9 steps=3", "more than 1000000 values"),
    ("gamma in 1..2000 batch in 1..2000 steps=3", "the grid has more than 1000000 points"),
    ("gamma in [0.1,-1] steps=3", "the value of gamma= is out of range"),
    ("batch in [1,x] steps=3", "'x'"),
    ("method in [rennala,hiro] steps=3", "did you mean hero?"),
    ("method in [rennala,asgd] batch in [1] steps=3", "nothing to vary that is called 'batch'"),
    ("z in [1] steps=3", "nothing in the configuration mentions the variable z"),
    ("gamma in [1] steps=3 prune=0.5", "prune= is 0.5"),
    ("gamma in [1] gap=3", "did you mean gap<3?"),
  ]

  @Test(arguments: mistakes)
  func mistakesAreToldInASentence(_ arguments: String, _ message: String) {
    let session = Session(Self.small + "let z = 1\nsweep " + arguments)
    #expect(session.outcome == .failed)
    #expect(session.error.contains(message), "\(session.error)")
  }

  @Test func whatAPointCannotBeIsToldWithThePoint() {
    let session = Session(Self.small + "method msync gamma=0.1\nsweep m in [2,9] steps=3")
    #expect(session.outcome == .done && session.error == "")
    #expect(session.transcript.text.contains("m=9: the value of m= is out of range"))
    #expect(Session("method rennala; sweep gamma in [1] steps=1").error.contains("there are no workers"))
    #expect(Session("workers 2; sweep gamma in [1] steps=1").error.contains("there is no method"))
  }

  @Test func theTableNamesTheBestAndItsValuesAreVariables() {
    let session = Session(
      Self.small + "sweep gamma in [0.01,0.5] batch in [2,7] time=60\necho best_gamma best_batch"
    ) {
      $0.width = 200
    }
    #expect(session.outcome == .done, "\(session.error)")
    let lines = session.transcript.text.split(separator: "\n")
    #expect(lines.count == 8 && lines[0].contains("batch"))
    #expect(lines[6].hasPrefix("best: gamma=0.5 batch=2 · time "))
    #expect(lines[7] == "0.5 2")
  }

  @Test func saveWritesTheTableAndPlotShowsTheBest() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "straggler-\(UUID().uuidString).csv"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let session = Session(
      Self.small + "sweep batch in 1..12 steps=20 seeds=3; plot y=gap; save \"\(path)\"", json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let series = try #require(session.objects.last?["series"] as? [[String: Any]])
    #expect(series.count == 8)
    let ranked = session.objects.dropLast().sorted {
      ($0["gap"] as? Double ?? 0) < ($1["gap"] as? Double ?? 0)
    }
    #expect(series.map { $0["name"] as? String } == ranked.prefix(8).map { "batch=\($0["batch"] ?? "")" })
    let points = try #require(series[0]["points"] as? [[Double]])
    #expect(points.contains { $0[2] < $0[1] && $0[1] < $0[3] })
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(
      rows.count == 13 && rows[0].hasPrefix("method,batch,time,iteration,") && rows[1].hasPrefix("rennala,1,")
    )
  }

  @Test func hopelessPointsAreGivenUpAndSaySo() throws {
    let arguments = "gamma in [0.01,0.4,0.5,90] steps=2000 gap<0.1 seeds=2"
    let full = Session(Self.small + "sweep \(arguments)", json: true)
    let pruned = Session(Self.small + "sweep \(arguments) prune=4", json: true) { $0.threads = 3 }
    #expect(pruned.outcome == .done, "\(pruned.error)")
    #expect(
      pruned.objects.map { $0["stopped"] as? String } == ["hopeless", "condition", "condition", "hopeless"])
    #expect(pruned.objects.map { $0["gamma"] as? Double } == [0.01, 0.4, 0.5, 90])
    #expect(pruned.objects[0]["time"] is NSNull && pruned.objects[3]["reached"] is NSNull)
    for index in [1, 2] {
      #expect(
        "\(pruned.objects[index].sorted { $0.key < $1.key })"
          == "\(full.objects[index].sorted { $0.key < $1.key })")
    }
  }

  @Test func nothingDependsOnTheNumberOfThreads() {
    let script = Self.small + "sweep gamma in [0.1,0.5] batch in 1..3 gap<0.1 steps=200 seeds=2; plot y=gap"
    let results = [1, 2, 7].map { threads in
      [true, false].map { json in Session(script, json: json) { $0.threads = threads }.transcript.text }
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test func aFileOfAnotherSweepIsRefused() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "straggler-\(UUID().uuidString).jsonl"
    )
    .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    func sweep(_ before: String, _ arguments: String) -> Session {
      Session(Self.small + before + "\nsweep \(arguments) resume=\"\(path)\"", json: true)
    }
    let first = sweep("let a=0.5", "gamma in [a,0.1] steps=20")
    #expect(first.outcome == .done, "\(first.error)")
    // The same in other words.
    let again = sweep("let b=1", "gamma in [b/2,0.1] steps=20")
    #expect(again.transcript.text == first.transcript.text)
    for (before, arguments) in [
      ("seed 2", "gamma in [0.5,0.1] steps=20"), ("", "gamma in [0.5,0.1] steps=21"),
      ("", "gamma in [0.1,0.5] steps=20"), ("", "gamma in [0.5,0.1] steps=20 seeds=2"),
      ("workers 4 tau=2*i", "gamma in [0.5,0.1] steps=20"), ("trace every=2", "gamma in [0.5,0.1] steps=20"),
      ("method rennala batch=3", "gamma in [0.5,0.1] steps=20"), ("", "gamma in [0.5,0.1] steps=20 prune=2"),
      ("", "gamma in [0.5,0.1] steps=20 gap<0.1"), ("target epsilon=0.1", "gamma in [0.5,0.1] steps=20"),
    ] {
      let other = sweep(before, arguments)
      #expect(
        other.outcome == .failed && other.error.contains("another configuration"), "\(before) \(arguments)")
    }
  }

  @Test func anInterruptionKeepsWhatWasReached() {
    nonisolated(unsafe) var patience = 150
    let session = Session(
      Self.small + "sweep gamma in [0.5,0.4,0.3,0.2] steps=200; echo no", json: true,
      world: World(interrupted: {
        patience -= 1
        return patience < 0
      }))
    #expect(session.outcome == .interrupted)
    #expect((1...3).contains(session.objects.count))
    patience = 1_000_000
    #expect(session.interpreter.execute(SourceText(name: "<command>", "plot y=gap")) == .done)
  }
}
