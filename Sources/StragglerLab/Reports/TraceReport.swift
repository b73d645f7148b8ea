// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// The trace of a run with its name and seed.
public struct NamedTrace: Sendable {
  /// The method's name in the command language.
  public let method: String
  /// The seed of the run.
  public let seed: UInt64
  /// The points along the run, the first at x⁰.
  public let points: [TracePoint]
  /// What the curve is called, where the method's name is not enough.
  public var label: String?
  /// The label, or else the method's name.
  public var name: String { label ?? method }
  /// How much of the data the points were measured on; nil where that is all.
  public var evaluated: EvaluatedSample?
  /// Whether the model stays as it is after the last point: the run was out of time, or nothing could come
  /// any more.
  public var holds = false

  /// A trace of a run that is not over: nothing is known after its last point.
  public init(method: String, seed: UInt64, points: [TracePoint]) {
    self.method = method
    self.seed = seed
    self.points = points
  }
}

/// Traces as CSV, JSON and curves.
public struct TraceReport: Sendable {
  /// What is reported, in the order of the output.
  public let traces: [NamedTrace]

  /// A report of `traces`; those of one method make one curve.
  public init(_ traces: [NamedTrace]) { self.traces = traces }

  private static let quantities: [Quantity] = [
    .time, .iteration, .arrivals, .used, .loss, .gap, .gradnorm2, .accuracy, .available,
  ]

  private static func cell(_ quantity: Quantity, of point: TracePoint) -> Cell {
    switch quantity {
    case .iteration: .integer(point.iteration)
    case .arrivals: .integer(point.arrivals)
    case .used: .integer(point.used)
    default: .number(point[quantity])
    }
  }

  /// Whether a trace goes by another name than its method's.
  private var hasLabels: Bool { traces.contains { $0.name != $0.method } }

  /// Whether some trace was measured on part of the data.
  private var isSampled: Bool { traces.contains { $0.evaluated != nil } }

  /// `method,seed,time,iteration,arrivals,used,loss,gap,gradnorm2,accuracy,available`, a row a point;
  /// behind, where there are any, columns for labels and for the rows that were evaluated.
  public var csv: String { CSV.document(header: columns.header, rows: columns.rows) }

  /// The same as cells.
  public var columns: (header: [String], rows: [[Cell]]) {
    var rows: [[Cell]] = []
    for trace in traces {
      for point in trace.points {
        rows.append(
          [.text(trace.method), .text(String(trace.seed))] + Self.quantities.map { Self.cell($0, of: point) }
            + (hasLabels ? [.text(trace.name)] : [])
            + (isSampled ? [trace.evaluated.map { .integer($0.rows) } ?? .missing] : []))
      }
    }
    let header =
      ["method", "seed"] + Self.quantities.map(\.rawValue) + (hasLabels ? ["label"] : [])
      + (isSampled ? ["evaluated"] : [])
    return (header, rows)
  }

  /// A point of a run as an object.
  public static func json(_ point: TracePoint, method: String, seed: UInt64) -> JSONValue {
    .object(
      [
        JSONValue.Member("method", .string(method)),
        JSONValue.Member("seed", Int(exactly: seed).map { .integer($0) } ?? .string(String(seed))),
      ] + quantities.map { JSONValue.Member($0.rawValue, cell($0, of: point).json) })
  }

  /// One object a trace, with an array for every quantity.
  public var json: JSONValue {
    .array(
      traces.map { trace in
        .object(
          [
            JSONValue.Member("method", .string(trace.method)),
            JSONValue.Member(
              "seed", Int(exactly: trace.seed).map { .integer($0) } ?? .string(String(trace.seed))),
          ]
            + Self.quantities.map { quantity in
              JSONValue.Member(
                quantity.rawValue, .array(trace.points.map { Self.cell(quantity, of: $0).json }))
            } + (hasLabels ? [JSONValue.Member("label", .string(trace.name))] : [])
            + (trace.evaluated.map { [JSONValue.Member("evaluated", .integer($0.rows))] } ?? []))
      })
  }

  /// A curve for every method, with the band between minimum and maximum over its seeds.
  public func plot(
    x: Quantity, y: Quantity, logX: Bool = false, logY: Bool = false, title: String = ""
  ) -> Plot {
    var names: [String] = []
    for trace in traces where !names.contains(trace.name) { names.append(trace.name) }
    let end = x == .time ? traces.compactMap { $0.points.last?.time }.max() : nil
    let series = names.map { name in
      let curves = traces.filter { $0.name == name }.map { trace in
        var curve = trace.points.map { (x: $0[x], y: $0[y]) }.filter { $0.x.isFinite && $0.y.isFinite }
        if let end, let last = curve.last, trace.holds, last.x < end { curve.append((end, last.y)) }
        return curve
      }
      return Plot.Series(name: name, points: Band.merge(curves: curves, isLogarithmic: logX))
    }
    return Plot(
      title: title, x: .quantity(x.rawValue, isLogarithmic: logX),
      y: .quantity(y.rawValue, isLogarithmic: logY),
      series: series)
  }

  /// Whether `quantity` is known at some point of a trace.
  public func knows(_ quantity: Quantity) -> Bool {
    traces.contains { $0.points.contains { !$0[quantity].isNaN } }
  }

  /// What is best looked at: accuracy where there is a test set, else the gap, else the loss.
  public var usualQuantity: Quantity {
    let points = traces.flatMap(\.points)
    if points.contains(where: { !$0.accuracy.isNaN }) { return .accuracy }
    return points.contains { !$0.gap.isNaN } ? .gap : .loss
  }
}
