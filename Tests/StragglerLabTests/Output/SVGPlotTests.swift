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
}
