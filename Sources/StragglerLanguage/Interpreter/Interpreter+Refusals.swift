internal import StragglerLab

extension Interpreter {
  /// A method, or a point of a sweep, that cannot run on the configured problem, fleet or network, and why.
  struct Refusal {
    /// The method, or what a point of a sweep has of that which is varied.
    let labels: [SweepReport.Label]
    /// The same in words.
    let name: String
    let diagnostic: Diagnostic

    init(_ method: NamedMethod, _ diagnostic: Diagnostic) {
      name = method.label ?? method.name
      labels = [("method", .text(name))]
      self.diagnostic = diagnostic
    }

    init(point labels: [SweepReport.Label], of method: String, _ diagnostic: Diagnostic) {
      let others = labels.filter { $0.name != "method" }
      let named = labels.first { $0.name == "method" } ?? ("method", .text(method))
      (self.labels, self.diagnostic) = ([named] + others, diagnostic)
      name = Interpreter.words(labels)
    }
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
        refusals.append(Refusal(method, error))
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
        let row = JSONValue.object(
          refusal.labels.map { .init($0.name, $0.value.json) } + [.init("reason", .string(reason))])
        try output.write(Self.json(command, row).line + "\n")
      } else {
        try output.write("\(refusal.name): \(reason)\n")
      }
    }
  }

  /// Says what `run` would say of the methods before it starts; of several `rows` of one name each remark is
  /// said once.
  func warn(of rows: [Comparison.Row], at place: Place) {
    var said: Set<String> = []
    for row in rows {
      for remark in row.remarks where said.insert("\(row.name): \(remark)").inserted {
        output.diagnose(Diagnostic("\(row.name): \(remark)", at: place, severity: .warning))
      }
    }
  }
}
