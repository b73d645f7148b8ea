// SPDX-License-Identifier: Apache-2.0

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
        name, .word, words: "shared contiguous shuffled dirichlet(a) by_class(k)",
        "which samples a worker has: all, a block, a random one, one of its own mix of classes, or k classes",
        standard: "shared")
    else { return }
    switch setting {
    case .word(let word) where word == "shared": value = .shared
    case .word(let word) where word == "contiguous": value = .contiguous
    case .word(let word) where word == "shuffled": value = .shuffled
    case .call(let word, let a) where word == "dirichlet" && a >= 1e-6 && a <= 1e6: value = .dirichlet(a)
    case .call(let word, let k) where word == "by_class" && k >= 1 && k <= 256 && k.rounded(.down) == k:
      value = .byClass(Int(k))
    default:
      throw .invalid(
        key: name.text,
        expected: "shared, contiguous, shuffled, dirichlet(a) with a from 1e-6 to 1e6, or by_class(k)")
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

  /// The sizes of hidden layers: a whole number, or a list of them.
  mutating func layers(
    _ name: KeyName, _ value: inout LayerSizes, _ summary: StaticText, standard: StaticText
  ) throws(SetupError) {
    guard let setting = try setting(name, .integers, summary, standard: standard) else { return }
    var layers = LayerSizes()
    switch setting {
    case .number(let number): try add(number, to: &layers, name)
    case .list(let numbers) where numbers.count >= 1 && numbers.count <= LayerSizes.limit:
      for index in numbers.indices { try add(numbers[index], to: &layers, name) }
    default:
      throw .invalid(key: name.text, expected: "an integer from 1 to 1048576, or a list of at most eight")
    }
    value = layers
  }

  private func add(
    _ number: Double, to layers: inout LayerSizes, _ name: KeyName
  ) throws(SetupError) {
    guard number >= 1, number <= Double(LayerSizes.unitsLimit), number.rounded(.down) == number else {
      throw .invalid(key: name.text, expected: "integers from 1 to 1048576, as in [128,64]")
    }
    layers.append(Int(number))
  }
}
