// SPDX-License-Identifier: Apache-2.0

/// A problem known only through the gradients that the caller hands in.
public struct HandedIn<Scalar: StragglerCore.Scalar>: Problem {
  public static var name: StaticText { "handed-in" }
  public static var summary: StaticText { "gradients that come from outside" }

  public let dimension: Int
  /// x⁰.
  private let origin: Table<Scalar>
  /// The gradient at hand.
  public var gradient = Table<Scalar>()

  public init() { self.init(origin: Table(), dimension: 0) }

  /// A problem with x⁰ = `origin`, which is read when the model starts.
  public init(origin: Table<Scalar>, dimension: Int) {
    self.dimension = dimension
    self.origin = origin
  }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  public mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  public var conditions: Conditions { Conditions() }

  public mutating func start(_ x: inout MutableSpan<Scalar>, seed: UInt64) {
    for index in x.indices { x[index] = origin[index] }
  }

  public mutating func value(at x: Span<Scalar>) -> Double { .nan }

  public mutating func gradient(at x: Span<Scalar>, into g: inout MutableSpan<Scalar>) {
    Scalar.fill(&g, with: .nan)
  }

  @inlinable
  public mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Scalar>, into g: inout MutableSpan<Scalar>
  ) {
    unsafe Scalar.add(Scalar(weight), gradient.buffer.span, to: &g)
  }
}
