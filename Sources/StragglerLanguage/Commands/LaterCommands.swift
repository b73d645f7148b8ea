/// Commands whose names are known but which this version does not have.
extension Command {
  static let report = later(
    "report", usage: "report FILE.html", summary: "one page with configuration, tables and plots")

  private static func later(_ name: String, usage: String, summary: String) -> Command {
    Command(name, usage: usage, summary: summary, isAvailable: false)
  }
}
