// SPDX-License-Identifier: Apache-2.0

public import StragglerData

extension TableReading {
  /// The reading as an object: the file, what was counted, what was not used, and the line.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [.init("report", "reading"), .init("file", .string(file))]
    for item in items {
      var parts: [JSONValue.Member] = []
      if let count = item.count { parts.append(.init("count", .integer(count))) }
      parts.append(.init("columns", .array(item.columns.map { .string($0) })))
      if let unit = item.unit { parts.append(.init("unit", .string(unit))) }
      members.append(.init(item.what.replacingBlanks, .object(parts)))
    }
    members += [
      .init("not_used", .array(unused.map { .string($0) })),
      .init("notes", .array(notes.map { .string($0) })), .init("line", .string(line)),
    ]
    return .object(members)
  }
}

extension String {
  fileprivate var replacingBlanks: String { String(map { $0 == " " ? "_" : $0 }) }
}
