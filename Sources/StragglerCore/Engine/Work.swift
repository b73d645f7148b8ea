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

  /// How many stochastic gradients the job computes: so many durations does it take, each with a draw of its
  /// own.
  @inlinable public var gradients: Int {
    switch self {
    case .gradient, .localGradient: 1
    case .pair, .localPair: 2
    case .message: 0
    }
  }

  /// Whether it ends with a message to the server.
  @inlinable public var isSent: Bool {
    switch self {
    case .gradient, .pair, .message: true
    case .localGradient, .localPair: false
    }
  }
}
