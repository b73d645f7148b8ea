// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The built program: statuses, streams, and where commands come from.
@Suite struct UsageTests {
  @Test func versionAndHelpGoToStandardOutput() throws {
    let version = try run(["--version"])
    #expect(version.status == 0)
    #expect(version.output.wholeMatch(of: /straggler \d+\.\d+\.\d+\n/) != nil)
    let help = try run(["--help"])
    #expect(help.status == 0 && help.errors.isEmpty)
    for option in [
      "-c COMMANDS", "--json", "--quiet", "--no-color", "--threads N", "--keep-going", "--simd LEVEL",
      "--shard K/N", "--mpi",
    ] {
      #expect(help.output.contains(option))
    }
    #expect(try run(["-h"]).output == help.output)
  }

  @Test(arguments: [["--bogus"], ["--threads", "x"], ["-c"], ["-c", "quit", "more"], ["--simd=sse9"]])
  func wrongUsageHasStatusTwo(_ arguments: [String]) throws {
    let result = try run(arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("straggler: "))
    #expect(result.errors.contains("usage: straggler"))
  }

  @Test func ranksNeedABuildOfTheirOwn() throws {
    let result = try run(["--mpi", "-c", "echo 1"])
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("--traits MPI,LineEditing"))
  }

  @Test func theSameCommandsFromEverySource() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("echo 'one'; echo 'two'\n".utf8).write(to: URL(fileURLWithPath: folder + "/a.straggler"))
    for result in [
      try run(["-c", "echo 'one'; echo 'two'"]), try run([], input: "echo 'one'\necho 'two'"),
      try run(["-"], input: "echo 'one'; echo 'two'\n"), try run(["a.straggler"], folder: folder),
    ] {
      #expect(result.status == 0)
      #expect(result.output == "one\ntwo\n")
      #expect(result.errors.isEmpty)
    }
  }

  @Test(arguments: ["", "\n\n", "# only a comment", "\u{FEFF}quit", "quit\r\n", "quit; echo 'no'"])
  func littleIsFine(_ text: String) throws {
    let result = try run([], input: text)
    #expect(result.status == 0)
    #expect(result.output.isEmpty && result.errors.isEmpty)
  }

  @Test func advisesOnARecordedFleet() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<30).map { "\($0 % 3 + 1),\(1 + $0 % 4)" }.joined(separator: "\n")
    try Data("worker,duration\n\(rows)\n".utf8).write(to: URL(fileURLWithPath: folder + "/durations.csv"))
    let commands =
      "problem quadratic dim=5; target epsilon=0.01; advise trace \"durations.csv\" samples=3 gradients=2000"
    let result = try run(["-c", commands], folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("durations.csv: 3 workers (by \"worker\"), 30 durations"))
    #expect(result.output.contains("\nUse ") && result.output.hasSuffix("\nrun gradnorm2<0.01\n"))
    // What it says to do can be done.
    let script = try #require(result.output.components(separatedBy: "To use it:\n").last)
    #expect(try run([], input: script, folder: folder).status == 0)
    let bad = try run(["-c", "advise trace \"none.csv\""], folder: folder)
    #expect(bad.status == 1 && bad.errors.contains("<command>:1:14: error: "))
  }

  @Test func errorsNameThePlace() throws {
    let command = try run(["-c", "echo 'a'; bogus"])
    #expect(command.status == 1)
    #expect(command.output == "a\n")
    #expect(command.errors.hasPrefix("<command>:1:11: error: "))
    // Lines are counted through the pieces in which standard input comes.
    let input = try run([], input: "echo 'a'\n\necho 'b'\nbogus\necho 'c'\n")
    #expect(input.status == 1)
    #expect(input.output == "a\nb\n")
    #expect(input.errors.hasPrefix("<stdin>:4:1: error: "))
  }

  /// Also where something on the same line had failed before.
  @Test func quitEndsTheScript() throws {
    for (input, status) in [
      ("bogus; quit\necho 'on'\n", 1), ("expect 0; quit\necho 'on'\n", 3), ("quit\necho 'on'", 0),
    ] {
      let result = try run(["--keep-going"], input: input)
      #expect(result.output.isEmpty)
      #expect(result.status == Int32(status))
    }
  }

  @Test func keepGoingCarriesOutTheRest() throws {
    let result = try run(["--keep-going"], input: "echo 'a'\nbogus\necho 'c'\n")
    #expect(result.status == 1)
    #expect(result.output == "a\nc\n")
  }

  @Test func aMissingFileAndAFolderAreErrors() throws {
    for path in ["/nonexistent/script.straggler", "/"] {
      let result = try run([path])
      #expect(result.status == 1)
      #expect(result.errors.hasPrefix("straggler: \(path)"))
      #expect(result.output.isEmpty)
    }
  }

  @Test func answersComeBeforeTheNextCommand() throws {
    let process = try PipedProcess([])
    process.send("echo 'first'\n")
    try process.expect("first\n")
    process.send("echo 'second' \\\n")
    process.send("'third'\n")
    try process.expect("second third\n")
    #expect(try process.finish().status == 0)
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let script = String(repeating: "echo 'line'\n", count: 20_000)
    let process = try PipedProcess(["-"])
    process.closeOutput()
    let result = try process.finish(input: Array(script.utf8))
    #expect(result.status == 1)
    #expect(result.errors.isEmpty)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func aFullDiskIsAnError() throws {
    let shell = "exec \"$0\" -c 'echo 1' > /dev/full"
    let result = try run(shell: shell)
    #expect(result.status == 1)
    #expect(result.errors == "straggler: standard output cannot be written: No space left on device\n")
  }

  @Test func aClosedStandardInputIsAnError() throws {
    let result = try run(shell: "exec \"$0\" - <&-")
    #expect(result.status == 1)
    #expect(result.errors == "straggler: standard input cannot be read: Bad file descriptor\n")
  }

  @Test func argumentsAreVariables() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/a.straggler"
    try Data("expect arg1 + 1 == 13; expect arg2 == -0.5; echo arg3".utf8).write(
      to: URL(fileURLWithPath: file))
    #expect(try run([file, "12", "-.5", "word"]).status == 0)
    #expect(try run([file, "11", "-.5", "word"]).status == 3)
  }

  @Test func aFailureOutweighsAnExpectation() throws {
    #expect(try run([], input: "expect 1 == 2").status == 3)
    #expect(try run(["--keep-going"], input: "expect 1 == 2\necho 'on'\n").status == 3)
    #expect(try run(["--keep-going"], input: "expect 1 == 2\nbogus\n").status == 1)
    #expect(try run(["--keep-going"], input: "bogus\nexpect 1 == 2\n").status == 1)
    #expect(try run(["--keep-going", "-c", "expect 1 == 2; bogus"]).status == 1)
    #expect(
      try run(["--keep-going", "-c", "for k in 1..2 { expect k == 1; bogus; expect 0 }; stats"]).status == 1)
    #expect(try run(["--keep-going", "-c", "for k in 1..2 { expect k == 1 }; seed 1"]).status == 3)
  }

  @Test func controlCEndsARunInAScript() throws {
    let process = try PipedProcess(["-"])
    process.send(
      "problem quadratic dim=10; workers 3 tau=i; method hero gamma=0.1; echo 'ready'\nrun time=1e15\n")
    try process.expect("ready\n")
    process.spawned.send(SIGINT)
    #expect(try process.finishWithoutClosing().status == 130)
  }

  @Test func controlCInAScriptThatWaitsEndsIt() throws {
    let process = try PipedProcess(["-"])
    process.send("echo 'ready'\n")
    try process.expect("ready\n")
    process.spawned.send(SIGINT)
    #expect(try process.finishWithoutClosing().status == 130)
  }
}

/// A new folder for the files of a test.
func temporaryFolder() throws -> String {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("straggler-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
  return path.path
}
