// SPDX-License-Identifier: Apache-2.0

/// The ticks of an axis with their labels.
struct Ticks: Equatable {
  /// The text of a tick.
  enum Label: Equatable {
    case plain(String)
    /// mantissa × 10^exponent; an empty mantissa is the power alone.
    case power(mantissa: String, exponent: Int)

    /// As `10⁻³` or `2×10⁻³`; in ASCII as `1e-3`.
    func text(ascii: Bool) -> String {
      switch self {
      case .plain(let text): text
      case .power(let mantissa, let exponent):
        if ascii {
          "\(mantissa.isEmpty ? "1" : mantissa)e\(exponent)"
        } else {
          "\(mantissa.isEmpty ? "" : mantissa + "×")10\(NumberText.superscript(exponent))"
        }
      }
    }
  }

  struct Tick: Equatable {
    let value: Double
    let label: Label
  }

  /// In rising order, all within the axis.
  var major: [Tick] = []
  /// Ticks without labels, those of `major` not among them.
  var minor: [Double] = []
  /// The labels are multiplied by 10^`factor`.
  var factor = 0
  /// What is then added to them; empty for nothing.
  var offset = ""

  /// No ticks.
  init() {}

  /// At most `limit` (at least 3) labelled ticks, or up to two more where there would be but one.
  ///
  /// They are steps of 1, 2 or 5 times a power of ten on a linear axis, powers of ten on a logarithmic one,
  /// or parts of these where it is short.
  init(of scale: AxisScale, limit: Int) {
    let limit = max(3, limit)
    if scale.isLogarithmic { addLogarithmic(scale, limit) } else { addLinear(scale, limit) }
  }

  /// The categories of an axis, all of them or, in figures with many, every second, third, …
  init(categories: [String], limit: Int) {
    let stride = max(1, (categories.count + max(1, limit) - 1) / max(1, limit))
    for (index, category) in categories.enumerated() where index % stride == 0 {
      major.append(Tick(value: Double(index), label: .plain(category)))
    }
  }

  // MARK: Linear

  /// The most digits of a label.
  private static let mostDigits = 6

  private mutating func addLinear(_ scale: AxisScale, _ limit: Int) {
    guard let grid = Self.grid(of: scale, limit) else { return }
    let largest = max(scale.lower.magnitude, scale.upper.magnitude)
    for multiple in grid.minorMultiples where multiple % grid.minorParts != 0 {
      minor.append(grid.minorValue(multiple))
    }
    if let order = DecimalDigits(largest)?.exponent, order - grid.exponent >= Self.mostDigits {
      return addLabels(grid, order)
    }
    if let order = DecimalDigits(largest)?.exponent, order >= 6 || order < -3 {
      factor = Self.flooredDivision(order, by: 3) * 3
    }
    for multiple in grid.multiples {
      major.append(Tick(value: grid.value(multiple), label: .plain(grid.text(multiple, factor: factor))))
    }
  }

  /// Labels that leave out the digits which all of them share.
  private mutating func addLabels(_ grid: DecimalGrid, _ order: Int) {
    let units = grid.multiples.lowerBound * grid.leading
    let span = (grid.multiples.upperBound - grid.multiples.lowerBound) * grid.leading
    var power = 10
    while power <= span { power *= 10 }
    let base = Self.flooredDivision(units, by: power) * power
    offset = grid.text(units: base, factor: 0)
    let size = String(grid.multiples.upperBound * grid.leading - base).utf8.count - 1 + grid.exponent
    if size >= 6 || size < -3 { factor = Self.flooredDivision(size, by: 3) * 3 }
    if order >= 15 || order < -6, let digits = DecimalDigits(grid.value(units: base)) {
      offset = digits.scientific
    }
    if base == 0 { offset = "" }
    if offset.contains("."), !offset.contains("e") {
      while offset.hasSuffix("0") { offset.removeLast() }
      if offset.hasSuffix(".") { offset.removeLast() }
    }
    for multiple in grid.multiples {
      let label = grid.text(units: multiple * grid.leading - base, factor: factor)
      major.append(Tick(value: grid.value(multiple), label: .plain(label)))
    }
  }

