// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The blocks of Docs/AddingAMethod.md are what the example is made of: its method, problem and law, and the
/// main file. `scripts/try-adding` builds all blocks of the page.
@Suite struct AddingTests {
  private static let root = Example.root
  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The blocks of the page by what stands behind their backticks.
  private static func blocks() throws -> [String: String] {
    var blocks: [String: String] = [:]
    for (index, part) in try text("Docs/AddingAMethod.md").components(separatedBy: "\n```").enumerated()
    where index % 2 == 1 {
      let head = part.prefix { $0 != "\n" }
      blocks[String(head)] = String(part.dropFirst(head.count + 1)) + "\n"
    }
    return blocks
  }

  @Test(
    arguments: [
      ("Solo", "Sources/StragglerCore/Methods"), ("Valley", "Sources/StragglerCore/Problems"),
      ("Burr", "Sources/StragglerCore/Delays/Laws"),
    ])
  func partsOfTheExampleAreThoseOfThePage(_ name: String, _ folder: String) throws {
    let block = try #require(try Self.blocks()["swift \(folder)/\(name).swift"])
    let file = try Self.text("Docs/Examples/Sources/OwnShell/\(name).swift")
    #expect(file == "import StragglerCore\n\n" + block)
  }

  @Test func mainFileIsThatOfThePage() throws {
    let file = try Self.text("Docs/Examples/Sources/OwnShell/main.swift")
    #expect(try Self.blocks()["swift"] == file)
  }
}
