// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

/// Every method has a section of one shape on a page of Docs/Methods: a sentence, then its parts. The table
/// of keys is what the method declares; with STRAGGLER_RECORD set the tables are written anew, and the test
/// fails.
@Suite(.serialized) struct MethodPagesTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Docs/Methods")

  private static let isRecording = ProcessInfo.processInfo.environment["STRAGGLER_RECORD"] != nil

  /// The parts of a section, in their order; each begins with its title in bold on a line of its own.
  private static let parts = ["Rule", "Keys", "Theory", "Time", "Coincides with", "Source"]

  private static func pages() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }
  }

  /// The sections of a page by method: what follows the heading, up to the next one.
  private static func sections(of page: String) -> [(name: String, text: String)] {
    page.components(separatedBy: "\n## `").dropFirst().map { section in
      let heading = section.prefix { $0 != "`" }
      return (String(heading), String(section.dropFirst(heading.count + 1)))
    }
  }

  /// The titles of a section with what follows each, the sentence before the first one under no title.
  private static func split(_ section: String) -> [(title: String, text: String)] {
    var found = [(title: "", text: "")]
    for line in section.components(separatedBy: "\n") {
      if let title = line.wholeMatch(of: /\*\*([A-Z][a-z ]+)\*\*/) {
        found.append((String(title.output.1), ""))
      } else {
        found[found.count - 1].text += line + "\n"
      }
    }
    return found.map { ($0.title, $0.text.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// What is wrong with the shape of a section; empty where nothing is.
  private static func faults(of section: String) -> [String] {
    let found = split(section)
    let titles = found.dropFirst().map(\.title)
    guard titles == parts else { return ["its parts are \(titles)"] }
    var faults = found.filter(\.text.isEmpty).map { "nothing stands under “\($0.title)”" }
    let sentences = found[0].text.matches(of: /[.!?](?:\s|$)/).count
    if sentences != 1 || found[0].text.contains("\n\n") {
      faults.append("it does not begin with one sentence")
    }
    for (title, text) in found where ["Rule", "Theory"].contains(title) && !text.contains("```text\n") {
      faults.append("there is no block of lines under “\(title)”")
    }
    return faults
  }

  /// The table of a method's keys, as `help` shows them.
  private static func table(of method: MethodEntry) -> String {
    let rows = method.keys.map { key in
      let words = key.words.isEmpty ? "" : ": " + key.words.joined(separator: ", ")
      return [" `\(key.name)` ", " \(key.summary)\(words) ", " \(key.standard) "]
        .map { $0.replacing("|", with: "\\|") }.joined(separator: "|")
    }
    return (["| key | meaning | default |", "| --- | --- | --- |"] + rows.map { "|\($0)|" })
      .joined(separator: "\n")
  }

  @Test func everyMethodHasASectionOfOneShape() throws {
    let sections = try Self.pages().flatMap { Self.sections(of: try String(contentsOf: $0, encoding: .utf8)) }
    let names = Catalogue().methods.map(\.name)
    #expect(sections.map(\.name).sorted() == names.sorted())
    for (name, text) in sections {
      let faults = Self.faults(of: text)
      #expect(faults.isEmpty, "\(name): \(faults.joined(separator: "; "))")
    }
  }

  @Test func keysAreTheMethods() throws {
    let catalogue = Catalogue()
    for page in try Self.pages() {
      let text = try String(contentsOf: page, encoding: .utf8)
      var renewed = text
      for (name, section) in Self.sections(of: text) {
        let found = catalogue.method(name)
        let method = try #require(found, "there is no method \(name)")
        let part = try #require(Self.split(section).first { $0.title == "Keys" }, "\(name) has no Keys")
        let table = Self.table(of: method)
        #expect(part.text == table, "\(name): STRAGGLER_RECORD=1 writes the tables of keys anew")
        // Found from the section's heading on: two methods may have equal tables.
        if let heading = renewed.range(of: "\n## `\(name)`"),
          let start = renewed.range(of: "\n**Keys**\n", range: heading.upperBound..<renewed.endIndex),
          let end = renewed.range(of: "\n**", range: start.upperBound..<renewed.endIndex)
        {
          renewed.replaceSubrange(start.upperBound..<end.lowerBound, with: "\n\(table)\n")
        }
      }
      guard Self.isRecording, renewed != text else { continue }
      try renewed.write(to: page, atomically: true, encoding: .utf8)
      Issue.record("\(page.lastPathComponent) was written anew")
    }
  }

  @Test func sectionsThatLackSomethingAreFound() {
    let block = "```text\nx ← x − γg\n```"
    func section(_ titles: [String], sentence: String = "It steps.", _ text: (String) -> String) -> String {
      ([sentence] + titles.map { "**\($0)**\n\n\(text($0))" }).joined(separator: "\n\n")
    }
    #expect(Self.faults(of: section(Self.parts) { _ in block }).isEmpty)
    for missing in Self.parts {
      #expect(!Self.faults(of: section(Self.parts.filter { $0 != missing }) { _ in block }).isEmpty)
      #expect(!Self.faults(of: section(Self.parts) { $0 == missing ? "" : block }).isEmpty)
    }
    #expect(!Self.faults(of: section(Self.parts.reversed()) { _ in block }).isEmpty)
    #expect(!Self.faults(of: section(Self.parts) { _ in "In a sentence." }).isEmpty)
    for sentence in ["", "It steps. It waits.", "no end"] {
      #expect(!Self.faults(of: section(Self.parts, sentence: sentence) { _ in block }).isEmpty)
    }
  }
}
