// SPDX-License-Identifier: Apache-2.0

import StragglerData
import StragglerLab
import StragglerLanguage

/// An interpreter with its streams, which runs the commands of a prompt or a script.
final class Session {
  let output: StandardStream
  let errors: StandardStream
  let isInteractive: Bool
  let keepsGoing: Bool
  /// Whether the session goes on after whatever a command came to.
  let isServing: Bool
  private let interpreter: Interpreter
  /// The columns that the user wants, whatever the terminal's are.
  private let givenWidth: Int?

  /// `history` gives the lines typed so far, and `crew` are the ranks that carry out the same script.
  init(
    _ arguments: Arguments, _ catalogue: Catalogue, output: StandardStream, errors: StandardStream,
    bar: ProgressBar, style: Style, isInteractive: Bool, history: @escaping () -> [String],
    crew: Crew? = nil
  ) {
    self.output = output
    self.errors = errors
    self.isInteractive = isInteractive
    keepsGoing = arguments.keepsGoing
    isServing = arguments.isServing
    givenWidth =
      arguments.width
      ?? System.environment("COLUMNS").flatMap { Int($0) }.flatMap {
        Arguments.widths.contains($0) ? $0 : nil
      }
    var options = Options()
    options.isJSON = arguments.isJSON || arguments.isServing
    options.isAnswering = arguments.isServing
    options.isQuiet = arguments.isQuiet
    options.keepsGoing = arguments.keepsGoing
    options.threads = arguments.threads ?? (crew == nil ? System.processors : 1)
    options.shard = arguments.shard
    options.isGridFixed = arguments.isGridFixed
    options.isColored = style.colorsOutput
    // A run stops as soon as the reader of its report is gone.
    var world = World(
      clock: { System.seconds },
      interrupted: { Interruption.isRequested || output.isBroken || crew?.isHalted == true },
      history: history, render: { (svg, form) throws(RenderingError) in try Renderer.render(svg, form) })
    world.crew = crew
    interpreter = Interpreter(
      output: ReportWriter(output: output, errors: errors, bar: bar, style: style), options: options,
      world: world, catalogue: catalogue)
    for (index, word) in arguments.scriptArguments.enumerated() {
      interpreter.set("arg\(index + 1)", to: NumberFormat.number(word).map { .number($0) } ?? .text(word))
    }
  }

  /// Runs a text of commands. `source` is the name that errors show, and `firstLine` the number of the
  /// text's first line in it.
  func execute(_ text: [UInt8], source: String, firstLine: Int = 1) -> Outcome {
    interpreter.options.width = givenWidth ?? width
    return interpreter.execute(
      SourceText(name: source, bytes: text, firstLine: firstLine), abbreviated: isInteractive)
  }

  /// The terminal's columns; no limit where it is none.
  private var width: Int? { output.isTerminal ? System.columns(of: output.descriptor) ?? 80 : nil }

  /// Whether `quit` has been run.
  var hasQuit: Bool { interpreter.hasQuit }

  /// What `text` lacks before it can be run: more lines, where it ends within a block or with a `\`.
  func need(of text: [UInt8]) -> ScriptParser.Need {
    let lastLineEnd = text.last == UInt8(ascii: "\n") ? 1 : 0
    return interpreter.need(of: String(decoding: text.dropLast(lastLineEnd), as: UTF8.self))
  }

  /// What could be at the end of `text`.
  func completion(of text: String) -> Completion {
    interpreter.completion(of: text, files: { Folder.paths(beginningWith: $0) })
  }
}

/// Which streams are coloured.
struct Style: Sendable {
  var colorsOutput: Bool
  var colorsErrors: Bool

  /// `NO_COLOR` counts where it is set and not empty (no-color.org).
  init(allowsColor: Bool, isJSON: Bool, output: StandardStream, errors: StandardStream) {
    let isAllowed = allowsColor && !System.hasDumbTerminal && (System.environment("NO_COLOR") ?? "").isEmpty
    colorsOutput = isAllowed && output.isTerminal && !isJSON
    colorsErrors = isAllowed && errors.isTerminal
  }
}
