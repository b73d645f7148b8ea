// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Signals that end the program, and limits that the system sets: files are whole, and the status says what
/// it was.
@Suite struct SignalTests {
  private static let script =
    "problem quadratic dim=5 noise=1; workers 3 tau=i; method asgd gamma=0.01; log l.csv; run steps=100; "
    + "save s.csv; run time=1e15"

  @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130)] as [(Int32, Int32)])
  func filesAreWholeAtTheEnd(_ signal: Int32, _ status: Int32) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let watch = FolderWatch(folder)
    let process = try PipedProcess(["-c", Self.script], folder: folder)
    try watch.wait(for: "s.csv") { $0 != nil }
    // The last run is under way: the log of the first is shorter.
    try watch.wait(for: "l.csv") { $0.map { $0.count >= 100_000 } ?? false }
    process.spawned.send(signal)
    let result = try process.finish()
    #expect(result.status == status && result.errors.isEmpty, "\(result)")
    #expect(result.output.contains("stopped: interrupted"))
    let lines = try String(contentsOfFile: folder + "/l.csv", encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let commas = lines[0].count { $0 == "," }
    #expect(lines.last == "" && lines.dropLast().allSatisfy { $0.count { $0 == "," } == commas })
    #expect(lines.count > 300)
  }

  @Test(arguments: [SIGTERM, SIGHUP]) func aPromptLeavesToo(_ signal: Int32) throws {
    for name in PromptTests.terminals {
      let terminal = try Terminal(environment: ["TERM": name])
      try terminal.expect(PromptTests.prompt)
      terminal.type("echo typ")
      terminal.spawned.send(signal)
      #expect(try terminal.finish().status == 128 + signal)
    }
  }

  @Test func aPipeWithoutReaderIsAnError() throws {
    let process = try PipedProcess(["-c", "for k in 1..1e6 { echo k }"])
    process.closeOutput()
    #expect(try process.finish().status == 1)
  }

  /// Beyond the largest size of a file the system sends SIGXFSZ.
  @Test(arguments: [
    "log l.csv; run steps=1e5", "trace every=1; run steps=1e4; save s.csv", "run steps=9; checkpoint c",
    "trace every=1; run steps=1e4; report r.html; plot p.svg; save s.json",
  ])
  func aFileThatBecomesTooLargeIsAnError(_ rest: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script = "problem quadratic dim=9999 noise=1; workers 3 tau=i; method asgd gamma=0.01; " + rest
    let result = try run(shell: "cd \(folder) && ulimit -f 4 && exec \"$0\" -c '\(script)'")
    #expect(result.status == 1 && result.errors.contains("File too large"), "\(result)")
    #expect(result.errors.contains("ulimit -f"))
    // Neither a part of a file nor what it was to be made of.
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "l.csv" }
    #expect(left.isEmpty, "\(left)")
  }

  /// What a killed process has left goes with the next file; what a living one is writing stays.
  @Test func abandonedFilesAreRemoved() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Of processes that are gone, and one with this number.
    let abandoned = ["1-0", "999999999-3", "\(getpid())-0"].map { "\(folder)/.straggler-\($0).tmp" }
    let others = [".straggler-x-1.tmp", ".straggler-1-2.tmp.bak", "straggler-1-2.tmp", ".straggler-1.tmp"]
    for path in abandoned + others.map({ "\(folder)/\($0)" }) {
      try Data("x".utf8).write(to: URL(fileURLWithPath: path))
    }
    let live = folder + "/.straggler-5-5.tmp"
    try Data().write(to: URL(fileURLWithPath: live))
    let descriptor = open(live, O_WRONLY)
    #expect(flock(descriptor, LOCK_EX) == 0)
    defer { close(descriptor) }
    symlink(folder + "/straggler-1-2.tmp", folder + "/.straggler-7-7.tmp")
    mkfifo(folder + "/.straggler-8-8.tmp", 0o600)
    let script = "workers 1; method hero gamma=1; step; save \(folder)/s.csv"
    #expect(try run(["-c", script]).status == 0)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(
      Set(left) == Set(others + [".straggler-5-5.tmp", ".straggler-7-7.tmp", ".straggler-8-8.tmp", "s.csv"]),
      "\(left)")
  }

  /// In the middle of writing large files, again and again.
  @Test func aKilledProcessLeavesNoHalfFile() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script =
      "problem quadratic dim=3; workers 1; method hero gamma=0.1; trace every=1; run steps=3000; for k in "
      + "1..1e9 { save \(folder)/s.csv }"
    for round in 0..<6 {
      let watch = FolderWatch(folder)
      let process = try PipedProcess(["-c", script])
      try watch.wait(for: "s.csv") { $0 != nil }
      usleep(UInt32(3_000 + 2_700 * round))
      process.spawned.send(SIGKILL)
      #expect(try process.finish().status == -SIGKILL)
      let text = try String(contentsOfFile: folder + "/s.csv", encoding: .utf8)
      #expect(text.split(separator: "\n").count == 3_002 && text.hasSuffix("\n"))
    }
    #expect(try run(["-c", "workers 1; method hero gamma=1; step; save \(folder)/s.csv"]).status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["s.csv"])
  }

  /// A name with escapes, on a terminal and in a file.
  @Test func namesPlayNoTricksOnATerminal() throws {
    let name = "\u{1B}]0;owned\u{7}\u{1B}[2J\u{9B}8m"
    let terminal = try Terminal(environment: ["TERM": "dumb"])
    try terminal.expect(PromptTests.prompt)
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "echo '\(name)'; source '\(name)'; problem logistic data='\(name)'".write(
      toFile: folder + "/s", atomically: true, encoding: .utf8)
    terminal.type("source \(folder)/s\n")
    let screen = try terminal.expect(PromptTests.prompt)
    #expect(screen.contains("owned"))
    #expect(!screen.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\u{9B}" })
    terminal.type(.controlD)
    #expect(try terminal.finish().status == 0)
    let result = try run(["--keep-going", folder + "/s", name])
    #expect(result.errors.contains("owned") && !result.errors.unicodeScalars.contains("\u{1B}"))
    #expect(!(try run([name]).errors.unicodeScalars.contains("\u{1B}")))
    #expect(!(try run(["--\(name)"]).errors.unicodeScalars.contains("\u{1B}")))
  }
}
