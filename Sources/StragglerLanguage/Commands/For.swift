extension Command {
  static let `for` = Command(
    "for", usage: "for NAME in LIST { … }", summary: "runs a block once for every value of a list",
    details: """
      A list is [a, b, …] or A..B, with a step if need be: `for gamma in [0.1, 0.2] { … }`, \
      `for k in 0..100 by 10 { … }`. A..B ends with B, and is empty where B < A. The block may go over lines.
      """,
    syntax: .loop)
}
