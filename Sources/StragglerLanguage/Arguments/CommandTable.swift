// SPDX-License-Identifier: Apache-2.0

/// The descriptions of all commands, by name.
struct CommandTable: Sendable {
  /// In the order of `help`.
  let commands: [CommandDescription]
  private let byName: [String: Int]

  init(_ commands: [CommandDescription]) {
    self.commands = commands.enumerated().map { position, command in
      var command = command
      command.position = position
      return command
    }
    var byName: [String: Int] = [:]
    for (position, command) in commands.enumerated() {
      for name in [command.name] + command.aliases { byName[name] = position }
    }
    self.byName = byName
  }

  subscript(name: String) -> CommandDescription? { byName[name].map { commands[$0] } }

  /// The command of that name; if `abbreviated`, also the only one whose name begins with it.
  func find(_ name: String, abbreviated: Bool) -> CommandDescription? {
    if let command = self[name] { return command }
    guard abbreviated, !name.isEmpty else { return nil }
    let matches = beginning(with: name)
    return matches.count == 1 ? matches[0] : nil
  }

  /// The commands whose names begin with `name`.
  func beginning(with name: String) -> [CommandDescription] { commands.filter { $0.name.hasPrefix(name) } }

  var allNames: [String] { commands.map(\.name) + commands.flatMap(\.aliases) }

  /// Reads the statements of `source`; `abbreviations` lets the beginning of a name stand for it.
  func parser(of source: SourceText, abbreviations: Bool = false) -> ScriptParser {
    ScriptParser(source, abbreviations: abbreviations) { name in
      find(name, abbreviated: abbreviations)?.form ?? .arguments
    }
  }
}
