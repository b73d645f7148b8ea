import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// The reference schedules: scripts with the statistics that they must report.
@Suite struct ReferenceScheduleTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let script: String
    let expected: [String: Double]
    var testDescription: String { name }
  }

  static let file = SharedFolder.path.map { $0 + "/spec/reference/schedules.json" }

  /// The cases of methods that this version has.
  static let cases: [Case] = {
    guard let file, let data = FileManager.default.contents(atPath: file),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = object["cases"] as? [[String: Any]]
    else { return [] }
    let methods = Catalogue().methods.map(\.name)
    return cases.compactMap { entry in
      guard let name = entry["name"] as? String, let script = entry["script"] as? String,
        let expected = entry["expect"] as? [String: Double]
      else { return nil }
      let method = script.split(separator: " ").drop { $0 != "method" }.dropFirst().first.map(String.init)
      return method.map(methods.contains) == true ? Case(name: name, script: script, expected: expected) : nil
    }
  }()

  @Test(.enabled(if: file != nil, "the shared folder is not here"))
  func theCasesAreRead() { #expect(Self.cases.count >= 36) }

  @Test(.enabled(if: file != nil, "the shared folder is not here"), arguments: cases)
  func reports(_ reference: Case) throws {
    let session = Session(reference.script, json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let statistics = try #require(session.objects.last)
    let counts = ["iteration", "arrivals", "used", "discarded", "cancelled", "delay_max"]
    for (key, expected) in reference.expected {
      let value = try #require(statistics[key] as? Double, "\(key)")
      let tolerance = counts.contains(key) ? 0 : 1e-9 * abs(expected)
      #expect(abs(value - expected) <= tolerance, "\(key)")
    }
  }
}
