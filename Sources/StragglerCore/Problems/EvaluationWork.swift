// SPDX-License-Identifier: Apache-2.0

/// What evaluations of a problem take, in nanoseconds on a usual core: rough, and the same on every machine,
/// so that what a driver does on the strength of it can be repeated.
public struct EvaluationWork: BitwiseCopyable, Sendable {
  /// f(x).
  public var value: Double
  /// ∇f(x), exact.
  public var gradient: Double
  /// The accuracy on the test set; 0 without one.
  public var accuracy: Double
  /// A stochastic gradient.
  public var sample: Double

  /// Estimates for each evaluation, none negative.
  public init(value: Double, gradient: Double, accuracy: Double, sample: Double) {
    self.value = value
    self.gradient = gradient
    self.accuracy = accuracy
    self.sample = sample
  }
}
