extension Command {
  static let compare = Command(
    "compare", usage: "compare NAME… [STOP…] [seeds=K] [tune | tune(KEY in LIST, …)] [fixed-grid]",
    summary: "several methods on the same problem, fleet and seeds",
    details: """
      Conditions are those of `run`. A table shows the mean over the seeds, with the smallest and largest \
      value. Where a condition was not met the time is `inf`, shown as `> T`, and `end` is that of the last \
      event. Methods are compared on common random numbers. A NAME in quotes has keys of its own, besides those \
      of `method`: several settings of one method stand side by side in `compare "asgrad order=pure" "asgrad \
      order=shuffled label=shuffled"`, under the text or its label=. With `tune` each method runs with the stepsize \
      whose seeds meet a condition soonest in simulated time, on average; if not all seeds of any stepsize \
      meet one, with that where most do; without a condition, or where nothing is met, with that whose last \
      gap (or loss) is least. Then `gamma` is that stepsize, and a method's own `gamma=` does not count. \
      `tune(batch in [1,4,16])` tunes those keys that a method has together with its stepsize, over all \
      combinations; a list for gamma stands for the stepsizes. Where the best stepsize is the largest or the \
      smallest, five more beyond it are tried, unless `fixed-grid` is there; what lies at an edge is said. \
      Afterwards the numbers of each method are variables, and what was tuned too: `rennala_time`, \
      `asgd_adaptive_gamma`, `rennala_batch`. A label names them with _ for what no name has: \
      `asgrad_order_pure_time`.
      """,
    parameters: [
      Parameter("NAME", .word(.settings), "a method, in quotes with keys of its own", presence: .repeated)
    ],
    keys: stops + [
      seeds, CommandKey("tune", .list, "as `tune`, with stepsizes of your own", standard: "2^-10 … 2^10"),
    ],
    flags: [
      Flag(
        "tune",
        "each method gets the best stepsize of 2^-10 … 2^10, with KEY in LIST in brackets also the best keys",
        takesLists: true), Flag("fixed-grid", "tries no stepsizes beyond those of the grid"),
    ], takesConditions: true)

  static let seeds = CommandKey(
    "seeds", .integer(1...1_000_000), "how many seeds, from the one of `seed` on", standard: "1")
}
