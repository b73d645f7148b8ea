// SPDX-License-Identifier: Apache-2.0

/// What was taken from a table, for the user to check: `durations.csv: 3 workers (by "rank"), 12 durations
/// (by "duration_ms", milliseconds), 3 failed (by "status"), not used: host, queue`.
public struct TableReading: Equatable, Sendable {
  /// Something that was counted, and where it comes from.
  public struct Item: Equatable, Sendable {
    /// In the plural: `workers`.
    public var what: String
    /// How many; nil for a column with a value for each of them.
    public var count: Int?
    /// The titles, or `column 2`; may be empty.
    public var columns: [String]
    /// What times are in: `milliseconds`, `hh:mm:ss`; nil for what is no time.
    public var unit: String?

    init(_ what: String, _ count: Int? = nil, by columns: [String] = [], unit: String? = nil) {
      self.what = what
      self.count = count
      self.columns = columns
      self.unit = unit
    }
  }

  /// The file as it was named.
  public var file: String
  /// What was taken.
  public var items: [Item]
  /// The titles of the columns that were not used.
  public var unused: [String]
  /// What else the user should know, in sentences without a full stop.
  public var notes: [String]

  init(_ items: [Item], unused: [String] = [], notes: [String] = []) {
    file = ""
    self.items = items
    self.unused = unused
    self.notes = notes
  }

  /// All of it in one line.
  public var line: String {
    var parts = items.map(\.text)
    if !unused.isEmpty { parts.append("not used: " + unused.map { Self.shown($0) }.joined(separator: ", ")) }
    let text = (file.isEmpty ? "" : Self.shown(file) + ": ") + parts.joined(separator: ", ")
    return ([text] + notes.map { Self.shown($0) }).joined(separator: "; ")
  }

  /// A text without control characters.
  fileprivate static func shown(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
  }
}

extension TableReading.Item {
  fileprivate var text: String {
    let singular = [
      "workers": "worker", "durations": "duration", "links": "link", "nodes": "node",
      "rows": "row", "values": "value", "rows skipped": "row skipped", "speeds": "speed",
      "changes of state": "change of state",
    ]
    let noun = count == 1 ? singular[what] ?? what : what
    let named = columns.map { $0.hasPrefix("column") || $0 == "inf" ? $0 : TableCell.quoted($0) }
    var list = named.joined(separator: " and ")
    if !list.isEmpty { list = "by " + list }
    let detail = [list, unit ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
    return (count.map { "\($0) " } ?? "") + noun + (detail.isEmpty ? "" : " (\(TableReading.shown(detail)))")
  }
}
