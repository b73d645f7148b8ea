extension Command {
  static let stats = Command("stats", usage: "stats", summary: "the state of the run")
}
