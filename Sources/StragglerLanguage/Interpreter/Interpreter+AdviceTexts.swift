internal import StragglerCore
internal import StragglerData
internal import StragglerLab

// What `advise` says besides its tables.
extension Interpreter {
  static func subject(_ path: String?, _ fleet: AdviceFleet) -> String {
    guard let path, let record = fleet.record else {
      return "Fleet: \(fleet.workers.count) workers, as configured."
    }
    let failures = record.values.count { $0 == .infinity }
    let share = NumberText.percent(Double(failures) / Double(record.values.count))
    return "Record \(path): \(fleet.workers.count) workers, \(record.values.count) durations, "
      + "\(failures) of them failures (\(share))."
  }

  func summary(_ adviser: Adviser, _ arguments: BoundArguments) -> String {
    let conditions = adviser.conditions
    func brief(_ number: Double) -> String { NumberText.brief(number, digits: 4) }
    let name = adviser.problem == nil ? "given by its constants" : adviser.problem?.name ?? ""
    let kind = conditions.isHeterogeneous ? ", workers have data of their own" : ""
    return "Problem \(name)\(kind): L = \(brief(conditions.smoothness)), σ² = \(brief(conditions.variance)), "
      + "Δ = \(brief(conditions.gap)). Target: ‖∇f‖² < \(brief(conditions.epsilon)), σ²/ε = "
      + "\(brief(conditions.noiseRatio))."
  }

  /// What makes the fits doubtful.
  static func doubts(_ advice: Advice) -> [String] {
    var notes: [String] = []
    let few = advice.fits.filter { $0.count < 10 }
    if let first = few.first {
      let others = few.count > 1 ? " and \(few.count - 1) more" : ""
      notes.append(
        "worker \(first.name)\(others) has only \(first.count == 1 ? "1 duration" : "\(first.count) durations"): "
          + "laws and time-outs of so few are guesses")
    }
    let dead = advice.fits.filter(\.durations.isEmpty)
    if let first = dead.first {
      let others = dead.count > 1 ? " and \(dead.count - 1) more" : ""
      notes.append("no job of worker \(first.name)\(others) ever ended")
    }
    let rejected = advice.fits.count { $0.best.isRejected }
    if rejected > 0 {
      notes.append(
        "no law of the catalogue fits the durations of \(rejected) of \(advice.fits.count) workers: use the record "
          + "itself, delay=trace(…), rather than the laws")
    }
    if advice.isDependent {
      let largest = advice.fits.map(\.serialCorrelation).filter { !$0.isNaN }
        .max { $0.magnitude < $1.magnitude }
      notes.append(
        "durations hang together in time, with a rank correlation of up to "
          + "\(NumberText.brief(largest ?? .nan, digits: 2)) from one job of a worker to the next: the advice draws "
          + "them independently, and so do the samples of its ranges; compare on delay=trace(…), which replays "
          + "the record in its order")
    }
    return notes + remarks(advice)
  }

  /// What `run` would say of the methods before it starts, and which of them cannot run.
  private static func remarks(_ advice: Advice) -> [String] {
    var notes: [String] = []
    for forecast in advice.forecasts {
      for remark in forecast.remarks {
        let note = "\(forecast.candidate.method): \(remark)"
        if !notes.contains(note) { notes.append(note) }
      }
    }
    return notes
      + advice.refusals.map { refusal in
        let parameters = refusal.candidate.parameters
        return refusal.candidate.method + (parameters.isEmpty ? "" : " " + parameters) + ": "
          + refusal.error.message + (refusal.error.remedy.map { "; \($0)" } ?? "")
      }
  }

  /// Commands that recreate problem, fleet and target, and choose the advised method.
  func commands(_ advice: Advice, _ path: String?, _ adviser: Adviser) -> [String] {
    let fleet = adviser.fleet
    var commands: [String] = []
    if adviser.problem != nil { commands.append(configuration.problem.map(Self.text) ?? "problem quadratic") }
    if let path {
      commands.append(
        "workers \(fleet.workers.count) tau=0 delay=trace(\(Self.quoted(path)),bootstrap)")
    } else {
      commands += configuration.fleet.map(Self.text)
    }
    let epsilon = NumberFormat.text(configuration.epsilon)
    commands += [target, "seed \(configuration.seed)"]
    if let best = advice.best {
      commands += [best.candidate.command(gamma: best.gamma)]
      if adviser.problem != nil { commands.append("run gradnorm2<\(epsilon)") }
    }
    return commands
  }
}
