extension Command {
  static let trace = Command(
    "trace", usage: "trace every=… [unit=…]", summary: "how often a point of the trace is taken",
    details: """
      Without it points are taken as often as is worth it, at most 1,000 of them; at least 100, or at every \
      update, where `time=` or `steps=` ends the run.
      """,
    keys: [
      CommandKey(
        "every", .positive, words: ["adaptive", "auto"], "so many updates or seconds apart",
        standard: "adaptive"),
      CommandKey(
        "unit", .word(.fixed(["updates", "time"])), "what every= counts: updates, or simulated seconds",
        standard: "updates"),
    ])
}
