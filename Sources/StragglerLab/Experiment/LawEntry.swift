// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A law of durations that is known by name.
public struct LawEntry: Sendable {
  /// A parameter of a law, in strings.
  public struct Parameter: Sendable, Equatable {
    /// Its name in help and errors.
    public let name: String
    /// What it takes, in words.
    public let expected: String
  }

  /// The name in the command language, such as `lognormal`.
  public let name: String
  /// One line for `help`: what the law is.
  public let summary: String
  /// The parameters, in the order in which commands give them.
  public let parameters: [Parameter]
  private let make: @Sendable (SIMD4<Double>) throws(DelayError) -> Delay

  /// A law of the library, or one of your own.
  public init<Law: DelayLaw>(_ law: Law.Type) {
    let parts = LawParts(law)
    name = "\(parts.name)"
    summary = "\(parts.summary)"
    parameters = (0..<parts.parameters.count).compactMap { index in
      parts.parameters[index].map { Parameter(name: "\($0.name)", expected: "\($0.expected)") }
    }
    make = { (values) throws(DelayError) in try Delay(Law(values)) }
  }

  /// How it is written: `lognormal(mu,sigma)`.
  public var usage: String { "\(name)(\(parameters.map(\.name).joined(separator: ",")))" }

  /// The law with `values` for its parameters. Throws what is wrong with them.
  public func choose(_ values: [Double]) throws(LabError) -> Delay {
    guard values.count == parameters.count else {
      throw LabError(
        "\(name) takes \(parameters.count) parameters, not \(values.count)", remedy: "write \(usage)")
    }
    var numbers = SIMD4<Double>.zero
    for (index, value) in values.prefix(LawParameters.limit).enumerated() { numbers[index] = value }
    do throws(DelayError) { return try make(numbers) } catch { throw LabError(error) }
  }

  /// The laws of the library.
  public static let library: [LawEntry] = {
    var collector = Collector()
    DelayLaws.visit(&collector)
    return collector.laws
  }()

  private struct Collector: DelayLawVisitor {
    var laws: [LawEntry] = []
    mutating func visit<Law: DelayLaw>(_ law: Law.Type) { laws.append(LawEntry(law)) }
  }
}
