// SPDX-License-Identifier: Apache-2.0

/// What a job consists of.
public enum Work: UInt8, BitwiseCopyable, Sendable {
  /// A stochastic gradient, which is sent to the server.
  case gradient
  /// A stochastic gradient at each of two points for one sample, of which the difference is sent.
  case pair
  /// A stochastic gradient that stays with the worker.
  case localGradient
  /// A pair that stays with the worker.
  case localPair
  /// A message about what the worker has computed before.
  case message
  /// Local steps y^{h+1} = y^h − γg(y^h) from the job's point, as many as the run has for the worker; the sum
  /// of their gradients is sent.
  case localSteps
  /// Local steps whose sum stays with the worker.
  case keptSteps
  /// As many gradients at the job's point as the run has for the worker; their sum is sent.
  case batch
  /// Local steps until the server stops them. Then the worker sends the sum of the gradients of those that
  /// are complete, as `sum`.
  case openEnded
  /// The sum that open-ended work has become, on its way to the server.
  case sum

  /// How many stochastic gradients the job computes: so many durations does it take, each with a draw of its
  /// own. Of local steps and batches, whose number the run has for every worker, and of open-ended work, this
  /// is the one that they have at least.
  @inlinable public var gradients: Int {
    switch self {
    case .gradient, .localGradient, .localSteps, .keptSteps, .batch, .openEnded, .sum: 1
    case .pair, .localPair: 2
    case .message: 0
    }
  }

  /// Whether it consists of local steps.
  @inlinable public var hasLocalSteps: Bool {
    switch self {
    case .localSteps, .keptSteps, .openEnded, .sum: true
    case .gradient, .pair, .localGradient, .localPair, .message, .batch: false
    }
  }

  /// Whether it ends with a message to the server.
  @inlinable public var isSent: Bool {
    switch self {
    case .gradient, .pair, .message, .localSteps, .batch, .sum: true
    case .localGradient, .localPair, .keptSteps, .openEnded: false
    }
  }
}
