// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// A command of the configuration as it was written, with the values that its variables had.
struct Written {
  var arguments: BoundArguments
  let environment: Environment

  init(_ arguments: BoundArguments, in environment: Environment) {
    self.arguments = arguments
    self.environment = environment
  }

  /// The command without keys that names `subject`, for a value of a key of it that is written at `place`.
  init(_ command: String, _ subject: String, at place: Place, in environment: Environment = Environment()) {
    self.environment = environment
    arguments = BoundArguments(command, at: place, .arguments([]))
    arguments.positional = [("", BoundValue(.word(subject), at: place))]
  }

  /// The problem or method that it names.
  var name: String { arguments.subject }

  /// The command as it was written, with the values that its variables had.
  var text: String {
    ([arguments.command] + arguments.positional.map { $0.value.text(in: environment) }
      + arguments.keyText(environment)).joined(separator: " ")
  }
}

extension BoundArguments {
  /// The arguments with a key as they were written, of those in `names` where these are given.
  func keyText(_ environment: Environment, of names: [String]? = nil) -> [String] {
    keyed.filter { names?.contains($0.name) ?? true }.map { "\($0.name)=" + $0.value.text(in: environment) }
  }
}

extension Given where Value == ArgumentValue {
  /// The argument as it was written, with the values that its variables had in `environment`.
  func text(in environment: Environment) -> String {
    switch value {
    case .number(let number): NumberFormat.text(number)
    case .word(let word): word
    case .call(let name, let arguments):
      "\(name)(\(arguments.map(NumberFormat.text).joined(separator: ",")))"
    case .text(let text): text.quoted
    case .numbers(let numbers): "[\(numbers.map(NumberFormat.text).joined(separator: ","))]"
    case .perWorker(let expression):
      Self.substituted(
        expression, environment, keeping: expression.isOfLinks ? ["i", "j", "n"] : ["i", "n"])
    case .stepsize(let expression):
      Self.substituted(expression.place, environment, keeping: StepsizeExpression.names)
    case .distribution(let distribution): Self.text(distribution, environment)
    case .schedule(let schedule): Self.text(schedule, environment)
    case .workers(let range): "\(range.lowerBound)..\(range.upperBound)"
    case .list, .setting, .names: place.text.onOneLine
    }
  }

  private static func text(_ schedule: BoundSchedule, _ environment: Environment) -> String {
    switch schedule {
    case .constant(let expression): substituted(expression, environment)
    case .form(let form, let arguments):
      "\(form.rawValue)(\(arguments.map { substituted($0, environment) }.joined(separator: ",")))"
    case .trace(let file, _, let keys):
      "trace(" + ([file.quoted] + keys.keyText(environment)).joined(separator: ",") + ")"
    }
  }

  private static func text(_ distribution: BoundDistribution, _ environment: Environment) -> String {
    switch distribution {
    case .law(let law, let parameters):
      "\(law.name)(\(parameters.map { substituted($0, environment) }.joined(separator: ",")))"
    case .trace(let trace):
      "trace("
        + ([trace.file.quoted, trace.replays ? "replay" : "bootstrap"] + trace.arguments.keyText(environment))
        .joined(separator: ",") + ")"
    case .mixture(let probability, let first, let second):
      "mixture(\(substituted(probability, environment)),\(text(first, environment)),"
        + "\(text(second, environment)))"
    }
  }

  /// The text of an expression with the values of its variables, so that it means the same without them.
  private static func substituted(
    _ own: WorkerExpression, _ environment: Environment, keeping names: [String] = ["i", "n"]
  ) -> String {
    substituted(own.place, environment, keeping: names, own.columns)
  }

  private static func substituted(
    _ place: Place, _ environment: Environment, keeping names: [String], _ columns: [any WorkerColumn] = []
  ) -> String {
    guard let expression = try? ExpressionParser.expression(place) else { return place.text.onOneLine }
    var text = ""
    var start = place.range.lowerBound
    var columns = columns[...]
    for instruction in expression.code.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      let written: String
      switch instruction.operation {
      case .variable(let name) where !names.contains(name):
        guard case .number(let number)? = environment[name] else { continue }
        written = "(\(NumberFormat.text(number)))"
      case .column:
        guard let column = columns.popFirst() else { continue }
        written = self.text(column, environment)
      default: continue
      }
      text += place.source[start..<instruction.range.lowerBound] + written
      start = instruction.range.upperBound
    }
    return (text + place.source[start..<place.range.upperBound]).onOneLine
  }

  private static func text(_ column: any WorkerColumn, _ environment: Environment) -> String {
    switch column {
    case let drawn as DrawnColumn: "draw(\(text(drawn.law, environment)))"
    case let column as FileColumn: "column(\(column.file.quoted),\(column.title.quoted))"
    default: ""
    }
  }
}

extension String {
  /// The text as a string of the language that reads back as it is, on one line.
  var quoted: String {
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in unicodeScalars {
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
  var onOneLine: String {
    let lines = utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      guard index < lines.count - 1, let end = line.lastIndex(where: { !$0.isBlank }) else {
        return String(Substring(line))
      }
      // The backslash that continues it.
      return String(Substring(line[..<end]))
    }.joined(separator: " ")
  }
}
