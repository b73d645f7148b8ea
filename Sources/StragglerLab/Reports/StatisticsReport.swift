// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

extension Statistics {
  /// The names of the numbers that count something.
  private static let integers = Set(
    Quantity.allCases.filter(\.isCount).map(\.rawValue)
      + ["assigned", "delay_max", "concurrency_max", "memory"])

  /// A number under its name as JSON has it: counts as integers, what is not known as null.
  static func json(_ name: String, _ value: Double) -> JSONValue {
    if integers.contains(name), let count = Int(exactly: value) { return .integer(count) }
    return .number(value)
  }

  /// Every key with its value.
  public var json: JSONValue {
    var members = [JSONValue.Member("method", .string(method))]
    members += numbers.map { JSONValue.Member($0.name, Self.json($0.name, $0.value)) }
    members.append(JSONValue.Member("stopped", stopped.map { .string($0.word) } ?? .null))
    members.append(JSONValue.Member("time_resolution", .number(timeResolution)))
    if let evaluated { members.append(JSONValue.Member("evaluated", .integer(evaluated.rows))) }
    return .object(members)
  }

  /// A line for every key; numbers read back exactly.
  public var lines: [String] { lines(of: numbers) }

  /// The same without what differs from one run of the program to the next.
  public var repeatableLines: [String] {
    lines(of: numbers.filter { $0.name != "wall" && $0.name != "events_per_second" })
  }

  private func lines(of numbers: [(name: String, value: Double)]) -> [String] {
    let entries =
      [("method", method)]
      + numbers.map { name, value in
        if Self.integers.contains(name), let count = Int(exactly: value) { return (name, String(count)) }
        return (name, NumberText.exact(value))
      } + [
        ("stopped", stopped?.word ?? "nan"), ("time_resolution", NumberText.exact(timeResolution)),
      ]
    let width = entries.reduce(0) { max($0, $1.0.count) }
    return entries.map { $0.0 + String(repeating: " ", count: width + 2 - $0.0.count) + $0.1 }
      + (evaluated.map { [$0.note] } ?? [])
  }
}
