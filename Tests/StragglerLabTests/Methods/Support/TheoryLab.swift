// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// The theory of methods for one problem whose constants are round numbers, and what their formulas are made
/// of.
enum TheoryLab {
  static let L = 2.0
  static let gap = 3.0
  static let epsilon = 0.125
  /// σ²/ε.
  static let noise = 7.0
  /// R.
  static let distance = 5.0
  /// L±².
  static let hessianVariance = 1.5
  /// m.
  static let samples = 23
  /// LΔ/ε.
  static let progress = L * gap / epsilon
  /// σ²R/(ε^{3/2}√L).
  static let acceleratedNoise = noise * distance / (epsilon * L).squareRoot()
  /// ⌈8√L R/√ε⌉.
  static let acceleratedUpdates = (8 * distance * (L / epsilon).squareRoot()).rounded(.up)

  /// What the theory says of the method `name` with `settings`.
  static func forecast(
    _ name: String, _ workers: [Worker], _ settings: Settings = [:], topology: Topology? = nil,
    dimension: Int = 8, uploadPerCoordinate: [Double] = []
  ) throws -> Forecast {
    let choice = try #require(Catalogue().method(name)).choose(settings)
    var problem = Quadratic<Double>(dimension: dimension)
    problem.samples = samples
    var experiment = Experiment(
      problem: ProblemChoice(problem), workers: workers, method: choice, epsilon: epsilon)
    experiment.assumed.smoothness = L
    experiment.assumed.gap = gap
    experiment.assumed.variance = noise * epsilon
    experiment.assumed.distance = distance
    experiment.assumed.hessianVariance = hessianVariance
    experiment.topology = topology
    experiment.uploadPerCoordinate = uploadPerCoordinate
    return try choice.forecast(try experiment.situation())
  }

  /// min_m (Σ_{i≤m} 1/τᵢ)⁻¹(S + m): the longest that it takes to collect S gradients.
  static func collecting(_ S: Double, _ tau: [Double]) -> Double {
    let tau = tau.sorted()
    return (1...tau.count).map { m in
      (S + Double(m)) / tau[..<m].map { 1 / $0 }.reduce(0, +)
    }.min()!
  }

  /// γ = min{1/(4L), (3R²S/(4σ²(K + 1)(K + 2)²))^{1/2}} of accelerated methods.
  static func acceleratedStepsize(_ S: Double) -> Double {
    let K = acceleratedUpdates
    let spread = 4 * noise * epsilon * (K + 1) * (K + 2) * (K + 2)
    return min(1 / (4 * L), (3 * distance * distance * S / spread).squareRoot())
  }

  /// min_k max{max{ways, h} of the k-th, s(Σ_{i≤k} 1/hᵢ)⁻¹}, nodes in order of max{ways, h}.
  static func equilibrium(_ s: Double, _ h: [Double], ways: [Double]) -> Double {
    let cost = zip(h, ways).map { max($0, $1) }
    let order = h.indices.sorted { cost[$0] < cost[$1] }
    return (1...h.count).map { k in
      max(cost[order[k - 1]], s / order[..<k].map { 1 / h[$0] }.reduce(0, +))
    }.min()!
  }

  /// γ = (L + L±√((1 − p)/(pS)))⁻¹ of PAGE with S = 5 of 23 samples and p = 5/28, or as given.
  static func pageStepsize(p: Double = 5 / 28.0) -> Double {
    1 / (L + (hessianVariance * (1 - p) / (p * 5)).squareRoot())
  }

  /// K = ⌈(2Δ/ε)/γ⌉ of PAGE.
  static func pageUpdates(p: Double = 5 / 28.0) -> Double {
    (2 * gap / epsilon / pageStepsize(p: p)).rounded(.up)
  }

  /// Σ τₙ/τᵢ: how many updates the slowest worker may be late.
  static func largestDelay(_ tau: [Double]) -> Double { tau.map { tau.max()! / $0 }.reduce(0, +) }
}

extension Forecast {
  /// The parameter of that name; NaN where there is none.
  subscript(name: String) -> Double { parameters.first { $0.name == name }?.value ?? .nan }

  func list(_ name: String) -> [Double] { lists.first { $0.name == name }?.values ?? [] }
}

/// Whether the number is the same except for rounding.
func expectNear(
  _ value: Double, _ expected: Double, _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    abs(value - expected) <= 1e-12 * abs(expected), "\(what): \(value), not \(expected)",
    sourceLocation: sourceLocation)
}

/// The keys of a method besides γ, with the values that they have when they are left out.
func expectKeys(
  _ method: String, _ keys: [String: String], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let entry = try #require(Catalogue().method(method), sourceLocation: sourceLocation)
  let found = entry.keys.map { ($0.name, $0.standard) }
  let expected = keys.merging(["gamma": "from the theorem"]) { key, _ in key }
  // `force` of methods for one objective, and what is put on several methods, are no keys of theirs.
  let common: Set = [
    "force", "compress", "feedback", "local", "step", "max_norm", "participants", "accept", "active",
  ]
  #expect(
    Dictionary(uniqueKeysWithValues: found.filter { !common.contains($0.0) || expected[$0.0] != nil })
      == expected,
    sourceLocation: sourceLocation)
  try expectRefused(method, ["gamma": 0], "a positive number", sourceLocation: sourceLocation)
  try expectRefused(method, ["gamma": -1], "a positive number", sourceLocation: sourceLocation)
}

/// A run of `method` with one key's value out of range is refused with a sentence that says what would be
/// right.
func expectRefused(
  _ method: String, _ settings: Settings, _ sentence: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var problem = Quadratic<Double>(dimension: 10)
  problem.samples = 12
  let entry = try #require(Catalogue().method(method), sourceLocation: sourceLocation)
  let workers = MethodLab.workers([1, 2, 3])
  let topology = entry.needsNetwork ? try NetworkLab.topology(.line, 3) : nil
  do throws(LabError) {
    var all: Settings = ["gamma": 0.1]
    all.merge(settings) { _, new in new }
    var experiment = Experiment(
      problem: ProblemChoice(problem), workers: workers, method: try entry.choose(all))
    experiment.topology = topology
    _ = try experiment.start()
    Issue.record("\(method) takes \(settings)", sourceLocation: sourceLocation)
  } catch {
    #expect(
      error.key == settings.keys.first && error.description.contains(sentence), "\(error)",
      sourceLocation: sourceLocation)
  }
}
