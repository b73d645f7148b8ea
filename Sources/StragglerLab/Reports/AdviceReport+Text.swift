// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

extension AdviceReport {
  /// The most workers whose laws the text shows; JSON has them all.
  private static let shownWorkers = 20

  /// The advice for people, in at most `width` columns except for the commands at its end; paragraphs in 100,
  /// and tables whole, where it is nil.
  public func text(width: Int?) -> String {
    var paragraphs = [wrapped(verdict, width), wrapped(subject, width)]
    if !advice.fits.isEmpty { paragraphs[1] += fitTable.text(width: width, digits: 4) + timeouts(width) }
    paragraphs.append(
      wrapped(problem, width) + candidateTable.text(width: width, digits: 4) + wrapped(legend, width))
    if let schedule = schedule(width) { paragraphs.append(schedule) }
    paragraphs.append(check.map { wrapped($0, width) }.joined())
    if !notes.isEmpty { paragraphs.append(notes.map { wrapped("Note: \($0).", width) }.joined()) }
    paragraphs.append("To use it:\n" + commands.map { $0 + "\n" }.joined())
    return paragraphs.joined(separator: "\n")
  }

  private var verdict: String {
    guard let best = advice.best else {
      return "No method gets to the target on this fleet: every one starves or diverges."
    }
    let range =
      best.low.isNaN
      ? ""
      : " (90 % of the samples: \(NumberText.brief(best.low, digits: 3)) to "
        + "\(NumberText.brief(best.high, digits: 3))\(advice.isDependent ? ", taken for independent" : ""))"
    let parameters = best.candidate.parameters.isEmpty ? "" : " " + best.candidate.parameters
    return "Use \(best.candidate.method)\(parameters) gamma=\(NumberText.brief(best.gamma, digits: 4)): "
      + "\(NumberText.brief(advice.predicted(best), digits: 4)) seconds to the target\(range)."
  }

  private var fitTable: TextTable {
    TextTable(
      header: ["worker", "jobs", "failed", "tau", "law of the rest", "KS", "time-out", "saves"],
      rows: advice.fits.prefix(Self.shownWorkers).map { fit in
        let best = fit.best
        return [
          .text(fit.name), .integer(fit.count), .integer(fit.failures), .number(best.tau),
          .text(Self.brief(best) + (best.isRejected ? " ?" : "")), .number(best.goodness.kolmogorov),
          .number(fit.timeout.seconds), .text(NumberText.percent(fit.timeout.saving)),
        ]
      })
  }

  /// The law with four digits.
  private static func brief(_ fit: LawFit) -> String {
    if fit.failures == fit.count { return "never ends" }
    let (name, parameters) = (fit.law.parts.name, fit.law.parts.parameters)
    let numbers = (0..<parameters.count).map { NumberText.brief(parameters.values[$0], digits: 4) }
    return "\(name)(\(numbers.joined(separator: ",")))"
  }

  private func timeouts(_ width: Int?) -> String {
    var text = ""
    if advice.fits.count > Self.shownWorkers {
      text += "and \(advice.fits.count - Self.shownWorkers) more workers: --json has them all.\n"
    }
    text += wrapped(
      "Laws are of duration − tau, fitted by maximum likelihood and chosen by BIC; KS is how far the law "
        + "is from the record at most, and \"?\" marks laws that are certainly wrong. The time-out, counted "
        + "from a job's start, is the one with the least work for a gradient of that worker alone, and saves "
        + "that much of it.",
      width)
    return text
  }

  private var candidateTable: TextTable {
    TextTable(
      header: ["candidate", "gamma", "updates", "time", "90 % range", "wins", "theory"],
      rows: advice.forecasts.map { forecast in
        let isKnown = !advice.isSimulated || forecast.outcome == .reached
        let updates = advice.isSimulated ? forecast.simulatedUpdates : forecast.theoryUpdates
        return [
          .text(
            forecast.candidate.method + (forecast.candidate.parameters.isEmpty ? "" : " ")
              + forecast.candidate.parameters),
          .number(forecast.gamma), isKnown ? .number(updates) : .text(forecast.outcome.rawValue),
          isKnown ? .number(advice.predicted(forecast)) : .missing,
          isKnown ? .text(Self.range(forecast)) : .text("-"),
          forecast.wins.isNaN ? .text("-") : .text(NumberText.percent(forecast.wins)),
          .number(forecast.theoryTime),
        ]
      })
  }

  private static func range(_ forecast: Advice.Forecast) -> String {
    if forecast.low.isNaN { return "-" }
    return NumberText.brief(forecast.low, digits: 3) + "–" + NumberText.brief(forecast.high, digits: 3)
  }

