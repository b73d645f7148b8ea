// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// Docs/ tells of everything that there is, and its links lead somewhere.
@Suite struct DocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ name: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(name), encoding: .utf8)
  }

  /// The pages below `folder`, with their names from the root on.
  private func pages(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent(folder).path)
      .filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
  }

  @Test func everyMethodIsInTheIndex() throws {
    let index = try text("Docs/Methods.md")
    for method in Catalogue().methods {
      #expect(index.contains("`\(method.name)`"), "\(method.name) is not in Docs/Methods.md")
    }
  }

  @Test func everyProblemAndLawHasItsPlace() throws {
    let (problems, delays) = (try text("Docs/Problems.md"), try text("Docs/Delays.md"))
    for problem in Catalogue().problems {
      #expect(problems.contains("## `\(problem.name)`"), "\(problem.name)")
    }
    for law in Catalogue().laws {
      #expect(delays.contains("`\(law.name)("), "\(law.name)")
    }
  }

  /// What a link writes behind `#` for the headings of a page.
  private func anchors(of page: String) -> Set<String> {
    Set(
      page.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        String(
          line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased().filter {
            $0.isLetter || $0.isNumber || "_- ".contains($0)
          }
        ).replacing(" ", with: "-")
      })
  }

  @Test func linksLeadSomewhere() throws {
    let names = try ["README.md", "CHANGELOG.md"] + pages(in: "Docs") + pages(in: "Docs/Methods")
    for name in names {
      let page = Self.root.appendingPathComponent(name)
      for link in try text(name).matches(of: /\]\(([^)#:]*)(?:#([^)]*))?\)/).map(\.output) {
        let target =
          link.1.isEmpty
          ? page : page.deletingLastPathComponent().appendingPathComponent(String(link.1)).standardizedFileURL
        #expect(FileManager.default.fileExists(atPath: target.path), "\(name): \(link.0)")
        guard let anchor = link.2, target.pathExtension == "md" else { continue }
        let headings = anchors(of: try String(contentsOf: target, encoding: .utf8))
        #expect(headings.contains(String(anchor)), "\(name): \(link.0)")
      }
    }
  }
}
