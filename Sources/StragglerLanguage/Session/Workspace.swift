// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

/// The state of a session, in parts: a command uses those that it needs.
///
/// An instance belongs to one thread.
final class Workspace {
  /// The commands, for those that hold or name others.
  let language: any Language
  let output: any Output
  let world: World
  var options: Options
  /// The methods, problems and laws that go by name.
  var catalogue: Catalogue {
    didSet {
      variables.name(catalogue)
      // A name may mean something else now.
      configurationChanged()
    }
  }
  let library: DataLibrary

  /// What a checkpoint keeps, and `show` shows.
  var configuration = Configuration()
  var variables = Variables()
  /// The run of the configuration.
  var current = CurrentRun()
  /// What was computed and shown.
  var results = Results()
  /// The command that is being carried out.
  var statement = StatementAtHand()
  /// The files whose commands are being carried out, the innermost last.
  var sources: [String] = []
  /// Whether `quit` has been said.
  var hasQuit = false
  /// Whether the last answer to a statement was that it was interrupted.
  var hasAnsweredInterruption = false
  /// What the files that are named held when they were looked at last.
  var contents: [String: (stamp: FileStamp, content: FileContent)] = [:]

  init(
    language: any Language, output: any Output, options: Options, world: World, catalogue: Catalogue
  ) {
    self.language = language
    self.output = output
    self.options = options
    self.world = world
    library = DataLibrary(interrupted: world.interrupted)
    self.catalogue = catalogue
    variables.name(catalogue)
  }

  /// The place of the command that is running, for errors that belong to no argument.
  var place: Place { statement.command }

  var binder: ArgumentBinder {
    ArgumentBinder(
      table: language.table, catalogue: catalogue, environment: variables.environment)
  }

  /// The configuration has changed: what was reached is gone.
  func configurationChanged() { (current.run, current.real) = (nil, nil) }

  /// Throws what has gone wrong outside.
  func checkWorld() throws(Diagnostic) {
    if let fault = world.fault() { throw Diagnostic(fault, at: place) }
  }

  /// What the last command came to means nothing.
  func forgetResults() {
    (current.run, current.real) = (nil, nil)
    results.latest = .nothing
  }
}

/// What carries out statements, for the commands that hold or name some.
protocol Language: Sendable {
  /// The commands that there are.
  var table: CommandTable { get }
  /// Carries out a text. `abbreviated` lets the beginnings of names stand for commands.
  func execute(_ source: SourceText, abbreviated: Bool, in workspace: Workspace) -> Outcome
  /// Carries out the statements of a block.
  func execute(_ block: [Statement], in workspace: Workspace) -> Outcome
}

/// The statement that is being carried out.
struct StatementAtHand {
  /// All of it, without white space around it.
  var place = Place.nowhere
  /// The name of its command.
  var command = Place.nowhere
  /// Whether it has reported something.
  var hasAnswered = false
  /// How many statements it is in, itself included; 0 between statements.
  var depth = 0
  /// What is wrong with the statement of a text that it is in, or is itself, where that is kept for the end
  /// of its answer.
  var error: Diagnostic?
}

/// The run of a configuration.
struct CurrentRun {
  /// The run so far; nil before it has begun, and after a change of the configuration.
  var run: Run?
  /// The command that brought it to where it is.
  var command = ""
  /// The last run of the same configuration with real workers.
  var real: RealResult?
  /// Where its events go.
  var log: EventSink?
  /// Where the points of its trace go.
  var stream: PointSink?

  /// Lets the events of `run`, whose workers may have `names`, go to the log.
  func attachLog(to run: Run, names: [String]) {
    guard let log else { return }
    run.onLog = { log.append($0, names: names) }
  }
}

/// The variables of a session.
struct Variables {
  private(set) var environment = Environment()
  /// Those that were set by hand, not by a run.
  private(set) var own: Set<String> = []

  subscript(name: String) -> Value? { environment[name] }

  /// Lets values name the laws and methods of `catalogue`.
  mutating func name(_ catalogue: Catalogue) {
    environment.laws = catalogue.laws
    environment.methods = catalogue.methods.map(\.name)
  }

  /// Gives a variable a value by hand.
  mutating func set(_ name: String, to value: Value) {
    environment[name] = value
    own.insert(name)
  }

  /// Makes a result a variable; nothing for nil.
  mutating func keep(_ name: String, _ value: Value?) {
    if let value { environment[name] = value }
  }

  /// Makes numbers variables.
  mutating func keep(_ numbers: [(String, Double)], prefix: String = "") {
    for (name, number) in numbers { environment[prefix + name] = .number(number) }
  }
}

extension Workspace {
  /// Does `body` for one element after another, and ends early where the user asks for it, at `quit`, and
  /// at a failure unless the session keeps going.
  func inTurn<Elements: Sequence>(
    _ elements: Elements, _ body: (Elements.Element) -> Outcome
  ) -> Outcome {
    var worst = Outcome.done
    for element in elements {
      guard !world.interrupted() else { return .interrupted }
      let outcome = body(element)
      guard outcome != .interrupted else { return outcome }
      worst = worst.joined(with: outcome)
      if hasQuit || (outcome != .done && !options.keepsGoing) { return worst }
    }
    return worst
  }
}
