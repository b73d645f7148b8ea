// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLab

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads a document and keeps what the tests ask for.
final class SVGReader: NSObject, XMLParserDelegate {
  var paths: [(style: String, data: String)] = []
  var texts: [String] = []
  var isInText = false
  var isWellFormed = false
  var size = (width: 0.0, height: 0.0)

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if name == "svg" {
      size = (Double(attributes["width"] ?? "") ?? 0, Double(attributes["height"] ?? "") ?? 0)
    }
    if name == "path" { paths.append((attributes["class"] ?? "", attributes["d"] ?? "")) }
    if name == "text" {
      texts.append("")
      isInText = true
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text" { isInText = false }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if isInText { texts[texts.count - 1] += string }
  }

  /// The numbers of a path.
  static func numbers(_ data: String) -> [Double] {
    data.split { $0.isLetter || $0 == " " }.compactMap { Double($0) }
  }
}

@Suite struct SVGPlotTests {
  @Test func showsCurvesBandsAndLegend() {
    let reader = SVGReader(SVGPlot().text(OutputSamples.curves()))
    #expect(reader.isWellFormed)
    let curves = reader.paths.filter { $0.style.hasPrefix("curve") }
    // Five curves and their samples in the legend.
    #expect(curves.count == 10)
    #expect(reader.paths.count { $0.style.hasPrefix("band") } == 5)
    for index in 0..<5 { #expect(reader.texts.contains("method \(index)")) }
    #expect(reader.texts.contains("f(x) − f*") && reader.texts.contains("simulated time (s)"))
    #expect(reader.texts.contains("10−1"))
    for path in curves { #expect(SVGReader.numbers(path.data).allSatisfy { $0 >= 0 && $0 <= 720 }) }
  }

  @Test func sameBytes() {
    let plot = OutputSamples.curves(logX: true)
    #expect(SVGPlot().text(plot) == SVGPlot().text(plot))
  }

  @Test func standsAlone() {
    let text = SVGPlot().text(OutputSamples.curves())
    #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(text.contains("@media (prefers-color-scheme: dark)"))
    for word in ["href", "url(", "<script", "@import", " id="] { #expect(!text.contains(word)) }
  }

  /// A value that is not there breaks the line, and one beyond every number has its mark at the edge.
  @Test func missingValuesBreakTheCurve() throws {
    let points: [(Double, Double)] = [(1, 3), (2, 4), (3, .infinity), (4, 4), (5, .nan), (6, 5), (7, 3)]
    let reader = SVGReader(SVGPlot().text(OutputSamples.plot([("a", points), ("b", [(1, 1), (7, 1)])])))
    let curve = try #require(reader.paths.first { $0.style.hasPrefix("curve c0") })
    #expect(curve.data.count { $0 == "M" } == 2 && curve.data.count { $0 == "L" } == 2)
    let mark = try #require(reader.paths.first { $0.style == "solid c0" && $0.data.hasSuffix("Z") })
    let tip = SVGReader.numbers(mark.data)
    let numbers = SVGReader.numbers(curve.data)
    // x = 3 is a third of the way from 1 to 7, and the mark is above everything that is drawn.
    #expect(abs(tip[0] - (numbers[0] + (numbers[6] - numbers[0]) / 3)) < 1)
    #expect(stride(from: 1, to: numbers.count, by: 2).allSatisfy { numbers[$0] > tip[1] })
  }

  @Test func escapesText() {
    let plot = OutputSamples.plot(
      title: "a <b> & \"c\" \u{0}\u{1}\u{FFFF}", [("]]> <x> &amp;", [(1, 1), (2, 2)])])
    let reader = SVGReader(SVGPlot().text(plot))
    #expect(reader.isWellFormed)
    #expect(reader.texts.contains("]]> <x> &amp;"))
    #expect(reader.texts.contains { $0.hasPrefix("a <b> & \"c\"") })
  }

  @Test func degenerateDataAreWellFormed() {
    for plot in OutputSamples.degenerate() {
      let reader = SVGReader(SVGPlot().text(plot))
      #expect(reader.isWellFormed)
      for path in reader.paths {
        #expect(SVGReader.numbers(path.data).allSatisfy { $0.magnitude <= 1200 })
        #expect(!path.data.contains("nan") && !path.data.contains("inf"))
      }
    }
    for size in OutputSamples.extremes {
      #expect(SVGReader(SVGPlot(width: size, height: size).text(OutputSamples.curves(count: 1))).isWellFormed)
    }
  }

  /// The legend's box in a corner keeps off the data; with data everywhere it stands outside.
  @Test func legendHidesNothing() {
    var generator = OutputSamples.Generator(state: 31)
    let points = (0..<3_000).map { (Double($0), generator.uniform()) }
    let full = SVGReader(SVGPlot().text(OutputSamples.plot([("everywhere", points)])))
    #expect(full.size.width > 720)
    let free = SVGReader(SVGPlot().text(OutputSamples.curves()))
    #expect(free.size.width == 720)
    let box = Box(x: 0, y: 0, width: 400, height: 300)
    let legend = SVGLegend(names: ["one", "two"])
    let falling = Polyline(points: [SIMD2(0, 0), SIMD2(400, 300)])
    let corner = legend.freeCorner(of: box, lines: [falling])
    #expect(corner.map { !falling.touches($0) && $0.x > 200 && $0.y < 100 } == true)
    let cross = Polyline(points: [SIMD2(0, 0), SIMD2(400, 300), SIMD2(400, 0), SIMD2(0, 300)])
    #expect(legend.freeCorner(of: box, lines: [cross]) == nil)
  }

  @Test func manySeriesGrowTheFigure() {
    let series = (0..<40).map { ("method number \($0)", [(0.0, Double($0)), (1, 2)]) }
    let reader = SVGReader(SVGPlot().text(OutputSamples.plot(series)))
    #expect(reader.isWellFormed && reader.size.height > 40 * 18)
  }

  @Test func thinningKeepsWhatIsSeen() {
    var generator = OutputSamples.Generator(state: 41)
    let points = (0..<200_000).map { SIMD2(Double($0) / 200_000 * 650, generator.uniform() * 300) }
    let line = Polyline(points: points)
    let thinned = line.thinned(to: 1000)
    #expect(thinned.points.count <= 1000 && thinned.points.count > 500)
    #expect(thinned.points.first == points.first && thinned.points.last == points.last)
    #expect(thinned.points.map(\.y).min() == points.map(\.y).min())
    #expect(thinned.points.map(\.y).max() == points.map(\.y).max())
    let short = Polyline(points: Array(points.prefix(900)))
    #expect(short.thinned(to: 1000) == short)
    #expect(Polyline(points: []).thinned(to: 0).points.isEmpty)
    let path = SVGPlot().text(OutputSamples.plot([("a", points.map { ($0.x, $0.y) })]))
    #expect(path.utf8.count < 40_000)
  }

  /// Zero has no logarithm: it has its mark at the lower edge, and breaks the curve.
  @Test func zerosOnALogarithmicAxisAreMarked() {
    let plot = OutputSamples.plot(
      logY: true, [("a", [(1, 3), (2, 1), (3, 0), (4, -2), (5, 1), (6, .nan), (7, .infinity)])])
    let reader = SVGReader(SVGPlot().text(plot))
    let marks = reader.paths.filter { $0.style == "solid c0" && $0.data.hasSuffix("Z") }
    // One triangle points up to the upper edge, two down to the lower one.
    #expect(marks.map { $0.data.count { $0 == "Z" } } == [1, 2])
    let tips = marks.map { SVGReader.numbers($0.data.replacing("Z", with: " ")) }
    #expect(tips[0][1] < tips[0][3] && tips[0][1] < 30)
    #expect(tips[1][1] > tips[1][3] && tips[1][1] > 380)
    #expect(
      plot.notes == [
        "note: f(x) − f*: 2 values at or below 0 at the lower edge (▼), 1 value above every number at the "
          + "upper edge (▲), 1 value missing"
      ])
    #expect(TerminalPlot().text(plot).contains("▼") && TerminalPlot().text(plot).contains("▲"))
  }

  @Test func limitsCutLinesAtTheFrame() throws {
    var plot = OutputSamples.plot([("a", [(0, 0), (10, 10)]), ("b", [(0, 100), (4, 0), (8, 100)])])
    (plot.x.limits, plot.y.limits) = (2...5, 0...4)
    let reader = SVGReader(SVGPlot().text(plot))
    let frame = PlotFrame(plot)
    let first = try #require(frame.curves[0].first)
    #expect(first.map(\.x) == [0, 2.0 / 3] && first.map(\.y) == [0.5, 1])
    let second = try #require(frame.curves[1].first)
    // 25 a second down to 0 at 4, and up again: within 0…4 from 3.84 to 4.16.
    #expect(frame.curves[1].count == 1 && second.count == 3)
    #expect(abs(second[0].x - (3.84 - 2) / 3) < 1e-12 && abs(second[2].x - (4.16 - 2) / 3) < 1e-12)
    #expect(reader.isWellFormed)
    (plot.x.limits, plot.y.limits) = (20...30, nil)
    #expect(plot.isEmpty)
  }

  @Test func aFigureHasPanels() {
    let plot = OutputSamples.curves(count: 3)
    let reader = SVGReader(SVGPlot().text(Figure(title: "Four", [[plot, plot], [plot, plot]])))
    #expect(reader.isWellFormed && reader.texts.contains("Four"))
    // Twelve curves, and the legend once.
    #expect(reader.paths.count { $0.style.hasPrefix("curve") } == 15)
    let paper = SVGReader(SVGPlot(style: .paper).text(Figure([[plot, plot]])))
    #expect(paper.size.width == 672)
    let text = TerminalPlot().text(Figure(title: "Four", [[plot], [plot]]))
    #expect(text.hasPrefix("Four\n") && text.components(separatedBy: "A method 0").count == 2)
  }

  /// The width of a column is kept, whatever the legend needs.
  @Test func aPaperKeepsItsWidth() {
    for count in [1, 3, 12] {
      let text = SVGPlot(style: .paper).text(OutputSamples.curves(count: count))
      let reader = SVGReader(text)
      #expect(reader.isWellFormed && reader.size.width == 320)
      #expect(text.contains("serif") && !text.contains("prefers-color-scheme"))
      #expect(reader.texts.filter { $0.hasPrefix("method") }.count == count)
    }
  }

  @Test func barsAndHeatMapsAreDrawn() {
    var bars = OutputSamples.plot([("a", [(0, 3), (1, .infinity)]), ("b", [(0, 1), (1, -2)])])
    bars.x.categories = ["one", "two <b>"]
    let drawn = SVGPlot().text(bars)
    #expect(SVGReader(drawn).isWellFormed && drawn.contains("two &lt;b&gt;"))
    // Three bars and two samples in the legend; what is infinite has its mark.
    #expect(drawn.components(separatedBy: "<rect class=\"solid").count == 1 + 5)
    #expect(TerminalPlot().text(bars).contains("█"))

    var map = OutputSamples.plot([])
    (map.x.categories, map.y.categories) = (["1", "2", "3"], ["x", "y"])
    map.heat = Plot.Heat(
      scale: .quantity("time"), cells: [[5, 1, .nan], [.infinity, 3, 2]], best: SIMD2(1, 0))
    let svg = SVGPlot().text(map)
    let reader = SVGReader(svg)
    #expect(reader.isWellFormed && !svg.contains("nan"))
    for text in ["5", "1", "3", "2", "∞"] { #expect(reader.texts.contains(text)) }
    #expect(svg.contains("class=\"best\"") && svg.contains("class=\"void\""))
    #expect(svg.contains(SVGHeat.color(0)) && svg.contains(SVGHeat.color(1)))
    #expect(map.notes == ["note: simulated time: 1 value above every number (∞), 1 value missing"])
    let text = TerminalPlot().text(map)
    #expect(text.contains("1 *") && text.contains("(* best)"))
    map.heat?.cells = [[.nan, .nan, .nan], [.nan, .nan, .nan]]
    #expect(map.isEmpty && SVGReader(SVGPlot().text(map)).isWellFormed)
  }

  /// Viridis begins dark blue and ends yellow, each colour lighter than the one before.
  @Test func coloursRiseInLightness() {
    var last = -1.0
    for step in 0...100 {
      let color = SVGHeat.color(Double(step) / 100)
      let value = UInt32(color.dropFirst(), radix: 16) ?? 0
      let light =
        0.2126 * Double(value >> 16) + 0.7152 * Double(value >> 8 & 255) + 0.0722 * Double(value & 255)
      #expect(light >= last)
      last = light
    }
    #expect(SVGHeat.color(0) == "#440154" && SVGHeat.color(1) == "#FDE725")
  }
}
