// SPDX-License-Identifier: Apache-2.0

/// Reads samples from the files that people have: LIBSVM text, tables of numbers with a column for the
/// target, or a NumPy array with another one for the targets.
public enum SampleFile {
  /// What belongs to every row.
  public enum Target: Sendable {
    /// A class: a label.
    case classes
    /// Any number.
    case numbers
  }

  /// Reads the file at `path`. `target` names the targets: the file at `targetPath` for a NumPy array, and a
  /// column's title or its number from 1 for a table; nil for `y.npy` beside `X.npy`, and for the column `y`
  /// or the last.
  ///
  /// Throws where a file cannot be read, or what is a sample or its target is not clear.
  public static func read(
    _ path: String, _ kind: Target, target: String? = nil, targetPath: String? = nil
  ) throws(DataError) -> SparseSamples {
    let form = try form(of: path)
    guard form != .libsvm else {
      guard target == nil else {
        throw DataError(
          "is LIBSVM text, which has its targets in front of the rows", remedy: "leave y= out", path: path)
      }
      return try LIBSVM.read(path, kind)
    }
    let array = try NumberArray.read(path)
    guard form == .array else { return try table(array, path, kind, target) }
    guard array.shape.count == 2 else {
      throw DataError(
        "is a vector of \(array.rows) numbers", remedy: "save a matrix with a row for every sample",
        path: path)
    }
    let other = if let targetPath { targetPath } else { try partner(of: path) }
    let targets = try NumberArray.read(other)
    guard targets.isVector, targets.values.count == array.rows else {
      throw DataError(
        "has \(targets.size) numbers, and there are \(array.rows) rows in \(path)",
        remedy: "give a target for every row", path: other)
    }
    var samples = try rows(array, without: nil, (targets.values, other), kind)
    samples.remark("targets of \(targetPath == nil ? other : target ?? other)")
    return samples
  }

  private enum Form { case array, table, libsvm }

  /// What the file is: by its first bytes, its name, or the marks in its first row. Only LIBSVM text can come
  /// through a pipe, of which nothing can be read twice.
  private static func form(of path: String) throws(DataError) -> Form {
    guard Files.kind(path) == .file else { return .libsvm }
    let bytes = try beginning(path)
    if NPY.isOne(bytes) { return .array }
    let name = (path.hasSuffix(".gz") ? String(path.dropLast(3)) : path).lowercased()
    if name.hasSuffix(".csv") || name.hasSuffix(".tsv") { return .table }
    let lines = bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    guard let line = lines.first(where: { !$0.allSatisfy { $0 == 0x20 } && $0.first != 0x23 }) else {
      return .libsvm
    }
    let hasMarks = line.contains { ",;|".utf8.contains($0) }
    return hasMarks && !line.contains(UInt8(ascii: ":")) ? .table : .libsvm
  }

  /// The first bytes of the file, without a byte-order mark.
  private static func beginning(_ path: String) throws(DataError) -> [UInt8] {
    var blocks = try FileBlocks(path, limit: LIBSVM.standardLimit)
    let block = try blocks.next().prefix(1 << 16)
    return Array(block.starts(with: [0xEF, 0xBB, 0xBF]) ? block.dropFirst(3) : block)
  }

  /// The file beside the NumPy array at `path` that has its targets by its name, as `y_train.npy` has those
  /// of `X_train.npy`; nil where there is none.
  public static func targets(beside path: String) -> String? {
    path.hasSuffix(".npy") ? try? partner(of: path) : nil
  }

