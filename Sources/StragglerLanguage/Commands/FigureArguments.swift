// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// How a figure looks: sizes, texts, the parts that are shown.
struct FigureArguments: ArgumentSet {
  private(set) var (isLogX, isLogY) = (false, false)
  private var title: Given<String>?
  private var (xLabels, yLabels): (Given<[String]>?, Given<[String]>?)
  private var (labels, curves): (Given<[String]>?, Given<[String]>?)
  private var (xLimits, yLimits): (Given<[Double]>?, Given<[Double]>?)
  private var (width, height): (Given<Int>?, Given<Int>?)
  private var style: Given<FigureStyle>?
  private var band: Given<Word>?
  private var center: Given<SeedSummary.Center>?
  private var hasMarkers = false

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.flag("logx", &isLogX, "a logarithmic horizontal axis")
    arguments.flag("logy", &isLogY, "a logarithmic vertical axis")
    arguments.key("title", &title, .text, "the title above the figure")
    arguments.key("xlabel", &xLabels, .names, "what is written at the horizontal axis; of panels, a list")
    arguments.key("ylabel", &yLabels, .names, "what is written at the vertical axis; of panels, a list")
    arguments.key("xlim", &xLimits, .interval, "the ends of the horizontal axis")
    arguments.key("ylim", &yLimits, .interval, "the ends of the vertical axis")
    arguments.key("curves", &curves, .names, "the curves to show, by their names", standard: "all")
    arguments.key("label", &labels, .names, "what the curves are called, in their order")
    arguments.key(
      "band", &band, .word(["minmax", "std", "sem", "quantile(p)", "none"]), "the band over the seeds",
      standard: "minmax")
    arguments.key("center", &center, .choice, "the line through the band", standard: "mean")
    arguments.flag("markers", &hasMarkers, "a mark at each point, as far as there is room")
    arguments.key("style", &style, .choice, "paper: the width of a column, with serifs", standard: "screen")
    arguments.key("width", &width, .integer(1...10_000), "pixels, or characters in a terminal")
    arguments.key("height", &height, .integer(1...10_000), "pixels, or lines in a terminal")
  }

  /// What is shown of several seeds.
  func summary() throws(Diagnostic) -> SeedSummary {
    var summary = SeedSummary(center: center?.value ?? .mean)
    switch band?.value.name {
    case "std": summary.band = .std
    case "sem": summary.band = .sem
    case "none": summary.band = .none
    case "quantile":
      guard let band, let share = band.value.argument, share >= 0, share <= 1 else {
        throw Diagnostic(.badQuantile, at: band?.place ?? .nowhere)
      }
      summary.band = .quantile(share)
    default: break
    }
    return summary
  }

  /// Chooses and names the curves, and sets titles, labels and limits.
  func apply(to figure: inout Figure) throws(Diagnostic) {
    for row in figure.panels.indices {
      for column in figure.panels[row].indices {
        var panel = figure.panels[row][column]
        try choose(&panel)
        panel.x.limits = try limits(xLimits, of: panel.x)
        panel.y.limits = try limits(yLimits, of: panel.y)
        if let label = Self.label(xLabels, at: column) { (panel.x.label, panel.x.unit) = (label, "") }
        if let label = Self.label(yLabels, at: row) { (panel.y.label, panel.y.unit) = (label, "") }
        panel.hasMarkers = hasMarkers
        figure.panels[row][column] = panel
      }
    }
    guard let title = title?.value else { return }
    if figure.panels.count == 1, figure.panels[0].count == 1 {
      figure.panels[0][0].title = title
    } else {
      figure.title = title
    }
  }

  private func choose(_ panel: inout Plot) throws(Diagnostic) {
    if let curves {
      var series: [Plot.Series] = []
      for name in curves.value {
        guard let one = panel.series.first(where: { $0.name == name }) else {
          throw Diagnostic(.noCurve(name, among: panel.series.map(\.name)), at: curves.place)
        }
        series.append(one)
      }
      panel.series = series
    }
    guard let labels, panel.heat == nil else { return }
    guard labels.value.count <= panel.series.count else {
      throw Diagnostic(.tooManyLabels(labels.value.count, panel.series.count), at: labels.place)
    }
    for (index, label) in labels.value.enumerated() { panel.series[index].name = label }
  }

  private func limits(_ given: Given<[Double]>?, of axis: Plot.Axis) throws(Diagnostic) -> ClosedRange<
    Double
  >? {
    guard let given else { return nil }
    guard given.value.count == 2, given.value[0] < given.value[1] else {
      throw Diagnostic(.badInterval, at: given.place)
    }
    guard axis.categories.isEmpty else { throw Diagnostic(.limitsOfTexts, at: given.place) }
    let limits = given.value[0]...given.value[1]
    guard axis.allows(limits) else { throw Diagnostic(.badInterval, at: given.place) }
    return limits
  }

  /// One label is for all panels.
  private static func label(_ labels: Given<[String]>?, at index: Int) -> String? {
    guard let labels = labels?.value else { return nil }
    return labels.count == 1 ? labels[0] : index < labels.count ? labels[index] : nil
  }

  /// What draws to a file.
  var drawer: SVGPlot {
    SVGPlot(
      width: width.map { Double($0.value) }, height: height.map { Double($0.value) },
      style: style?.value ?? .screen)
  }

  /// What draws to the terminal.
  func terminal(_ options: Options) -> TerminalPlot {
    var terminal = TerminalPlot(width: width?.value ?? options.plotWidth, color: options.isColored)
    if let height { terminal.height = height.value }
    return terminal
  }
}

extension Plot {
  /// What is drawn, as an object.
  var json: JSONValue {
    let categories = { (names: [String]) in JSONValue.array(names.map { .string($0) }) }
    if let heat {
      return [
        "x": .string(x.key), "y": .string(y.key), "heat": .string(heat.scale.key), "title": .string(title),
        "x_values": categories(x.categories), "y_values": categories(y.categories),
        "cells": .array(heat.cells.map { .array($0.map { .number($0) }) }),
        "best": heat.best.map { [.string(x.categories[$0.x]), .string(y.categories[$0.y])] } ?? .null,
      ]
    }
    let points: JSONValue = .array(
      series.map { series in
        [
          "name": .string(series.name),
          "points": .array(
            series.points.map { point in
              let category = Int(exactly: point.x).flatMap { x.categories.indices.contains($0) ? $0 : nil }
              return [
                category.map { .string(x.categories[$0]) } ?? .number(point.x), .number(point.y),
                .number(point.low), .number(point.high),
              ]
            }),
        ]
      })
    var members = [
      JSONValue.Member("x", .string(x.key)), JSONValue.Member("y", .string(y.key)),
      JSONValue.Member("series", points),
    ]
    if !notes.isEmpty { members.append(JSONValue.Member("notes", .array(notes.map { .string($0) }))) }
    return .object(members)
  }
}
