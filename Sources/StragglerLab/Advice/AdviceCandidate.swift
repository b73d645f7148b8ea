// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// A method with parameters that could be advised.
public struct AdviceCandidate: Sendable {
  /// The method's name in the command language.
  public let method: String
  /// The parameters except for the stepsize, in the order in which they are shown.
  public var settings: [(name: String, value: SettingValue)]
  /// Which values of a key are tried of the method; the key is the first of the settings.
  let tries: AdvisedForms.Values
  /// How many gradients with the stepsize γ add up in an update.
  let sum: Double
  /// γ from which tuning starts where no theorem gives one; else nil.
  let guess: Double?
  /// Whether a job that never ends cannot block the method: it is given up, or cancelled at an update.
  public let survivesFailures: Bool

  init(
    _ method: String, _ settings: [(name: String, value: SettingValue)] = [],
    tries: AdvisedForms.Values = .theory, sum: Double = 1, guess: Double? = nil,
    survivesFailures: Bool = false
  ) {
    self.method = method
    self.settings = settings
    self.tries = tries
    self.sum = sum
    self.guess = guess
    self.survivesFailures = survivesFailures
  }

  /// 4Δ/(γε), the updates after which descent has brought the mean of ‖∇f‖² to ε, where an update is the sum
  /// of `sum` steps of γ; infinite where no theorem gives γ.
  func theoryUpdates(gamma: Double, _ conditions: Conditions) -> Double {
    guess == nil ? 4 * conditions.gap / (sum * gamma * conditions.epsilon) : .infinity
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
    case .call(let word, let arguments):
      "\(word)(\(arguments.map(NumberText.exact).joined(separator: ",")))"
    case .list(let values): "[\(values.map(NumberText.exact).joined(separator: ","))]"
    case .schedule(let program): program.text
    // An expression in the worker's index that the command language reads back.
    case .perWorker(let values):
      values.enumerated().map { "(i==\($0.offset + 1))*\(NumberText.exact($0.element))" }.joined(
        separator: "+")
    }
  }

  /// Whether both are the same method in the same form, whatever the size that is tried.
  func isSameBut(size other: AdviceCandidate) -> Bool {
    func form(_ candidate: AdviceCandidate) -> [String] {
      let rest =
        switch candidate.tries {
        case .fewerWorkers, .batches, .batchesOfAll, .gradientsPerMessage: candidate.settings.dropFirst()
        case .theory, .fastestWorker, .timeouts: candidate.settings[...]
        }
      return rest.map { "\($0.name)=\(Self.text($0.value))" }
    }
    return method == other.method && form(self) == form(other)
  }

  /// Whether jobs are given up after an allotted time.
  var hasTimeouts: Bool { if case .timeouts = tries { true } else { false } }

  /// The method with its parameters and, where given, a stepsize.
  func choice(_ catalogue: Catalogue, gamma: Double? = nil) throws(LabError) -> MethodChoice {
    guard let entry = catalogue.method(method) else {
      throw LabError("there is no method \(method)")
    }
    guard entry.keys.contains(where: { $0.name == "gamma" }) else {
      throw LabError(
        "the method \(method) has no key gamma, by which its stepsize is chosen",
        remedy: "bind it with keys.gamma in the method's keys")
    }
    var all: Settings = [:]
    for (name, value) in settings { all[name] = value }
    if let gamma = gamma ?? guess { all["gamma"] = .number(gamma) }
    return try entry.choose(all)
  }
}

