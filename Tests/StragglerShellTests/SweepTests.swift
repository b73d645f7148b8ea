// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Sweeps of the built program: killed, resumed, interrupted, and cut into shards.
@Suite struct SweepTests {
  private static let script = """
    problem quadratic dim=30 noise=0.01; workers 6 tau=i delay=exponential(1); method rennala batch=3
    sweep gamma in [0.5,0.4,0.3,0.2,0.1,0.05] batch in 1..4 gradnorm2<1e-4 steps=400 seeds=2
    """

  private func script(_ resume: String, then rest: String = "") -> [String] {
    ["--json", "-c", Self.script + " resume=\"\(resume)\"; plot y=gap" + rest]
  }

  /// The reports of commands that have some.
  private func reports(_ result: RunResult) -> [Substring] {
    result.output.split(separator: "\n").filter { !$0.hasPrefix("{\"ok\"") }
  }

  private func plain() throws -> RunResult { try run(["--json", "-c", Self.script + "; plot y=gap"]) }

  private func lines(_ data: Data?) -> Int {
    data.map { $0.split(separator: UInt8(ascii: "\n")).count } ?? 0
  }

  private func lines(_ path: String) -> Int { lines(FileManager.default.contents(atPath: path)) }

  /// The images of the current folder are data of the sweep, though no path names them.
  @Test func imagesOfTheFolderCount() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    func write(_ name: String, shift: Int) throws {
      let bytes = (0..<2 * 3073).map { UInt8(truncatingIfNeeded: $0 % 3073 == 0 ? $0 % 10 : $0 * 7 + shift) }
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }
    for (index, name) in names.enumerated() { try write(name, shift: index) }
    let sweep = [
      "-c",
      "problem logistic data=cifar; workers 2; method asgd gamma=1e-3; "
        + "sweep gamma in [1e-3,1e-4] updates=2 resume=j",
    ]
    for _ in 1...2 { try #require(run(sweep, folder: folder).status == 0) }
    try write(names[2], shift: 9)
    let result = try run(sweep, folder: folder)
    #expect(result.status != 0 && result.errors.contains("another configuration"), "\(result.errors)")
  }

  @Test(arguments: [1, 2])
  func aKilledSweepGoesOnAndGivesTheSameBytes(threads: Int) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/points.jsonl"
    let watch = FolderWatch(folder)
    let plain = try plain()
    #expect(plain.status == 0, "\(plain.errors)")
    for count in [1, 7] {
      let process = try PipedProcess(["--threads", "\(threads)"] + script(file))
      try watch.wait(for: "points.jsonl") { lines($0) >= count }
      process.spawned.send(SIGKILL)
      let killed = try process.finish()
      #expect(killed.status == -SIGKILL && reports(killed).isEmpty)
    }
    // As if it had been killed within a line.
    let bytes = try #require(FileManager.default.contents(atPath: file))
    try bytes.dropLast(9).write(to: URL(fileURLWithPath: file))
    #expect(lines(file) < 24)
    for _ in 0..<2 {
      let resumed = try run(script(file))
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.output == plain.output)
    }
  }

  @Test func shardsPutTogetherAreTheWhole() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var points = 0
    for shard in 1...8 {
      let part = try run(["--shard", "\(shard)/8"] + script("\(folder)/\(shard).jsonl"))
      #expect(part.status == 0, "\(part.errors)")
      points += reports(part).count - 1
    }
    #expect(points == 24)
    let joined = try run(shell: "cat \(folder)/?.jsonl > \(folder)/all")
    #expect(joined.status == 0)
    let size = FileManager.default.contents(atPath: folder + "/all")?.count
    #expect(try run(script(folder + "/all")).output == plain().output)
    // Nothing was left to do.
    #expect(FileManager.default.contents(atPath: folder + "/all")?.count == size)
  }

  /// Of two processes with one journal the second says which process has it.
  @Test func oneProcessAtATimeHasAJournal() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/points.jsonl"
    let watch = FolderWatch(folder)
    let arguments = ["--threads", "1", "-c", Self.endless + " resume=\"\(file)\""]
    let first = try PipedProcess(arguments)
    try watch.wait(for: "points.jsonl") { lines($0) >= 1 }
    let second = try run(arguments)
    #expect(second.status == 1)
    #expect(second.errors.contains("points.jsonl: is in use by process \(first.spawned.identifier);"))
    first.spawned.send(SIGKILL)
    _ = try first.finish()
    // The lock went with the process.
    let third = try PipedProcess(arguments)
    let before = lines(file)
    try watch.wait(for: "points.jsonl") { lines($0) > before }
    third.spawned.send(SIGKILL)
    _ = try third.finish()
  }

  @Test func anotherFileIsRefused() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("my notes\n".utf8).write(to: URL(fileURLWithPath: folder + "/notes"))
    let result = try run(script(folder + "/notes"))
    #expect(result.status == 1)
    #expect(result.errors.contains("notes: holds no points of a sweep"))
    #expect(FileManager.default.contents(atPath: folder + "/notes") == Data("my notes\n".utf8))
  }

  private static let endless = """
    problem quadratic dim=1000; workers 50 tau=i; method rennala batch=3
    sweep gamma in 0.0001..1 by 0.0001 steps=2000
    """.replacing("\n", with: "; ")

  @Test func controlCKeepsWhatWasReachedAndTheBarShowsTheTimeLeft() throws {
    let terminal = try Terminal()
    try terminal.expect(PromptTests.prompt)
    terminal.type(Self.endless + "\n")
    // Of the bar, and not of the line that was typed.
    try terminal.expect("/10000, ")
    try terminal.expect(" left")
    terminal.type(.controlC)
    try terminal.expect("best: gamma=")
    try terminal.expect(PromptTests.prompt)
    terminal.type("echo best_gamma*0+7\n")
    try terminal.expect("\n7\n")
    terminal.type(.controlD)
    #expect(try terminal.finish().status == 0)
  }

  @Test func controlCInAScriptSaysSoInItsStatus() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/points.jsonl"
    let watch = FolderWatch(folder)
    let process = try PipedProcess(["--json", "-c", Self.endless + " resume=\"\(file)\""])
    try watch.wait(for: "points.jsonl") { lines($0) >= 3 }
    process.spawned.send(SIGINT)
    let result = try process.finish()
    #expect(result.status == 130 && result.errors.isEmpty)
    let finished = reports(result).count
    #expect(finished >= 3 && finished == lines(file))
  }
}
