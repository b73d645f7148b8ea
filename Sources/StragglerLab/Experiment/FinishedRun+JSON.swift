// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// The form of runs in the lines of a journal: read back, they are bit for bit the same.
extension Comparison.FinishedRun {
  var json: JSONValue {
    let sample = statistics.evaluated.map {
      [$0.rows, $0.allRows, $0.tests, $0.allTests].map { JSONValue.integer($0) }
    }
    let members: [JSONValue.Member] = [
      .init("seed", Int(exactly: seed).map { .integer($0) } ?? .string(String(seed))),
      .init("stopped", statistics.stopped.map { .string($0.word) } ?? .null),
      .init(
        "statistics", .object(statistics.numbers.map { .init($0.name, Statistics.json($0.name, $0.value)) })),
      .init("trace", .array(trace.map(\.json))),
      .init("time_resolution", .number(statistics.timeResolution)),
      .init("coarse", .bool(statistics.isCoarse)),
      .init("remarks", .array(remarks.map { .string($0) })),
    ]
    return .object(members + (sample.map { [.init("evaluated", .array($0))] } ?? []))
  }

  init?(_ json: JSONValue, method: String) {
    switch json["seed"] {
    case .integer(let integer)?: seed = UInt64(clamping: integer)
    case .string(let text)?:
      guard let number = UInt64(text) else { return nil }
      seed = number
    default: return nil
    }
    guard case .string(let word)? = json["stopped"], let reason = StopReason(word: word),
      let values = json["statistics"], Statistics.names.allSatisfy({ values[$0]?.number != nil }),
      case .array(let points)? = json["trace"]
    else { return nil }
    statistics = Statistics(method: method, stopped: reason) { values[$0]?.number ?? .nan }
    statistics.timeResolution = json["time_resolution"]?.number ?? .nan
    statistics.isCoarse = json["coarse"] == .bool(true)
    if case .array(let sizes)? = json["evaluated"] {
      let sizes = sizes.compactMap { $0.number.flatMap { Int(exactly: $0) } }
      guard sizes.count == 4, let sample = EvaluatedSample(sizes) else { return nil }
      statistics.evaluated = sample
    }
    trace = points.compactMap { TracePoint($0) }
    guard trace.count == points.count else { return nil }
    // Older journals have none.
    if case .array(let texts)? = json["remarks"] {
      for case .string(let text) in texts { remarks.append(text) }
    }
  }
}

extension TracePoint {
  fileprivate static let order: [Quantity] = Quantity.allCases

  /// Its numbers in the order of the quantities.
  fileprivate var json: JSONValue { .array(Self.order.map { .number(self[$0]) }) }

  fileprivate init?(_ json: JSONValue) {
    guard case .array(let values) = json, (8...Self.order.count).contains(values.count) else {
      return nil
    }
    let numbers = values.compactMap(\.number)
    guard numbers.count == values.count else { return nil }
    func number(_ quantity: Quantity) -> Double {
      Self.order.firstIndex(of: quantity).flatMap { $0 < numbers.count ? numbers[$0] : nil } ?? .nan
    }
    guard let iteration = Int(exactly: number(.iteration)), let used = Int(exactly: number(.used)),
      let arrivals = Int(exactly: number(.arrivals))
    else { return nil }
    self.init(
      time: number(.time), iteration: iteration, arrivals: arrivals, used: used, loss: number(.loss),
      gap: number(.gap), gradnorm2: number(.gradnorm2), accuracy: number(.accuracy))
    // Older journals have fewer.
    func count(_ quantity: Quantity) -> Int? { Int(exactly: number(quantity)) }
    (cancelled, gradients, messages) = (count(.cancelled), count(.gradients), count(.messages))
    coordinates = count(.coordinates)
    (available, energy, busy) = (number(.available), number(.energy), number(.busy))
    (delayMean, consensus) = (number(.delayMean), number(.consensus))
  }
}
