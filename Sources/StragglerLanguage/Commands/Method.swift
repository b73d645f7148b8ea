extension Command {
  static let method = Command(
    "method", usage: "method NAME key=value…", summary: "the optimizer",
    details: """
      The keys are those of the method: `help rennala`, say. `gamma=` is the stepsize everywhere; a key left \
      out, or `auto`, takes the theory's value. The run starts again from iteration 0.
      """,
    parameters: [Parameter("NAME", .word(.methods), "which method")], keySource: .method)
}
