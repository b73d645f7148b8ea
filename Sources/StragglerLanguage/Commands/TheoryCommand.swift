// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Predicts parameters and times of methods.
struct TheoryCommand: Command {
  static let name = "theory"
  static let usage = "theory [METHOD…]"
  static let summary = "predicted parameters and time complexities of the fleet"
  static let details = """
    For every method whose theorem is about problems like this one, or for those named: γ, K updates and \
    the seconds that they take at most until the goal of `target` is reached, with the constants of the \
    papers; table is the complexity without constants, lower_bound what no method goes below, up to a \
    constant. Parameters are those that a run takes where they are left out; keys given by `method` count, \
    but not gamma=. A METHOD in quotes has keys of its own, and may have a label=, as for `compare`. They \
    come in the order of table. Random durations enter with their means; msync, minibatch and rennala say \
    more about them. Durations that are correlated in time, markov(…) and replayed recordings, are \
    simulated: then nothing is a theorem or a bound. A method that cannot run here has a row with the \
    reason; without names, those left out are named. Afterwards the numbers are variables: \
    `theory_rennala_time`. Docs/Methods.md has the formulas of each method, Docs/Theory.md what they share.
    """

  private var methods: [Given<MethodSetting>] = []

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameters(
      "METHOD", &methods, .setting(of: MethodCommand.description), "a method, in quotes with keys of its own",
      isRequired: false)
  }

  /// Without names, all methods that the theory says something of. A method that cannot run here has a row
  /// that says why; the command fails only where no method named has a forecast.
  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let named = try workspace.named(methods)
    let situation = try situation(workspace)
    var (forecasts, omitted) = ([Forecast](), [Forecast]())
    var failure: Diagnostic?
    let all = workspace.catalogue.methods.map {
      NamedMethod(name: $0.name, written: workspace.configuration.methods[$0.name])
    }
    for method in named.isEmpty ? all : named {
      guard !workspace.world.interrupted() else { return .interrupted }
      let forecast: Forecast
      do throws(Diagnostic) { forecast = try self.forecast(method, situation, workspace) } catch {
        failure = failure ?? error
        var refused = Forecast(method.name, refused: error.message + (error.remedy.map { "; \($0)" } ?? ""))
        refused.label = method.label
        if named.isEmpty { omitted.append(refused) } else { forecasts.append(refused) }
        continue
      }
      if workspace.world.interrupted() { return .interrupted }
      if forecast.saysSomething || !named.isEmpty || forecast.isIncomplete {
        forecasts.append(forecast)
      } else {
        omitted.append(forecast)
      }
    }
    if let failure, forecasts.allSatisfy({ $0.reason != nil }), !named.isEmpty { throw failure }
    let report = ForecastReport(forecasts, omitted: omitted)
    workspace.keep(.text(report.text(width: 160)))
    for forecast in forecasts where forecast.reason == nil {
      workspace.variables.keep(
        forecast.numbers.map { ($0, $1) }, prefix: "theory_\(NamedMethod.variable(forecast.name))_")
    }
    try workspace.report(Self.name, rows: report.json, text: report.text(width: workspace.options.width))
    return .done
  }

  private func forecast(
    _ method: NamedMethod, _ situation: Situation, _ workspace: Workspace
  ) throws(Diagnostic) -> Forecast {
    let choice = try workspace.choose(
      method: method.name, method.written, without: "gamma", in: workspace.configuration)
    do throws(LabError) {
      var forecast = try choice.forecast(situation, interrupted: workspace.world.interrupted)
      forecast.label = method.label
      if let gamma = method.written?.arguments.keyed.first(where: { $0.name == "gamma" })?.value,
        case .stepsize = gamma.value
      {
        forecast.notes.append("for a constant gamma, not for the expression that method has for it")
      }
      return forecast
    } catch { throw Diagnostic(error, at: workspace.place, blaming: method.written?.arguments) }
  }

  /// The problem and the fleet as predictions need to know them.
  private func situation(_ workspace: Workspace) throws(Diagnostic) -> Situation {
    var experiment = try workspace.experiment(method: "\(Hero.name)")
    experiment.topology = try workspace.configuration.network()
    try workspace.findOptimum(of: experiment)
    do throws(LabError) { return try experiment.situation() } catch {
      throw Diagnostic(error, at: workspace.place, blaming: workspace.configuration.problem?.arguments)
    }
  }
}
