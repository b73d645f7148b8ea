// SPDX-License-Identifier: Apache-2.0

import StragglerLab

/// What makes a figure wrong.
///
/// Each answer is a sentence, or nil where nothing is wrong. Whatever else runs on the machine makes a
/// measurement slower, never faster: so limits are compared with the best that was seen, and so are library
/// and program.
enum Judgement {
  /// How far a figure may be above what the machine was seen to do: both are measurements.
  static let margin = 1.25

  /// `rate` is not above what the machine can do.
  static func limit(_ rate: Double, _ limit: Double, _ unit: String) -> String? {
    guard rate.isFinite, rate > 0 else { return "\(rate) \(unit) is not a rate: nothing was measured" }
    guard rate > limit * margin else { return nil }
    return
      "\(brief(rate)) \(unit) is more than the \(brief(limit)) that this machine can do: the work was not "
      + "done"
  }

  /// The library and the program need about the same for the same work: neither more than `factor` times the
  /// other.
  static func agreement(library: Double, program: Double, factor: Double) -> String? {
    let ratio = library / program
    guard !(1 / factor...factor).contains(ratio) else { return nil }
    return
      "the library has \(brief(ratio)) times the rate of the program, and at most \(brief(factor)) times, or"
      + " 1 / \(brief(factor)), is plausible: they do not do the same work"
  }

  /// A result is what it has to be, except for a relative error of `tolerance`.
  static func result(_ value: Double, _ expected: Double, tolerance: Double = 0) -> String? {
    guard !(abs(value - expected) <= tolerance * abs(expected)) else { return nil }
    return "the result is \(value), and \(expected) is right"
  }

  private static func brief(_ number: Double) -> String { NumberText.brief(number, digits: 4) }
}
