// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// An advice as JSON and text.
public struct AdviceReport: Sendable {
  /// What is reported.
  public let advice: Advice
  /// What the reader should know of the record and the problem, in sentences.
  public let notes: [String]
  /// Commands that recreate the fleet and choose the method, in order.
  public let commands: [String]
  /// What was recorded, or whose fleet it is, in a line.
  public let subject: String
  /// The problem and the goal, in a line.
  public let problem: String

  /// A report of `advice`; the texts are the caller's, who knows how the fleet and the problem were named.
  public init(_ advice: Advice, subject: String, problem: String, notes: [String], commands: [String]) {
    self.advice = advice
    self.subject = subject
    self.problem = problem
    self.notes = notes
    self.commands = commands
  }

  // MARK: JSON

  /// An object a recorded worker, an object a candidate, and the advice.
  public var json: [JSONValue] {
    advice.fits.map { Self.json($0) } + advice.forecasts.map { json($0) } + [conclusion]
  }

  private static func json(_ fit: WorkerFit) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("report", "fit"), .init("worker", .string(fit.name)), .init("count", .integer(fit.count)),
      .init("failures", .integer(fit.failures)),
    ]
    members += laws(fit.best)
    members.append(.init("alternatives", .array(fit.fits.dropFirst().map { .object(laws($0)) })))
    members += [
      .init("timeout", .number(fit.timeout.seconds)), .init("success", .number(fit.timeout.success)),
      .init("cost", .number(fit.timeout.cost)), .init("cost_without", .number(fit.timeout.costWithout)),
      .init("saving", .number(fit.timeout.saving)),
      .init("serial_correlation", .number(fit.serialCorrelation)),
    ]
    return .object(members)
  }

  private static func laws(_ fit: LawFit) -> [JSONValue.Member] {
    [
      .init("law", .string(fit.name)), .init("tau", .number(fit.tau)), .init("delay", .string(fit.delayText)),
      .init("loglik", finite(fit.logLikelihood)), .init("aic", finite(fit.aic)),
      .init("bic", finite(fit.bic)),
      .init("ks", .number(fit.goodness.kolmogorov)), .init("ad", .number(fit.goodness.anderson)),
      .init("rejected", .bool(fit.isRejected)),
    ]
  }

  /// The likelihood of equal durations has no bound.
  private static func finite(_ number: Double) -> JSONValue { number.isFinite ? .number(number) : .null }

  private func json(_ forecast: Advice.Forecast) -> JSONValue {
    .object(
      [
        .init("report", "candidate"), .init("method", .string(forecast.candidate.method)),
        .init("parameters", Self.settings(forecast)), .init("gamma", .number(forecast.gamma)),
      ] + numbers(forecast) + Self.lists(forecast))
  }

  private static func settings(_ forecast: Advice.Forecast) -> JSONValue {
    .object(
      forecast.candidate.settings.map { name, value in
        switch value {
        case .number(let number):
          .init(name, Int(exactly: number).map { .integer($0) } ?? .number(number))
        case .perWorker(let values), .list(let values): .init(name, .array(values.map { .number($0) }))
        case .word("true"): .init(name, true)
        case .word, .call, .schedule: .init(name, .string(AdviceCandidate.text(value)))
        }
      })
  }

  /// The theorem's numbers for every worker, such as trials and time-outs.
  private static func lists(_ forecast: Advice.Forecast) -> [JSONValue.Member] {
    (forecast.theorem?.lists ?? []).map { name, values in
      .init(name, .array(values.map { .number($0) }))
    }
  }

  private func numbers(_ forecast: Advice.Forecast) -> [JSONValue.Member] {
    [
      .init("time", .number(advice.predicted(forecast))), .init("time_low", .number(forecast.low)),
      .init("time_high", .number(forecast.high)), .init("wins", .number(forecast.wins)),
      .init("seconds_per_update", .number(forecast.secondsPerUpdate)),
      .init("updates", .number(forecast.simulatedUpdates)),
      .init("simulated_time", .number(forecast.simulatedTime)),
      .init("simulation", .string(forecast.outcome.rawValue)),
      .init("theory_updates", .number(forecast.theoryUpdates)),
      .init("theory_time", .number(forecast.theoryTime)),
      .init("theorem_iterations", .number(forecast.theorem?.iterations ?? .nan)),
      .init("theorem_time", .number(forecast.theorem?.time ?? .nan)),
      .init("theorem_table", .number(forecast.theorem?.table ?? .nan)),
    ]
  }

  private var conclusion: JSONValue {
    var members: [JSONValue.Member] = [.init("report", "advice")]
    if let best = advice.best {
      members += [
        .init("method", .string(best.candidate.method)), .init("parameters", Self.settings(best)),
        .init("gamma", .number(best.gamma)),
      ]
      members += numbers(best) + Self.lists(best)
    } else {
      members.append(.init("method", .null))
    }
    members += [
      .init("sure", .number(methodWins)),
      .init("agrees", .bool(advice.agrees)),
      .init(
        "theory_method", advice.theoryFavourite.map { .string($0.candidate.method) } ?? .null),
      .init("timeouts_save", .number(timeoutSaving)),
      .init("smoothness", .number(advice.conditions.smoothness)),
      .init("variance", .number(advice.conditions.variance)), .init("gap", .number(advice.conditions.gap)),
      .init("epsilon", .number(advice.conditions.epsilon)), .init("samples", .integer(advice.replicates)),
      .init("notes", .array(notes.map { .string($0) })),
      .init("commands", .array(commands.map { .string($0) })),
      .init("dependent", .bool(advice.isDependent)),
    ]
    return .object(members)
  }

  /// The fraction of samples in which the advised method wins, with any parameters; NaN without samples.
  var methodWins: Double {
    guard let method = advice.best?.candidate.method else { return .nan }
    return advice.forecasts.reduce(0) { $0 + ($1.candidate.method == method ? $1.wins : 0) }
  }

  /// What time-outs save of the time of the fastest method without them; negative where they cost, NaN where
  /// neither kind gets anywhere.
  var timeoutSaving: Double {
    func best(_ hasTimeouts: Bool) -> Double {
      advice.forecasts.filter { $0.candidate.hasTimeouts == hasTimeouts }.map { advice.predicted($0) }
        .min() ?? .infinity
    }
    let (with, without) = (best(true), best(false))
    if without == .infinity { return with < .infinity ? 1 : .nan }
    return 1 - with / without
  }
}

extension LawFit {
  /// The law's name, failures apart.
  public var name: String { failures == count ? "infbernoulli" : "\(law.parts.name)" }
}
