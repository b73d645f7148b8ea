// SPDX-License-Identifier: Apache-2.0

/// A grid of terminal cells to draw on: eight dots a cell in Braille, or one character a cell in ASCII.
struct DotCanvas {
  let columns: Int
  let rows: Int
  /// Dots across and down.
  let width: Int
  let height: Int
  private let dotsAcross: Int
  private let dotsDown: Int
  private var masks: [UInt8]
  /// The series that drew into a cell last, −1 for none.
  private var owners: [Int]
  /// Characters that cover the dots of their cells.
  private var covers: [Character?]

  init(columns: Int, rows: Int, isBraille: Bool) {
    self.columns = columns
    self.rows = rows
    dotsAcross = isBraille ? 2 : 1
    dotsDown = isBraille ? 4 : 1
    width = columns * dotsAcross
    height = rows * dotsDown
    masks = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: -1, count: columns * rows)
    covers = Array(repeating: nil, count: columns * rows)
  }

  /// The dot of a place between 0 and 1 from the left and from the bottom. Places outside give dots outside.
  func dot(x: Double, y: Double) -> (x: Int, y: Int) {
    (Self.whole(x * Double(width - 1)), Self.whole((1 - y) * Double(height - 1)))
  }

  private static func whole(_ number: Double) -> Int {
    number.isNaN ? -1 : Int(min(max(number, -1e6), 1e6).rounded())
  }

  /// The row of cells of a dot.
  func row(ofDot y: Int) -> Int { y / dotsDown }

  /// The column of cells of a dot.
  func column(ofDot x: Int) -> Int { x / dotsAcross }

  /// Sets a dot; outside the canvas nothing happens. Answers whether it was inside.
  @discardableResult
  mutating func set(x: Int, y: Int, owner: Int) -> Bool {
    guard x >= 0, x < width, y >= 0, y < height else { return false }
    let cell = (y / dotsDown) * columns + x / dotsAcross
    masks[cell] |= Self.bits[(x % dotsAcross) * 4 + y % dotsDown]
    owners[cell] = owner
    return true
  }

  /// The bit of each dot in the Unicode block of Braille patterns: left column from above, then the right
  /// one.
  private static let bits: [UInt8] = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80]

  /// Shows every dot of the straight line between two dots to `visit`.
  static func visitLine(from a: (x: Int, y: Int), to b: (x: Int, y: Int), _ visit: (Int, Int) -> Void) {
    let steps = max(abs(b.x - a.x), abs(b.y - a.y))
    guard steps > 0 else { return visit(a.x, a.y) }
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      visit(
        a.x + Int((Double(b.x - a.x) * share).rounded()), a.y + Int((Double(b.y - a.y) * share).rounded()))
    }
  }

  /// Covers a cell with a character, unless it is covered already. Answers whether it was free.
  mutating func cover(column: Int, row: Int, with character: Character, owner: Int) -> Bool {
    let cell = row * columns + column
    guard covers[cell] == nil else { return false }
    covers[cell] = character
    owners[cell] = owner
    return true
  }

  /// A row of cells as text, without spaces at its end.
  ///
  /// - Parameters:
  ///   - mark: the character of a series' dots where there is no Braille.
  ///   - paint: sets the colour of a series, or back for nil.
  func text(row: Int, mark: (Int) -> Character, paint: (Int?) -> String) -> String {
    let cells = row * columns..<(row + 1) * columns
    guard let last = cells.last(where: { masks[$0] != 0 || covers[$0] != nil }) else { return "" }
    var text = ""
    var current: Int?
    for cell in cells.lowerBound...last {
      let isBlank = masks[cell] == 0 && covers[cell] == nil
      let owner = isBlank ? nil : owners[cell]
      if owner != current {
        text += paint(owner)
        current = owner
      }
      if let cover = covers[cell] {
        text.append(cover)
      } else if isBlank {
        text += " "
      } else if dotsAcross == 1 {
        text.append(mark(owners[cell]))
      } else {
        text.unicodeScalars.append(Unicode.Scalar(0x2800 + UInt16(masks[cell])) ?? " ")
      }
    }
    return current == nil ? text : text + paint(nil)
  }
}
