extension Command {
  static let reset = Command(
    "reset", usage: "reset", summary: "back to iteration 0 with the same configuration")
}
