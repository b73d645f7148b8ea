internal import StragglerLab

extension Interpreter {
  /// Begins a table or goes on with one; without a name, shows it.
  func table(_ arguments: BoundArguments) throws -> Outcome {
    if let name = arguments["NAME"]?.word {
      tableName = name
      if tables[name] == nil { tables[name] = DataTable() }
      latest = .table
      return .done
    }
    let table = try currentTable(at: arguments.place)
    keep(.table(table.text, note: ""))
    try report(
      ["command": "table", "name": .string(tableName), "rows": table.json],
      text: String(table.text.text(width: options.width).dropLast()))
    return .done
  }

  /// Adds a row to the table.
  func row(_ arguments: BoundArguments) throws -> Outcome {
    guard !arguments.keyed.isEmpty else {
      throw Diagnostic(
        "row needs columns", remedy: "give at least one: row method=\"rennala\" time=time",
        at: arguments.place)
    }
    tables[tableName, default: DataTable()].add(
      arguments.keyed.map { name, bound in
        if case .text(let text) = bound.value { return (name, Cell.text(text)) }
        let number = bound.number ?? .nan
        return (
          name,
          number.magnitude <= 0x1p53
            ? Int(exactly: number).map { .integer($0) } ?? .number(number) : .number(number)
        )
      })
    latest = .table
    return .done
  }

  /// The table that `row` fills.
  func currentTable(at place: Place) throws(Diagnostic) -> DataTable {
    guard let table = tables[tableName], !table.isEmpty else {
      throw Diagnostic("the table has no rows yet", remedy: "add one: row R=R time=time", at: place)
    }
    return table
  }

  /// The curves that `plot` asks for of the table.
  func tablePlot(_ arguments: BoundArguments) throws(Diagnostic) -> Plot {
    let table = try currentTable(at: arguments.place)
    let numbers = table.columns(ofTexts: false)
    func column(_ key: String, else standard: String?) throws(Diagnostic) -> String {
      guard let value = arguments[key], let name = value.word else {
        guard let standard else {
          throw Diagnostic("the table has no column for \(key)=", at: arguments.place)
        }
        return standard
      }
      guard table.columns.contains(name) else {
        throw Diagnostic(
          "the table has no column \(name)", remedy: "there are " + table.columns.joined(separator: ", "),
          at: value.place)
      }
      return name
    }
    let x = try column("x", else: numbers.first)
    let y = try column("y", else: numbers.first { $0 != x })
    let by = arguments["by"] == nil ? table.columns(ofTexts: true).first : try column("by", else: nil)
    return table.plot(
      x: x, y: y, by: by, logX: arguments.flags.contains("logx"), logY: arguments.flags.contains("logy"))
  }
}
