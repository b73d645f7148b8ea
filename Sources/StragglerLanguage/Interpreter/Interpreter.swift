// SPDX-License-Identifier: Apache-2.0

public import StragglerLab

/// Carries out commands: a session, without a terminal.
///
///     let interpreter = Interpreter(output: output)
///     let text = SourceText(name: "<command>", "workers 3; method hero; run updates=9; stats")
///     let outcome = interpreter.execute(text)
///
/// An instance is one session and belongs to one thread.
public final class Interpreter {
  let workspace: Workspace

  /// A session in which nothing has been said yet.
  ///
  /// `output` gets everything; nothing is printed, and no clock or terminal is looked at but through `world`.
  public init(
    output: any Output, options: Options = Options(), world: World = World(),
    catalogue: Catalogue = Catalogue(), commands: CommandList = .standard
  ) {
    workspace = Workspace(
      language: commands, output: output, options: options, world: world, catalogue: catalogue)
  }

  /// How the interpreter behaves; may change between texts.
  public var options: Options {
    get { workspace.options }
    set { workspace.options = newValue }
  }

  /// The methods, problems and laws that go by name.
  public var catalogue: Catalogue {
    get { workspace.catalogue }
    set { workspace.catalogue = newValue }
  }

  /// The variables, those that runs set included.
  public var environment: Environment { workspace.variables.environment }

  /// Whether `quit` has been said, also where commands had failed before it.
  public var hasQuit: Bool { workspace.hasQuit }

  /// Gives a variable a value, such as an argument of a script.
  public func set(_ name: String, to value: Value) { workspace.variables.set(name, to: value) }

  /// Runs a text. It stops at the first command that fails, unless the session keeps going.
  ///
  /// `abbreviated` lets the beginnings of names stand for commands, as at a prompt. The name of the text,
  /// where it is a path, is what `source` within it counts from.
  public func execute(_ source: SourceText, abbreviated: Bool = false) -> Outcome {
    (workspace.hasQuit, workspace.hasAnsweredInterruption) = (false, false)
    let outcome = workspace.language.execute(source, abbreviated: abbreviated, in: workspace)
    // The user asked to stop between two statements: that is the answer to the second.
    if outcome == .interrupted, !workspace.hasAnsweredInterruption { return workspace.close(outcome) }
    return outcome
  }

  /// What `text`, without the newline of its last line, lacks before it can be carried out.
  public func need(of text: String) -> ScriptParser.Need {
    workspace.language.table.parser(of: SourceText(name: "", text), abbreviations: true).need()
  }

  /// What could be at the end of `text`. `files` gives the paths that begin with a text, folders with a
  /// `/` at the end.
  public func completion(
    of text: String, files: @escaping @Sendable (String) -> [String]
  ) -> Completion {
    Completer(
      table: workspace.language.table, catalogue: catalogue, environment: environment,
      varied: workspace.variedKeys, files: files
    ).completion(of: text, cursor: text.utf8.count)
  }
}

// MARK: - Carrying out

extension CommandList: Language {
  func execute(_ source: SourceText, abbreviated: Bool, in workspace: Workspace) -> Outcome {
    workspace.sources.append(source.name)
    defer { workspace.sources.removeLast() }
    var parser = table.parser(of: source, abbreviations: abbreviated)
    let statements = AnyIterator { () -> Result<Statement, Diagnostic>? in
      do throws(Diagnostic) { return try parser.next().map { .success($0) } } catch { return .failure(error) }
    }
    return workspace.inTurn(statements) { statement in
      switch statement {
      case .success(let statement): return execute(statement, in: workspace)
      case .failure(let error):
        workspace.diagnose(error)
        return workspace.statement.depth == 0 ? workspace.close(.failed) : .failed
      }
    }
  }

  func execute(_ block: [Statement], in workspace: Workspace) -> Outcome {
    workspace.inTurn(block) { execute($0, in: workspace) }
  }

  private func execute(_ statement: Statement, in workspace: Workspace) -> Outcome {
    // A command that holds others answers for itself when they are done.
    let outer = workspace.statement
    workspace.statement = StatementAtHand(
      place: statement.place.trimmed, command: statement.name, depth: outer.depth + 1, error: outer.error)
    defer {
      // What went wrong within a statement of the text is told at the end of that.
      let error = outer.depth > 0 ? workspace.statement.error : nil
      workspace.statement = outer
      workspace.statement.error = error
    }
    return workspace.close(carryOut(statement, in: workspace))
  }

  private func carryOut(_ statement: Statement, in workspace: Workspace) -> Outcome {
    do throws(Diagnostic) {
      let binder = workspace.binder
      let command = try binder.command(of: statement)
      let outcome = try types[command.position].run(try binder.bind(statement, to: command), in: workspace)
      try workspace.checkWorld()
      if outcome == .done || outcome == .quit { try workspace.answer() }
      return outcome
    } catch {
      // Work that a fault outside has ended was given up.
      let fault = workspace.world.fault().map { Diagnostic($0, at: workspace.place) }
      if fault != nil { workspace.forgetResults() }
      if error.isInterruption, fault == nil { return .interrupted }
      workspace.diagnose(fault ?? error)
      return .failed
    }
  }
}
