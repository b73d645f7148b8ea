extension Command {
  static let law = Command(
    "law", usage: "law DISTRIBUTION [t=…] [p=…]", summary: "what is known of a distribution",
    details: """
      Shows `mean`, `median` and, of the given t and p, `cdf` = P(η ≤ t), `partial_mean` = E[η; η ≤ t] and \
      `quantile` = the smallest t with P(η ≤ t) ≥ p. They are variables of expressions afterwards.
      """,
    parameters: [Parameter("DISTRIBUTION", .distribution, "a distribution, such as lognormal(0,2)")],
    keys: [
      CommandKey("t", .nonnegative, "seconds"),
      CommandKey("p", .number, "a probability"),
    ])
}
