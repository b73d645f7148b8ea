// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

@testable import StragglerLab

@Suite struct SweepJournalTests {
  private let path = FileManager.default.temporaryDirectory.appendingPathComponent(
    "straggler-\(UUID().uuidString).jsonl"
  ).path

  private func content() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
  private func write(_ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func sweep() throws -> Sweep {
    var sweep = try SweepTests.sweep(until: SweepTests.met, seeds: 2, threads: 2)
    sweep.keptTraces = 2
    return sweep
  }

  @Test func whatIsReadBackIsTheSameInEveryBit() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plain = SweepTests.fingerprint(try sweep().run())
    let first = try sweep().run(journal: try SweepJournal(path, configuration: "a"))
    #expect(SweepTests.fingerprint(first) == plain)
    let journal = try SweepJournal(path, configuration: "a")
    #expect(journal.count == SweepTests.stepsizes.count)
    // All is known: were a point run, it would fail for want of workers.
    var known = try sweep()
    for index in known.points.indices { known.points[index].experiment.workers = [] }
    #expect(SweepTests.fingerprint(try known.run(journal: journal)) == plain)
  }

  /// Points had eight numbers once, then nine: what they did not keep is not known, and nothing is made up.
  @Test(arguments: [8, 9, 18]) func pointsOfOlderJournalsAreRead(_ count: Int) throws {
    let run = try #require(try sweep().run().first { !$0.row.runs[0].trace.isEmpty }?.row.runs[0])
    guard case .object(var members) = run.json else { return }
    for (index, member) in members.enumerated() where member.key == "trace" {
      guard case .array(let points) = member.value else { continue }
      let shorter = points.map { point -> JSONValue in
        if case .array(let numbers) = point { .array(Array(numbers.prefix(count))) } else { point }
      }
      members[index] = .init("trace", .array(shorter))
    }
    let read = try #require(Comparison.FinishedRun(.object(members), method: "rennala"))
    #expect(read.trace.count == run.trace.count)
    for (old, new) in zip(read.trace, run.trace) {
      #expect(old.time == new.time && old.gap == new.gap && old.used == new.used)
      if count == 18 {
        #expect(old.coordinates == new.coordinates && old.energy == new.energy)
      } else {
        #expect(old.coordinates == nil && old.energy.isNaN && old[.messages].isNaN)
      }
    }
  }

  @Test func whateverWasTornTheRestIsRunAgain() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plain = SweepTests.fingerprint(try sweep().run())
    _ = try sweep().run(journal: try SweepJournal(path, configuration: "a"))
    let whole = try content()
    var stream = RandomStream(seed: 7, purpose: .data)
    for _ in 0..<6 {
      try write(String(whole.prefix(stream.integer(below: whole.count + 1))))
      let outcomes = try sweep().run(journal: try SweepJournal(path, configuration: "a"))
      #expect(SweepTests.fingerprint(outcomes) == plain)
    }
  }

  @Test func filesOfShardsMakeOne() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plain = SweepTests.fingerprint(try sweep().run())
    var all = ""
    for index in 0..<3 {
      var part = try sweep()
      part.shard = Sweep.Shard(index: index, count: 3)
      _ = try part.run(journal: try SweepJournal(path, configuration: "a"))
      // One was killed within a line.
      all += index == 1 ? String(try content().dropLast(20)) : try content()
      try FileManager.default.removeItem(atPath: path)
    }
    try write(all)
    let journal = try SweepJournal(path, configuration: "a")
    // The torn line, and the first of the file behind it.
    #expect(journal.count == SweepTests.stepsizes.count - 2)
    #expect(SweepTests.fingerprint(try sweep().run(journal: journal)) == plain)
  }

  @Test func pointsThatWereGivenUpStayGivenUp() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var patient = try sweep()
    patient.patience = 1
    let plain = SweepTests.fingerprint(try patient.run())
    _ = try patient.run(journal: try SweepJournal(path, configuration: "a"))
    #expect(try content().contains("\"hopeless\":true"))
    let journal = try SweepJournal(path, configuration: "a")
    #expect(SweepTests.fingerprint(try patient.run(journal: journal)) == plain)
  }

  @Test func anotherConfigurationIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try sweep().run(journal: try SweepJournal(path, configuration: "a"))
    let before = try content()
    let error = #expect(throws: LabError.self) { try SweepJournal(path, configuration: "b") }
    #expect(error?.message.contains("another configuration") == true)
    #expect(try content() == before)
  }

  @Test(arguments: ["method,seed\nasgd,1\n", "no newline", "[]\n", "{\"point\":1}\n{}\n"])
  func anotherFileIsRefusedAndLeftAlone(text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(text)
    let error = #expect(throws: LabError.self) { try SweepJournal(path, configuration: "a") }
    #expect(error?.message.contains("holds no points of a sweep") == true)
    #expect(try content() == text)
  }

  @Test func foldersAndPlacesThatCannotBeWrittenAreErrors() throws {
    for path in ["/", "/nonexistent/a.jsonl", "/dev/null"] {
      #expect(throws: LabError.self) { try SweepJournal(path, configuration: "a") }
    }
  }

  /// Whichever bit is flipped: what the journal still tells is what it told, or it is refused.
  @Test func damageIsNoResult() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var small = try sweep()
    small.points = Array(small.points.prefix(2))
    small.keptTraces = 0
    _ = try small.run(journal: try SweepJournal(path, configuration: "a"))
    let whole = Array(try content().utf8)
    func told() throws(LabError) -> [[String]?] {
      let journal = try SweepJournal(path, configuration: "a")
      return (0..<4).map { index in
        guard case .finished(let trials)? = journal.entry(of: index, seeds: [0, 1], method: "rennala") else {
          return nil
        }
        return trials.map { "\($0.gamma) \($0.run.json.line)" }
      }
    }
    let all = try told()
    #expect(all.compactMap(\.self).count == 2)
    var refused = 0
    for place in whole.indices {
      var damaged = whole
      damaged[place] ^= 1 << UInt8(place % 8)
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      guard let rest = try? told() else {
        refused += 1
        continue
      }
      for (index, entry) in rest.enumerated() where entry != nil {
        #expect(entry == all[index], "byte \(place)")
      }
    }
    #expect(refused < 9)
  }

  /// Lines of before had no check sum.
  @Test func anOldJournalIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write("{\"sweep\":\"0123456789abcdef\",\"point\":0,\"hopeless\":true}\n")
    let error = #expect(throws: LabError.self) { try SweepJournal(path, configuration: "a") }
    #expect(error?.message.contains("earlier version") == true)
  }
}
