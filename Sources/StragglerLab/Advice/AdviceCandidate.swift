internal import StragglerCore

/// A method with parameters that could be advised.
public struct AdviceCandidate: Sendable {
  /// The method's name in the command language.
  public let method: String
  /// The parameters except for the stepsize, in the order in which they are shown.
  public var settings: [(name: String, value: SettingValue)]
  /// Whether a job that never ends cannot block the method: it is given up, or cancelled at an update.
  public let survivesFailures: Bool

  init(
    _ method: String, _ settings: [(name: String, value: SettingValue)] = [], survivesFailures: Bool = false
  ) {
    self.method = method
    self.settings = settings
    self.survivesFailures = survivesFailures
  }

  /// The command that chooses it with the stepsize `gamma`.
  public func command(gamma: Double) -> String {
    let words = settings.map { "\($0.name)=\(Self.text($0.value))" } + ["gamma=\(NumberText.exact(gamma))"]
    return (["method", method] + words).joined(separator: " ")
  }

  /// The parameters for people: `batch=20 stops=true`.
  public var parameters: String {
    settings.map { "\($0.name)=\(Self.text($0.value))" }.joined(separator: " ")
  }

  static func text(_ value: SettingValue) -> String {
    switch value {
    case .number(let number):
      Int(exactly: number).map { String($0) } ?? NumberText.exact(number)
    case .word(let word): word
    case .call(let word, let argument): "\(word)(\(NumberText.exact(argument)))"
    // An expression in the worker's index that the command language reads back.
    case .perWorker(let values):
      values.enumerated().map { "(i==\($0.offset + 1))*\(NumberText.exact($0.element))" }.joined(
        separator: "+")
    }
  }

  /// Whether both are the same method in the same form, whatever its m, R, S or batch.
  func isSameBut(size other: AdviceCandidate) -> Bool {
    func form(_ candidate: AdviceCandidate) -> [String] {
      candidate.settings.filter { !["m", "R", "S", "batch"].contains($0.name) }
        .map { "\($0.name)=\(Self.text($0.value))" }
    }
    return method == other.method && form(self) == form(other)
  }

  /// The method with its parameters and, where given, a stepsize.
  func choice(_ catalogue: Catalogue, gamma: Double? = nil) throws(LabError) -> MethodChoice {
    guard let entry = catalogue.method(method) else {
      throw LabError("there is no method \(method)")
    }
    var all: Settings = [:]
    for (name, value) in settings { all[name] = value }
    if let gamma { all["gamma"] = .number(gamma) }
    return try entry.choose(all)
  }
}

extension AdviceCandidate {
  /// The methods to compare for `fleet` under `conditions`, with the parameters from their theorems for that
  /// noise.
  ///
  /// `stops` adds forms that cancel all other jobs at an update, which not every system can do. `timeout`
  /// adds MindFlayer SGD, or Vecna SGD, with that time-out of a whole job. `batches` are multiples of the
  /// theorem's batches.
  static func all(
    fleet: [Worker], _ conditions: Conditions, stops: Bool, timeout: Double?, batches: [Double] = [1]
  ) -> [AdviceCandidate] {
    let ratio = max(1, conditions.noiseRatio)
    /// Whole numbers from `least` on, each once.
    func sizes(from least: Double = 1) -> [Double] {
      batches.map { min(max(least, ($0 * max(least, ratio)).rounded(.up)), 0x1p53) }.reduce(into: []) {
        if $0.last != $1 { $0.append($1) }
      }
    }
    let flags = stops ? [false, true] : [false]
    var clips: [SettingValue] = [.word("optimal"), .word("median")]
    if let timeout {
      let times = fleet.map { max(0, timeout - $0.tau) }
      clips.append(times.allSatisfy { $0 == times[0] } ? .number(times[0]) : .perWorker(times))
    }
    if conditions.isHeterogeneous {
      return [AdviceCandidate("minibatch")]
        + flags.flatMap { stops in
          sizes(from: Double(fleet.count)).map {
            AdviceCandidate("malenia", [("S", .number($0))] + stopping(stops), survivesFailures: stops)
          }
        } + [AdviceCandidate("ringleader")]
        + clips.map { AdviceCandidate("vecna", [("clip", $0)], survivesFailures: true) }
    }
    return [
      AdviceCandidate("hero", [("worker", .number(Double(1 + hero(of: fleet))))]),
      AdviceCandidate("minibatch"),
    ]
      + Self.sizes(upTo: fleet.count).map {
        AdviceCandidate("msync", [("m", .number(Double($0)))], survivesFailures: $0 < fleet.count)
      } + [AdviceCandidate("asgd")]
      + flags.flatMap { stops in
        sizes().map {
          AdviceCandidate("ringmaster", [("R", .number($0))] + stopping(stops), survivesFailures: stops)
        }
      }
      + flags.flatMap { stops in
        sizes().map {
          AdviceCandidate("rennala", [("batch", .number($0))] + stopping(stops), survivesFailures: stops)
        }
      } + clips.map { AdviceCandidate("mindflayer", [("clip", $0)], survivesFailures: true) }
  }

  private static func stopping(_ stops: Bool) -> [(name: String, value: SettingValue)] {
    stops ? [("stops", .word("true"))] : []
  }

  /// The worker whose jobs are shortest in the mean, or else in the median; of several the first.
  private static func hero(of fleet: [Worker]) -> Int {
    var best = 0
    for index in fleet.indices.dropFirst() {
      let (a, b) = (fleet[index], fleet[best])
      if a.meanDuration < b.meanDuration
        || (a.meanDuration == b.meanDuration && a.typicalDuration < b.typicalDuration)
      {
        best = index
      }
    }
    return best
  }

  /// 1, 2, 3, 4, 6, 8, 12, …: sizes up to n at distances of at most a half.
  static func sizes(upTo count: Int) -> [Int] {
    var sizes: [Int] = []
    var size = 1
    while size < count {
      sizes.append(size)
      if size > 1, size + size / 2 < count { sizes.append(size + size / 2) }
      size *= 2
    }
    return sizes
  }
}
