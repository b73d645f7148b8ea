// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The prompt, at a pseudo-terminal. `TERM=dumb` is the prompt without editing.
@Suite struct PromptTests {
  static let prompt = "straggler> "
  static let terminals = ["xterm", "dumb"]

  /// Types a line and waits for what it prints and the next prompt.
  private func answer(_ terminal: Terminal, _ line: String) throws -> String {
    terminal.type(line + "\n")
    return try terminal.expect(Self.prompt)
  }

  @Test(arguments: terminals)
  func aNewcomerIsToldHowToBegin(_ name: String) throws {
    let terminal = try Terminal(environment: ["TERM": name])
    let greeting = try terminal.expect(Self.prompt)
    #expect(greeting.contains("help lists the commands"))
    let help = try answer(terminal, "help")
    for line in help.split(separator: "\n").drop(while: { $0 != "To begin with:" }).dropFirst().prefix(6) {
      #expect(!(try answer(terminal, line.trimmingCharacters(in: .whitespaces))).contains("error:"))
    }
    terminal.type("quit\n")
    #expect(try terminal.finish().status == 0)
    let quiet = try Terminal(["--quiet"], environment: ["TERM": name])
    #expect(try quiet.expect(Self.prompt).isEmpty)
  }

  @Test(arguments: terminals)
  func commandsAreAnswered(_ name: String) throws {
    let terminal = try Terminal(environment: ["TERM": name])
    try terminal.expect(Self.prompt)
    #expect(try answer(terminal, "echo 'hello'").hasSuffix("\nhello\n"))
    terminal.type("quit\n")
    #expect(try terminal.finish().status == 0)
  }

  @Test(arguments: terminals)
  func anErrorDoesNotEndTheSession(_ name: String) throws {
    let terminal = try Terminal(environment: ["TERM": name])
    try terminal.expect(Self.prompt)
    #expect(try answer(terminal, "bogus").contains("<prompt>:1:1: error: "))
    #expect(try answer(terminal, "echo 'still here'").hasSuffix("\nstill here\n"))
    terminal.type(.controlD)
    #expect(try terminal.finish().status == 0)
  }

  @Test(arguments: terminals)
  func controlDLeaves(_ name: String) throws {
    let terminal = try Terminal(environment: ["TERM": name])
    try terminal.expect(Self.prompt)
    terminal.type(.controlD)
    let end = try terminal.finish()
    #expect(end.status == 0)
    // The shell's prompt starts on a line of its own.
    #expect(end.rest.hasSuffix("\n"))
  }

  @Test(arguments: terminals)
  func keysTypedAheadAreNotLost(_ name: String) throws {
    let terminal = try Terminal(environment: ["TERM": name])
    terminal.type("echo 'a'\necho 'b'\n")
    terminal.type(.controlD)
    let end = try terminal.finish()
    #expect(end.status == 0)
    // The terminal may have shown the keys before the prompt came.
    #expect(end.rest.contains(/(\n|> )a\n/) && end.rest.contains(/(\n|> )b\n/))
  }

  @Test(arguments: terminals)
  func controlCDropsTheLine(_ name: String) throws {
    let terminal = try Terminal(environment: ["TERM": name])
    try terminal.expect(Self.prompt)
    terminal.type("echo 'dropped'")
    try terminal.expect("echo 'dropped'")
    terminal.type(.controlC)
    try terminal.expect("^C\n")
    try terminal.expect(Self.prompt)
    let screen = try answer(terminal, "echo 'kept'")
    #expect(screen.hasSuffix("\nkept\n"))
    #expect(!screen.contains("dropped"))
    terminal.type(.controlD)
    #expect(try terminal.finish().status == 0)
  }

  @Test(arguments: terminals)
  func anUnfinishedCommandAsksForMore(_ name: String) throws {
    let terminal = try Terminal(environment: ["TERM": name])
    try terminal.expect(Self.prompt)
    terminal.type("echo 'a' \\\n")
    try terminal.expect("...> ")
    #expect(try answer(terminal, "'b'").contains("\na b\n"))
    // Ctrl-C drops the whole command.
    terminal.type("for j in 1..3 {\n")
    try terminal.expect("...> ")
    terminal.type("echo 'lost'\n")
    try terminal.expect("...> ")
    terminal.type(.controlC)
    try terminal.expect(Self.prompt)
    #expect(try answer(terminal, "echo 'c'").hasSuffix("\nc\n"))
    terminal.type(.controlD)
    #expect(try terminal.finish().status == 0)
  }

  @Test(arguments: [(["--no-color"], ""), ([], "1"), ([], "")])
  func errorsAreColouredUnlessToldOtherwise(_ arguments: [String], _ noColor: String) throws {
    let terminal = try Terminal(arguments, environment: ["NO_COLOR": noColor])
    try terminal.expect(Self.prompt)
    let screen = try answer(terminal, "bogus")
    #expect(screen.contains("\u{1B}[1;31merror:\u{1B}[0m") == (arguments.isEmpty && noColor.isEmpty))
    terminal.type(.controlD)
    #expect(try terminal.finish().status == 0)
  }

