// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// Under `--json` every command has an answer, and every error is one.
@Suite final class AnswerTests {
  private let folder = NSTemporaryDirectory() + "straggler-answers-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("echo 1\n".utf8).write(to: URL(filePath: folder + "/a.straggler"))
    try Data("duration\n1\n2\n1.5\n".utf8).write(to: URL(filePath: folder + "/d.csv"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// What comes before a command, and the command.
  private var scripts: [String: (before: String, command: String)] {
    let run = "workers 2 tau=i; method minibatch gamma=0.1; run steps=3"
    return [
      "problem": ("", "problem quadratic dim=10"), "workers": ("", "workers 3 tau=i"),
      "topology": ("workers 3", "topology ring"), "method": ("", "method asgd gamma=0.1"),
      "target": ("", "target epsilon=0.1"), "seed": ("", "seed 7"), "trace": ("", "trace every=3"),
      "run": ("workers 2; method asgd gamma=0.1", "run steps=3"), "step": (run, "step 2"),
      "real": ("workers 2; method asgd gamma=0.1", "real steps=3 scale=0"),
      "stats": (run, "stats"), "show": (run, "show"), "theory": ("workers 2", "theory rennala"),
      "compare": ("workers 2", "compare asgd steps=3"), "sweep": (run, "sweep gamma in [0.1,0.2] steps=3"),
      "advise": ("target epsilon=0.1", "advise trace \"\(folder)/d.csv\" samples=10 gradients=200"),
      "save": (run, "save \"\(folder)/a.csv\""), "plot": (run, "plot"), "gantt": (run, "gantt"),
      "log": (run, "log \"\(folder)/l.csv\""), "report": (run, "report \"\(folder)/r.html\""),
      "checkpoint": (run, "checkpoint \"\(folder)/c\""),
      "restore": (run + "; checkpoint \"\(folder)/c\"", "restore \"\(folder)/c\""),
      "reset": (run, "reset"), "let": ("", "let a = 1"), "default": ("", "default a = 1"),
      "for": ("", "for k in 1..0 { echo k }"), "if": ("", "if 0 { echo 1 }"), "echo": ("", "echo 1"),
      "expect": ("", "expect 1 < 2"), "source": ("", "source \"\(folder)/a.straggler\""),
      "help": ("", "help"),
      "history": ("", "history"), "quit": ("", "quit"), "row": ("", "row a=1"),
      "table": ("row a=1", "table"), "law": ("", "law exponential(1)"),
    ]
  }

  @Test func everyCommandHasOne() throws {
    let scripts = scripts
    let world = World(clock: { ProcessInfo.processInfo.systemUptime })
    for name in CommandList.standard.table.commands.map(\.name) {
      guard let (before, command) = scripts[name] else {
        Issue.record("there is no script for \(name)")
        continue
      }
      let earlier = Session(before, json: true).answers.count
      let session = Session(before + "\n" + command, json: true, world: world)
      #expect(session.error == "", "\(name)")
      let own = session.answers.dropFirst(earlier)
      #expect(!own.isEmpty, "\(name) has no answer")
      // A step is a run of some updates, and reports as one.
      #expect(own.last?["command"] as? String == (name == "step" ? "run" : name), "\(name): \(own)")
      #expect(own.last?["error"] == nil)
      #expect(session.transcript.text.split(separator: "\n").count == session.answers.count)
    }
    #expect(Set(scripts.keys).isSubset(of: CommandList.standard.table.commands.map(\.name)))
  }

  @Test func blocksAnswerWhenTheyAreDone() {
    let session = Session("for k in 1..2 { let a = k; echo a }; source \"\(folder)/a.straggler\"", json: true)
    #expect(
      session.answers.map { $0["command"] as? String ?? "" }
        == ["let", "echo", "let", "echo", "for", "echo", "source"])
  }

  @Test func errorsAreAnswers() throws {
    for (script, line, column, message) in [
      ("workers 2\nbogus 3", 2, 1, "there is no command 'bogus'"),
      ("echo 1\n  workers x", 2, 11, "there is no variable 'x'"), ("expect 1 < 0", 1, 8, "expected 1 < 0"),
      ("for k in 1..2 { bogus }", 1, 17, "there is no command 'bogus'"), ("echo (1", 1, 6, "("),
    ] {
      let session = Session(script, json: true)
      #expect(session.outcome != .done && session.transcript.diagnostics.count == 1)
      let error = try #require(session.answers.last?["error"] as? [String: Any])
      #expect(error["line"] as? Int == line && error["column"] as? Int == column, "\(script)")
      #expect((error["message"] as? String ?? "").contains(message), "\(script)")
      #expect(error["file"] as? String == "<command>" && error["remedy"] != nil)
      #expect(session.answers.filter { $0["error"] != nil }.count == 1)
    }
    // Notes and warnings are no answers, and without --json there is nothing.
    #expect(Session("bogus").transcript.text.isEmpty)
  }
}
