internal import StragglerLab

extension Interpreter {
  func echo(_ arguments: BoundArguments) throws -> Outcome {
    let words = (arguments.positional["ARG"] ?? []).compactMap { value -> String? in
      if case .number(let number) = value.value { return NumberFormat.text(number) }
      return value.word
    }
    let text = words.joined(separator: " ")
    keep(.text(text))
    try report(["command": "echo", "text": .string(text)], text: text)
    return .done
  }

  func help(_ arguments: BoundArguments) throws -> Outcome {
    let page = HelpPage(catalogue: catalogue)
    let text = arguments["TOPIC"]?.word.flatMap { page.page($0) } ?? page.overview
    try report(["command": "help", "text": .string(text)], text: text)
    return .done
  }

  func history(_ arguments: BoundArguments) throws -> Outcome {
    let lines = world.history()
    guard options.isJSON || !lines.isEmpty else { return .done }
    let width = String(lines.count).count
    let text = lines.enumerated().map { index, line in
      let number = String(index + 1)
      return String(repeating: " ", count: width - number.count) + number + "  " + line
    }
    try report(
      ["command": "history", "lines": .array(lines.map { .string($0) })], text: text.joined(separator: "\n"))
    return .done
  }
}
