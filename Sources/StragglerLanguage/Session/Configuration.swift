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
  /// Recorded durations that delays refer to.
  var recordings: [any AnyObject & Sendable] = []
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

/// A constant of the problem that `target` can give in place of the problem's own.
struct AssumedConstant {
  let key: String
  let path: WritableKeyPath<Conditions, Double>
  let kind: ArgumentKind<Double?>
  let summary: String
  /// Whether the theory has the square of it.
  var isRoot = false

  /// All, in the order of `help`.
  static var all: [AssumedConstant] {
    let (positive, nonnegative) = (
      ArgumentKind<Double?>.positive(or: ["auto"]), ArgumentKind<Double?>.nonnegative(or: ["auto"])
    )
    return [
      AssumedConstant(key: "L", path: \.smoothness, kind: positive, summary: "smoothness of f"),
      AssumedConstant(
        key: "sigma2", path: \.variance, kind: nonnegative,
        summary: "σ², the variance of a stochastic gradient"),
      AssumedConstant(
        key: "Delta", path: \.gap, kind: nonnegative, summary: "Δ = f(x⁰) − f*, how much there is to gain"),
      AssumedConstant(
        key: "R", path: \.distance, kind: nonnegative, summary: "R = ‖x⁰ − x*‖, for convex problems"),
      AssumedConstant(
        key: "fstar", path: \.optimum, kind: .number(or: ["auto"]),
        summary: "f*, the infimum of f, for the gap"),
      AssumedConstant(
        key: "L_pm", path: \.hessianVariance, kind: nonnegative,
        summary: "L±, the root of a finite sum's Hessian variance", isRoot: true),
      AssumedConstant(
        key: "L_mean", path: \.workerSmoothness.mean, kind: positive,
        summary: "(1/n) Σ Lᵢ, the mean smoothness of the workers' objectives"),
      AssumedConstant(
        key: "L_rms", path: \.workerSmoothness.rootMeanSquare, kind: positive,
        summary: "√((1/n) Σ Lᵢ²), for gradients of several ages"),
      AssumedConstant(
        key: "L_max", path: \.workerSmoothness.largest, kind: positive,
        summary: "max Lᵢ, the smoothness of every worker's objective"),
      AssumedConstant(
        key: "zeta2", path: \.dissimilarity.constant, kind: nonnegative,
        summary: "ζ², a bound on (1/n) Σ ‖∇fᵢ − ∇f‖² for all points"),
    ]
  }
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
    for constant in AssumedConstant.all {
      let value = assumed[keyPath: constant.path]
      guard !value.isNaN else { continue }
      words.append("\(constant.key)=\(NumberFormat.text(constant.isRoot ? value.squareRoot() : value))")
    }
    return words.joined(separator: " ")
  }
}

// MARK: - With other values

extension Configuration {
  /// Gives a key of a method another value.
  mutating func set(_ key: String, of method: String, to value: BoundValue) {
    methods[method, default: Written("method", method, at: value.place)].arguments.set(key, to: value)
  }

  /// Whether a command that made it, of those for the fleet, the problem and `methods`, mentions a variable.
  func mentions(_ variable: String, _ methods: [String]) -> Bool {
    let commands = [problem].compactMap(\.self) + fleet + methods.compactMap { self.methods[$0] }
    return commands.flatMap(\.arguments.written).map(\.value.bytes).contains { bytes in
      bytes.split(whereSeparator: { !$0.continuesName }).contains { $0.elementsEqual(variable.utf8) }
    }
  }
}
