// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Sets the accuracy to reach, and what the problem does not know of itself.
struct TargetCommand: Command {
  static let name = "target"
  static let usage = """
    target [epsilon=…] [L=…] [sigma2=…] [Delta=…] [R=…] [fstar=…] [L_pm=…] [L_mean=…] [L_rms=…] \
    [L_max=…] [zeta2=…]
    """
  static let summary = "the accuracy that theory and `auto` parameters aim at"
  static let details = """
    Parameters that are left to the theory make the mean of ‖∇f‖² at most ε. The other keys give \
    constants that the problem does not know, or that the theory takes instead of the problem's; `auto` \
    takes them back. The last four are for workers with objectives of their own: of L, L_mean, L_rms and \
    L_max, one that is not known is bounded by the next larger one. With fstar= the gap f(x) − f* of any \
    problem is known, and can be a condition and an axis. Without it, f* with l2 is computed, to at most \
    10⁻¹³·max(1, f*) below its value.
    """

  private var epsilon: Given<Double>?
  private var constants = [Given<Double?>?](repeating: nil, count: ProblemConstant.all.count)

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.key(
      "epsilon", &epsilon, .positive, "ε, the squared norm of the gradient to reach", standard: "1e-4")
    for (index, constant) in ProblemConstant.all.enumerated() {
      arguments.key(
        constant.name, &constants[index], constant.kind, "\(constant.summary)", standard: "the problem's")
    }
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    guard epsilon != nil || constants.contains(where: { $0 != nil }) else {
      throw Diagnostic(.targetWithoutKeys, at: workspace.place)
    }
    var next = workspace.configuration
    if let epsilon { next.epsilon = epsilon.value }
    for (constant, given) in zip(ProblemConstant.all, constants) {
      guard let given else { continue }
      // auto is no number: the problem's own again.
      let number = given.value ?? .nan
      if constant == .optimum, number.isInfinite {
        throw Diagnostic(.infiniteConstant(constant.name, NumberFormat.text(number)), at: given.place)
      }
      next.assumed[constant] = constant.isRoot ? number * number : number
    }
    workspace.configuration = next
    workspace.configurationChanged()
    return .done
  }
}
