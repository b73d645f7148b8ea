internal import StragglerLab

extension Interpreter {
  /// Prints what the theory says of the methods named, or of all that it says something of, in the order of
  /// their tables.
  ///
  /// A method that cannot run here has a row that says why; the command fails only where no method named has
  /// a forecast.
  func theory(_ arguments: BoundArguments) throws -> Outcome {
    let named = try namedMethods(arguments.positional["METHOD"] ?? [])
    let situation = try situation(at: arguments.place)
    var (forecasts, omitted) = ([Forecast](), [Forecast]())
    var failure: Diagnostic?
    let all = catalogue.methods.map { NamedMethod(name: $0.name, command: configuration.methods[$0.name]) }
    for method in named.isEmpty ? all : named {
      guard !world.interrupted() else { return .interrupted }
      let forecast: Forecast
      do {
        forecast = try self.forecast(method, situation, arguments)
      } catch {
        failure = failure ?? error
        var refused = Forecast(method.name, refused: error.message + (error.remedy.map { "; \($0)" } ?? ""))
        refused.label = method.label
        if named.isEmpty { omitted.append(refused) } else { forecasts.append(refused) }
        continue
      }
      if world.interrupted() { return .interrupted }
      if forecast.saysSomething || !named.isEmpty || forecast.isIncomplete {
        forecasts.append(forecast)
      } else {
        omitted.append(forecast)
      }
    }
    if let failure, forecasts.allSatisfy({ $0.reason != nil }), !named.isEmpty { throw failure }
    let report = ForecastReport(forecasts, omitted: omitted)
    keep(.text(report.text(width: 160)))
    for forecast in forecasts where forecast.reason == nil {
      let method = NamedMethod.variable(forecast.name)
      for (name, value) in forecast.numbers { environment["theory_\(method)_\(name)"] = .number(value) }
    }
    if options.isJSON {
      for row in report.json { try output.write(Self.json("theory", row).line + "\n") }
    } else {
      try output.write(report.text(width: options.width))
    }
    return .done
  }

  private func forecast(
    _ method: NamedMethod, _ situation: Situation, _ arguments: BoundArguments
  ) throws(Diagnostic) -> Forecast {
    let choice = try choose(method: method.name, method.command, without: "gamma")
    do {
      var forecast = try choice.forecast(situation, interrupted: world.interrupted)
      forecast.label = method.label
      return forecast
    } catch {
      throw diagnostic(error, at: arguments.place, method.command?.arguments)
    }
  }

  /// The problem and the fleet as predictions need to know them.
  func situation(at place: Place) throws -> Situation {
    var experiment = try experiment(method: "hero", at: place)
    experiment.topology = try topology()
    try findOptimum(of: experiment, at: place)
    do { return try experiment.situation() } catch {
      throw diagnostic(error, at: place, configuration.problem?.arguments)
    }
  }
}
