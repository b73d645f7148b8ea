extension Command {
  static let law = Command(
    "law", usage: "law DISTRIBUTION [t=…] [p=…] [tau=…]", summary: "what is known of a distribution",
    details: """
      Shows `mean`, `median` and, of the given t and p, `cdf` = P(η ≤ t), `partial_mean` = E[η; η ≤ t] and \
      `quantile` = the smallest t with P(η ≤ t) ≥ p. They are variables of expressions afterwards. \
      Outages, markov(up,down), take the longer the longer a job works: tau= says how many seconds that is.
      """,
    parameters: [Parameter("DISTRIBUTION", .distribution, "a distribution, such as lognormal(0,2)")],
    keys: [
      CommandKey("t", .nonnegative, "seconds"),
      CommandKey("p", .number, "a probability"),
      CommandKey("tau", .nonnegative, "the seconds of work that outages interrupt"),
    ])
}
