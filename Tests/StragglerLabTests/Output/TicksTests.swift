// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLab

@Suite struct TicksTests {
  func ticks(_ lower: Double, _ upper: Double, log: Bool = false, limit: Int = 6) -> Ticks {
    Ticks(of: AxisScale(from: lower, to: upper, isLogarithmic: log), limit: limit)
  }

  func labels(_ ticks: Ticks) -> [String] { ticks.major.map { $0.label.text(ascii: false) } }

  @Test func linearExamples() {
    #expect(labels(ticks(0, 1)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(ticks(0, 1, limit: 5)) == ["0.0", "0.5", "1.0"])
    #expect(labels(ticks(-30, 70)) == ["-20", "0", "20", "40", "60"])
    #expect(labels(ticks(0, 1576, limit: 9)) == ["0", "200", "400", "600", "800", "1000", "1200", "1400"])
    let large = ticks(0, 3e7)
    #expect(large.factor == 6)
    #expect(labels(large) == ["0", "10", "20", "30"])
    let small = ticks(0, 2.5e-5)
    #expect(small.factor == -6)
    #expect(labels(small) == ["0", "5", "10", "15", "20", "25"])
    #expect(ticks(0, 1).minor.count == 15)
  }

  @Test func logarithmicExamples() {
    #expect(labels(ticks(2e-4, 3, log: true)) == ["10⁻³", "10⁻²", "10⁻¹", "10⁰"])
    #expect(labels(ticks(1e-4, 1, log: true)) == ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"])
    #expect(labels(ticks(1e-9, 10, log: true)) == ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"])
    #expect(labels(ticks(1, 10, log: true)) == ["1", "2", "5", "10"])
    #expect(labels(ticks(3, 40, log: true)) == ["5", "10", "20"])
    #expect(labels(ticks(21, 23.5, log: true)) == ["21", "21.5", "22", "22.5", "23", "23.5"])
    #expect(labels(ticks(3e-7, 6e-6, log: true)) == ["5×10⁻⁷", "10⁻⁶", "2×10⁻⁶", "5×10⁻⁶"])
    #expect(Ticks.Label.power(mantissa: "2", exponent: -7).text(ascii: true) == "2e-7")
    #expect(Ticks.Label.power(mantissa: "", exponent: 3).text(ascii: true) == "1e3")
    // 2…9 of each decade within the axis.
    #expect(ticks(1e-3, 1, log: true).minor.count == 24)
  }

  @Test func everyAxisHasOrderedTicksWithin() {
    var generator = OutputSamples.Generator(state: 11)
    let numbers = OutputSamples.finite(400, seed: 12) + OutputSamples.extremes.filter(\.isFinite)
    for _ in 0..<1_000 {
      let a = numbers[Int(generator.next() % UInt64(numbers.count))]
      let b = generator.uniform() < 0.5 ? numbers[Int(generator.next() % UInt64(numbers.count))] : a * 1.5
      for log in [false, true] {
        let scale = AxisScale(over: [a, b], isLogarithmic: log, isPadded: generator.uniform() < 0.5)
        #expect(scale.lower.isFinite && scale.upper.isFinite && scale.lower < scale.upper)
        for limit in [3, 4, 6, 9] where scale.upper > 1e-300 {
          let ticks = Ticks(of: scale, limit: limit)
          let values = ticks.major.map(\.value)
          #expect(values.count <= max(limit, 5) && values.count >= 2, "\(scale) \(limit) \(values)")
          #expect(values == values.sorted() && Set(values).count == values.count)
          let slack = 1e-5
          #expect(
            values.allSatisfy { (-slack...1 + slack).contains(scale.position($0)) },
            "\(scale) \(limit) \(values)")
          #expect(ticks.minor.allSatisfy { (-slack...1 + slack).contains(scale.position($0)) })
          #expect(Set(ticks.minor).isDisjoint(with: values))
        }
      }
    }
  }

  /// What a label stands for.
  func value(_ label: Ticks.Label, of axis: Ticks) -> Double? {
    guard let number = Double(label.text(ascii: true) + "e\(axis.factor)") else { return nil }
    return axis.offset.isEmpty ? number : Double(axis.offset).map { $0 + number }
  }

  /// Labels of values that differ in late digits leave out what they share.
  @Test func sharedDigitsAreAnOffset() {
    let late = ticks(0.6931471801, 0.6931471830)
    #expect(late.offset == "0.69314718" && late.factor == -9)
    #expect(late.major.map { $0.label.text(ascii: true) } == ["0.5", "1.0", "1.5", "2.0", "2.5", "3.0"])
    #expect(
      Plot.Axis(label: "f", unit: "s").caption(late) == "f (×10⁻⁹ + 0.69314718 s)")
    let large = ticks(1e9 + 1, 1e9 + 30, log: true)
    #expect(large.offset == "1000000000")
    for axis in [late, large, ticks(-1e6 - 0.002, -1e6 + 0.003), ticks(1e-9, 1e-9 * (1 + 1e-9))] {
      #expect(
        axis.major.count >= 2 && Set(axis.major.map { $0.label.text(ascii: true) }).count == axis.major.count)
      for tick in axis.major {
        let read = value(tick.label, of: axis) ?? .nan
        #expect(abs(read - tick.value) <= 2 * tick.value.ulp, "\(axis)")
      }
    }
  }

  /// Labels say their tick's value exactly, times the factor and with the offset.
  @Test func labelsReadBack() {
    var generator = OutputSamples.Generator(state: 13)
    for _ in 0..<500 {
      let lower = (generator.uniform() - 0.5) * 1e4
      let axis = ticks(lower, lower + generator.uniform() * 100 + 0.01)
      for tick in axis.major {
        let read = value(tick.label, of: axis) ?? .nan
        #expect(axis.offset.isEmpty ? read == tick.value : abs(read - tick.value) <= 2 * lower.ulp)
      }
    }
    let axis = ticks(1e12, 5e12)
    for tick in axis.major { #expect(Double(tick.label.text(ascii: true) + "e\(axis.factor)") == tick.value) }
  }

  @Test func scaleMapsItsEnds() {
    for number in OutputSamples.extremes {
      for other in OutputSamples.extremes {
        for log in [false, true] {
          let scale = AxisScale(over: [number, other], isLogarithmic: log, isPadded: false)
          #expect(scale.position(scale.lower) == 0 && scale.position(scale.upper) == 1)
          for probe in OutputSamples.extremes where !probe.isNaN {
            #expect((-1...2).contains(scale.position(probe)))
          }
          #expect(scale.position(.nan).isNaN)
        }
      }
    }
    let decades = AxisScale(from: 1e-4, to: 1, isLogarithmic: true)
    #expect(abs(decades.position(1e-2) - 0.5) < 1e-12)
    #expect(abs(decades.position(1e-3) - 0.25) < 1e-12)
  }
}
