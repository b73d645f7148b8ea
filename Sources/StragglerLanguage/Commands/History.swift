extension Command {
  static let history = Command("history", usage: "history", summary: "the commands given so far")
}
