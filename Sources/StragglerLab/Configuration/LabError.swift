// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// Why something could not be done: what, at which key where there is one, and what would be right.
public struct LabError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The key whose value is invalid, so that a caller can point at the place where it was written.
  public let key: String?
  /// What is wrong, without a full stop.
  public let message: String
  /// What would be right.
  public let remedy: String?
  /// The constant of the problem that the theory misses.
  public private(set) var unknown: ProblemConstant?

  /// An error that says `message`, `remedy` for what would be right, and whose `key` it is about.
  public init(_ message: String, remedy: String? = nil, key: String? = nil) {
    self.message = message
    self.remedy = remedy
    self.key = key
  }

  /// The same with the constant that the theory misses.
  init(_ message: String, remedy: String?, key: String?, unknown: ProblemConstant?) {
    self.init(message, remedy: remedy, key: key)
    self.unknown = unknown
  }

  /// The core's error in words.
  public init(_ error: SetupError) {
    switch error {
    case .outOfMemory:
      self.init("the run needs more memory than can be had", remedy: "make the fleet or the problem smaller")
    case .notFinite(let coordinate):
      self.init(
        "coordinate \(coordinate) of the model at the start is infinite or no number",
        remedy: "start from a finite model")
    case .invalid(let key, let expected):
      self.init("the value of \(key)= is out of range", remedy: "\(key)= takes \(expected)", key: "\(key)")
    case .noTheory(let key, let missing):
      self.init(
        "\(key)= was left to the theory, which needs the \(missing.words) of the problem, "
          + "and that is not known",
        remedy: "give \(key)= or target \(missing.key)=", key: "\(key)")
      unknown = missing
    case .excessive(let key, let limit):
      self.init(
        "\(key)= was left to the theory, whose value is above \(limit)", remedy: "give \(key)=",
        key: "\(key)")
    case .unfinished: self = .interrupted
    case .impossible(let what, let remedy):
      self.init("\(what)", remedy: "\(remedy)")
    }
  }

  /// What was begun has been given up, as its caller asked for.
  public static let interrupted = LabError("interrupted")

  public var description: String { remedy.map { "\(message) (\($0))" } ?? message }
}

extension StaticText: CustomStringConvertible {
  public var description: String { value.description }
}
