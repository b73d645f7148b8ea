// SPDX-License-Identifier: Apache-2.0

/// Something that a column of a table can be, with the titles by which it is found.
struct TableRole {
  /// The key that names a column for it: `worker`.
  let name: String
  /// Titles, with their words as one.
  let titles: Set<String>
  /// Titles that count only where no other column fits, and none of `unless` is there.
  var weakTitles: Set<String> = []
  var unless: Set<String> = []
  /// Whether it holds times, so that its title may have a unit.
  var isTime = false
  /// Whether it holds other numbers, which have no unit.
  var isNumber = false
  /// A title with one of these words that fits nothing looks like it.
  var lookalikes: Set<String> = []

  static let worker = TableRole(
    name: "worker",
    titles: [
      "worker", "workerid", "rank", "client", "clientid", "device", "deviceid", "node", "nodelist", "host",
      "hostname", "machine", "gpu", "name",
    ], weakTitles: ["id"],
    lookalikes: [
      "worker", "workers", "rank", "client", "device", "node", "nodelist", "nodes", "host", "hostname",
      "machine", "gpu", "trainer", "learner", "executor", "replica", "peer", "phone", "pod", "instance",
      "process", "proc", "server", "vm", "container", "cpu", "tpu", "accelerator", "agent", "actor",
      "participant", "edge",
    ])
  static let duration = TableRole(
    name: "duration", titles: ["duration", "seconds", "elapsed", "runtime", "computetime", "steptime"],
    weakTitles: ["time"], unless: ["start", "end"], isTime: true)
  static let start = TableRole(
    name: "start", titles: ["start", "begin", "started", "starttime"], isTime: true)
  static let end = TableRole(
    name: "end", titles: ["end", "finish", "finished", "endtime"], isTime: true)
  static let outcome = TableRole(
    name: "outcome", titles: ["status", "state", "result", "outcome", "exitcode"],
    lookalikes: [
      "status", "state", "result", "outcome", "exit", "success", "successful", "succeeded", "failed",
      "failure", "failures", "error", "ok", "completed", "returncode", "retcode",
    ])
  static let from = TableRole(name: "from", titles: ["from", "source", "src"])
  static let to = TableRole(name: "to", titles: ["to", "target", "dst", "destination"])
  static let linkTime = TableRole(
    name: "seconds", titles: ["seconds", "weight", "latency", "delay", "time"], isTime: true)
  static let perCoordinate = TableRole(
    name: "per_coordinate", titles: ["percoordinate"], isTime: true)
  /// When something changes.
  static let instant = TableRole(name: "time", titles: ["time", "timestamp", "at", "start"], isTime: true)
  static let speed = TableRole(name: "speed", titles: ["speed", "rate"], isNumber: true)
  static let state = TableRole(name: "state", titles: ["state", "status", "available", "online"])
  /// The scheduler's number of a job, which only shows whether there are rows of its steps.
  static let job = TableRole(name: "job", titles: ["jobid", "jobidraw"])
}

/// The role that a column has.
struct TableColumn {
  /// From 0.
  let index: Int
  /// Its title as it is written; nil without a header.
  let title: String?
  /// The unit in its title.
  let unit: TimeUnit?

  /// For a reading: the title, or the number.
  var name: String { title ?? "column \(index + 1)" }
}

/// Which column of a table has which role.
struct TableColumns {
  private var columns: [String: TableColumn] = [:]
  /// The titles of the columns without one, in their order.
  private(set) var unused: [String] = []

  subscript(role: TableRole) -> TableColumn? { columns[role.name] }

