extension Command {
  static let compare = Command(
    "compare", usage: "compare NAME… [STOP…] [seeds=K] [tune]",
    summary: "several methods on the same problem, fleet and seeds",
    details: """
      Conditions are those of `run`. A table shows the mean over the seeds, with the smallest and largest \
      value. Methods are compared on common random numbers.
      """,
    parameters: [Parameter("NAME", .word(.methods), "a method", presence: .repeated)],
    keys: stops + [CommandKey("seeds", .integer(1...1_000_000), "how many seeds", standard: "1")],
    flags: [Flag("tune", "each method gets the best stepsize of 2^-10 … 2^10")], takesConditions: true)
}
