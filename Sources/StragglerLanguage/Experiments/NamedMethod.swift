// SPDX-License-Identifier: Apache-2.0

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

/// A method, or a point of a sweep, that cannot run on the configured problem, fleet or network, and why.
struct Refusal {
  /// The method, or what a point of a sweep has of that which is varied.
  let labels: [SweepReport.Label]
  /// The same in words.
  let name: String
  let diagnostic: Diagnostic

  init(_ method: NamedMethod, _ diagnostic: Diagnostic) {
    name = method.title
    labels = [("method", .text(name))]
    self.diagnostic = diagnostic
  }

  init(point labels: [SweepReport.Label], of method: String, _ diagnostic: Diagnostic) {
    let others = labels.filter { $0.name != "method" }
    let named = labels.first { $0.name == "method" } ?? ("method", .text(method))
    self.labels = [named] + others
    name = labels.words
    self.diagnostic = diagnostic
  }

  fileprivate var reason: String {
    diagnostic.message + (diagnostic.remedy.map { "; \($0)" } ?? "")
  }
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
        // A single method reports it when it runs.
        if named.count > 1 {
          do throws(LabError) { _ = try experiment.start() } catch { throw blamed(error, in: configuration) }
        }
        runnable.methods.append(method)
        runnable.experiments.append(experiment)
      } catch {
        runnable.refusals.append(Refusal(method, error))
      }
    }
    if runnable.experiments.isEmpty, let first = runnable.refusals.first { throw first.diagnostic }
    return runnable
  }

  /// A row, or a line, for each of `refusals`, after those of what ran.
  func report(_ refusals: [Refusal], of command: String) throws(Diagnostic) {
    guard !refusals.isEmpty else { return }
    try report(
      command,
      rows: refusals.map { refusal in
        .object(
          refusal.labels.map { .init($0.name, $0.value.json) } + [.init("reason", .string(refusal.reason))])
      }, text: refusals.map { "\($0.name): \($0.reason)\n" }.joined())
  }

  /// Says what `run` would say of the methods before it starts; of several `rows` of one name each remark is
  /// said once.
  func warn(of rows: [Comparison.Row]) {
    var said: Set<String> = []
    for row in rows {
      for remark in row.remarks where said.insert("\(row.name): \(remark)").inserted {
        diagnose(Diagnostic(.remark(remark, of: row.name), at: place, severity: .warning))
      }
    }
  }
}