  /// Finds the columns of `roles` by their titles, or, for those that `given` names, by what it says: a
  /// title, a number from 1, or `none`.
  ///
  /// Throws where two columns fit one role, a named one is not there, or a unit in brackets is none.
  init(titles: [TableCell], roles: [TableRole], given: [String: String]) throws(DataError) {
    let parsed = titles.map { Title($0) }
    var taken = Set<Int>()
    for role in roles {
      guard let name = given[role.name], name != "none" else { continue }
      let index = try Self.index(of: name, for: role, titles, parsed)
      taken.insert(index)
      let text = parsed[index].text
      columns[role.name] = TableColumn(
        index: index, title: text.isEmpty ? nil : text,
        unit: role.isTime ? try Self.unit(parsed[index], titles[index], role) : nil)
    }
    // Weak titles last: whether they count depends on the other roles.
    for weak in [false, true] {
      for role in roles where given[role.name] == nil && columns[role.name] == nil {
        guard !weak || role.unless.isDisjoint(with: columns.keys) else { continue }
        let names = weak ? role.weakTitles : role.titles
        var found: TableColumn?
        for index in titles.indices where !taken.contains(index) {
          if role.isNumber, let bracket = parsed[index].bracket, names.contains(parsed[index].key) {
            throw titles[index].error(
              "\(titles[index].quoted) has the unit \(TableCell.quoted(bracket)), "
                + "and \(role.name) has none here",
              "convert the column, and take the brackets out of its title")
          }
          switch parsed[index].fit(names, isTime: role.isTime) {
          case .no: continue
          case .unknownUnit(let unit):
            throw titles[index].error(
              "the unit \(TableCell.quoted(unit)) of \(titles[index].quoted) is not known",
              "write \(TimeUnit.words)")
          case .yes(let unit):
            if let found { throw Self.two(found, titles, index, role) }
            found = TableColumn(index: index, title: parsed[index].text, unit: unit)
          }
        }
        guard let found else { continue }
        // A weak title beside a strong one of the same role would be a second column for it.
        columns[role.name] = found
      }
    }
    for role in roles where !role.weakTitles.isEmpty && given[role.name] == nil && role.isTime {
      guard let column = columns[role.name], role.unless.isDisjoint(with: columns.keys) else { continue }
      for index in titles.indices where index != column.index && !taken.contains(index) {
        if case .yes = parsed[index].fit(role.weakTitles, isTime: true) {
          throw Self.two(column, titles, index, role)
        }
      }
    }
    let used = Set(columns.values.map(\.index))
    unused = titles.indices.filter { !used.contains($0) && !parsed[$0].text.isEmpty }.map { parsed[$0].text }
  }

  /// Columns without titles, by position.
  init(positions: [(role: TableRole, index: Int)]) {
    for (role, index) in positions { columns[role.name] = TableColumn(index: index, title: nil, unit: nil) }
  }

  /// Throws where a column that no role takes has a title that looks like `role`, which no column has.
  func refuseLookalikes(_ role: TableRole, _ titles: [TableCell], given: String?) throws(DataError) {
    guard columns[role.name] == nil, given == nil else { return }
    let used = Set(columns.values.map(\.index))
    for (index, cell) in titles.enumerated() where !used.contains(index) {
      let title = Title(cell)
      guard title.words.contains(where: role.lookalikes.contains) || role.lookalikes.contains(title.key)
      else {
        continue
      }
      let article = role.name == "outcome" ? "an" : "a"
      throw cell.error(
        "\(cell.quoted) looks like \(article) \(role.name), but is no title that is known",
        "\(role.name)=\(Self.written(title.text)) reads it so, \(role.name)=none leaves it out")
    }
  }

  /// A title as a key takes it.
  static func written(_ title: String) -> String {
    let isWord = title.utf8.allSatisfy {
      $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20)
    }
    return isWord && title.utf8.first.map { !(0x30...0x39).contains($0) } == true ? title : "\"\(title)\""
  }

  private static func two(
    _ first: TableColumn, _ titles: [TableCell], _ second: Int, _ role: TableRole
  ) -> DataError {
    titles[second].error(
      "two columns fit \(role.name): \(TableCell.quoted(first.name)) and \(titles[second].quoted)",
      "say which: \(role.name)=\(written(first.name)), say")
  }

  private static func index(
    of name: String, for role: TableRole, _ titles: [TableCell], _ parsed: [Title]
  ) throws(DataError) -> Int {
    let key = Title.key(name)
    let tests: [(Title) -> Bool] = [
      { $0.text == name }, { $0.key == key }, { $0.words.dropLast().joined() == key && $0.unit != nil },
    ]
    for isRight in tests {
      let found = parsed.indices.filter { isRight(parsed[$0]) }
      if found.count == 1 { return found[0] }
      if found.count > 1 {
        throw titles[found[1]].error(
          "two columns are called \(TableCell.quoted(name))",
          "give one another title, or its number: \(role.name)=\(found[0] + 1)")
      }
    }
    if let number = Int(name), titles.indices.contains(number - 1) { return number - 1 }
    throw (titles.first ?? TableCell(line: 1, column: 1, text: [])).error(
      "there is no column \(TableCell.quoted(name)) for \(role.name)=",
      "there are \(TableCell.list(parsed.map(\.text)))")
  }

  private static func unit(_ title: Title, _ cell: TableCell, _ role: TableRole) throws(DataError)
    -> TimeUnit?
  {
    if case .yes(let unit) = title.fit(role.titles.union(role.weakTitles), isTime: true) { return unit }
    if let bracket = title.bracket, TimeUnit(bracket) == nil {
      throw cell.error(
        "the unit \(TableCell.quoted(bracket)) of \(cell.quoted) is not known", "write \(TimeUnit.words)")
    }
    return title.unit
  }
}
