extension Command {
  static let report = Command(
    "report", usage: "report FILE.html", summary: "one page with every result of the session so far",
    details: """
      Tables, figures, expectations and ends of runs, each below the command that made it and the configuration \
      that it was made with. What `plot` and `gantt` have shown in the terminal is there as a figure, too. The page \
      needs nothing from elsewhere, and the file is written whole or not at all.
      """,
    parameters: [Parameter("FILE", .path, "a name that ends in .html")])
}
