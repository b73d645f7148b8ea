internal import StragglerLab

/// A method that `compare` or `theory` names, with its keys and what it goes by.
struct NamedMethod {
  let name: String
  /// What it goes by, where that is not its name.
  var label: String?
  /// Its keys, where there are any.
  let command: Configuration.Command?

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

extension Interpreter {
  /// The methods that stand in `values`. Throws where two go by the same name, or their variables would.
  func namedMethods(_ values: [BoundValue]) throws(Diagnostic) -> [NamedMethod] {
    var methods: [NamedMethod] = []
    var labels: [String: String] = [:]
    for value in values {
      let method = named(value)
      let label = method.label ?? method.name
      if let other = labels.updateValue(label, forKey: NamedMethod.variable(label)) {
        throw Diagnostic(
          other == label
            ? "two methods go by \(label)" : "the variables of '\(other)' and '\(label)' have the same names",
          remedy: "give one of them another label: \"\(method.name) label=TEXT\"", at: value.place)
      }
      methods.append(method)
    }
    return methods
  }

  private func named(_ value: BoundValue) -> NamedMethod {
    guard case .setting(let setting) = value.value else {
      let name = value.word ?? ""
      return NamedMethod(name: name, command: configuration.methods[name])
    }
    let name = setting.arguments["NAME"]?.word ?? ""
    // Its own keys come on top of those of `method`.
    var arguments = setting.arguments
    let others = configuration.methods[name]?.arguments.keyed ?? []
    arguments.keyed =
      others.filter { other in !arguments.keyed.contains { $0.name == other.name } } + arguments.keyed
    return NamedMethod(
      name: name, label: setting.label == name ? nil : setting.label,
      command: Configuration.Command(arguments: arguments, environment: environment))
  }

  /// The experiment of the configuration with `method`.
  func experiment(_ method: NamedMethod, at place: Place) throws(Diagnostic) -> Experiment {
    let written = configuration
    defer { configuration = written }
    configuration.methods[method.name] = method.command
    return try experiment(method: method.name, at: place)
  }
}
