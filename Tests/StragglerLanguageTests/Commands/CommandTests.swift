// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import Testing

@testable import StragglerLanguage

/// A command that is no part of the language, in the one piece that a command is.
private struct TwiceCommand: Command {
  static let name = "twice"
  static let usage = "twice NUMBER [by=K] [loudly]"
  static let summary = "a number, doubled"

  private var number = Given(0.0)
  private var factor: Given<Int>?
  private var isLoud = false

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("NUMBER", &number, .number, "what is doubled")
    arguments.key("by", &factor, .integer(1...9), "another factor", standard: "2")
    arguments.flag("loudly", &isLoud, "with an exclamation mark")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let result = number.value * Double(factor?.value ?? 2)
    guard result.isFinite else {
      throw Diagnostic("there is no such number", remedy: "give a smaller one", at: number.place)
    }
    workspace.variables.keep("result", .number(result))
    try workspace.report(
      ["command": "twice", "result": .number(result)], text: NumberFormat.text(result) + (isLoud ? "!" : ""))
    return .done
  }
}

/// What a type in the list gets: to be carried out, errors, help, completion, a section of the reference
/// page.
@Suite struct CommandTests {
  private static let commands = CommandList(CommandList.standard.types + [TwiceCommand.self])

  private func session(_ script: String, json: Bool = false) -> Session {
    Session(script, json: json, commands: Self.commands)
  }

  @Test func isCarriedOutWithItsArguments() {
    let session = session("twice 4; twice loudly by=3 1+1; expect result == 6; for k in 1..2 { twice k }")
    #expect(session.outcome == .done, "\(session.error)")
    #expect(session.transcript.text == "8\n6!\n2\n4\n")
    #expect(self.session("twice 4", json: true).objects.first?["result"] as? Double == 8)
  }

  @Test(
    arguments: [
      ("twice", 1, "twice needs NUMBER: what is doubled"),
      ("twice x", 7, "there is no variable 'x'"),
      ("twice 1 by=0", 12, "by= takes an integer from 1 to 9, not 0"),
      ("twice 1 bye=3", 9, "twice has no key 'bye'"),
      ("twice 1 loudy", 9, "twice does not take 'loudy'"),
      ("twice inf", 7, "there is no such number"),
      ("twyce 1", 1, "there is no command 'twyce'"),
    ])
  func saysWhatIsWrongAndWhere(_ text: String, _ column: Int, _ message: String) throws {
    let session = session(text)
    let error = try #require(session.transcript.diagnostics.first)
    #expect(session.outcome == .failed)
    #expect(error.message == message && error.position.column == column)
  }

  @Test func hasHelpCompletionAndAPage() {
    let overview = session("help").transcript.text
    #expect(overview.contains("  twice       a number, doubled\n"), "\(overview)")
    let page = session("help twice").transcript.text
    #expect(
      page == """
        twice NUMBER [by=K] [loudly]
          a number, doubled

          NUMBER  what is doubled
          by=     another factor (2)
          loudly  with an exclamation mark

        """)
    let interpreter = session("let total = 1").interpreter
    let complete = { (text: String) in interpreter.completion(of: text, files: { _ in [] }).candidates }
    #expect(complete("tw") == ["twice"])
    #expect(complete("twice 1 ") == ["by=", "loudly"])
    #expect(complete("twice to") == ["total"])
    #expect(ReferencePage.markdown(Self.commands.table).contains("| `by=` | another factor | 2 |"))
    #expect(Session("twice 1").error.contains("there is no command 'twice'"))
  }

  /// What was wrong in a block counts also where `quit` follows it.
  @Test func failuresCountBeforeQuit() {
    for script in ["if 1 { nonsense; quit }; echo on", "for k in 1..3 { nonsense; quit }; echo on"] {
      let session = Session(script) { $0.keepsGoing = true }
      #expect(session.outcome == .failed && session.interpreter.hasQuit, "\(script)")
      #expect(session.transcript.text.isEmpty)
    }
    let claim = Session("if 1 { expect 1 == 2; quit }; echo on") { $0.keepsGoing = true }
    #expect(claim.outcome == .expectationFailed)
    #expect(Session("if 1 { quit }; echo on").outcome == .quit)
  }

  /// Afterwards a session goes on as if nothing had been said.
  @Test func quitEndsATextAndNotTheInterpreter() {
    let interpreter = Session("quit").interpreter
    #expect(interpreter.hasQuit)
    #expect(interpreter.execute(SourceText(name: "<command>", "seed 1; seed 2")) == .done)
    #expect(!interpreter.hasQuit && interpreter.workspace.configuration.seed == 2)
  }
}
