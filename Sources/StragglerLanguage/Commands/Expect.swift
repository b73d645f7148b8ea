extension Command {
  static let expect = Command(
    "expect", usage: "expect EXPRESSION", summary: "fails unless the expression holds",
    details:
      "A script whose expectation fails ends with status 3. Spaces are free: `expect gap < 1 and time < 9`.",
    syntax: .expression)
}
