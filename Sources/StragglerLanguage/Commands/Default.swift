extension Command {
  static let `default` = Command(
    "default", usage: "default NAME = EXPRESSION",
    summary: "gives a variable a value, unless it has one",
    details: """
      For the arguments of a script that were left out: after `default arg2 = 10`, `arg2` is what was given, or \
      10. Of a variable that has a value the expression is not evaluated.
      """, syntax: .assignment)
}
