internal import StragglerLab

/// A method that `compare` or `theory` names, with its keys and what it goes by.
struct NamedMethod {
  let name: String
  /// What it goes by, where that is not its name.
  var label: String?
  /// Its keys, where there are any.
  let written: Written?

  /// What it goes by.
  var title: String { label ?? name }

  /// The name of variables that begin with `label`: letters, digits and, for everything else, _.
  static func variable(_ label: String) -> String {
    var name = ""
    for byte in label.utf8 {
      if byte.continuesName {
        name.unicodeScalars.append(Unicode.Scalar(byte))
      } else if name.last != "_" {
        name += "_"
      }
    }
    while name.last == "_" { name.removeLast() }
    return name.utf8.first?.beginsName == true ? name : "_" + name
  }
}

extension Workspace {
  /// The methods of `settings`. Throws where two go by the same name, or their variables would.
  func named(_ settings: [Given<MethodSetting>]) throws(Diagnostic) -> [NamedMethod] {
    var methods: [NamedMethod] = []
    var labels: [String: String] = [:]
    for setting in settings {
      let method = named(setting.value)
      if let other = labels.updateValue(method.title, forKey: NamedMethod.variable(method.title)) {
        throw Diagnostic(.sameLabel(other, method.title, of: method.name), at: setting.place)
      }
      methods.append(method)
    }
    return methods
  }

  private func named(_ setting: MethodSetting) -> NamedMethod {
    let common = configuration.methods[setting.name]
    guard var arguments = setting.arguments else { return NamedMethod(name: setting.name, written: common) }
    // Its own keys come on top of those of `method`.
    let others = common?.arguments.keyed ?? []
    arguments.keyed =
      others.filter { other in !arguments.keyed.contains { $0.name == other.name } } + arguments.keyed
    return NamedMethod(
      name: setting.name, label: setting.label == setting.name ? nil : setting.label,
      written: Written(arguments, in: variables.environment))
  }
}

// MARK: - Methods that cannot run

/// A method that cannot run on the configured problem, fleet or network, and why.
struct Refusal {
  let method: String
  let diagnostic: Diagnostic
}

/// Methods with their experiments, and those that cannot run.
struct RunnableMethods {
  var methods: [NamedMethod] = []
  var experiments: [Experiment] = []
  var refusals: [Refusal] = []
}

extension Workspace {
  /// Those of `named` that can run, and why the others cannot; throws where none can.
  func runnable(_ named: [NamedMethod]) throws(Diagnostic) -> RunnableMethods {
    var runnable = RunnableMethods()
    for method in named {
      do throws(Diagnostic) {
        let experiment = try experiment(method)
        // One alone says so when it runs.
        if named.count > 1 {
          do throws(LabError) { _ = try experiment.start() } catch { throw blamed(error, in: configuration) }
        }
        runnable.methods.append(method)
        runnable.experiments.append(experiment)
      } catch {
        runnable.refusals.append(Refusal(method: method.title, diagnostic: error))
      }
    }
    if runnable.experiments.isEmpty, let first = runnable.refusals.first { throw first.diagnostic }
    return runnable
  }

  /// A row, or a line, for each of `refusals` behind those of the methods that ran.
  func report(_ refusals: [Refusal], of command: String) throws(Diagnostic) {
    guard !refusals.isEmpty else { return }
    let reasons = refusals.map { refusal in
      refusal.diagnostic.message + (refusal.diagnostic.remedy.map { "; \($0)" } ?? "")
    }
    try report(
      command,
      rows: zip(refusals, reasons).map { refusal, reason in
        .object([.init("method", .string(refusal.method)), .init("reason", .string(reason))])
      }, text: zip(refusals, reasons).map { "\($0.method): \($1)\n" }.joined())
  }
}
