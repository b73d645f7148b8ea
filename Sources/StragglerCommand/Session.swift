import StragglerLanguage

/// What the terminal side needs of an interpreter.
protocol CommandSession: AnyObject {
  /// Carries out a text of commands and reports through the host's streams.
  ///
  /// `source` is the name that errors show, a path or `<stdin>`, `<command>`, `<prompt>`; `firstLine` is the number
  /// of the text's first line in it. Where a command fails, the rest of the text is carried out only if the host
  /// keeps going. The state outlives the call, also one that failed or was interrupted.
  func execute(_ text: [UInt8], source: String, firstLine: Int) -> Outcome

  /// Whether `text` ends within a block or with a `\`, so that more lines are needed before it can be carried out.
  func needsMore(_ text: [UInt8]) -> Bool

  /// What could stand at `cursor`, an offset in UTF-8, of `text`.
  func completion(of text: String, cursor: Int) -> Completion
}

/// What the terminal side gives to an interpreter.
struct Host {
  /// Reports.
  let output: StandardStream
  /// Errors and warnings.
  let errors: StandardStream
  /// The bar that shows how far a run is.
  let progress: Progress
  /// Variables `arg1`, `arg2`, ….
  let scriptArguments: [String]
  let isInteractive: Bool
  /// Reports as JSON Lines.
  let isJSON: Bool
  let isQuiet: Bool
  let keepsGoing: Bool
  let threads: Int
  /// Whether reports are coloured.
  let colorsOutput: Bool
  /// Whether errors are coloured.
  let colorsErrors: Bool
  /// The lines typed so far in this and earlier sessions; empty where there is no prompt.
  let history: () -> [String]

  /// Whether to stop as soon as possible: after Ctrl-C, or since nobody reads the output any more.
  ///
  /// For runs to look at, and between two commands; cheap.
  var isInterrupted: Bool { Interruption.isRequested || output.isBroken }

  /// Real seconds, for `wall`.
  func clock() -> Double { System.seconds }

  /// The width of the terminal in columns; 80 where there is none.
  var columns: Int { System.columns(of: output.descriptor) ?? 80 }
}
