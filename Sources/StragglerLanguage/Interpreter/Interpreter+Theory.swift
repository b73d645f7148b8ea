internal import StragglerLab

extension Interpreter {
  /// Prints what the theory says of the methods named, or of all that it says something of, the fastest first.
  func theory(_ arguments: BoundArguments) throws -> Outcome {
    let named = try namedMethods(arguments.positional["METHOD"] ?? [])
    let situation = try situation(at: arguments.place)
    var forecasts: [Forecast] = []
    let all = catalogue.methods.map { NamedMethod(name: $0.name, command: configuration.methods[$0.name]) }
    for method in named.isEmpty ? all : named {
      guard !world.interrupted() else { return .interrupted }
      let choice = try choose(method: method.name, method.command, without: "gamma")
      do {
        var forecast = try choice.forecast(situation)
        forecast.label = method.label
        forecast.addRandomTimes(situation, interrupted: world.interrupted)
        if world.interrupted() { return .interrupted }
        if forecast.saysSomething || !named.isEmpty || forecast.isIncomplete { forecasts.append(forecast) }
      } catch {
        // A method that does not fit the problem is of interest only to who asks for it.
        guard !named.isEmpty else { continue }
        throw diagnostic(error, at: arguments.place, method.command?.arguments)
      }
    }
    let report = ForecastReport(forecasts)
    keep(.text(report.text(width: 160)))
    for forecast in forecasts {
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