  @Test(arguments: terminals)
  func controlCInterruptsARunAndKeepsWhatItReached(_ name: String) throws {
    let terminal = try Terminal(environment: ["TERM": name])
    try terminal.expect(Self.prompt)
    #expect(
      !(try answer(terminal, "problem quadratic dim=10; workers 3 tau=i; method hero gamma=0.1")).contains(
        "error"))
    terminal.type("run steps=9; run time=1e15\n")
    // Where there is a bar, when it shows the run; without, perhaps between the two.
    try terminal.expect("stopped: steps")
    if name == "xterm" { try terminal.expect("hero ") }
    terminal.type(.controlC)
    try terminal.expect(Self.prompt)
    let stats = try answer(terminal, "stats")
    #expect(stats.contains("interrupted") || (name == "dumb" && stats.contains("iteration          9")))
    #expect(try answer(terminal, "expect iteration > 0; echo 'kept'").hasSuffix("\nkept\n"))
    terminal.type("quit\n")
    #expect(try terminal.finish().status == 0)
  }

  @Test func jsonKeepsThePromptOffStandardOutput() throws {
    // Standard output is a file, and standard error the terminal.
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shell = "exec \"$0\" --json > \(folder)/out"
    let terminal = try Terminal(program: "/bin/sh", ["-c", shell, try Program.path()])
    try terminal.expect(Self.prompt)
    terminal.type(.controlD)
    #expect(try terminal.finish().status == 0)
    #expect(try String(contentsOfFile: folder + "/out", encoding: .utf8).isEmpty)
  }
}

