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
    let setting = try setting(
      name, .word, words: "shared contiguous shuffled dirichlet(a) by_class(k)",
      "which samples a worker has: all, a block, a random one, one of its own mix of classes, or k classes",
      standard: "shared")
    var split = Optional(value)
    if let setting { split = SampleSplit.Kind(setting) }
    guard let split, split.isInRange else {
      throw .invalid(
        key: name.text,
        expected: "shared, contiguous, shuffled, dirichlet(a) with a from 1e-6 to 1e6, or by_class(k)")
    }
    value = split
  }

  /// A number of samples, or `full`: nil.
  mutating func batch(_ name: KeyName, _ value: inout Int?) throws(SetupError) {
    if let setting = try setting(
      name, .integer, words: "full", "samples in a stochastic gradient, or all of the worker's", standard: "1"
    ) {
      if case .word(let word) = setting, word == "full" { value = nil } else { value = setting.asCount }
    }
    if let value, value < 1 || value > 1 << 30 {
      throw .invalid(key: name.text, expected: "an integer from 1 to 1073741824, or full")
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

extension SampleSplit.Kind {
  /// What a key's value means; nil if it means nothing.
  fileprivate init?(_ setting: Setting) {
    switch setting {
    case .word(let word) where word == "shared": self = .shared
    case .word(let word) where word == "contiguous": self = .contiguous
    case .word(let word) where word == "shuffled": self = .shuffled
    default:
      guard let (word, number) = setting.asCall else { return nil }
      if word == "dirichlet" {
        self = .dirichlet(number)
      } else if word == "by_class", number >= 1, number <= 256, number.rounded(.down) == number {
        self = .byClass(Int(number))
      } else {
        return nil
      }
    }
  }

  fileprivate var isInRange: Bool {
    switch self {
    case .shared, .contiguous, .shuffled: true
    case .dirichlet(let a): a >= 1e-6 && a <= 1e6
    case .byClass(let k): k >= 1 && k <= 256
    }
  }
}
