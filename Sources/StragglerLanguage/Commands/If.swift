extension Command {
  static let `if` = Command(
    "if", usage: "if EXPRESSION { … }", summary: "runs a block if the expression holds",
    details: """
      Spaces are free: `if arg1 != "" { problem network data=mnist folder=arg1 }`. The block may go over lines.
      """,
    syntax: .condition)
}
