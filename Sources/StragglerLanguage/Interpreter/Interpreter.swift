public import StragglerLab

/// Carries out commands: the state of a session, without a terminal.
///
///     let interpreter = Interpreter(output: output)
///     let outcome = interpreter.execute(SourceText(name: "<command>", "workers 3; method hero; run steps=9; stats"))
///
/// An instance is one session and belongs to one thread.
public final class Interpreter {
  /// How the interpreter behaves; may change between texts.
  public var options: Options
  let world: World
  let output: any Output
  let library = DataLibrary()

  /// The methods and problems that go by name.
  public var catalogue: Catalogue
  /// The variables, those that runs set included.
  public internal(set) var environment = Environment()
  var configuration = Configuration()
  /// The run in progress; nil after a change of the configuration.
  var current: Run?
  /// What `save` and `plot` work on.
  var latest = Latest.nothing
  /// The commands that made the last comparison or sweep, and the one that brought the run to where it is.
  var (made, lastRun) = ([String](), "")
  /// The tables that `row` fills, and which of them it fills now.
  var tables: [String: DataTable] = [:]
  var tableName = ""
  var log: EventSink?
  /// What has been shown so far, for `report`.
  var shown = SessionReport()
  /// The statement that is being carried out.
  private(set) var statement: Place?
  /// The variables that were set by hand, not by a run.
  private(set) var ownVariables: Set<String> = []
  /// Whether `quit` has been said, also where commands had failed before it.
  public private(set) var hasQuit = false
  /// The files whose commands are being carried out, the innermost last.
  var sources: [String] = []

  /// The last thing that gave something to save or to plot.
  enum Latest {
    case nothing, run
    case comparison([Comparison.Row])
    case sweep(SweepReport)
    case table
  }

  /// A session in which nothing has been said yet.
  ///
  /// `output` gets everything; nothing is printed, and no clock or terminal is looked at but through `world`.
  public init(
    output: any Output, options: Options = Options(), world: World = World(),
    catalogue: Catalogue = Catalogue()
  ) {
    self.output = output
    self.options = options
    self.world = world
    self.catalogue = catalogue
  }

  /// Gives a variable a value, such as an argument of a script.
  public func set(_ name: String, to value: Value) {
    environment[name] = value
    ownVariables.insert(name)
  }

  /// Carries out a text. It stops at the first command that fails, unless it is to keep going.
  ///
  /// `abbreviated` lets the beginnings of names stand for commands, as at a prompt. The name of the text,
  /// where it is a path, is what `source` within it counts from.
  public func execute(_ source: SourceText, abbreviated: Bool = false) -> Outcome {
    sources.append(source.name)
    defer { sources.removeLast() }
    var parser = ScriptParser(source, abbreviations: abbreviated)
    var worst = Outcome.done
    while true {
      let outcome: Outcome
      do throws(Diagnostic) {
        guard let statement = try parser.next() else { return worst }
        guard !world.interrupted() else { return .interrupted }
        outcome = execute(statement, abbreviated: abbreviated)
      } catch {
        output.diagnose(error)
        outcome = .failed
      }
      switch outcome {
      case .done: break
      case .failed, .expectationFailed:
        guard options.keepsGoing else { return outcome }
        worst = worst.joined(with: outcome)
      case .quit:
        hasQuit = true
        return worst == .done ? .quit : worst
      case .interrupted: return .interrupted
      }
    }
  }

  private func execute(_ statement: Statement, abbreviated: Bool) -> Outcome {
    self.statement = statement.place.trimmed
    do {
      switch statement.kind {
      case .command(let invocation): return try execute(invocation, abbreviated: abbreviated)
      case .assignment(let assignment):
        if assignment.isDefault, environment[assignment.name.text] != nil { return .done }
        set(assignment.name.text, to: try assignment.value.evaluate(in: environment))
        return .done
      case .expectation(let expression): return try expect(expression)
      case .loop(let loop): return try execute(loop, abbreviated: abbreviated)
      case .branch(let branch):
        guard isTrue(try branch.condition.number(in: environment)) else { return .done }
        return execute(branch.body, abbreviated: abbreviated)
      }
    } catch let error as Diagnostic {
      if error.isInterruption { return .interrupted }
      output.diagnose(error)
    } catch is Interruption {
      return .interrupted
    } catch is OutputClosed {
      output.diagnose(Diagnostic("the output was closed by its reader", at: statement.place))
    } catch {
      output.diagnose(Diagnostic("\(error)", at: statement.place))
    }
    return .failed
  }

