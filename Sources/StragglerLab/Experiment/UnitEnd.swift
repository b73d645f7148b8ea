// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// What came of a point of a sweep at one seed, wherever it was run.
enum UnitEnd: Sendable {
  case trial(Trial)
  /// It is sure to lose.
  case hopeless
  /// It needs more events than it may take.
  case unfinished
  /// The user has asked to stop.
  case interrupted
  /// The point cannot run.
  case refused(LabError)
  /// The sweep comes to nothing.
  case failed(LabError)
}

// MARK: - As messages

extension UnitEnd {
  /// The bytes by which it goes from one rank to another; read back, it is bit for bit the same.
  var bytes: [UInt8] {
    let json: JSONValue =
      switch self {
      case .trial(let trial): .object([.init("trial", trial.json)])
      case .hopeless: .string("hopeless")
      case .unfinished: .string("unfinished")
      case .interrupted: .string("interrupted")
      case .refused(let error): .object([.init("refused", error.json)])
      case .failed(let error): .object([.init("failed", error.json)])
      }
    return Array(json.line.utf8)
  }

  /// Of the method `method`; nil where the bytes are of something else.
  init?(_ bytes: [UInt8], method: String) {
    guard let json = JSONValue(parsing: bytes) else { return nil }
    switch json {
    case .string("hopeless"): self = .hopeless
    case .string("unfinished"): self = .unfinished
    case .string("interrupted"): self = .interrupted
    default:
      if let trial = json["trial"].flatMap({ Trial($0, method: method) }) {
        self = .trial(trial)
      } else if let error = json["refused"].flatMap({ LabError($0) }) {
        self = .refused(error)
      } else if let error = json["failed"].flatMap({ LabError($0) }) {
        self = .failed(error)
      } else {
        return nil
      }
    }
  }
}

extension Trial {
  var json: JSONValue {
    var members: [JSONValue.Member] = [.init("run", run.json), .init("gamma", .bits(gamma))]
    switch tail {
    case .held(let looks): members.append(.init("held", .integer(looks)))
    case .mean(let mean): members.append(.init("mean", .bits(mean)))
    case nil: break
    }
    return .object(members)
  }

  init?(_ json: JSONValue, method: String) {
    guard let run = json["run"].flatMap({ Comparison.FinishedRun($0, method: method) }),
      let gamma = json["gamma"]?.bits
    else { return nil }
    var tail: Tail?
    if case .integer(let looks)? = json["held"] { tail = .held(looks) }
    if let mean = json["mean"]?.bits { tail = .mean(mean) }
    self.init(run: run, gamma: gamma, tail: tail)
  }
}

extension LabError {
  fileprivate var json: JSONValue {
    .object([
      .init("message", .string(message)), .init("remedy", remedy.map { .string($0) } ?? .null),
      .init("key", key.map { .string($0) } ?? .null),
      .init("unknown", unknown.map { .integer($0.rawValue) } ?? .null),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard case .string(let message)? = json["message"] else { return nil }
    func text(_ name: String) -> String? {
      if case .string(let text)? = json[name] { text } else { nil }
    }
    var unknown: ProblemConstant?
    if case .integer(let number)? = json["unknown"] { unknown = ProblemConstant(rawValue: number) }
    self.init(message, remedy: text("remedy"), key: text("key"), unknown: unknown)
  }
}

extension JSONValue {
  /// A number with all its bits, whatever it is.
  fileprivate static func bits(_ number: Double) -> JSONValue {
    .string(String(number.bitPattern, radix: 16))
  }

  fileprivate var bits: Double? {
    guard case .string(let text) = self else { return nil }
    return UInt64(text, radix: 16).map { Double(bitPattern: $0) }
  }
}
