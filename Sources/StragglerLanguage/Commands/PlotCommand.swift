// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Plots traces, a table, a sweep or the network.
struct PlotCommand: Command {
  static let name = "plot"
  static let usage =
    "plot [FILE] [x=…] [y=…] [logx] [logy] [KEY=…] | plot [FILE] heat=… x=… y=… | plot topology [FILE]"
  static let summary = "the traces of the last run or comparison, a sweep, a table, or the network"
  static let details = """
    To the terminal, or to a file; .pdf and .png are made by `rsvg-convert`, of the package librsvg2-bin. \
    With several seeds the line is their mean and a band goes from the smallest to the largest value, \
    unless band= and center= say otherwise. Lists of x= and y= make panels: a row for each y, a column \
    for each x. Of a `table` x= and y= are columns; rows with the same text in the column by= are one \
    curve, and rows with the same x in it one point over its band; where x= has texts there are bars. \
    After `sweep`, an x= that was varied, or heat=, plots its points: a curve for each method and each \
    value of what else was varied; after `compare`, x=method makes bars. heat= is a map of a number over \
    x= and y=, with the best marked, in colours or in figures. A curve breaks where a value is missing; \
    values at or below 0 on a logarithmic axis are marked at its lower edge, infinite ones at the upper, \
    and a note counts them. Nothing to draw is an error. With `topology`, the network with the pivot and \
    the trees of the method, or else of the graph's centre. A file says in its `metadata` which version \
    and commands made it.
    """

