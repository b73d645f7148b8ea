extension Command {
  static let problem = Command(
    "problem", usage: "problem KIND key=value…", summary: "the objective to minimise",
    details: """
      The keys are those of the kind: `help quadratic`, say. A key left out, or `auto`, takes its standard \
      value. The run starts again from iteration 0.
      """,
    parameters: [Parameter("KIND", .word(.problems), "which objective")], keySource: .problem)
}
