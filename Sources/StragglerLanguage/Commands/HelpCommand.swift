extension Command {
  static let help = Command(
    "help", usage: "help [COMMAND]", summary: "what there is, or all about a command, a problem or a method",
    parameters: [
      Parameter(
        "TOPIC", .word(.topics), "a command, a problem, a method, expressions, or distributions",
        presence: .optional)
    ])
}
