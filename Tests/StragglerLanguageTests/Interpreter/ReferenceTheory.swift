// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// A case of `theory.json`.
struct ReferenceTheory: CustomTestStringConvertible, @unchecked Sendable {
  let id: String
  let kind: String
  let inputs: [String: Any]
  let outputs: [String: Any]
  var testDescription: String { id }

  static let all: [ReferenceTheory] = {
    guard let folder = SharedFolder.path,
      let data = FileManager.default.contents(atPath: folder + "/spec/reference/theory.json"),
      let file = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = file["cases"] as? [[String: Any]]
    else { return [] }
    return cases.map { entry in
      ReferenceTheory(
        id: entry["id"] as? String ?? "", kind: entry["kind"] as? String ?? "",
        inputs: entry["inputs"] as? [String: Any] ?? [:], outputs: entry["outputs"] as? [String: Any] ?? [:])
    }
  }()

  /// A number; infinities, and what is too large for a double, are text in the file.
  private static func number(_ value: Any?) -> Double? {
    if let text = value as? String { return Double(text) }
    return value as? Double
  }

  func input(_ key: String) throws -> Double { try #require(Self.number(inputs[key]), "\(key)") }
  func inputs(_ key: String) throws -> [Double] { try #require(inputs[key] as? [Double], "\(key)") }
  func output(_ key: String) throws -> Double { try #require(Self.number(outputs[key]), "\(key)") }
  func outputs(_ key: String) throws -> [Double] { try #require(outputs[key] as? [Double], "\(key)") }

  /// τ, from a list or a rule.
  func durations() throws -> [Double] {
    if let list = inputs["tau"] as? [Double] { return list }
    if let text = inputs["tau"] as? String, let n = text.split(separator: ".").last.flatMap({ Double($0) }) {
      return try rule(String(text.prefix { $0 != "(" && $0 != "," }), Int(n))
    }
    return try rule(try #require(inputs["tau_rule"] as? String), Int(try input("n")))
  }

  private func rule(_ name: String, _ n: Int) throws -> [Double] {
    let rule = try #require(
      ["sqrt": { $0.squareRoot() }, "linear": { $0 }, "equal": { _ in 1 }][name] as ((Double) -> Double)?,
      "the rule \(name)")
    return (1...n).map { rule(Double($0)) }
  }

  /// The law as it is written there, in the language: `log-t5(scale 5)` is `logt(0,5,5)`.
  func law() throws -> String {
    let text = try #require(inputs["law"] as? String)
    let parts = text.split(whereSeparator: { "(,) ".contains($0) })
    let values = parts.dropFirst().filter { Double($0) != nil }.joined(separator: ",")
    switch parts[0].lowercased() {
    case "log-t5": return "logt(0,\(values),5)"
    case let name: return "\(name)(\(values))"
    }
  }

  /// The target with what the inputs have of it.
  func target() throws -> String {
    let keys = [
      "eps": "epsilon", "L": "L", "L_minus": "L", "Delta": "Delta", "delta0": "Delta", "sigma2": "sigma2",
      "R": "R", "L_pm": "L_pm",
    ]
    return "target "
      + inputs.compactMap { key, value in
        keys[key].flatMap { name in Self.number(value).map { "\(name)=\($0)" } }
      }.joined(separator: " ")
  }

  /// A fleet whose worker i has the i-th value of every list; lists that are too short are an error.
  static func fleet(_ keys: [String: [Double]], delays: [String] = []) -> String {
    let n = keys.values.first?.count ?? 0
    let changes = (0..<n).map { index in
      "workers \(index + 1)..\(index + 1)" + (delays.isEmpty ? "" : " delay=\(delays[index])")
        + keys.map { " \($0.key)=\($0.value[index])" }.joined()
    }
    return "workers \(n); " + changes.joined(separator: "; ")
  }

  /// A list as an expression in i.
  static func expression(_ values: [Double]) -> String {
    "(" + values.enumerated().map { "(i==\($0 + 1))*\($1)" }.joined(separator: "+") + ")"
  }

  /// What `theory` says of `methods` after `script`.
  func theory(_ script: String, _ methods: String...) throws -> [String: ReferenceForecast] {
    let session = Session(script + "; theory " + methods.joined(separator: " "), json: true)
    try #require(session.outcome == .done, "\(id): \(session.error)")
    var rows: [String: ReferenceForecast] = [:]
    for object in session.objects where object["command"] as? String == "theory" {
      rows[object["method"] as? String ?? ""] = ReferenceForecast(row: object, reference: self)
    }
    return rows
  }

  func expect(_ value: Double, _ key: String, _ tolerance: Double = 1e-9) throws {
    let expected = try output(key)
    let isClose = value == expected || (value - expected).magnitude <= tolerance * expected.magnitude
    #expect(isClose, "\(id): \(key) is \(value), not \(expected)")
  }

  func expect(_ values: [Double], _ key: String, _ tolerance: Double = 1e-9) throws {
    let expected = try outputs(key)
    let isClose =
      values.count == expected.count
      && zip(values, expected).allSatisfy { ($0 - $1).magnitude <= tolerance * $1.magnitude }
    #expect(isClose, "\(id): \(key) is \(values), not \(expected)")
  }
}

/// What `theory` has printed of a method, beside a case.
struct ReferenceForecast {
  let row: [String: Any]
  let reference: ReferenceTheory

  subscript(key: String) -> Double {
    if let text = row[key] as? String { return Double(text) ?? .nan }
    return row[key] as? Double ?? .nan
  }

  func list(_ key: String) -> [Double] { row[key] as? [Double] ?? [] }

  /// Expects the numbers under the names on the left to be the outputs under those on the right.
  func expect(_ keys: KeyValuePairs<String, String>) throws {
    for (key, output) in keys {
      if row[key] is [Any] {
        try reference.expect(list(key), output)
      } else {
        try reference.expect(self[key], output)
      }
    }
  }
}
