/// Commands whose names are known but which this version does not have.
extension Command {
  static let theory = later(
    "theory", usage: "theory [METHOD…]", summary: "predicted parameters and time complexities of the fleet")
  static let sweep = later(
    "sweep", usage: "sweep KEY in LIST… [seeds=K] [STOP…]", summary: "all combinations of some keys' values")
  static let tune = later(
    "tune", usage: "tune [STOP…]", summary: "the best stepsize of 2^-10 … 2^10")
  static let advise = later(
    "advise", usage: "advise [trace \"FILE\"]",
    summary: "which method and parameters to use, and how long each takes")
  static let report = later(
    "report", usage: "report FILE.html", summary: "one page with configuration, tables and plots")
  static let checkpoint = later(
    "checkpoint", usage: "checkpoint FILE", summary: "the whole state of a run to a file")
  static let restore = later(
    "restore", usage: "restore FILE", summary: "the state of a run from a file")

  private static func later(_ name: String, usage: String, summary: String) -> Command {
    Command(name, usage: usage, summary: summary, isAvailable: false)
  }
}
