// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage

/// The exit status of the process.
enum ExitStatus: Int32 {
  case success = 0
  /// A command failed.
  case failure = 1
  /// Invalid arguments of the program.
  case usage = 2
  /// An `expect` did not hold.
  case unmet = 3
  /// Ctrl-C.
  case interrupted = 130
  /// SIGHUP: the terminal has been closed.
  case hungUp = 129
  /// SIGTERM.
  case terminated = 143

  init(_ outcome: Outcome) {
    switch outcome {
    case .done, .quit: self = .success
    case .failed: self = .failure
    case .expectationFailed: self = .unmet
    case .interrupted: self = .interrupted
    }
  }

  /// The status of two pieces of a script together: an interruption outweighs a failure, a failure an
  /// `expect`.
  func joined(with other: ExitStatus) -> ExitStatus {
    let order: [ExitStatus] = [.interrupted, .usage, .failure, .unmet]
    return order.first { $0 == self || $0 == other } ?? .success
  }
}
