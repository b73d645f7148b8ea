extension Command {
  static let save = Command(
    "save", usage: "save FILE", summary: "the trace or the last table to a .csv, .json or .md file",
    details: """
      The file is written whole or not at all. Markdown (.md) is for tables only. JSON of traces and comparisons also \
      holds the version and the commands that made them.
      """,
    parameters: [Parameter("FILE", .path, "a name that ends in .csv, .json or .md")],
    flags: [Flag("traces", "after a comparison or sweep: the traces and not the table")])
}