  private func execute(_ loop: Loop, abbreviated: Bool) throws -> Outcome {
    var worst = Outcome.done
    for value in try loop.list.values(in: environment) {
      guard !world.interrupted() else { return .interrupted }
      set(loop.variable.text, to: value)
      let outcome = execute(loop.body, abbreviated: abbreviated)
      switch outcome {
      case .done: break
      case .failed, .expectationFailed:
        guard options.keepsGoing else { return outcome }
        worst = worst.joined(with: outcome)
      case .quit, .interrupted: return outcome
      }
    }
    return worst
  }

  /// Carries out the statements of a block.
  private func execute(_ body: [Statement], abbreviated: Bool) -> Outcome {
    var worst = Outcome.done
    for statement in body {
      guard !world.interrupted() else { return .interrupted }
      let outcome = execute(statement, abbreviated: abbreviated)
      switch outcome {
      case .done: break
      case .failed, .expectationFailed:
        guard options.keepsGoing else { return outcome }
        worst = worst.joined(with: outcome)
      case .quit, .interrupted: return outcome
      }
    }
    return worst
  }

  private func expect(_ expression: Expression) throws -> Outcome {
    let value = try expression.number(in: environment)
    let holds = value != 0 && !value.isNaN
    keep(.claim(holds: holds))
    if holds { return .done }
    let known = expression.variables.compactMap { name in
      environment[name].map { "\(name) is \($0.printed)" }
    }
    output.diagnose(
      Diagnostic(
        "expected \(expression.place.text)", remedy: known.isEmpty ? nil : known.joined(separator: ", "),
        at: expression.place))
    return .expectationFailed
  }

  var binder: ArgumentBinder { ArgumentBinder(catalogue: catalogue, environment: environment) }

  private func execute(_ invocation: Invocation, abbreviated: Bool) throws -> Outcome {
    let command = try binder.command(of: invocation, abbreviated: abbreviated)
    let arguments = try binder.bind(invocation, to: command)
    guard let action = Self.actions[command.name] else {
      throw Diagnostic("nothing carries out \(command.name)", at: arguments.place)
    }
    return try action(self)(arguments)
  }

  /// What each command does; `let`, `for` and `expect` are statements of their own.
  private static let actions: [String: @Sendable (Interpreter) -> (BoundArguments) throws -> Outcome] = [
    "problem": Interpreter.problem, "workers": Interpreter.workers, "method": Interpreter.method,
    "topology": Interpreter.topology,
    "target": Interpreter.target, "seed": Interpreter.seed, "trace": Interpreter.trace,
    "show": Interpreter.show, "theory": Interpreter.theory,
    "run": Interpreter.run, "step": Interpreter.step, "stats": Interpreter.stats, "reset": Interpreter.reset,
    "compare": Interpreter.compare, "sweep": Interpreter.sweep, "advise": Interpreter.advise,
    "save": Interpreter.save,
    "plot": Interpreter.plot,
    "gantt": Interpreter.gantt, "report": Interpreter.report,
    "log": Interpreter.log, "table": Interpreter.table, "row": Interpreter.row, "law": Interpreter.law,
    "source": Interpreter.source, "echo": Interpreter.echo, "help": Interpreter.help,
    "checkpoint": Interpreter.checkpoint, "restore": Interpreter.restore,
    "history": Interpreter.history, "quit": { _ in { _ in .quit } },
  ]

  /// Prints a report: an object under `--json`, else text.
  func report(_ json: @autoclosure () -> JSONValue, text: @autoclosure () -> String) throws(OutputClosed) {
    try output.write((options.isJSON ? json().line : text()) + "\n")
  }
}
