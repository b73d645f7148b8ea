extension Command {
  static let quit = Command("quit", aliases: ["exit"], usage: "quit", summary: "leaves")
}
