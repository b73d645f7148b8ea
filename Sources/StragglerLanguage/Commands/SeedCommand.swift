// SPDX-License-Identifier: Apache-2.0

/// Sets the seed.
struct SeedCommand: Command {
  static let name = "seed"
  static let usage = "seed N"
  static let summary = "the seed of all random numbers"
  static let details = "The same seed gives the same bits on every machine and for any number of threads."

  private var seed = Given(UInt64(1))

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("N", &seed, .seed, "the seed")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    var next = workspace.configuration
    next.seed = seed.value
    // What the seed draws of the fleet is drawn again.
    if next.fleet.contains(where: FleetChange.draws) {
      let fleet = next.fleet
      for command in fleet { try FleetChange.of(command).apply(command, to: &next, workspace.catalogue) }
    }
    workspace.configuration = next
    workspace.configurationChanged()
    return .done
  }
}
