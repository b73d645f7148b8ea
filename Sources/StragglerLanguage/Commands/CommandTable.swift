/// All commands, by name.
struct CommandTable: Sendable {
  let commands: [Command]
  private let byName: [String: Int]

  init(_ commands: [Command]) {
    self.commands = commands
    var byName: [String: Int] = [:]
    for (index, command) in commands.enumerated() {
      for name in [command.name] + command.aliases { byName[name] = index }
    }
    self.byName = byName
  }

  /// The language's commands, in the order of `help`.
  static let standard = CommandTable([
    .problem, .workers, .topology, .method, .target, .seed,
    .step, .run, .trace, .stats, .show, .theory, .compare, .sweep, .advise,
    .save, .plot, .gantt, .log, .report, .checkpoint, .restore, .reset,
    .let, .default, .for, .if, .table, .row, .law, .echo, .expect, .source, .help, .history, .quit,
  ])

  subscript(name: String) -> Command? { byName[name].map { commands[$0] } }

  /// The command of that name; if `abbreviated`, also the only one whose name begins with it.
  func find(_ name: String, abbreviated: Bool) -> Command? {
    if let command = self[name] { return command }
    guard abbreviated, !name.isEmpty else { return nil }
    let matches = beginning(with: name)
    return matches.count == 1 ? matches[0] : nil
  }

  /// The commands whose names begin with `name`.
  func beginning(with name: String) -> [Command] { commands.filter { $0.name.hasPrefix(name) } }

  var allNames: [String] { commands.map(\.name) + commands.flatMap(\.aliases) }
}
