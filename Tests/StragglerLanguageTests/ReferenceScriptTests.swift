// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// The scripts of the reference cases are read without a complaint.
@Suite struct ReferenceScriptTests {
  private struct Cases: Decodable {
    struct Case: Decodable { let script: String }
    let cases: [Case]
  }

  private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/spec/reference/schedules.json")
  private static let data = try? Data(contentsOf: file)

  @Test(.enabled(if: data != nil, "the reference cases are not beside the package"))
  func areRead() throws {
    let cases = try JSONDecoder().decode(Cases.self, from: try #require(Self.data)).cases
    #expect(!cases.isEmpty)
    let methods = Set(Catalogue().methods.map(\.name))
    for script in cases.map(\.script) {
      #expect(try statements(script).count == 5)
      let method = script.split(separator: "method ")[1].prefix { $0 != " " && $0 != ";" }
      if methods.contains(String(method)) { #expect(diagnostic(script)?.rendered == nil) }
    }
  }
}
