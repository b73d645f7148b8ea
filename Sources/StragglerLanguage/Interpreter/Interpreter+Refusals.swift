internal import StragglerLab

extension Interpreter {
  /// A method that cannot run on the configured problem, fleet or network, and why.
  struct Refusal {
    let method: String
    let diagnostic: Diagnostic
  }

  /// Those of `named` that can run with their experiments, and why the others cannot; throws where none can.
  func runnable(
    _ named: [NamedMethod], at place: Place
  ) throws(Diagnostic) -> (methods: [NamedMethod], experiments: [Experiment], refusals: [Refusal]) {
    var (methods, experiments, refusals) = ([NamedMethod](), [Experiment](), [Refusal]())
    for method in named {
      do throws(Diagnostic) {
        let experiment = try experiment(method, at: place)
        // One alone says so when it runs.
        if named.count > 1 { try check(experiment, at: place) }
        methods.append(method)
        experiments.append(experiment)
      } catch {
        refusals.append(Refusal(method: method.label ?? method.name, diagnostic: error))
      }
    }
    if experiments.isEmpty, let first = refusals.first { throw first.diagnostic }
    return (methods, experiments, refusals)
  }

  private func check(_ experiment: Experiment, at place: Place) throws(Diagnostic) {
    do { _ = try experiment.start() } catch { throw blamed(error, at: place) }
  }

  /// A row, or a line, for each of `refusals` behind those of the methods that ran.
  func tell(_ refusals: [Refusal], of command: String) throws {
    for refusal in refusals {
      let reason = refusal.diagnostic.message + (refusal.diagnostic.remedy.map { "; \($0)" } ?? "")
      if options.isJSON {
        let row = JSONValue.object([
          .init("method", .string(refusal.method)), .init("reason", .string(reason)),
        ])
        try output.write(Self.json(command, row).line + "\n")
      } else {
        try output.write("\(refusal.method): \(reason)\n")
      }
    }
  }
}