extension AdviceCandidate {
  /// The methods of `catalogue` to compare for `fleet` under `conditions`, in the forms that they declare.
  ///
  /// `stops` adds forms that cancel jobs, which not every system can do. `timeout` adds time-outs of whole
  /// jobs that long. `batches` are multiples of the theory's batches. `tunes` adds methods of which no
  /// theorem gives γ, with the γ of a gradient at a time, from which tuning starts.
  static func all(
    of catalogue: Catalogue, fleet: [Worker], _ conditions: Conditions, stops: Bool, timeout: Double?,
    batches: [Double] = [1], tunes: Bool = false
  ) -> [AdviceCandidate] {
    let guess = min(1, 1 / (2 * conditions.noiseRatio)) / (2 * conditions.smoothness)
    return catalogue.methods.flatMap { method -> [AdviceCandidate] in
      guard let forms = method.advised, forms.isFor(conditions), stops || !forms.needsStops,
        tunes || forms.hasTheorem
      else { return [] }
      let tried = forms.values.tried(fleet, noise: conditions.noiseRatio, timeout: timeout, batches: batches)
      let flags = stops && forms.hasStops ? [false, true] : [false]
      return flags.flatMap { stops in
        tried.map {
          AdviceCandidate(
            method.name, $0 + (stops ? [("stops", .word("true"))] : []), tries: forms.values,
            sum: forms.addsUp ? Self.count($0) : 1, guess: forms.hasTheorem ? nil : guess,
            survivesFailures: stops || forms.survivesFailures)
        }
      }
    }
  }

  /// The number that a form has of its key.
  private static func count(_ settings: [(name: String, value: SettingValue)]) -> Double {
    if case .number(let count)? = settings.first?.value { count } else { 1 }
  }
}

extension AdvisedForms {
  fileprivate func isFor(_ conditions: Conditions) -> Bool {
    workers == .any || (workers == .own) == conditions.isHeterogeneous
  }
}

extension AdvisedForms.Values {
  /// The key with each of its values.
  fileprivate func tried(
    _ fleet: [Worker], noise: Double, timeout: Double?, batches: [Double]
  ) -> [[(name: String, value: SettingValue)]] {
    func each(_ name: StaticText, _ values: [Double]) -> [[(name: String, value: SettingValue)]] {
      values.map { [("\(name)", .number($0))] }
    }
    switch self {
    case .theory: return [[]]
    case .fastestWorker(let name): return each(name, [Double(1 + Self.fastest(of: fleet))])
    case .fewerWorkers(let name): return each(name, Self.sizes(upTo: fleet.count).map { Double($0) })
    case .batches(let name): return each(name, Self.sizes(batches, of: noise, atLeast: 1))
    case .batchesOfAll(let name):
      return each(name, Self.sizes(batches, of: noise, atLeast: Double(fleet.count)))
    case .timeouts(let name):
      var clips: [SettingValue] = [.word("optimal"), .word("median")]
      if let timeout {
        let times = fleet.map { max(0, timeout - $0.tau) }
        clips.append(times.allSatisfy { $0 == times[0] } ? .number(times[0]) : .perWorker(times))
      }
      return clips.map { [("\(name)", $0)] }
    case .gradientsPerMessage(let name): return each(name, Self.gradientsPerMessage(fleet))
    }
  }

  /// 2, 4, 8, … up to four times the gradients that the workers compute in the time of their messages, and
  /// at most 64.
  static func gradientsPerMessage(_ fleet: [Worker]) -> [Double] {
    let messages = fleet.reduce(0) { $0 + $1.upload + $1.download }
    let gradients = fleet.reduce(0) { $0 + ($1.typicalDuration - $1.upload) }
    return [2, 4, 8, 16, 32, 64].filter { messages > 0 && $0 * gradients <= 4 * messages }
  }

  /// Whole multiples of the theory's batch, each once.
  private static func sizes(_ multiples: [Double], of noise: Double, atLeast least: Double) -> [Double] {
    multiples.map { min(max(least, ($0 * max(1, least, noise)).rounded(.up)), 0x1p53) }.reduce(into: []) {
      if $0.last != $1 { $0.append($1) }
    }
  }

  /// The worker whose jobs have the shortest mean duration, or else the shortest median; of several the
  /// first.
  private static func fastest(of fleet: [Worker]) -> Int {
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
