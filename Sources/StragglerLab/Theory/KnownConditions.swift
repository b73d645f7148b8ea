// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// A stand-in for a problem of which only L, σ² and Δ are known: methods prepare on it as they would on the
/// problem, and what happens when is the same, but its gradients are 0.
struct KnownConditions: Problem {
  static var name: StaticText { "known-conditions" }
  static var summary: StaticText { "L, σ² and Δ of a problem, without the problem" }

  let conditions: Conditions
  let dimension: Int

  init() { self.init(Conditions()) }

  /// A problem with `dimension` coordinates, which matter only to methods that send some of them.
  init(_ conditions: Conditions, dimension: Int = 1) {
    self.dimension = max(1, dimension)
    var conditions = conditions
    conditions.optimum = 0
    self.conditions = conditions
  }

  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) {
    for index in x.indices { x[index] = 0 }
  }
  mutating func value(at x: Span<Double>) -> Double { conditions.gap }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    for index in g.indices { g[index] = 0 }
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {}
}
