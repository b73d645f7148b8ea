// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `--serve`: the language over a pipe, for a program that waits for every answer.
@Suite struct ServingTests {
  @Test func everyCommandIsAnsweredAndErrorsEndNothing() throws {
    let process = try PipedProcess(["--serve"])
    let exchange = [
      ("echo 1+1", "{\"command\":\"echo\",\"text\":\"2\"}\n{\"ok\":true,\"command\":\"echo\"}\n"),
      ("method renala", "\"remedy\":\"did you mean rennala?\""), ("let x = 3", "\"command\":\"let\"}\n"),
      ("for i in 1..2 {\n  echo x+i\n}", "\"text\":\"5\"}\n{\"ok\":true,\"command\":\"for\"}\n"),
      ("expect x == 4", "\"outcome\":\"unmet\"}}\n"), ("# nothing\n\necho 'end'", "\"text\":\"end\"}\n"),
    ]
    for (command, answer) in exchange {
      process.send(command + "\n")
      try process.expect(answer)
    }
    process.send("quit\necho 'never'\n")
    let result = try process.finishWithoutClosing()
    #expect(result.status == 0 && !result.output.contains("never"))
    #expect(result.output.hasSuffix("{\"ok\":true,\"command\":\"quit\"}\n"))
  }

  @Test func aSignalEndsTheCommandAndNotTheService() throws {
    let process = try PipedProcess(["--serve", "-"])
    process.send("workers 5; method asgd gamma=1e-9; trace every=1000\n")
    try process.expect("\"command\":\"trace\"}")
    process.send("echo 'begin'; run updates=1e12\n")
    try process.expect("begin")
    // Also one that comes while it waits.
    process.spawned.send(SIGINT)
    try process.expect("\"outcome\":\"interrupted\"}}\n")
    process.spawned.send(SIGINT)
    process.send("stats\n")
    try process.expect("\"command\":\"stats\"}\n")
    let result = try process.finish()
    #expect(result.status == 0)
  }

  @Test func otherCommandsAreRefused() throws {
    for arguments in [["--serve", "-c", "echo 1"], ["--serve", "file.straggler"]] {
      let result = try run(arguments)
      #expect(result.status == 2 && result.errors.contains("--serve answers the commands of standard input"))
    }
  }

  @Test func theManualIsMadeOfTheTable() throws {
    let manual = try run(["--man"]).output
    #expect(manual.hasPrefix(".TH STRAGGLER 1"))
    for part in [".SS compare", ".B \\-\\-threads N", ".SH \"EXIT STATUS\"", ".SS quit"] {
      #expect(manual.contains(part), "\(part)")
    }
    // A line that begins with a point is a command of roff: these are the ones there are.
    let commands = Set(
      manual.split(separator: "\n").filter { $0.hasPrefix(".") }.map { $0.prefix { $0 != " " } })
    #expect(commands == [".TH", ".SH", ".SS", ".B", ".PP", ".TP", ".nf", ".fi"])
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func shellsCompleteEveryOption(_ shell: String) throws {
    let script = try run(["--completions", shell]).output
    for option in ["serve", "threads", "simd", "completions", "keep-going"] {
      #expect(script.contains(option))
    }
    #expect(script.contains("avx512"))
    #expect(try run(["--completions", "csh"]).errors.contains("bash, zsh or fish"))
  }
}
