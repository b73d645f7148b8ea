// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// What the theory says of several methods, in the order of their time complexities, as JSON and text.
public struct ForecastReport: Sendable {
  /// In the order of their tables' entries, which have no constants; those without one follow in the order
  /// of their times. First the methods for stochastic gradients, then those for finite sums, whose
  /// tables leave out L, then those for the goal E f − f* ≤ ε, and last those that were refused.
  public let forecasts: [Forecast]
  /// Methods that are left out, with the reason of each.
  public let omitted: [(method: String, reason: String)]

  /// A report of `forecasts`, which it sorts, that names `omitted` with a remark about each.
  public init(_ forecasts: [Forecast], omitted: [Forecast] = []) {
    func rank(_ value: Double) -> Double { value.isNaN ? .infinity : value }
    self.forecasts = forecasts.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.group != b.group { return a.group < b.group }
      if a.table.isNaN != b.table.isNaN { return b.table.isNaN }
      if rank(a.table) != rank(b.table) { return rank(a.table) < rank(b.table) }
      if rank(a.time) != rank(b.time) { return rank(a.time) < rank(b.time) }
      return left.offset < right.offset
    }.map(\.element)
    self.omitted = omitted.map { ($0.method, $0.notes.first ?? "no theorem gives its time") }
  }

  /// One object a method: the numbers, its parameters under the names of their keys, and what to know about
  /// them; then, where methods were left out, an object that lists them.
  public var json: [JSONValue] {
    guard !omitted.isEmpty else { return forecasts.map(\.json) }
    let list = omitted.map { method, reason in
      JSONValue.object([.init("method", .string(method)), .init("reason", .string(reason))])
    }
    return forecasts.map(\.json) + [.object([.init("left_out", .array(list))])]
  }

  /// A table, and below it what to know about the numbers.
  public func text(width: Int?) -> String {
    guard !forecasts.isEmpty else {
      return "no method has a theorem for this problem and fleet\n"
        + lines(omitted.map { ($0.reason, $0.method) })
    }
    func cell(_ value: Double) -> Cell { value.isNaN ? .missing : .number(value) }
    let shown = forecasts.filter { $0.reason == nil && (forecasts.count == 1 || !$0.isIncomplete) }
    let rows = shown.map { forecast in
      [
        Cell.text(forecast.name), cell(forecast.time), cell(forecast.table), cell(forecast.iterations),
        cell(forecast.gamma), .text(forecast.brief),
      ]
    }
    var text =
      shown.isEmpty
      ? ""
      : TextTable(
        header: ["method", "time", "table", "iterations", "gamma", "parameters"], rows: rows
      ).text(width: width)
    if shown.count > 1 {
      text +=
        shown.contains { !$0.table.isNaN }
        ? "in the order of table: the constants of time are tighter for some methods than for others\n"
        : "in the order of time, in whose updates the constants are tighter for some methods than for "
          + "others\n"
    }
    let scopes: [(scopes: [Prediction.Scope], what: String)] = [
      ([.shared, .any], ""), ([.finiteSum], " of finite sums"),
      ([.convex, .convexAny], " of convex f and E f − f* ≤ ε"),
    ]
    for (scopes, what) in scopes {
      let bound = shown.first { $0.scope.map(scopes.contains) == true && !$0.lowerBound.isNaN }?.lowerBound
      if let bound { text += "lower bound\(what), up to a constant: \(NumberText.brief(bound))\n" }
    }
    if shown.contains(where: { $0.durations == .independent }) {
      text += "lower bound: none is known for random durations\n"
    }
    text += lines(forecasts.flatMap { forecast in forecast.notes.map { ($0, forecast.name) } })
    if !omitted.isEmpty { text += "left out:\n" + lines(omitted.map { ($0.reason, $0.method) }) }
    return text
  }

  /// A line for every note, after the methods that it is about.
  private func lines(_ notes: [(note: String, method: String)]) -> String {
    var lines: [(note: String, methods: [String])] = []
    for (note, method) in notes {
      if let index = lines.firstIndex(where: { $0.note == note }) {
        lines[index].methods.append(method)
      } else {
        lines.append((note, [method]))
      }
    }
    return lines.map { note, methods in
      let who =
        methods.count == forecasts.count && methods.count > 1 ? "all" : methods.joined(separator: ", ")
      return "\(who): \(note)\n"
    }.joined()
  }
}

extension Forecast {
  /// Which methods' tables can be set beside each other.
  fileprivate var group: Int {
    if reason != nil { return 3 }
    if guarantee == .gap { return 2 }
    return scope == .finiteSum ? 1 : 0
  }

  /// Every single number under its name in the report; parameters under the names of their keys.
  public var numbers: [(name: String, value: Double)] {
    [
      ("gamma", gamma), ("iterations", iterations), ("time", time), ("table", table),
      ("lower_bound", lowerBound), ("convex_table", convexTable), ("convex_lower_bound", convexLowerBound),
    ] + parameters.map { ($0.name, $0.value) }
  }

  /// Every number under its name.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("method", .string(method)), .init("gamma", .number(gamma)),
      .init("iterations", Self.json(iterations)), .init("time", .number(time)),
      .init("table", .number(table)),
    ]
    members += parameters.map { .init($0.name, Self.json($0.value)) }
    members += lists.map { .init($0.name, .array($0.values.map(Self.json))) }
    members.append(.init("lower_bound", .number(lowerBound)))
    if !convexTable.isNaN {
      members += [
        .init("convex_table", .number(convexTable)), .init("convex_lower_bound", .number(convexLowerBound)),
      ]
    }
    members += [
      .init("constants", time.isNaN || isSimulated ? .null : .string("\(constants)")),
      .init("guarantee", scope == nil || !applies || isSimulated ? .null : .string("\(guarantee)")),
      .init("notes", .array(notes.map { .string($0) })),
      .init("durations", reason == nil ? .string(durations.rawValue) : .null),
      .init("label", .string(name)),
    ]
    if let reason { members.append(.init("reason", .string(reason))) }
    return .object(members)
  }

  private var isSimulated: Bool { durations == .dependent }

  /// Whole numbers as integers.
  private static func json(_ value: Double) -> JSONValue {
    value.magnitude < 0x1p53 ? Int(exactly: value).map { .integer($0) } ?? .number(value) : .number(value)
  }

  /// The parameters on one line.
  var brief: String {
    (parameters.map { "\($0.name)=\(NumberText.brief($0.value))" }
      + lists.map { list in
        let first = list.values.prefix(3).map { NumberText.brief($0) }.joined(separator: ",")
        return "\(list.name)=[\(first)\(list.values.count > 3 ? ",…" : "")]"
      }).joined(separator: " ")
  }
}
