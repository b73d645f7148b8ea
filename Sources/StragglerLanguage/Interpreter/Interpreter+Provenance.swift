internal import StragglerLab

extension Interpreter {
  /// The file name of the outermost script; nil at a prompt and for `-c`.
  var script: String? {
    guard let name = sources.first, !name.hasPrefix("<") else { return nil }
    return name.split(separator: "/").last.map(String.init) ?? name
  }

  /// Where the last result comes from.
  var provenance: Provenance {
    switch latest {
    case .comparison, .sweep: Provenance(script: script, commands: made)
    case .run: provenanceOfRun
    case .table, .nothing: Provenance(script: script, commands: wholeConfiguration)
    }
  }

  /// Where the run comes from. Its configuration is that in force: another one would have ended it.
  var provenanceOfRun: Provenance {
    Provenance(script: script, commands: wholeConfiguration + [lastRun])
  }

  /// Remembers what made the table at hand.
  func rememberMaking() { made = wholeConfiguration + [commandAtHand] }
}