  private static func partner(of path: String) throws(DataError) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let name = path[start...]
    var candidates: [String] = []
    if let first = name.first, first == "X" || first == "x" { candidates.append("y" + name.dropFirst()) }
    for (from, to) in [("_X", "_y"), ("_x", "_y"), ("-X", "-y")] {
      guard let place = name.utf8.indices.last(where: { name[$0...].hasPrefix(from) }) else { continue }
      candidates.append(String(name[..<place] + to + name[place...].dropFirst(2)))
    }
    for candidate in candidates {
      let other = path[..<start] + candidate
      if Files.kind(String(other)) == .file { return String(other) }
    }
    throw DataError(
      "is an array without targets, and there is no \(candidates.first ?? "y.npy") beside it",
      remedy: "name their file: y=\"y.npy\"", path: path)
  }

  // MARK: - Tables

  private static func table(
    _ array: NumberArray, _ path: String, _ kind: Target, _ wanted: String?
  ) throws(DataError) -> SparseSamples {
    guard array.columns > 1 else {
      throw DataError(
        "has one column", remedy: "write the features and the target of a sample in every row", path: path)
    }
    let column = try targetColumn(array, path, wanted)
    let targets = (0..<array.rows).map { array.values[$0 * array.columns + column] }
    var samples = try rows(array, without: column, (targets, path), kind)
    let name = array.titles.isEmpty ? "column \(column + 1)" : TableCell.quoted(array.titles[column])
    samples.remark("targets of \(name)\(wanted == nil && column == array.columns - 1 ? ", the last" : "")")
    return samples
  }

  private static func targetColumn(
    _ array: NumberArray, _ path: String, _ wanted: String?
  ) throws(DataError) -> Int {
    if let wanted {
      if let column = array.titles.firstIndex(of: wanted) { return column }
      if let number = Int(wanted), number >= 1, number <= array.columns { return number - 1 }
      throw DataError(
        "has no column \(TableCell.quoted(wanted))",
        remedy: array.titles.isEmpty
          ? "y= takes a number from 1 to \(array.columns)"
          : "y= takes one of \(TableCell.list(array.titles)), or a number from 1 to \(array.columns)",
        path: path)
    }
    let named = array.titles.indices.filter { array.titles[$0].lowercased() == "y" }
    if named.count == 1 { return named[0] }
    let alike = array.titles.indices.filter {
      ["y", "label", "target", "class", "labels", "targets"].contains(array.titles[$0].lowercased())
    }
    if let other = alike.first(where: { $0 != array.columns - 1 }) {
      throw DataError(
        "has the column \(TableCell.quoted(array.titles[other])), which is not the last: either may be the "
          + "target",
        remedy: "say which: y=\(array.titles[other]) or y=\(array.columns)", path: path)
    }
    return array.columns - 1
  }

  // MARK: - Rows

  private static func rows(
    _ array: NumberArray, without target: Int?, _ given: (targets: [Double], path: String), _ kind: Target
  ) throws(DataError) -> SparseSamples {
    let targets = given.targets
    let labels = kind == .classes ? try labels(targets, given.path) : []
    var samples = SparseSamples()
    for row in 0..<array.rows {
      guard samples.makeRoom(features: array.columns) else { throw DataError.outOfMemory }
      var feature: UInt32 = 0
      for column in 0..<array.columns where column != target {
        samples.add(column: feature, value: array.values[row * array.columns + column])
        feature += 1
      }
      switch kind {
      case .classes: samples.endRow(label: UInt8(labels.firstIndex(of: targets[row]) ?? 0))
      case .numbers: samples.endRow(target: targets[row])
      }
    }
    if kind == .classes { samples.name(labels: labels) }
    return samples
  }

  /// The different labels, ascending.
  private static func labels(_ targets: [Double], _ path: String) throws(DataError) -> [Double] {
    var labels: [Double] = []
    for target in targets where !labels.contains(target) {
      guard labels.count < SparseSamples.classesLimit else {
        throw DataError(
          "has more than \(SparseSamples.classesLimit) different targets",
          remedy: "classes are at most that many; problem least-squares takes measurements", path: path)
      }
      labels.append(target)
    }
    guard labels.count > 1 else {
      throw DataError(
        "has one label only, \(labels.first.map(SparseSamples.text(of:)) ?? "none"), in all rows",
        remedy: "classification needs rows of two classes at least", path: path)
    }
    return labels.sorted()
  }
}
