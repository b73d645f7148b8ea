internal import StragglerCore

/// A law of durations that goes by name.
struct Law: Sendable, Equatable {
  let name: String
  let parameters: [String]
  let summary: String
  private let index: Int

  /// `lognormal(mu,sigma)`.
  var usage: String { "\(name)(\(parameters.joined(separator: ",")))" }

  static let traceName = "trace"
  static let mixtureName = "mixture"
  static let constant = all[0]

  /// The core's laws, in the order of `help`.
  static let all: [Law] = (0..<DelayLaws.count).compactMap { index in
    DelayLaws.description(index).map { Law($0, index) }
  }

  private init(_ description: DelayDescription, _ index: Int) {
    name = "\(description.name)"
    parameters = "\(description.parameters)".split(separator: " ").map(String.init)
    summary = "\(description.summary)"
    self.index = index
  }

  static func named(_ name: String) -> Law? { all.first { $0.name == name } }

  static var names: [String] { all.map(\.name) + [traceName, mixtureName] }

  /// The law with `values` for its parameters.
  func delay(_ values: [Double]) throws(DelayError) -> Delay {
    var vector = SIMD4<Double>.zero
    for (index, value) in values.prefix(4).enumerated() { vector[index] = value }
    return try DelayLaws.make(index, vector) ?? .none
  }
}
