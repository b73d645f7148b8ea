extension Command {
  static let table = Command(
    "table", usage: "table [NAME]", summary: "begins a table of your own, or shows it",
    details: """
      With a name: begins a table, or goes on with the one that has this name. `row` adds to it, and it is what \
      `save` and `plot` take until something else has run. Without a name: shows it.
      """,
    parameters: [Parameter("NAME", .name, "a name for the table", presence: .optional)])

  static let row = Command(
    "row", usage: "row COLUMN=EXPRESSION…", summary: "adds a row to the table",
    details: """
      Each key names a column, whose value is a number or a text: `row method="rennala" R=R time=time`. A \
      column that a row leaves out is empty there.
      """,
    keySource: .columns)
}
