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
    for law in (0..<DelayLaws.count).compactMap(DelayLaws.description) {
      #expect(delays.contains("`\(law.name)("), "\(law.name)")
    }
  }

  @Test func linksLeadSomewhere() throws {
    let names = try ["README.md", "CHANGELOG.md"] + pages(in: "Docs") + pages(in: "Docs/Methods")
    for name in names {
      let folder = Self.root.appendingPathComponent(name).deletingLastPathComponent()
      for link in try text(name).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/).map(\.output.1) {
        let target = folder.appendingPathComponent(String(link)).standardizedFileURL.path
        #expect(FileManager.default.fileExists(atPath: target), "\(name): \(link)")
      }
    }
  }
}
