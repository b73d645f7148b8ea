extension Command {
  static let workers = Command(
    "workers", usage: "workers N key=value… | workers A..B key=value…",
    summary: "a fleet of N workers, or changes to workers A to B",
    details: """
      A job of worker i takes tau + delay seconds: a sure part and a random one. In all values, and in the \
      parameters of a distribution, `i` is the worker's index from 1 and `n` the number of workers: \
      `tau=sqrt(i)`. The run starts again from iteration 0.
      """,
    parameters: [Parameter("N", .workers, "how many workers, or which of them: A..B")],
    keys: [
      CommandKey("tau", .perWorker, "the sure part of a job's duration, in seconds", standard: "1"),
      CommandKey("delay", .distribution, "the random part η of a job's duration", standard: "constant(0)"),
      CommandKey("upload", .perWorker, "seconds for a message to the server", standard: "0"),
      CommandKey("upload_per_coordinate", .perWorker, "seconds for a coordinate of a message", standard: "0"),
      CommandKey("power", .perWorker, "energy for a second of work", standard: "1"),
    ])
}
