extension Command {
  static let gantt = Command(
    "gantt", usage: "gantt [FILE.svg] [from=T] [to=T] [title=…]",
    summary: "who worked when in the last run, and which work was used",
    parameters: [
      Parameter("FILE", .path, "a name that ends in .svg; the terminal if left out", presence: .optional)
    ],
    keys: [
      CommandKey("from", .nonnegative, "the first second that is shown", standard: "0"),
      CommandKey("to", .nonnegative, "the last second that is shown", standard: "the end of the run"),
      title,
    ])
}
