/// Sets the seed.
struct SeedCommand: Command {
  static let name = "seed"
  static let usage = "seed N"
  static let summary = "the seed of all random numbers"
  static let details = "The same seed gives the same bits on every machine and for any number of threads."

  private var seed = Given(1)

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("N", &seed, .integer(0...), "the seed")
  }

  func run(in workspace: Workspace) -> Outcome {
    workspace.configuration.seed = UInt64(seed.value)
    workspace.configurationChanged()
    return .done
  }
}
