// SPDX-License-Identifier: Apache-2.0

import StragglerLab

/// The page of the documentation that shows the figures.
///
/// Marks around each table name it; the rest of the page is left alone.
///
///     <!-- table: events -->
///     …
///     <!-- end -->
struct BenchmarkPage {
  private let lines: [Substring]

  init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The page with `sections` in the place of what is between the marks of the same name.
  ///
  /// Throws where a section has no marks, marks have no section, or one of a pair is missing.
  func replacing(_ sections: [String: String]) throws(BenchmarkError) -> String {
    var result: [Substring] = []
    var open: String?
    var written: Set<String> = []
    for line in lines {
      if line.hasPrefix("<!-- table: "), line.hasSuffix(" -->") {
        let name = String(line.dropFirst(12).dropLast(4))
        guard open == nil else {
          throw BenchmarkError("the marks of the table \(name) are within another's")
        }
        guard let section = sections[name] else {
          throw BenchmarkError("there are no figures for the table \(name)")
        }
        guard written.insert(name).inserted else {
          throw BenchmarkError("the table \(name) has its marks twice")
        }
        open = name
        result.append(line)
        result += section.split(separator: "\n", omittingEmptySubsequences: false)
      } else if line == "<!-- end -->" {
        guard open != nil else { throw BenchmarkError("a table ends that has not begun") }
        open = nil
        result.append(line)
      } else if open == nil {
        result.append(line)
      }
    }
    if let open { throw BenchmarkError("the table \(open) has no end") }
    if let missing = sections.keys.sorted().first(where: { !written.contains($0) }) {
      throw BenchmarkError("the page has no marks for the table \(missing)")
    }
    return result.joined(separator: "\n")
  }

  /// Every table of the figures in Markdown. What is in brackets is the program's figure.
  static func sections(_ figures: [Figure]) -> [String: String] {
    var sections: [String: String] = [:]
    for table in unique(figures.map(\.table)) {
      let own = figures.filter { $0.table == table }
      let (rows, columns) = (unique(own.map(\.row)), unique(own.map(\.column)))
      var text = TextTable(header: ["what"] + columns)
      text.rows = rows.map { row in
        [.text(row)]
          + columns.map { column in
            own.first { $0.row == row && $0.column == column }.map { .text(cell($0)) } ?? .missing
          }
      }
      sections[table] = text.markdown().trimmingLineEnd
    }
    return sections
  }

  private static func cell(_ figure: Figure) -> String {
    let program = figure.program.map { " (\(NumberText.brief($0, digits: 3)))" } ?? ""
    return NumberText.brief(figure.value, digits: 3) + program + " " + figure.unit
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

extension String {
  fileprivate var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
