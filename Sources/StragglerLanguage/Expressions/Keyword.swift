// SPDX-License-Identifier: Apache-2.0

/// Words that cannot name a variable.
enum Keyword {
  static let constants: [String: Double] = ["true": 1, "false": 0, "inf": .infinity, "nan": .nan]
  static let operators = ["and", "or", "not"]
  static let others = ["in", "by", "auto"]
  /// The function that gives the variable of a name that is put together.
  static let lookup = "value"

  static func isReserved(_ name: String) -> Bool {
    constants[name] != nil || operators.contains(name) || others.contains(name)
  }
}
