/// Commands whose names are known but which this version does not have.
extension Command {
  static let topology = later(
    "topology", usage: "topology KIND key=value…", summary: "who is linked to whom, for decentralised methods"
  )
  static let theory = later(
    "theory", usage: "theory [METHOD…]", summary: "predicted parameters and time complexities of the fleet")
  static let advise = later(
    "advise", usage: "advise [trace \"FILE\"]",
    summary: "which method and parameters to use, and how long each takes")

  private static func later(_ name: String, usage: String, summary: String) -> Command {
    Command(name, usage: usage, summary: summary, isAvailable: false)
  }
}
