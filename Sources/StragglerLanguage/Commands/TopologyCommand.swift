// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
/// Sets the links between the workers.
struct TopologyCommand: Command {
  static let name = "topology"
  static let usage = "topology KIND key=value… | topology file \"F\" [directed=true]"
  static let summary = "who is linked to whom, for decentralised methods"
  static let details = """
    The workers are the nodes. star: all linked to one; line; ring; grid: rows of equal length, linked to \
    the neighbours; torus: a grid whose rows and columns are rings; complete: every node to every other; \
    tree: node i is linked to node ceil((i-1)/branching); random(degree): random cycles and pairings, \
    connected. All links go both ways. link= and link_per_coordinate= are expressions for the link from \
    node i to node j, such as link=1+abs(i-j); inf is no link. A file has the columns from, to, seconds and \
    perhaps per_coordinate: see `help records`. Methods with a server ignore it. The run starts \
    again from iteration 0.
    """

  private var plan = TopologyPlan()

  mutating func arguments(_ arguments: inout Arguments) { plan.arguments(&arguments) }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let links = try plan.links(in: workspace.configuration)
    workspace.configuration.links = links
    workspace.configuration.topology = Written(plan.given, in: workspace.variables.environment)
    workspace.configurationChanged()
    try workspace.report([links?.reading].compactMap(\.self), of: Self.name)
    return .done
  }
}
