// SPDX-License-Identifier: Apache-2.0

/// How figures look: colours, dashes and the style sheet that all of them share.
///
/// The colours are those of Okabe and Ito (2008), which people with any kind of colour vision can
/// distinguish. On a dark page the dark ones are lightened. Every rule begins with the class of the figure,
/// so that a page can contain several figures and other elements.
enum SVGStyle {
  /// On white and on a dark page.
  static let palette: [(light: String, dark: String)] = [
    ("#0072B2", "#4BA6E0"),
    ("#D55E00", "#F5813A"),
    ("#009E73", "#1FC495"),
    ("#CC79A7", "#E39BC4"),
    ("#E69F00", "#F0B429"),
    ("#56B4E9", "#9AD4F7"),
    ("#222222", "#F2F2F2"),
    ("#B8A500", "#F0E442"),
  ]

  /// The dashes of series, the first being none. There are seven, so that colour and dash of two series
  /// coincide only after 56.
  static let dashes = ["", "7 3", "2 2.5", "9 3 2 3", "4 3", "9 3 2 3 2 3", "14 4"]

  static func color(ofSeries index: Int) -> Int { index % palette.count }

  static func dash(ofSeries index: Int) -> String { dashes[index % dashes.count] }

  /// The path of a mark of a series: disc, square, triangle, diamond, cross in turn.
  static func mark(ofSeries index: Int, at place: SIMD2<Double>) -> String {
    let start = "M\(NumberText.fixed(place.x)) \(NumberText.fixed(place.y))"
    return start
      + [
        "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z", "m-3 -3h6v6h-6Z", "m0 -4.2l4 7h-8Z",
        "m0 -4.4l4.4 4.4l-4.4 4.4l-4.4 -4.4Z",
        "m-1.2 -4h2.4v2.8h2.8v2.4h-2.8v2.8h-2.4v-2.8h-2.8v-2.4h2.8Z",
      ][index % 5]
  }

  /// The class of the figure itself.
  static let root = "straggler-figure"

  static func root(_ style: FigureStyle) -> String { style == .screen ? root : "straggler-paper" }

  /// How large a figure is shown of what is laid out for the screen.
  static func scale(_ style: FigureStyle) -> Double { style == .screen ? 1 : 0.8 }

  /// The text between `<style>` and `</style>`.
  static func sheet(_ style: FigureStyle) -> String { style == .screen ? sheet : paper }

  private static let sheet: String = {
    let light = rules(
      page: "#FFFFFF", ink: "#222222", soft: "#5A5A5A", grid: "#E4E4E4", palette: palette.map(\.light))
    let dark = rules(
      page: "#15181C", ink: "#E8E8E8", soft: "#A9AEB4", grid: "#2E3339", palette: palette.map(\.dark))
    return
      shapes.map { rule($0.0, $0.1) }.joined() + light + "@media (prefers-color-scheme: dark){\n" + dark
      + "}\n"
  }()

  private static let paper: String = {
    let sheet =
      shapes.map { rule($0.0, $0.1) }.joined()
      + rule("text", "font-family:'Times New Roman',Times,'Nimbus Roman','Liberation Serif',serif")
      + rules(
        page: "#FFFFFF", ink: "#000000", soft: "#444444", grid: "#E4E4E4", palette: palette.map(\.light))
    return sheet.replacing(".\(root) ", with: ".\(root(.paper)) ")
  }()

  private static let shapes = [
    ("text", "font-family:Helvetica,Arial,'DejaVu Sans',sans-serif;font-size:12px"),
    (".title", "font-size:14px;font-weight:bold"),
    (".caption", "font-size:13px"),
    (".small", "font-size:10px"),
    (".raised", "font-size:9px"),
    (".axis", "fill:none;stroke-width:1"),
    (".grid", "fill:none;stroke-width:1"),
    (".curve", "fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:butt"),
    (".band", "fill:currentColor;fill-opacity:0.16;stroke:none"),
    (".solid", "fill:currentColor;stroke:none"),
    (".legend", "stroke-width:1;fill-opacity:0.85"),
    (".halo", "fill:none;stroke:#FFFFFF;stroke-width:5"),
    (".best", "fill:none;stroke:#D55E00;stroke-width:2.5"),
    (".void", "stroke:none"),
  ]

  private static func rules(page: String, ink: String, soft: String, grid: String, palette: [String])
    -> String
  {
    var text = rule(".page", "fill:\(page)")
    text += rule("text", "fill:\(ink)")
    text += rule(".soft", "fill:\(soft)")
    text += rule(".axis", "stroke:\(ink)")
    text += rule(".grid", "stroke:\(grid)")
    text += rule(".legend", "fill:\(page);stroke:\(grid)")
    text += rule(".void", "fill:\(grid)")
    // After what is said of texts in general.
    text += rule(".onlight", "fill:#000000") + rule(".ondark", "fill:#FFFFFF")
    for (index, color) in palette.enumerated() { text += rule(".c\(index)", "color:\(color)") }
    return text
  }

  private static func rule(_ selector: String, _ declarations: String) -> String {
    ".\(root) \(selector){\(declarations)}\n"
  }
}
