extension Command {
  static let echo = Command(
    "echo", usage: "echo ARG…", summary: "prints its arguments",
    details: """
      Expressions are evaluated, texts in quotes are printed as they are, and so is everything that is no \
      expression: `echo "gap:" gap`.
      """,
    parameters: [Parameter("ARG", .text, "a text or an expression", presence: .any)])
}
