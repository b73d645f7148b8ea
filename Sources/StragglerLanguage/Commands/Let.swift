extension Command {
  static let `let` = Command(
    "let", usage: "let NAME = EXPRESSION", summary: "gives a variable a value",
    details: "The value is a number, or a text in quotes. Spaces are free.", syntax: .assignment)
}
