// SPDX-License-Identifier: Apache-2.0

extension Keys {
  /// H, the local steps of every worker's job, as a modifier: nil where it is left out, and where all are 1.
  public mutating func localModifier(_ value: inout PerWorker?) throws(SetupError) {
    try localSteps(&value)
    if value?.isOne == true { value = nil }
  }

  /// H, the local steps of every worker's job; nil where it is left out.
  public mutating func localSteps(_ value: inout PerWorker?) throws(SetupError) {
    try perWorker(
      "local", &value, "H, local steps of a job: a number, or an expression in i", standard: "1")
    guard let steps = value else { return }
    guard steps.isCount else {
      throw .invalid(
        key: "local", expected: "a positive integer, or an expression in i that is one for every worker")
    }
  }
}

extension PerWorker: Equatable {
  /// Whether all values, one by one, are the same.
  @_documentation(visibility: internal)
  public static func == (left: PerWorker, right: PerWorker) -> Bool {
    switch (left, right) {
    case (.same(let left), .same(let right)): return left == right
    case (.each(let left), .each(let right)):
      guard left.count == right.count else { return false }
      for index in left.indices where left[index] != right[index] { return false }
      return true
    case (.same, .each), (.each, .same): return false
    }
  }

  /// Whether every value is a positive integer of at most 2³¹ − 1.
  var isCount: Bool {
    isAll { $0 >= 1 && $0 <= Double(Int32.max) && $0.rounded(.down) == $0 }
  }

  /// Whether every value is 1.
  var isOne: Bool { isAll { $0 == 1 } }

  private func isAll(_ condition: (Double) -> Bool) -> Bool {
    switch self {
    case .same(let value): return condition(value)
    case .each(let values):
      for index in values.indices where !condition(values[index]) { return false }
      return true
    }
  }
}
