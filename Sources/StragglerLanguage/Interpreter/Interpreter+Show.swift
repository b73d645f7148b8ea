internal import StragglerLab

extension Interpreter {
  /// Prints the configuration as commands that recreate it.
  func show(_ arguments: BoundArguments) throws -> Outcome {
    let commands = commands(of: arguments["WHAT"]?.word ?? "all")
    guard options.isJSON || !commands.isEmpty else { return .done }
    try report(
      ["command": "show", "commands": .array(commands.map { .string($0) })],
      text: commands.joined(separator: "\n"))
    return .done
  }

  /// The commands that recreate the configuration, or a part of it.
  func commands(of what: String) -> [String] {
    var commands: [String] = []
    if what == "problem" || what == "all" {
      commands.append(configuration.problem.map(Self.text) ?? "problem quadratic")
    }
    if what == "workers" || what == "all" { commands += configuration.fleet.map(Self.text) }
    if what == "topology" || what == "all", let topology = configuration.topology {
      commands.append(Self.text(topology))
    }
    if what == "all" {
      commands.append(target)
      commands.append("seed \(configuration.seed)")
      switch configuration.interval {
      case .adaptive, .end: break
      case .updates(let count): commands.append("trace every=\(count)")
      case .seconds(let seconds): commands.append("trace every=\(NumberFormat.text(seconds)) unit=time")
      }
    }
    if what == "method" || what == "all", let method = configuration.method {
      commands.append(configuration.methods[method].map(Self.text) ?? "method \(method)")
    }
    return commands
  }

  var target: String {
    var words = ["target", "epsilon=\(NumberFormat.text(configuration.epsilon))"]
    for (key, path) in Configuration.constants {
      let value = configuration.assumed[keyPath: path]
      if !value.isNaN {
        words.append("\(key)=\(NumberFormat.text(key == "L_pm" ? value.squareRoot() : value))")
      }
    }
    return words.joined(separator: " ")
  }

  /// The command as it was written, with the values that its variables had.
  static func text(_ command: Configuration.Command) -> String {
    var words = [command.arguments.command.name]
    for parameter in command.arguments.command.parameters {
      for value in command.arguments.positional[parameter.name] ?? [] {
        words.append(text(value, command.environment))
      }
    }
    for (name, value) in command.arguments.keyed {
      words.append("\(name)=" + text(value, command.environment))
    }
    return words.joined(separator: " ")
  }

  static func text(_ value: BoundValue, _ environment: Environment) -> String {
    switch value.value {
    case .number(let number): NumberFormat.text(number)
    case .word(let word): word
    case .call(let name, let argument): "\(name)(\(NumberFormat.text(argument)))"
    case .text(let text): quoted(text)
    case .perWorker(let expression):
      substituted(
        expression.place, environment, keeping: expression.isOfLinks ? ["i", "j", "n"] : ["i", "n"])
    case .distribution(let distribution): self.text(distribution, environment)
    case .workers(let range): "\(range.lowerBound)..\(range.upperBound)"
    case .list, .setting: onOneLine(value.place.text)
    }
  }

  private static func text(_ distribution: BoundDistribution, _ environment: Environment) -> String {
    switch distribution {
    case .law(let law, let parameters):
      "\(law.name)(\(parameters.map { substituted($0.place, environment) }.joined(separator: ",")))"
    case .trace(let file, let replays, _): "trace(\(quoted(file)),\(replays ? "replay" : "bootstrap"))"
    case .mixture(let probability, let first, let second):
      "mixture(\(substituted(probability.place, environment)),\(text(first, environment)),"
        + "\(text(second, environment)))"
    }
  }

  /// `text` as a string of the language that reads back as it is, on one line.
  static func quoted(_ text: String) -> String {
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"": quoted.append(contentsOf: ["\\", scalar])
      case "\n": quoted.append(contentsOf: ["\\", "n"])
      case "\t": quoted.append(contentsOf: ["\\", "t"])
      default: quoted.append(scalar)
      }
    }
    return String(quoted) + "\""
  }

  /// The text of a statement without the ends of the lines that it continues.
  static func onOneLine(_ text: String) -> String {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      guard index < lines.count - 1, let end = line.lastIndex(where: { !$0.isBlank }) else {
        return String(Substring(line))
      }
      // The backslash that continues it.
      return String(Substring(line[..<end]))
    }.joined(separator: " ")
  }

  /// The text of an expression with the values of its variables, so that it means the same without them.
  private static func substituted(
    _ place: Place, _ environment: Environment, keeping own: [String] = ["i", "n"]
  ) -> String {
    guard let expression = try? ExpressionParser.expression(place) else { return onOneLine(place.text) }
    var text = ""
    var start = place.range.lowerBound
    for instruction in expression.code.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard case .variable(let name) = instruction.operation, !own.contains(name),
        case .number(let number)? = environment[name]
      else { continue }
      text += place.source[start..<instruction.range.lowerBound] + "(\(NumberFormat.text(number)))"
      start = instruction.range.upperBound
    }
    return onOneLine(text + place.source[start..<place.range.upperBound])
  }
}
