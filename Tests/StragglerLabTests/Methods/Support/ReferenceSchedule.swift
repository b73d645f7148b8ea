// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import StragglerLanguage
import Testing

/// A case of `schedules.json` or `local.json`: a script, with the statistics that it must report.
struct ReferenceSchedule: CustomTestStringConvertible, Sendable {
  let name: String
  let method: String
  let script: String
  let expected: [String: Double]
  var testDescription: String { name }

  /// The cases of the first file, which lies in the shared folder; none where that is absent.
  static let all = cases(in: "spec/reference/schedules.json")

  /// The cases of the file `path` in the shared folder; none where that is absent.
  static func cases(in path: String) -> [ReferenceSchedule] {
    guard let data = SharedFile.data(path),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = object["cases"] as? [[String: Any]]
    else { return [] }
    return cases.compactMap { entry in
      guard let name = entry["name"] as? String, let script = entry["script"] as? String,
        let expected = entry["expect"] as? [String: Double],
        let method = script.split(separator: " ").drop(while: { $0 != "method" }).dropFirst().first
      else { return nil }
      return ReferenceSchedule(name: name, method: String(method), script: script, expected: expected)
    }
  }

  static var arePresent: Bool { !all.isEmpty }
  static let absence: Comment = "the shared folder with reference/schedules.json is absent"

  /// The cases of `method`.
  static func of(_ method: String) -> [ReferenceSchedule] { all.filter { $0.method == method } }

  /// Runs the script and compares what it reports: counts exactly, the rest to 1e-9.
  func expectReported() throws {
    let statistics = try Self.statistics(script)
    let counts = [
      "iteration", "arrivals", "used", "discarded", "cancelled", "delay_max", "gradients", "messages",
    ]
    for (key, expected) in expected {
      let value = try #require(statistics[key] as? Double, "\(name): \(key)")
      let tolerance = counts.contains(key) ? 0 : 1e-9 * abs(expected)
      #expect(abs(value - expected) <= tolerance, "\(name): \(key)")
    }
  }

  /// What the last command of a script, `stats`, reports.
  static func statistics(_ script: String) throws -> [String: Any] {
    let output = JSONOutput()
    var options = Options()
    options.isJSON = true
    let interpreter = Interpreter(output: output, options: options, world: World())
    try #require(interpreter.execute(SourceText(name: "script", script)) == .done, "\(output.errors)")
    let last = try #require(output.text.split(separator: "\n").last)
    let object = try JSONSerialization.jsonObject(with: Data(last.utf8))
    return try #require(object as? [String: Any])
  }
}

private final class JSONOutput: Output {
  var text = ""
  var errors: [String] = []
  func write(_ text: String) { self.text += text }
  func diagnose(_ diagnostic: Diagnostic) { errors.append(diagnostic.rendered) }
  func progress(_ progress: StragglerLanguage.Progress?) {}
}

@Suite(.enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence))
struct ReferenceScheduleTests {
  /// Nothing in the file is left to no test.
  @Test func everyCaseIsInItsMethodsTests() throws {
    #expect(ReferenceSchedule.all.count >= 36)
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    let tests = try names.filter { $0.hasSuffix("Tests.swift") }.map {
      try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
    }
    for method in Set(ReferenceSchedule.all.map(\.method)) {
      #expect(tests.contains { $0.contains("ReferenceSchedule.of(\"\(method)\")") }, "\(method)")
    }
  }
}
