// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLab

@Suite struct NumberTextTests {
  @Test func exactReadsBack() {
    for number in OutputSamples.finite(5_000, seed: 1) + OutputSamples.extremes where !number.isNaN {
      #expect(Double(NumberText.exact(number))?.bitPattern == number.bitPattern)
    }
    #expect(NumberText.exact(60) == "60.0")
    #expect(NumberText.exact(.nan) == "nan")
    #expect(NumberText.exact(-.nan) == "nan")
    #expect(NumberText.exact(-.infinity) == "-inf")
  }

  static let examples: [(Double, Int, String)] = [
    (0.0, 6, "0"), (-0.0, 6, "0"), (60, 6, "60"), (0.1, 6, "0.1"), (1.0 / 3, 6, "0.333333"),
    (2.0 / 3, 3, "0.667"), (-1234.5678, 6, "-1234.57"), (1234.5678, 3, "1235"), (123456.7, 3, "123457"),
    (999_999.7, 6, "1e6"), (1_234_567, 6, "1.23457e6"), (1_234_567, 10, "1234567"), (9.9999e-5, 3, "0.0001"),
    (1.25e-7, 6, "1.25e-7"), (0.00012345678, 3, "0.000123"), (1e300, 6, "1e300"),
    (.leastNonzeroMagnitude, 6, "5e-324"),
    (1.005, 3, "1.01"), (0.5, 0, "0.5"), (99.96, 3, "100"), (.infinity, 6, "inf"), (.nan, 6, "nan"),
    (1.7976931348623157e308, 6, "1.79769e308"), (1.7976931348623157e308, 1, "2e308"),
  ]

  @Test(arguments: examples)
  func briefExamples(number: Double, digits: Int, text: String) {
    #expect(NumberText.brief(number, digits: digits) == text)
  }

  /// Off by at most half a unit of the last digit, in decimal arithmetic.
  @Test func briefIsNearest() throws {
    for number in OutputSamples.finite(2_000, seed: 2) where number.isNormal {
      for digits in [1, 3, 6, 12] {
        // Decimals end at 10^127: compare where both can be held.
        guard number.magnitude < 1e100, number.magnitude > 1e-80 else { continue }
        let ours = try #require(Decimal(string: NumberText.brief(number, digits: digits)))
        let exact = try #require(Decimal(string: number.description))
        let order = try #require(DecimalDigits(number)).exponent
        let half = Decimal(sign: .plus, exponent: order - digits, significand: 5)
        #expect(abs(ours - exact) <= half, "\(number) with \(digits) digits")
      }
    }
  }

  @Test func briefAgreesWithPrintf() {
    var generator = OutputSamples.Generator(state: 3)
    for _ in 0..<5_000 {
      let number = (generator.uniform() - 0.5) * 2e5
      guard number.magnitude >= 1e-4 else { continue }
      #expect(Double(NumberText.brief(number, digits: 6)) == Double(String(format: "%.6g", number)))
    }
  }

  @Test func decimalDigitsOfAllMagnitudes() {
    for number in OutputSamples.finite(5_000, seed: 4) {
      guard let digits = DecimalDigits(number) else {
        Issue.record("\(number) has digits")
        continue
      }
      #expect(Double(digits.scientific) == number)
      #expect(digits.digits.first != 0 && digits.digits.last != 0)
      if number.magnitude < 1e30, number.magnitude > 1e-30 { #expect(Double(digits.positional) == number) }
    }
    #expect(DecimalDigits(.infinity) == nil)
    #expect(DecimalDigits(.nan) == nil)
  }

  @Test func fixedRoundsAndBounds() {
    #expect(NumberText.fixed(1.005) == "1")
    #expect(NumberText.fixed(-0.004) == "0")
    #expect(NumberText.fixed(-12.5) == "-12.5")
    #expect(NumberText.fixed(3.14159) == "3.14")
    #expect(NumberText.fixed(0.05) == "0.05")
    #expect(NumberText.fixed(7, decimals: 0) == "7")
    #expect(NumberText.fixed(.nan) == "0")
    #expect(NumberText.fixed(.infinity) == "1000000000")
    for number in OutputSamples.extremes { _ = NumberText.fixed(number, decimals: 6) }
  }

  @Test func smallForms() {
    #expect(NumberText.superscript(-120) == "⁻¹²⁰")
    #expect(NumberText.grouped(1_234_567) == "1,234,567")
    #expect(NumberText.grouped(-100) == "-100")
    #expect(NumberText.grouped(.min) == "-9,223,372,036,854,775,808")
    #expect(NumberText.percent(0.975) == "97.5 %")
    #expect(NumberText.percent(.nan) == "nan")
  }
}