#if LineEditing
  /// What libedit adds.
  @Suite struct LineEditingTests {
    @Test func tabCompletesTheOnlyCommand() throws {
      let terminal = try Terminal()
      try terminal.expect(PromptTests.prompt)
      terminal.type("ech")
      terminal.type(.tab)
      // Only what is new is drawn.
      try terminal.expect("o ")
      terminal.type("'done'\n")
      try terminal.expect("\ndone\n")
      terminal.type(.controlD)
      #expect(try terminal.finish().status == 0)
    }

    @Test func tabShowsTheChoice() throws {
      let terminal = try Terminal()
      try terminal.expect(PromptTests.prompt)
      terminal.type("st")
      terminal.type(.tab)
      let screen = try terminal.expect(PromptTests.prompt)
      #expect(screen.contains("stats") && screen.contains("step"))
      terminal.type("ep")
      terminal.type(.controlC)
      try terminal.expect(PromptTests.prompt)
      terminal.type(.controlD)
      #expect(try terminal.finish().status == 0)
    }

    /// However close to a key: the terminal may take away what was typed, but not the prompt's answer.
    @Test func controlCRightBehindAKeyIsSeen() throws {
      let terminal = try Terminal()
      try terminal.expect(PromptTests.prompt)
      for _ in 0..<300 {
        terminal.type("x")
        terminal.type(.controlC)
        try terminal.expect(PromptTests.prompt, seconds: 20)
      }
      terminal.type("echo 'done'\n")
      try terminal.expect("\ndone\n")
      terminal.type(.controlD)
      #expect(try terminal.finish().status == 0)
    }

    @Test func tabCompletesFileNames() throws {
      let folder = try temporaryFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try FileManager.default.createDirectory(atPath: folder + "/inner", withIntermediateDirectories: true)
      try Data("echo 'sourced'\n".utf8).write(to: URL(fileURLWithPath: folder + "/inner/file.straggler"))
      let terminal = try Terminal(folder: folder)
      try terminal.expect(PromptTests.prompt)
      terminal.type("source in")
      terminal.type(.tab)
      terminal.type("fi")
      terminal.type(.tab)
      terminal.type("\n")
      try terminal.expect("\nsourced\n")
      terminal.type(.controlD)
      #expect(try terminal.finish().status == 0)
    }

    /// What a line becomes by the Tab key.
    @Test(arguments: [
      ("sweep meth", "od "), ("sweep gam", "ma "), ("sweep gamma i", "n "), ("sweep problem.noise_k", "ind "),
      ("sweep method in [rin", "g"), ("sweep noise_kind in [iid,zero", "_last "),
      ("sweep upl", "oad"), ("sweep eps", "ilon "), ("sweep gamma in [1] upda", "tes="),
      ("run gradn", "orm2<"), ("run accu", "racy>"), ("workers 3 delay=trace(\"rec", "orded.csv\""),
      ("advise tr", "ace "), ("advise trace rec", "orded.csv "), ("save 'rec", "orded.csv'"),
      ("problem logistic split=cont", "iguous "),
      ("compare hero ringm", "aster "), ("topology com", "plete "), ("help swe", "ep "),
    ])
    func tabCompletesArguments(_ typed: String, _ rest: String) throws {
      let folder = try temporaryFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try Data().write(to: URL(fileURLWithPath: folder + "/recorded.csv"))
      let terminal = try Terminal(folder: folder)
      try terminal.expect(PromptTests.prompt)
      terminal.type("method rennala\n")
      try terminal.expect(PromptTests.prompt)
      terminal.type(typed)
      try terminal.expect(typed)
      terminal.type(.tab)
      terminal.type("|")
      // Without the movements of the cursor.
      let drawn = try terminal.expect("|").replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "")
      #expect(drawn == rest)
      terminal.type(.controlC)
      try terminal.expect(PromptTests.prompt)
      terminal.type(.controlD)
      #expect(try terminal.finish().status == 0)
    }

    @Test func theLineCanBeEdited() throws {
      let terminal = try Terminal()
      try terminal.expect(PromptTests.prompt)
      terminal.type("echo 'wrng")
      terminal.type(.backspace)
      terminal.type(.backspace)
      terminal.type("ong'\n")
      try terminal.expect("\nwrong\n")
      terminal.type(.controlD)
      #expect(try terminal.finish().status == 0)
    }

    @Test func theHistoryOutlivesTheSession() throws {
      let folder = try temporaryFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let file = folder + "/state/straggler/history"
      for environment in [
        ["STRAGGLER_HISTORY": file], ["XDG_STATE_HOME": folder + "/state"], ["HOME": folder],
      ] {
        let first = try Terminal(environment: environment, withoutHistory: false)
        try first.expect(PromptTests.prompt)
        first.type("echo 'remembered'\n")
        try first.expect("\nremembered\n")
        first.type(.controlD)
        #expect(try first.finish().status == 0)

        let second = try Terminal(environment: environment, withoutHistory: false)
        try second.expect(PromptTests.prompt)
        second.type(.up)
        try second.expect("echo 'remembered'")
        second.type(.enter)
        try second.expect("\nremembered\n")
        second.type(.controlD)
        #expect(try second.finish().status == 0)
      }
      #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("echo 'remembered'\n"))
      #expect(FileManager.default.fileExists(atPath: folder + "/.local/state/straggler/history"))
    }

    @Test func controlCLeavesASearchOfTheHistory() throws {
      let folder = try temporaryFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let terminal = try Terminal(environment: ["STRAGGLER_HISTORY": folder + "/h"], withoutHistory: false)
      try terminal.expect(PromptTests.prompt)
      terminal.type("let kept = 41\n")
      try terminal.expect(PromptTests.prompt)
      for _ in 0..<3 {
        terminal.type("\u{12}")
        try terminal.expect("bck:")
        terminal.type("kep")
        try terminal.expect("let kept")
        terminal.type(.controlC)
        try terminal.expect("^C\n")
        try terminal.expect(PromptTests.prompt)
      }
      terminal.type("echo kept+1\n")
      try terminal.expect("\n42\n")
      try terminal.expect(PromptTests.prompt)
      // A search that ends as usual works as before.
      terminal.type("\u{12}kept+")
      terminal.type(.enter)
      try terminal.expect("\n42\n")
      terminal.type(.controlD)
      #expect(try terminal.finish().status == 0)
    }

    @Test func aBlockComesBackAsOneEntry() throws {
      let folder = try temporaryFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let environment = ["STRAGGLER_HISTORY": folder + "/h"]
      for round in 0..<2 {
        let terminal = try Terminal(environment: environment, withoutHistory: false)
        try terminal.expect(PromptTests.prompt)
        if round == 0 {
          for line in ["for k in [7, 8] {", "  echo k  # loud", "}"] { terminal.type(line + "\n") }
          try terminal.expect("\n7\n8\n")
          try terminal.expect(PromptTests.prompt)
        }
        terminal.type(.up)
        try terminal.expect("for k in [7, 8] { echo k; }")
        terminal.type(.enter)
        try terminal.expect("\n7\n8\n")
        terminal.type(.controlD)
        #expect(try terminal.finish().status == 0)
      }
      #expect(try String(contentsOfFile: folder + "/h", encoding: .utf8) == "for k in [7, 8] { echo k; }\n")
    }

    @Test func anUnwritableHistoryIsWorthOneWarning() throws {
      let terminal = try Terminal(environment: ["STRAGGLER_HISTORY": "/dev/null/history"])
      try terminal.expect(PromptTests.prompt)
      terminal.type("echo 'a'\n")
      try terminal.expect(
        "straggler: warning: the history cannot be kept in /dev/null/history: Not a directory")
      try terminal.expect(PromptTests.prompt)
      terminal.type("echo 'b'\n")
      let screen = try terminal.expect(PromptTests.prompt)
      #expect(screen.contains("\nb\n") && !screen.contains("warning"))
      terminal.type(.controlD)
      #expect(try terminal.finish().status == 0)
    }
  }
#endif
