/// Commands whose names are known but which this version does not have.
extension Command {
  static let topology = later(
    "topology", usage: "topology KIND key=value…", summary: "who is linked to whom, for decentralised methods"
  )

  private static func later(_ name: String, usage: String, summary: String) -> Command {
    Command(name, usage: usage, summary: summary, isAvailable: false)
  }
}
