extension Command {
  static let compare = Command(
    "compare", usage: "compare NAME… [STOP…] [seeds=K] [tune]",
    summary: "several methods on the same problem, fleet and seeds",
    details: """
      Conditions are those of `run`. A table shows the mean over the seeds, with the smallest and largest \
      value. Where a condition was not met the time is `inf`, shown as `> T`, and `end` is that of the last \
      event. Methods are compared on common random numbers. With `tune` each method runs with the stepsize \
      whose seeds meet a condition soonest in simulated time, on average; if not all seeds of any stepsize \
      meet one, with that where most do; without a condition, or where nothing is met, with that whose last \
      gap (or loss) is least. Then `gamma` is that stepsize, and a method's own `gamma=` does not count. \
      Afterwards the numbers of each method are variables: `rennala_time`, `asgd_adaptive_gamma`.
      """,
    parameters: [Parameter("NAME", .word(.methods), "a method", presence: .repeated)],
    keys: stops + [
      seeds, CommandKey("tune", .list, "as `tune`, with stepsizes of your own", standard: "2^-10 … 2^10"),
    ],
    flags: [Flag("tune", "each method gets the best stepsize of 2^-10 … 2^10")], takesConditions: true)

  static let seeds = CommandKey(
    "seeds", .integer(1...1_000_000), "how many seeds, from the one of `seed` on", standard: "1")
}
