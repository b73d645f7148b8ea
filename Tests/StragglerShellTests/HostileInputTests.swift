// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Scripts that are long, deep, endless or not what they seem: no crash, no hanging, and a sentence.
@Suite struct HostileInputTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func interrupt(_ script: String) throws -> RunResult {
    let process = try PipedProcess(["-c", script])
    try process.expect("ready\n")
    process.spawned.send(SIGINT)
    return try process.finish()
  }

  @Test func controlCEndsAScriptOfShortStatements() throws {
    try inFolder { folder in
      let file = folder + "/many.straggler"
      let text = "echo 'ready'\n" + String(repeating: "let x = 1\n", count: 1_000_000) + "echo 'done'\n"
      try text.write(toFile: file, atomically: false, encoding: .utf8)
      let result = try interrupt("source \"\(file)\"")
      #expect(result.status == 130 && result.output == "ready\n", "\(result.errors)")
    }
  }

  @Test(arguments: ["theory minibatch", "compare minibatch asgd tune steps=1e9"])
  func controlCEndsLongCommands(_ command: String) throws {
    let result = try interrupt("workers 200000 tau=sqrt(i) delay=lognormal(0,2); echo 'ready'; \(command)")
    #expect(result.status == 130 && !result.output.contains("theory") && result.errors.isEmpty)
  }

  @Test func aFileThatSourcesItselfByAnotherNameIsRefused() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
      let file = folder + "/a.straggler"
      for other in ["./a.straggler", "sub/../a.straggler", "sub/link"] {
        try "echo 'once'\nsource \(other)\n".write(toFile: file, atomically: true, encoding: .utf8)
        try? FileManager.default.createSymbolicLink(
          atPath: folder + "/sub/link", withDestinationPath: "../a.straggler")
        let result = try run(["a.straggler"], folder: folder)
        #expect(result.status == 1 && result.output == "once\n")
        #expect(result.errors.contains("\(other) would run itself"), "\(result.errors)")
      }
    }
  }

  /// Each line of a block is read a fixed number of times.
  @Test func aLongBlockComesThroughAPipe() throws {
    let block = "for k in 1..2 {\n" + String(repeating: "let x = k\n", count: 20_000) + "}\necho x\n"
    #expect(try run([], input: block).output == "2\n")
    let inner = "for k in 1..2 {\n if k > 1 {\n let x = 7 \\\n + k\n }\n}\necho x\n"
    #expect(try run([], input: inner).output == "9\n")
  }

  @Test func textThatIsNoScriptIsRefused() throws {
    let deep = String(repeating: "for k in 1..1 {", count: 100_000)
    let brackets = "let x = " + String(repeating: "(", count: 100_000)
    let scripts: [([UInt8], String)] = [
      (Array("\u{FEFF}\r\nfoo\r\n".utf8), "<stdin>:2:1: error: there is no command 'foo'\nfoo\n^\n"),
      (Array("echo 1\0\n".utf8), "not text in UTF-8"), ([0xFF, 0xFE, 0x0A], "not text in UTF-8"),
      (Array(deep.utf8), "nested too deeply"), (Array(brackets.utf8), "nested too deeply"),
      (Array(repeating: UInt8(ascii: "x"), count: 1_000_000), "there is no command 'xxx"),
    ]
    for (script, words) in scripts {
      let result = try run([], input: script)
      #expect(result.status == 1 && result.output.isEmpty && result.errors.contains(words), "\(words)")
      #expect(result.errors.utf8.count < 2_000)
    }
  }

  @Test(arguments: [
    ("workers 1e9", "too many workers"),
    ("problem quadratic dim=1e12; workers 2; method hero; step", "memory"),
    ("workers 1e5; topology complete; theory", "too many links"),
    ("seed 2^64", "N takes an integer from 0 to 18446744073709551615"),
    ("for k in 1..1e300 { }", "the range has no end"), ("workers 3; method hero; run steps=1e300", "steps="),
  ])
  func whatIsTooLargeIsRefused(_ script: String, _ words: String) throws {
    let result = try run(["-c", script])
    #expect(result.status == 1 && result.errors.contains(words), "\(result.errors)")
  }

  @Test(arguments: [
    ("topology gird", "topology does not take 'gird'\ntopology gird\n         ^\ndid you mean grid?"),
    ("let x = 1 +", "the expression ends too early\nlet x = 1 +\n           ^\n"),
    ("workers 3; method hero gamma=1; step; plot logz", "the form of 'logz' is not known"),
    ("workers 3; method hero gamma=1; step; plot logz", "did you mean logx?"),
    ("workers 3; method hero gamma=1; step; save ''", "the form of '' is not known"),
    ("advise tracee x", "did you mean trace?"),
  ])
  func errorsSayWhatWouldBeRight(_ script: String, _ words: String) throws {
    let result = try run(["-c", script])
    #expect(result.status == 1 && result.errors.contains(words), "\(result.errors)")
    if words.hasSuffix("^\n") { #expect(result.errors.hasSuffix(words)) }
  }

  @Test func whatHasNothingToSayPrintsNothing() throws {
    #expect(try run(["-c", "show workers; show method; show topology; history"]).output.isEmpty)
    #expect(try run(["-c", "echo"]).output == "\n")
  }
}
