// The keys that problems with data have in common.

extension Keys {
  /// How many rows a run is measured on; nil for all.
  mutating func evaluate(_ value: inout Int?) throws(SetupError) {
    try count(
      "evaluate", &value, "rows of a fixed sample that loss, gap, gradnorm2 and accuracy are measured on",
      standard: "all")
  }

  /// `shared`, `contiguous`, `shuffled` or `dirichlet(a)`.
  mutating func split(_ name: KeyName, _ value: inout SampleSplit.Kind) throws(SetupError) {
    guard
      let setting = try setting(
        name, .word, words: "shared contiguous shuffled dirichlet(a)",
        "which samples a worker holds: all, a block, a random block, or a block of its own mix of classes",
        standard: "shared")
    else { return }
    switch setting {
    case .word(let word) where word == "shared": value = .shared
    case .word(let word) where word == "contiguous": value = .contiguous
    case .word(let word) where word == "shuffled": value = .shuffled
    case .call(let word, let a) where word == "dirichlet" && a >= 1e-6 && a <= 1e6: value = .dirichlet(a)
    default:
      throw .invalid(
        key: name.text, expected: "shared, contiguous, shuffled, or dirichlet(a) with a from 1e-6 to 1e6")
    }
  }

  /// A number of samples, or `full`: nil.
  mutating func batch(_ name: KeyName, _ value: inout Int?) throws(SetupError) {
    guard
      let setting = try setting(
        name, .integer, words: "full", "samples in a stochastic gradient, or all of the worker's",
        standard: "1")
    else { return }
    switch setting {
    case .word(let word) where word == "full": value = nil
    case .number(let number)
    where number >= 1 && number <= Double(1 << 30) && number.rounded(.down) == number:
      value = Int(number)
    default: throw .invalid(key: name.text, expected: "an integer from 1 to 1073741824, or full")
    }
  }
}