  private static func grid(of scale: AxisScale, _ limit: Int) -> DecimalGrid? {
    var grid: DecimalGrid?
    for more in 0...2 {
      grid = DecimalGrid(from: scale.lower, to: scale.upper, limit: limit + more) ?? grid
      if let grid, grid.multiples.count > 1 { break }
    }
    return grid
  }

  private static func flooredDivision(_ number: Int, by divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor)
  }

  // MARK: Logarithmic

  private mutating func addLogarithmic(_ scale: AxisScale, _ limit: Int) {
    guard let first = DecimalDigits(scale.lower)?.exponent, let last = DecimalDigits(scale.upper)?.exponent
    else { return }
    let decades = (first...max(first, last + 1)).filter { Self.contains(scale, Self.value(1, $0)) }
    if decades.count >= 3 {
      let stride = [1, 2, 3, 5, 10, 20, 50, 100].first { decades.count <= limit * $0 } ?? 200
      // Multiples of the stride, so that 1 is among them, unless hardly one lies on the axis.
      var labelled = decades.filter { $0 % stride == 0 }
      if labelled.count < 2 { labelled = decades.filter { ($0 - decades[0]) % stride == 0 } }
      for exponent in labelled {
        major.append(Tick(value: Self.value(1, exponent), label: .power(mantissa: "", exponent: exponent)))
      }
      addMinor(scale, first: first, last: last, decades: stride == 1 ? [] : decades)
      return
    }
    addShortLogarithmic(scale, limit, first: first, last: last)
  }

  /// The parts of each decade, or where not all decades are labelled, the others of `decades`.
  private mutating func addMinor(_ scale: AxisScale, first: Int, last: Int, decades: [Int]) {
    if !decades.isEmpty {
      let labelled = Set(major.map(\.value))
      if decades.count <= 40 { minor = decades.map { Self.value(1, $0) }.filter { !labelled.contains($0) } }
      return
    }
    for exponent in first...max(first, last) {
      for multiple in 2...9 {
        let value = Self.value(multiple, exponent)
        if Self.contains(scale, value) { minor.append(value) }
      }
    }
  }

  /// Fewer than three decades: 1, 2, 5 of each, else 1 and 3, else even steps.
  private mutating func addShortLogarithmic(_ scale: AxisScale, _ limit: Int, first: Int, last: Int) {
    for steps in [[1, 2, 5], [1, 3], [1]] {
      var ticks: [Tick] = []
      for exponent in first...max(first, last) {
        for multiple in steps {
          let value = Self.value(multiple, exponent)
          if Self.contains(scale, value) { ticks.append(Tick(value: value, label: Self.label(value))) }
        }
      }
      guard ticks.count >= 3 || steps != [1, 2, 5] else { break }
      if ticks.count <= limit {
        major = ticks
        break
      }
    }
    guard major.count >= 2 else {
      if let grid = Self.grid(of: scale, limit) {
        if let order = DecimalDigits(scale.upper)?.exponent, order - grid.exponent >= Self.mostDigits {
          addLabels(grid, order)
          major.removeAll { !Self.contains(scale, $0.value) }
          return
        }
        let values = grid.multiples.map { grid.value($0) }.filter { Self.contains(scale, $0) }
        major = values.map { Tick(value: $0, label: Self.label($0)) }
      }
      return
    }
    for exponent in first...max(first, last) {
      for multiple in 1...9 {
        let value = Self.value(multiple, exponent)
        if Self.contains(scale, value), !major.contains(where: { $0.value == value }) { minor.append(value) }
      }
    }
  }

  private static func contains(_ scale: AxisScale, _ value: Double) -> Bool {
    value >= scale.lower && value <= scale.upper && value > 0
  }

  private static func label(_ value: Double) -> Label {
    guard let digits = DecimalDigits(value) else { return .plain("") }
    if (-3..<5).contains(digits.exponent) { return .plain(digits.positional) }
    return .power(mantissa: digits.digits == [1] ? "" : digits.mantissa, exponent: digits.exponent)
  }

  /// multiple × 10^exponent, correctly rounded.
  static func value(_ multiple: Int, _ exponent: Int) -> Double {
    Double("\(multiple)e\(exponent)") ?? .nan
  }
}
