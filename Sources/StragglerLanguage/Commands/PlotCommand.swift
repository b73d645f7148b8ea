// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Plots traces, a table or the network.
struct PlotCommand: Command {
  static let name = "plot"
  static let usage = "plot [FILE] [x=…] [y=…] [logx] [logy] [title=…] | plot topology [FILE]"
  static let summary = "the traces of the last run or comparison, a table, or the network"
  static let details = """
    To the terminal, or to a file; .pdf and .png are made by `rsvg-convert`, of the package librsvg2-bin. \
    With several seeds a band shows the smallest and largest value. \
    Of a `table` x= and y= are columns; rows with the same text in the column by= are one curve, and rows \
    with the same x in it one point, the mean with its band. With `topology`, the network with the pivot \
    and the trees of the method, or else of the graph's centre. A file says in its `metadata` which \
    version and commands made it.
    """

  private var file: Given<String>?
  private var x: Given<String>?
  private var y: Given<String>?
  private var by: Given<String>?
  private var title: Given<String>?
  private var (isOfTopology, isLogX, isLogY) = (false, false, false)

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, FigureForm.summary)
    arguments.key(
      "x", &x, .name(such: Quantity.names), "the quantity on the horizontal axis", standard: "time")
    arguments.key(
      "y", &y, .name(such: Quantity.names), "the quantity on the vertical axis",
      standard: "accuracy, gap or loss")
    arguments.key(
      "by", &by, .name, "the column of a table that names the curves", standard: "the first with texts")
    arguments.key("title", &title, .text, "the title above the figure")
    arguments.flag("topology", &isOfTopology, "the network in place of the traces")
    arguments.flag("logx", &isLogX, "a logarithmic horizontal axis")
    arguments.flag("logy", &isLogY, "a logarithmic vertical axis")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    if isOfTopology { return try plotTopology(workspace) }
    var plot: Plot
    if case .table = workspace.results.latest {
      plot = try self.plot(of: try workspace.currentTable(), workspace.place)
    } else {
      plot = try self.plot(of: try workspace.traces(at: workspace.place))
    }
    plot.title = title?.value ?? ""
    workspace.keep(.plot(plot))
    if let file {
      try workspace.write(
        figure: workspace.provenance.annotated(svg: SVGPlot().text(plot)), to: file, of: Self.self)
      return .done
    }
    let points: JSONValue = .array(
      plot.series.map { series in
        [
          "name": .string(series.name),
          "points": .array(
            series.points.map { [.number($0.x), .number($0.y), .number($0.low), .number($0.high)] }),
        ]
      })
    let options = workspace.options
    let text = TerminalPlot(width: options.plotWidth, color: options.isColored).text(plot)
    try workspace.report(
      ["command": "plot", "x": .string(plot.x.key), "y": .string(plot.y.key), "series": points],
      text: String(text.hasSuffix("\n") ? text.dropLast() : text[...]))
    return .done
  }

  private func plot(of report: TraceReport) throws(Diagnostic) -> Plot {
    var quantities: [Quantity?] = []
    for axis in [x, y] {
      let quantity = try Self.quantity(axis)
      if let axis, let quantity, !report.knows(quantity) {
        throw Diagnostic(LabError.unknown(quantity, on: report.traces.first?.evaluated), at: axis.place)
      }
      quantities.append(quantity)
    }
    return report.plot(
      x: quantities[0] ?? .time, y: quantities[1] ?? report.usualQuantity, logX: isLogX, logY: isLogY)
  }

  private static func quantity(_ given: Given<String>?) throws(Diagnostic) -> Quantity? {
    guard let given else { return nil }
    guard let quantity = Quantity(rawValue: given.value) else {
      throw Diagnostic(.unknownQuantity(given.value, among: Quantity.names), at: given.place)
    }
    return quantity
  }

  /// The curves of a table.
  private func plot(of table: DataTable, _ place: Place) throws(Diagnostic) -> Plot {
    let numbers = table.columns(ofTexts: false)
    func column(_ key: String, _ given: Given<String>?, else standard: String?) throws(Diagnostic) -> String {
      guard let given else {
        guard let standard else { throw Diagnostic(.noColumn(for: key), at: place) }
        return standard
      }
      guard table.columns.contains(given.value) else {
        throw Diagnostic(.unknownColumn(given.value, among: table.columns), at: given.place)
      }
      return given.value
    }
    let x = try column("x", x, else: numbers.first)
    let y = try column("y", y, else: numbers.first { $0 != x })
    let by = by == nil ? table.columns(ofTexts: true).first : try column("by", by, else: nil)
    return table.plot(x: x, y: y, by: by, logX: isLogX, logY: isLogY)
  }

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
