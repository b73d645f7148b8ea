// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct CommandTableTests {
  @Test func holdsEveryCommandOfTheLanguageOnce() {
    let names =
      "problem workers topology method target seed step run trace stats show theory compare sweep advise "
      + "save "
      + "plot gantt log report checkpoint restore reset let default for if table row law echo expect "
      + "source help "
      + "history quit"
    for name in names.split(separator: " ") { #expect(table[String(name)] != nil, "\(name)") }
    #expect(Set(table.commands.map(\.name)).count == table.commands.count)
  }

  @Test func describesEachCommand() {
    for command in table.commands {
      #expect(command.usage.hasPrefix(command.name))
      #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."))
      #expect(Set(command.keys.map(\.name)).count == command.keys.count)
      // What follows one that can be left out can be left out, too; only the last one is repeated.
      let needs = command.parameters.map { if case .required = $0.presence { true } else { false } }
      #expect(!zip(needs, needs.dropFirst()).contains { !$0 && $1 })
      #expect(
        command.parameters.dropLast().allSatisfy { parameter in
          switch parameter.presence {
          case .required, .optional: true
          case .repeated, .any: false
          }
        })
    }
  }

  @Test func findsAbbreviationsThatAreUnique() {
    #expect(table.find("wor", abbreviated: true)?.name == "workers")
    #expect(table.find("wor", abbreviated: false) == nil)
    #expect(table.find("rese", abbreviated: true)?.name == "reset")
    #expect(table.find("res", abbreviated: true) == nil)
    #expect(table.find("s", abbreviated: true) == nil)
    #expect(table.find("", abbreviated: true) == nil)
    #expect(table.find("run", abbreviated: true)?.name == "run")
  }

  @Test func makesAPageOfHelpForEverything() {
    let help = HelpPage(table: table, catalogue: Catalogue())
    for topic in WordSet.topics(HelpPage.topics).words(table, Catalogue()) {
      #expect(help.page(topic)?.isEmpty == false, "\(topic)")
    }
    #expect(help.page("nonsense") == nil)
    for command in table.commands {
      #expect(help.overview.contains("  \(command.name) "))
    }
    #expect(help.page("rennala")?.contains("batch=") == true)
  }

  /// Written anew, and failing, with STRAGGLER_RECORD set.
  @Test func isWhatTheReferencePageShows() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("Docs/Commands.md")
    let page = ReferencePage.markdown(table)
    if ProcessInfo.processInfo.environment["STRAGGLER_RECORD"] != nil {
      try page.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("Docs/Commands.md was written anew")
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == page)
  }
}