  private var file: Given<String>?
  private var x: Given<[String]>?
  private var y: Given<[String]>?
  private var heat: Given<String>?
  private var by: Given<String>?
  private var look = FigureArguments()
  private var isOfTopology = false

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, FigureForm.summary)
    arguments.key(
      "x", &x, .names(such: Quantity.names), "what is on the horizontal axis, or a list", standard: "time")
    arguments.key(
      "y", &y, .names(such: Quantity.names), "what is on the vertical axis, or a list",
      standard: "accuracy, gap or loss")
    arguments.key("heat", &heat, .name(such: Quantity.names), "what the colours of a heat map stand for")
    arguments.key(
      "by", &by, .name, "the column of a table that names the curves", standard: "the first with texts")
    look.arguments(&arguments)
    arguments.flag("topology", &isOfTopology, "the network in place of the traces")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    if isOfTopology { return try plotTopology(workspace) }
    var figure = Figure(try panels(workspace))
    try look.apply(to: &figure)
    guard !figure.isEmpty else { throw Diagnostic(.emptyFigure(figure.notes), at: workspace.place) }
    workspace.keep(.plot(figure))
    let notes = figure.notes
    if let file {
      let svg = look.drawer.text(figure)
      try workspace.write(figure: workspace.provenance.annotated(svg: svg), to: file, of: Self.self)
      if !notes.isEmpty, !workspace.options.isQuiet || workspace.options.isJSON {
        try workspace.report(
          ["command": "plot", "file": .string(file.value), "notes": .array(notes.map { .string($0) })],
          text: notes.joined(separator: "\n"))
      }
      return .done
    }
    let text = look.terminal(workspace.options).text(figure) + notes.map { $0 + "\n" }.joined()
    try workspace.report(Self.name, rows: figure.panels.joined().map(\.json), text: text)
    return .done
  }

  // MARK: Panels

  /// A plot for each y and each x, row by row.
  private func panels(_ workspace: Workspace) throws(Diagnostic) -> [[Plot]] {
    switch workspace.results.latest {
    case .table:
      let table = try workspace.currentTable()
      return try plots(
        of: table, by: by?.value ?? table.columns(ofTexts: true).first { !names($0) }, workspace)
    case .sweep(let report) where heat != nil || x?.value.contains(where: report.keys.contains) == true:
      let keys = (x?.value ?? []) + (heat == nil ? [] : y?.value ?? [])
      return try plots(of: report.seedTable(besides: keys), by: by?.value ?? "curve", workspace)
    case .comparison(let rows) where x?.value == ["method"]:
      return try plots(of: ComparisonReport(rows).seedTable, by: by?.value, workspace)
    default:
      if let by { throw Diagnostic(.onlyOfTables("by"), at: by.place) }
      if let heat { throw Diagnostic(.onlyOfTables("heat"), at: heat.place) }
      let report = try workspace.traces(at: workspace.place)
      let columns = try quantities(x, of: report) ?? [.time]
      let rows = try quantities(y, of: report) ?? [report.usualQuantity]
      let summary = try look.summary()
      return rows.map { row in
        columns.map { column in
          report.plot(x: column, y: row, logX: look.isLogX, logY: look.isLogY, over: summary)
        }
      }
    }
  }

  /// Whether a column is an axis.
  private func names(_ column: String) -> Bool {
    (x?.value ?? []).contains(column) || (y?.value ?? []).contains(column)
  }

  private func quantities(
    _ given: Given<[String]>?, of report: TraceReport
  ) throws(Diagnostic) -> [Quantity]? {
    guard let given else { return nil }
    var quantities: [Quantity] = []
    for name in given.value {
      guard let quantity = Quantity(rawValue: name) else {
        throw Diagnostic(.unknownQuantity(name, among: Quantity.names), at: given.place)
      }
      guard report.knows(quantity) else {
        throw Diagnostic(LabError.unknown(quantity, on: report.traces.first?.evaluated), at: given.place)
      }
      quantities.append(quantity)
    }
    return quantities
  }

  private static let best = ["accuracy", "busy", "useful", "reached", "available"]

  /// The curves, bars or maps of a table.
  private func plots(
    of table: DataTable, by: String?, _ workspace: Workspace
  ) throws(Diagnostic) -> [[Plot]] {
    let numbers = table.columns(ofTexts: false)
    func columns(
      _ key: String, _ given: Given<[String]>?, else standard: String?
    ) throws(Diagnostic) -> [String] {
      guard let given else {
        guard let standard else { throw Diagnostic(.noColumn(for: key), at: workspace.place) }
        return [standard]
      }
      for name in given.value where !table.columns.contains(name) {
        throw Diagnostic(.unknownColumn(name, among: table.columns), at: given.place)
      }
      return given.value
    }
    if let own = self.by { _ = try columns("by", Given([own.value], at: own.place), else: nil) }
    let summary = try look.summary()
    let xs = try columns("x", x, else: numbers.first)
    if let heat {
      _ = try columns("heat", Given([heat.value], at: heat.place), else: nil)
      let ys = try columns("y", y, else: numbers.first { !xs.contains($0) && $0 != heat.value })
      return ys.map { row in
        xs.flatMap { column in
          table.heatMaps(
            heat.value, x: column, y: row, by: by, isMaximum: Self.best.contains(heat.value), over: summary)
        }
      }
    }
    let ys = try columns("y", y, else: numbers.first { !xs.contains($0) })
    return ys.map { row in
      xs.map { column in
        table.plot(
          x: column, y: row, by: by == column ? nil : by, logX: look.isLogX, logY: look.isLogY, over: summary)
      }
    }
  }

  // MARK: The network

  /// Draws the network, to the terminal as a table of the nodes, or to a file.
  private func plotTopology(_ workspace: Workspace) throws(Diagnostic) -> Outcome {
    let configuration = workspace.configuration
    guard configuration.topology != nil else { throw Diagnostic(.noTopologyYet, at: workspace.place) }
    guard !configuration.workers.isEmpty, let topology = try configuration.network() else {
      throw Diagnostic(.noNodesYet, at: workspace.place)
    }
    // Where the method needs no network, the trees are those of one that does.
    let own = configuration.method.flatMap { workspace.catalogue.method($0)?.needsNetwork == true ? $0 : nil }
    let method = own ?? "\(DecentralizedMinibatch.name)"
    var experiment = try workspace.experiment(method: method)
    if own == nil, let entry = workspace.catalogue.method(method) {
      do throws(LabError) { experiment.method = try entry.choose(["gamma": 1]) } catch {
        throw Diagnostic(error, at: workspace.place)
      }
    }
    let run = try workspace.start(experiment)
    let figure = TopologyFigure(topology, trees: run.network?.trees)
    workspace.keep(.figure(svg: figure.svg))
    if let file {
      try workspace.write(
        figure: workspace.provenanceOfConfiguration.annotated(svg: figure.svg), to: file, of: Self.self)
      return .done
    }
    try workspace.report(
      figure.json.reported(by: Self.name), text: figure.text(width: workspace.options.width))
    return .done
  }
}