  private var legend: String {
    let updates =
      advice.isSimulated
      ? "Updates and seconds are those of simulations of the problem until the target is met"
      : "Updates come from theory, since the problem was not simulated to the target"
    let range =
      advice.isDependent
      ? "90 % of the samples, which like the simulations take durations for independent although they hang "
        + "together in time: times of real runs may lie far outside"
      : "90 % of the samples"
    var text =
      updates + "; the range holds \(range), wins is how often a candidate is the fastest of them, and "
      + "theory is 4Δ/(γε) updates at the simulated pace"
    if advice.forecasts.contains(where: { $0.candidate.sum > 1 }) {
      text += ", of sums of B gradients a B-th of them"
    }
    if advice.forecasts.contains(where: { $0.candidate.guess != nil }) {
      text += ", and inf where no theorem gives a stepsize"
    }
    return text + "."
  }

  /// Time-outs and trials of the advised method, where it has them.
  private func schedule(_ width: Int?) -> String? {
    let lists = advice.best?.theorem?.lists.filter {
      $0.name == "clip" || $0.name == "trials" || $0.name == "p"
    }
    guard let lists, !lists.isEmpty, let count = lists.map(\.values.count).min(), count > 0 else {
      return nil
    }
    let names = advice.fits.count == count ? advice.fits.map(\.name) : (1...count).map { String($0) }
    let titles = ["clip": "time-out after tau", "p": "success"]
    let table = TextTable(
      header: ["worker"] + lists.map { titles[$0.name] ?? $0.name },
      rows: (0..<min(count, Self.shownWorkers)).map { worker in
        [.text(names[worker])] + lists.map { .number($0.values[worker]) }
      })
    let rest =
      count > Self.shownWorkers ? "and \(count - Self.shownWorkers) more workers: --json has them all.\n" : ""
    return "What the advised method does at an update:\n" + table.text(width: width, digits: 4) + rest
  }

  /// How sure the advice is, what time-outs save, and whether theory agrees.
  private var check: [String] {
    var lines: [String] = []
    guard let best = advice.best else { return lines }
    let sampled =
      advice.fits.isEmpty
      ? "of \(advice.replicates) other seeds" : "of \(advice.replicates) samples of the record"
    if !best.wins.isNaN {
      lines.append(
        "How sure: \(best.candidate.method) is the fastest in \(NumberText.percent(methodWins)) \(sampled).")
    }
    let saving = timeoutSaving
    if saving == 1 {
      lines.append("Time-outs: without them no method gets to the target.")
    } else if saving > 0 {
      lines.append(
        "Time-outs save \(NumberText.percent(saving)) of the time of the fastest method without them.")
    } else if !saving.isNaN {
      lines.append("Time-outs would not make anything faster here.")
    }
    if let timeoutComparison { lines.append(timeoutComparison) }
    if let bound = best.theorem?.time, bound < .infinity {
      let doubt = best.theorem?.constants == .unverified ? ", a constant of which is not verified" : ""
      let durations =
        best.candidate.hasTimeouts ? "however long jobs take" : "for fixed durations like the means"
      let stepsize = best.gamma == best.theorem?.gamma ? "" : " with the theory's stepsize"
      lines.append(
        "Its theorem promises \(NumberText.brief(bound, digits: 3)) seconds at most\(stepsize) \(durations)"
          + "\(doubt): what holds for every problem with this L, σ² and Δ.")
    }
    guard advice.isSimulated else {
      lines.append(
        "The advice relies on the number of updates from theory alone; a target that simulations reach makes "
          + "it surer."
      )
      return lines
    }
    if advice.agrees {
      lines.append("Theory and simulation agree on \(best.candidate.method).")
    } else if let favourite = advice.theoryFavourite {
      let time = advice.predicted(favourite)
      let measured =
        time < .infinity
        ? "takes \(NumberText.brief(time / advice.predicted(best), digits: 3)) times as long"
        : "does not get there (\(favourite.outcome.rawValue))"
      lines.append(
        "Theory and simulation disagree: theory would choose \(favourite.candidate.method), which "
          + "\(measured) in "
          + "simulation. The advice follows the simulation.")
    }
    return lines
  }

  /// What the best time-outs save against the one that is in use.
  private var timeoutComparison: String? {
    let clipped = advice.forecasts.filter(\.candidate.hasTimeouts)
    guard
      let given = clipped.first(where: { forecast in
        if case .word? = forecast.candidate.settings.first?.value { false } else { true }
      }), let best = clipped.first(where: { $0.candidate.parameters != given.candidate.parameters })
    else { return nil }
    let (now, better) = (advice.predicted(given), advice.predicted(best))
    guard better < now else { return "The given time-out is as good as any that was tried." }
    let saving = now < .infinity ? "\(NumberText.percent(1 - better / now)) of its time" : "all of it"
    return "Against the given time-out, \(best.candidate.parameters) saves \(saving)."
  }

  /// A paragraph in lines of at most `width` columns, or 100.
  private func wrapped(_ text: String, _ width: Int?) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if TerminalText.width(last) + 1 + TerminalText.width(String(word)) > max(20, width ?? 100) {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] += " " + word
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
