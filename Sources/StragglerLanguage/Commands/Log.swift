extension Command {
  static let log = Command(
    "log", usage: "log FILE.csv", summary: "every event of a run to a file, from now on",
    details: """
      The columns are time,event,worker,job,version,delay,iteration; an event is one of \
      assign, arrive, use, discard, clip, cancel, update.
      """,
    parameters: [Parameter("FILE", .path, "a name that ends in .csv")])
}
