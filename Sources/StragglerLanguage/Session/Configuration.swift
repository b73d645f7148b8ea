// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// What has been configured, as it was written, so that commands can come in any order: `trials=i` needs the
/// number of workers, which may be said later.
struct Configuration {
  var problem: Written?
  /// The commands that made the fleet: the first gave its size.
  var fleet: [Written] = []
  var workers: [Worker] = []
  var uploadPerCoordinate: [Double] = []
  var downloadPerCoordinate: [Double] = []
  /// What the workers are called; empty where they have but numbers.
  var names: [String] = []
  /// Whether the names are those of a table of workers, so that records must have the same.
  var namesAreOwn = false
  /// The table that the workers come from, and for each worker its row, from 0.
  var table: (file: String, rows: [Int])?
  /// How fast each worker works over time; empty where none was said to.
  var speeds: [WorkerSpeed] = []
  /// What was read of files for them.
  var speedNotes: [String] = []
  /// Recorded durations that delays refer to.
  var recordings: [any DelayOwner] = []
  var topology: Written?
  /// The links of the topology's file, as read when it was named.
  var links: RecordedLinks?
  /// The keys last given for each method.
  var methods: [String: Written] = [:]
  var method: String?
  var epsilon = 1e-4
  /// Constants of the problem that `target` has given; NaN where it has not.
  var assumed = Conditions()
  var seed: UInt64 = 1
  var interval = TraceInterval.adaptive
}

extension Configuration {
  /// Sets a number that all workers have, or none.
  mutating func set(
    _ numbers: WritableKeyPath<Configuration, [Double]>, of worker: Int, to number: Double
  ) {
    if self[keyPath: numbers].isEmpty { self[keyPath: numbers] = Array(repeating: 0, count: workers.count) }
    self[keyPath: numbers][worker] = number
  }

  /// The names of the workers that records and links must have too; empty where they may have any.
  var ownNames: [String] { namesAreOwn ? names : [] }

  /// What expressions of workers may depend on.
  var facts: FleetFacts {
    FleetFacts(count: workers.count, seed: seed, names: ownNames, file: table?.file, rows: table?.rows ?? [])
  }
}

extension ProblemConstant {
  /// All, in the order of `help`.
  static let all = Array(sequence(first: smoothness) { ProblemConstant(rawValue: $0.rawValue + 1) })

  /// The key of `target` that gives it in place of the problem's own.
  var name: String { "\(key)" }

  /// What the key takes; `auto` is the problem's own again.
  var kind: ArgumentKind<Double?> {
    if self == .optimum { return .number(or: ["auto"]) }
    return isPositive ? .positive(or: ["auto"]) : .nonnegative(or: ["auto"])
  }

  /// Whether the theory has the square of what the key takes.
  var isRoot: Bool { self == .hessianVariance }
}

// MARK: - As commands

/// A part of the configuration.
enum ConfigurationPart: String, CaseIterable, Sendable {
  case problem, workers, topology, method, all
}

extension Configuration {
  /// The commands that recreate it, or a part of it.
  func commands(of part: ConfigurationPart) -> [String] {
    var commands: [String] = []
    if part == .problem || part == .all { commands.append(problem?.text ?? "problem quadratic") }
    if part == .workers || part == .all { commands += fleet.map(\.text) }
    if part == .topology || part == .all, let topology { commands.append(topology.text) }
    if part == .all {
      commands.append(target)
      commands.append("seed \(seed)")
      switch interval {
      case .adaptive, .end: break
      case .updates(let count): commands.append("trace every=\(count)")
      case .seconds(let seconds): commands.append("trace every=\(NumberFormat.text(seconds)) unit=time")
      }
    }
    if part == .method || part == .all, let method {
      commands.append(methods[method]?.text ?? "method \(method)")
    }
    return commands
  }

  /// The commands for the keys of the methods besides the chosen one.
  var otherMethods: [String] {
    methods.filter { $0.key != method }.sorted { $0.key < $1.key }.map(\.value.text)
  }

  /// The command that recreates the target.
  var target: String {
    var words = ["target", "epsilon=\(NumberFormat.text(epsilon))"]
    for constant in ProblemConstant.all {
      let value = assumed[constant]
      guard !value.isNaN else { continue }
      words.append("\(constant.name)=\(NumberFormat.text(constant.isRoot ? value.squareRoot() : value))")
    }
    return words.joined(separator: " ")
  }
}

// MARK: - With other values

extension Configuration {
  /// Gives a key of a method another value; `spelling` is how the key was written.
  mutating func set(_ key: String, as spelling: String? = nil, of method: String, to value: BoundValue) {
    methods[method, default: Written("method", method, at: value.place)].arguments
      .set(key, as: spelling, to: value)
  }

  /// Whether a command that made it, of those for the fleet, the problem and `methods`, mentions a variable.
  func mentions(_ variable: String, _ methods: [String]) -> Bool {
    let commands = [problem].compactMap(\.self) + fleet + methods.compactMap { self.methods[$0] }
    return commands.flatMap(\.arguments.written).map(\.value.bytes).contains { bytes in
      bytes.split(whereSeparator: { !$0.continuesName }).contains { $0.elementsEqual(variable.utf8) }
    }
  }
}
