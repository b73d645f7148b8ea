extension Command {
  static let sweep = Command(
    "sweep", usage: "sweep KEY in LIST [KEY in LIST…] [STOP…] [seeds=K] [resume=FILE]",
    summary: "all combinations of some keys' values, and which of them is best",
    details: """
      A KEY is one of the method, of the problem or of `workers` (in this order, or with `method.`, \
      `problem.` or `workers.` before it), or `method`, `workers` (how many), `epsilon`, or a variable that \
      the configuration mentions. A LIST is [a, b, …] or A..B [by C]. Conditions are those of `run`. The best \
      point is the one whose seeds meet a condition soonest in simulated time, on average; if not all seeds \
      of any point meet one, that where most do; without a condition, or where nothing is met, that whose \
      last gap (or loss) is least. Points that cannot run are told behind the table, with the reason. \
      Afterwards `best_KEY` are variables. `save` writes the table, `plot` shows the eight \
      best points. With resume= every finished point goes to a file, and points that stand there are \
      not run again; the program's option --shard 2/8 runs every eighth point, and the files of all \
      shards, one behind the other, resume to the whole. Results are the same bytes for any number of \
      threads, and however often the sweep was stopped; so `wall` is not known.
      """,
    keys: stops + [
      seeds, CommandKey("resume", .path, "a file that keeps finished points, and gives them back"),
      CommandKey(
        "prune", .number,
        "gives up points sure to take more than so many times the best's simulated time; 1 or more",
        standard: "never"),
    ], takesConditions: true, takesLists: true)
}
