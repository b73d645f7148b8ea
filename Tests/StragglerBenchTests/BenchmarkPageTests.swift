// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import Testing

@testable import StragglerBench

/// The tables of the page are written, and nothing else of it is touched.
struct BenchmarkPageTests {
  private let page =
    "# Title\n\n<!-- table: one -->\nold\nlines\n<!-- end -->\n\nProse.\n\n<!-- table: two -->\n<!-- end "
    + "-->\n"

  @Test func tablesAreReplacedBetweenTheirMarks() throws {
    let text = try BenchmarkPage(page).replacing(["one": "| 1 |\n| 2 |", "two": "| 3 |"])
    #expect(
      text
        == "# Title\n\n<!-- table: one -->\n| 1 |\n| 2 |\n<!-- end -->\n\nProse.\n\n<!-- table: two -->\n| "
        + "3 |\n<!-- end -->\n"
    )
    // Written twice is written once.
    #expect(try BenchmarkPage(text).replacing(["one": "| 1 |\n| 2 |", "two": "| 3 |"]) == text)
  }

  @Test(arguments: [
    "no marks at all", "<!-- table: one -->\nwithout an end", "<!-- end -->",
    "<!-- table: one -->\n<!-- table: one -->\n<!-- end -->", "<!-- table: other -->\n<!-- end -->",
    "<!-- table: one -->\n<!-- end -->\n<!-- table: one -->\n<!-- end -->",
  ])
  func brokenPagesAreRefused(_ text: String) {
    #expect(throws: BenchmarkError.self) { try BenchmarkPage(text).replacing(["one": "| 1 |"]) }
  }

  @Test func figuresBecomeTables() throws {
    let figures = [
      Figure(table: "methods", row: "hero", column: "n = 100", value: 6.25, unit: "million/s", program: 6),
      Figure(table: "methods", row: "hero", column: "n = 200", value: 4, unit: "million/s"),
      Figure(table: "methods", row: "asgd", column: "n = 200", value: 3, unit: "million/s"),
      Figure(table: "other", row: "a", column: "b", value: 1, unit: "s"),
    ]
    let sections = BenchmarkPage.sections(figures)
    #expect(sections.keys.sorted() == ["methods", "other"])
    let lines = try #require(sections["methods"]).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].contains("n = 100") && lines[0].contains("n = 200"))
    #expect(lines[2].contains("6.25 (6) million/s") && lines[2].contains("4 million/s"))
    #expect(lines[3].contains("asgd") && lines[3].contains("3 million/s"))
  }

  @Test func figuresAreWellFormedJSON() throws {
    for program in [nil, 2.5] {
      let figure = Figure(
        table: "kernels", row: "a \"quoted\" row\n", column: "this library", value: 1e-7, unit: "GB/s",
        program: program)
      let object = try #require(JSONValue(parsing: Array(figure.json.line.utf8)))
      #expect(object["row"] == .string(figure.row))
      #expect(object["value"]?.number == figure.value)
      #expect(object["program"] == (program.map { .number($0) } ?? .null))
      #expect(!figure.json.line.contains("\n"))
    }
  }
}
