// SPDX-License-Identifier: Apache-2.0

/// The workers that rows of a table name, and the order in which they come.
///
/// Whole numbers mean themselves where they are 1…n or 0…n−1; other ids are names, in natural order.
struct WorkerIDs {
  /// The ids in the order of their first rows; whole numbers without leading zeros.
  private var names: [String] = []
  /// The index of each way in which an id is written.
  private var spellings: [String: Int] = [:]
  private var indices: [String: Int] = [:]
  /// The ways in which whole numbers are written that are written in several.
  private var alike: [Int: [String]] = [:]

  /// The index of the worker that `cell` names, in the order of the first rows. Amortised O(length).
  mutating func index(of cell: TableCell) throws(DataError) -> Int {
    let spelling = cell.string
    if let index = spellings[spelling] { return index }
    guard names.makeRoom(for: 1), indices.hasRoom, spellings.hasRoom else { throw DataError.outOfMemory }
    let significant = spelling.drop { $0 == "0" }
    let name = cell.isWholeNumber ? (significant.isEmpty ? "0" : String(significant)) : spelling
    if let index = indices[name] {
      alike[index, default: [written[index] ?? name]].append(spelling)
      spellings[spelling] = index
      return index
    }
    spellings[spelling] = names.count
    indices[name] = names.count
    if name != spelling { written[names.count] = spelling }
    names.append(name)
    return names.count - 1
  }

  /// How whole numbers with leading zeros were first written.
  private var written: [Int: String] = [:]

  var count: Int { names.count }

  /// The ids in their order.
  struct Order {
    var names: [String]
    /// For every index of before, the index in `names`.
    var newIndex: [Int]
    /// Whole numbers that are missing among the ids, all of which are such numbers.
    var gap: [Int]
    /// Whether the ids are 1…n or 0…n−1.
    var isNumbered: Bool
    /// What to say about ids that are nearly the same.
    var notes: [String]
  }

  var ordered: Order {
    let numbers = names.compactMap { Int($0) }
    let areNumbers =
      numbers.count == names.count && names.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    let order =
      areNumbers
      ? names.indices.sorted { numbers[$0] < numbers[$1] }
      : names.indices.sorted { NaturalOrder.precedes(names[$0], names[$1]) }
    var newIndex = [Int](repeating: 0, count: names.count)
    for (new, old) in order.enumerated() { newIndex[old] = new }
    var result = Order(
      names: order.map { names[$0] }, newIndex: newIndex, gap: [], isNumbered: false, notes: [])
    if areNumbers, let first = numbers.min(), let last = numbers.max() {
      let start = min(first, 1)
      if last - start + 1 == numbers.count {
        result.isNumbered = true
      } else {
        let known = Set(numbers)
        result.gap = Array((start...last).lazy.filter { !known.contains($0) }.prefix(6))
      }
    }
    result.notes = notes
    return result
  }

  private var notes: [String] {
    var notes: [String] = []
    if let first = alike.keys.min(), let spellings = alike[first] {
      let others = alike.count > 1 ? ", and likewise for \(alike.count - 1) more" : ""
      let list = spellings.joined(separator: " and ")
      notes.append("ids \(list) are taken for the same worker\(others)")
    }
    var lowercased: [String: String] = [:]
    var similar: [(String, String)] = []
    for name in names {
      let key = Self.withoutZeros(name.lowercased())
      if let other = lowercased[key] { similar.append((other, name)) } else { lowercased[key] = name }
    }
    if let (first, second) = similar.first {
      let others = similar.count > 1 ? ", and likewise for \(similar.count - 1) more" : ""
      notes.append(
        "\(TableCell.quoted(first)) and \(TableCell.quoted(second)) are taken for different workers, "
          + "although "
          + "they differ in case or leading zeros only\(others)")
    }
    return notes
  }

  /// A name without the zeros that begin its numbers.
  private static func withoutZeros(_ name: String) -> String {
    var result = ""
    var previousIsDigit = false
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      let isDigit = character.isASCII && character.isNumber
      let digitFollows =
        index + 1 < characters.count && characters[index + 1].isASCII && characters[index + 1].isNumber
      if character == "0", !previousIsDigit, digitFollows { continue }
      result.append(character)
      previousIsDigit = isDigit
    }
    return result
  }
}

/// The order of names in which `gpu-2` comes before `gpu-10`.
enum NaturalOrder {
  static func precedes(_ first: String, _ second: String) -> Bool {
    var (left, right) = (Array(first.utf8)[...], Array(second.utf8)[...])
    while let a = left.first, let b = right.first {
      if isDigit(a), isDigit(b) {
        let (x, y) = (left.prefix(while: isDigit), right.prefix(while: isDigit))
        let (significant, other) = (x.drop { $0 == 0x30 }, y.drop { $0 == 0x30 })
        if significant.count != other.count { return significant.count < other.count }
        if !significant.elementsEqual(other) { return significant.lexicographicallyPrecedes(other) }
        left = left.dropFirst(x.count)
        right = right.dropFirst(y.count)
      } else {
        if a != b { return a < b }
        left = left.dropFirst()
        right = right.dropFirst()
      }
    }
    if left.isEmpty != right.isEmpty { return left.isEmpty }
    // The same numbers: fewer zeros first.
    return (first.utf8.count, first) < (second.utf8.count, second)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
