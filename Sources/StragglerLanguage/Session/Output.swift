// SPDX-License-Identifier: Apache-2.0

public import StragglerLab

/// Where an interpreter's reports go.
public protocol Output: AnyObject {
  /// Takes a part of the standard output, with its newlines. Throws where its reader is gone.
  func write(_ text: String) throws(OutputClosed)
  /// Takes an error or a warning.
  func diagnose(_ diagnostic: Diagnostic)
  /// Takes the state of long work; nil when it is over. `fraction` is NaN where it is not known how much is
  /// left.
  func progress(_ progress: Progress?)
}

/// The standard output was closed by its reader.
public struct OutputClosed: Error, Equatable {
  /// What `Output.write` throws.
  public init() {}
}

/// How far long work has come.
public struct Progress: Sendable {
  /// What is done, in a few words.
  public let what: String
  /// From 0 to 1; NaN where that is not known.
  public let fraction: Double
}

/// How an interpreter behaves.
public struct Options: Sendable {
  /// One JSON object a line for every command that reports something, and nothing else.
  public var isJSON = false
  /// With `isJSON`: each statement of a text ends with one object that says how it went, `{"ok":…}` or
  /// `{"error":…}`, after the objects that it reports, and warnings are objects among these, so that a
  /// program at the other end always knows where the session is.
  public var isAnswering = false
  /// Without reports of `run` and `step`.
  public var isQuiet = false
  /// Whether a script goes on after a command that failed.
  public var keepsGoing = false
  /// Threads for `compare` and `sweep`.
  public var threads = 1
  /// The part of their points that `sweep`s run.
  public var shard = Sweep.Shard.all
  /// Whether `tune` tries no stepsizes beyond those of its grid.
  public var isGridFixed = false
  /// The columns that reports may take; nil for no limit, as in a file or a pipe: tables then have all
  /// columns and exact numbers.
  public var width: Int? = 80
  /// The columns that plots take.
  var plotWidth: Int { width ?? 80 }
  /// Whether reports may be coloured.
  public var isColored = false

  /// Text for a terminal of 80 columns without colours, on one thread, ending at the first error.
  public init() {}
}

/// What the interpreter needs from outside.
public struct World {
  /// Real seconds since some moment.
  public var clock: @Sendable () -> Double { didSet { hasClock = true } }
  /// Whether `clock` was given, so that it goes on.
  private(set) var hasClock: Bool
  /// Whether the user has asked to stop. Looked at now and then in long work.
  public var interrupted: @Sendable () -> Bool
  /// What has gone wrong outside in the text that is being carried out, in a sentence: a function that a
  /// program supplies as an objective failed. The command at hand then fails with it, and nothing that it
  /// came to is reported or kept. Nil as long as all is well.
  public var fault: @Sendable () -> String?
  /// The lines typed so far, for `history`.
  public var history: () -> [String]
  /// The ranks that carry out the same commands, among which sweeps, comparisons and tuning are divided; of
  /// these only rank 0 writes files. Nil for this process alone.
  package var crew: Crew?
  /// Turns a figure, in SVG, into another form.
  public var render: (_ svg: [UInt8], _ form: FigureForm) throws(RenderingError) -> [UInt8]

  /// A world without a clock and without interruptions, except for what is given.
  public init(
    clock: (@Sendable () -> Double)? = nil, interrupted: @escaping @Sendable () -> Bool = { false },
    fault: @escaping @Sendable () -> String? = { nil },
    history: @escaping () -> [String] = { [] },
    render: @escaping (_ svg: [UInt8], _ form: FigureForm) throws(RenderingError) -> [UInt8] = {
      (_, _) throws(RenderingError) in
      throw RenderingError("figures are written as SVG only here", remedy: "give a name that ends in .svg")
    }
  ) {
    self.clock = clock ?? { 0 }
    hasClock = clock != nil
    self.interrupted = interrupted
    self.fault = fault
    self.history = history
    self.render = render
  }
}

/// How the carrying out of commands ended.
public enum Outcome: Equatable, Sendable {
  /// Everything was carried out.
  case done
  /// A command failed; the diagnostic has been given.
  case failed
  /// An `expect` did not hold; the diagnostic has been given.
  case expectationFailed
  /// The user asked to stop; what was reached by then has been reported.
  case interrupted
  /// `quit` ended it.
  case quit

  /// What two statements of a script that keeps going come to: a failure outweighs an expectation.
  func joined(with other: Outcome) -> Outcome { self == .done || other == .failed ? other : self }

  /// The exit status of a program that ends so.
  public var status: Int32 {
    switch self {
    case .done, .quit: 0
    case .failed: 1
    case .expectationFailed: 3
    case .interrupted: 130
    }
  }
}
