extension Command {
  static let seed = Command(
    "seed", usage: "seed N", summary: "the seed of all random numbers",
    details: "The same seed gives the same bits on every machine, whatever the number of threads.",
    parameters: [Parameter("N", .integer(0...ValueKind.largestInteger), "the seed")])
}
