extension Command {
  static let advise = Command(
    "advise", usage: "advise [trace \"FILE\"] [key=value…]",
    summary: "which method and parameters to use, and how long each takes",
    details: """
      With a record of durations (a CSV with the columns worker and duration, inf for a job that failed) it fits a law \
      to each worker, and weighs the methods on what was recorded; otherwise on the configured fleet. Each method gets \
      the theory's parameters for the configured problem (quadratic without one) and target epsilon=. How long updates \
      take is simulated on the record, and so is the problem itself until gradnorm2<epsilon, as far as gradients= \
      allows; with tune, each method gets the batch and the stepsize that are best there. Samples drawn again from the record tell how sure the advice is. Without a configured \
      problem, `target L= sigma2= Delta=` tell what is known of yours; it is then not simulated. The last lines are commands that apply the advice.
      """,
    parameters: [
      Parameter("SOURCE", .path, "trace \"FILE\": the file of the recorded durations", presence: .any)
    ],
    keys: [
      CommandKey(
        "workers", .integer(1...ValueKind.mostWorkers), "how many workers a record without names stands for",
        standard: "those configured, or 1"),
      CommandKey("timeout", .positive, "a time-out of whole jobs to be weighed, in seconds"),
      CommandKey("samples", .integer(0...100_000), "how often the record is sampled again", standard: "100"),
      CommandKey("seeds", .integer(1...1_000), "seeds of each simulation of the problem", standard: "5"),
      CommandKey(
        "gradients", .integer(0...ValueKind.largestInteger),
        "the most gradients of a simulation of the problem; 0: none", standard: "200000"),
    ],
    flags: [
      Flag("stops", "also forms of methods that cancel jobs at an update"),
      Flag(
        "tune", "also other batches, and the best stepsize of each, as simulations of the problem find them"),
    ])
}
