internal import StragglerCore

/// What the theory says of several methods, the fastest first, as JSON and text.
public struct ForecastReport: Sendable {
  /// In the order of their times; those without one come last, in the order of their tables' entries.
  public let forecasts: [Forecast]

  /// A report of `forecasts`, which it sorts.
  public init(_ forecasts: [Forecast]) {
    func rank(_ value: Double) -> Double { value.isNaN ? .infinity : value }
    self.forecasts = forecasts.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.time.isNaN != b.time.isNaN { return b.time.isNaN }
      if rank(a.time) != rank(b.time) { return rank(a.time) < rank(b.time) }
      if rank(a.table) != rank(b.table) { return rank(a.table) < rank(b.table) }
      return left.offset < right.offset
    }.map(\.element)
  }

  /// One object a method: the numbers, its parameters under the names of their keys, and what to know about them.
  public var json: [JSONValue] { forecasts.map(\.json) }

  /// A table, and below it what to know about the numbers.
  public func text(width: Int) -> String {
    guard !forecasts.isEmpty else { return "no method has a theorem for this problem and fleet\n" }
    let shown = forecasts.filter { forecasts.count == 1 || !$0.isIncomplete }
    let rows = shown.map { forecast in
      [
        Cell.text(forecast.name), .number(forecast.time), .number(forecast.table),
        .number(forecast.iterations),
        .number(forecast.gamma), .text(forecast.brief),
      ]
    }
    var text =
      shown.isEmpty
      ? ""
      : TextTable(
        header: ["method", "time", "table", "iterations", "gamma", "parameters"], rows: rows
      ).text(width: width)
    let scopes: [(scopes: [Prediction.Scope], what: String)] = [
      ([.shared, .any], ""), ([.finiteSum], " of finite sums"), ([.convex], " of convex f and E f − f* ≤ ε"),
    ]
    for (scopes, what) in scopes {
      let bound = shown.first { $0.scope.map(scopes.contains) == true && !$0.lowerBound.isNaN }?.lowerBound
      if let bound { text += "lower bound\(what), up to a constant: \(NumberText.brief(bound))\n" }
    }
    if shown.contains(where: \.isRandom) { text += "lower bound: none is known for random durations\n" }
    var told: [(note: String, methods: [String])] = []
    for forecast in forecasts {
      for note in forecast.notes {
        if let index = told.firstIndex(where: { $0.note == note }) {
          told[index].methods.append(forecast.name)
        } else {
          told.append((note, [forecast.name]))
        }
      }
    }
    for (note, methods) in told {
      let who =
        methods.count == forecasts.count && methods.count > 1 ? "all" : methods.joined(separator: ", ")
      text += "\(who): \(note)\n"
    }
    return text
  }
}

extension Forecast {
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
      .init("constants", time.isNaN ? .null : .string("\(constants)")),
      .init("guarantee", scope == nil ? .null : .string("\(guarantee)")),
      .init("notes", .array(notes.map { .string($0) })), .init("label", .string(name)),
    ]
    return .object(members)
  }

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
