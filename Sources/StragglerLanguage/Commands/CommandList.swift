// SPDX-License-Identifier: Apache-2.0

/// The commands of an interpreter.
public struct CommandList: Sendable {
  /// In the order of `help`.
  let types: [any Command.Type]
  /// Their descriptions, in the same order.
  let table: CommandTable

  init(_ types: [any Command.Type]) {
    self.types = types
    table = CommandTable(types.map { $0.description })
  }

  /// The commands of the language.
  public static let standard = CommandList([
    ProblemCommand.self,
    WorkersCommand.self,
    TopologyCommand.self,
    MethodCommand.self,
    TargetCommand.self,
    SeedCommand.self,
    StepCommand.self,
    RunCommand.self,
    RealCommand.self,
    TraceCommand.self,
    StatsCommand.self,
    ShowCommand.self,
    TheoryCommand.self,
    CompareCommand.self,
    SweepCommand.self,
    AdviseCommand.self,
    SaveCommand.self,
    PlotCommand.self,
    GanttCommand.self,
    LogCommand.self,
    ReportCommand.self,
    CheckpointCommand.self,
    RestoreCommand.self,
    ResetCommand.self,
    LetCommand.self,
    DefaultCommand.self,
    ForCommand.self,
    IfCommand.self,
    TableCommand.self,
    RowCommand.self,
    LawCommand.self,
    EchoCommand.self,
    ExpectCommand.self,
    SourceCommand.self,
    HelpCommand.self,
    HistoryCommand.self,
    QuitCommand.self,
  ])
}

extension CommandList {
  /// The sections of a manual page that are about the commands, in roff.
  public var manual: String { ManualPage.sections(table) }

  /// A text as roff prints it.
  public static func manualText(_ text: String) -> String { ManualPage.escaped(text) }
}
