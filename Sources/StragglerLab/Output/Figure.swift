// SPDX-License-Identifier: Apache-2.0

/// Plots side by side and one above the other: what is shown at once, in a terminal or as SVG.
public struct Figure: Equatable, Sendable {
  /// What is above all of it; empty for none.
  public var title: String
  /// The plots, row by row.
  public var panels: [[Plot]]

  /// A figure of `panels`.
  public init(title: String = "", _ panels: [[Plot]]) { (self.title, self.panels) = (title, panels) }

  /// A figure of one plot, which has the title.
  public init(_ plot: Plot) { self.init([[plot]]) }

  /// Whether none of the plots has anything to draw.
  public var isEmpty: Bool { panels.joined().allSatisfy(\.isEmpty) }

  /// What has to be said of values that have no place in the pictures, each thing once.
  public var notes: [String] {
    panels.joined().flatMap(\.notes).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The names of curves, each once, in the order of the first plot that has it.
  var names: [String] {
    panels.joined().flatMap { $0.series.map(\.name) }.reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
  }
}

/// For what figures are drawn.
public enum FigureStyle: String, Sendable, CaseIterable {
  /// A page or a slide: wide, without serifs, on a dark page in light colours.
  case screen
  /// A column of a paper, 240 points wide, or two where panels are side by side: with serifs, on white.
  case paper
}
