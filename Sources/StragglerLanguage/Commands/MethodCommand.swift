// SPDX-License-Identifier: Apache-2.0

/// Chooses the method.
struct MethodCommand: Command {
  static let name = "method"
  static let usage = "method NAME key=value…"
  static let summary = "the optimizer"
  static let details = """
    The keys are those of the method: `help rennala`, say. `gamma=` is the stepsize everywhere; a key left \
    out, or `auto`, takes the value from theory. In most methods `gamma=` may be an expression in k, the \
    updates so far, delay, that of the gradient, and t, the time: gamma=0.1/sqrt(1+k). Where workers send \
    gradients, `compress=` says what of them, `feedback=true` adds error feedback, and `local=` makes them \
    sums along local steps. `step=` says what an update makes of the vector that it steps along, and \
    `max_norm=` cuts that: ringmaster with step=normalized, sign or muon is Ringmaster LMO; rennala and \
    malenia with them are Rennala NIGT and Malenia NIGT without transport. `active=` lets only some workers \
    be at work at a time. Theory knows none of these. In rounds, `participants=` workers are drawn, and \
    `accept=` of them waited for. Docs/Modifiers.md describes all of it. The run starts again \
    from iteration 0.
    """

  private var method = Given("")
  private var given = BoundArguments.none

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("NAME", &method, .method, "which method")
    arguments.keys(of: .method, &given)
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let written = Written(given, in: workspace.variables.environment)
    _ = try workspace.choose(method: method.value, written, in: workspace.configuration)
    workspace.configuration.methods[method.value] = written
    workspace.configuration.method = method.value
    workspace.configurationChanged()
    try noteHiddenNames(in: workspace)
    return .done
  }

  /// Says where a variable is called as something that `gamma=` may be an expression in.
  private func noteHiddenNames(in workspace: Workspace) throws(Diagnostic) {
    guard let gamma = given.written.first(where: { $0.key?.text == "gamma" }) else { return }
    let expression = try ExpressionParser.expression(gamma.value)
    for name in StepsizeExpression.hidden(in: expression, workspace.variables.environment) {
      workspace.diagnose(
        Diagnostic(
          .hiddenInStepsize(name, meaning: StepsizeExpression.meaning(name)), at: gamma.value,
          severity: .note))
    }
  }
}
