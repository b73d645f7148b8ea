// SPDX-License-Identifier: Apache-2.0

/// The parameters of a law, declared in one place for all uses.
///
/// A law's `parameters(_:)` names each of its parameters once. Describing, binding, reading and checking them
/// all come from that: the values that were given are written into the properties, those that the law has are
/// kept, and the first one that is out of its range is remembered.
public struct LawParameters: Sendable {
  /// The most parameters that a law has.
  public static var limit: Int { 3 }

  /// What is bound; nil where the law keeps what it has.
  private let given: SIMD4<Double>?
  /// How many have been named.
  public private(set) var count = 0
  /// The values that the law has, in order; the rest is zero.
  public private(set) var values = SIMD4<Double>.zero
  /// The first parameter that is out of its range.
  public private(set) var fault: LawParameter?
  private var descriptions: InlineArray<3, LawParameter?> = InlineArray(repeating: nil)

  init(_ given: SIMD4<Double>? = nil) { self.given = given }

  /// Parameter number `index`, in order of declaration.
  public subscript(index: Int) -> LawParameter? { index >= 0 && index < count ? descriptions[index] : nil }

  /// A parameter in the range where `isRight` holds, which is `expected` in words.
  public mutating func number(
    _ name: StaticText, _ value: inout Double, expected: StaticText, where isRight: (Double) -> Bool
  ) {
    let description = LawParameter(name: name, expected: expected)
    guard count < Self.limit else {
      fault = LawParameter(name: name, expected: "nothing, since a law has at most three parameters")
      return
    }
    if let given { value = given[count] }
    descriptions[count] = description
    values[count] = value
    count += 1
    if fault == nil, !isRight(value) { fault = description }
  }

  /// A parameter that is positive and finite.
  public mutating func positive(_ name: StaticText, _ value: inout Double) {
    number(name, &value, expected: "a positive number") { $0 > 0 && $0 < .infinity }
  }

  /// A parameter that is finite and not negative.
  public mutating func nonnegative(_ name: StaticText, _ value: inout Double) {
    number(name, &value, expected: "a number that is not negative") { $0 >= 0 && $0 < .infinity }
  }

  /// A finite parameter.
  public mutating func finite(_ name: StaticText, _ value: inout Double) {
    number(name, &value, expected: "a finite number") { $0.isFinite }
  }

  /// A parameter from 0 to 1.
  public mutating func probability(_ name: StaticText, _ value: inout Double) {
    number(name, &value, expected: "a probability, from 0 to 1") { $0 >= 0 && $0 <= 1 }
  }
}

/// A parameter of a law, as front ends show it.
public struct LawParameter: Sendable {
  /// Its name in help and errors.
  public let name: StaticText
  /// What it takes, in words.
  public let expected: StaticText
}
