// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// What `workers` asks for: a fleet, or changes to some of its workers.
///
/// It is read again where a sweep gives a key another value.
struct FleetChange: ArgumentSet {
  private var selection = Given(WorkerSelection.all(0))
  private var tau: Given<WorkerExpression>?
  private var delay: Given<BoundDistribution>?
  private var upload: Given<WorkerExpression>?
  private var uploadPerCoordinate: Given<WorkerExpression>?
  private var download: Given<WorkerExpression>?
  private var downloadPerCoordinate: Given<WorkerExpression>?
  private var power: Given<WorkerExpression>?
  private var file: Given<String>?
  private var column: Given<String>?
  private var unit: Given<RecordKeys.Unit>?
  private var speeds = SpeedChange()

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter(
      "N", &selection, .workers, "how many workers, or which of them: A..B; or a table with a row for each")
    arguments.parameter("FILE", &file, .quotedPath, "a table from whose rows N are drawn, with replacement")
    arguments.key(
      "tau", &tau, .perWorker, "the sure part of a job's duration, in seconds", standard: "1")
    arguments.key(
      "delay", &delay, .distribution, "the random part η of a job's duration", standard: "constant(0)")
    arguments.key("upload", &upload, .perWorker, "seconds for a message to the server", standard: "0")
    arguments.key(
      "upload_per_coordinate", &uploadPerCoordinate, .perWorker, "seconds for a coordinate of a message",
      standard: "0")
    arguments.key(
      "download", &download, .perWorker, "seconds that a point takes to a worker that does not hold it",
      standard: "0")
    arguments.key(
      "download_per_coordinate", &downloadPerCoordinate, .perWorker, "seconds for a coordinate of it",
      standard: "0")
    arguments.key("power", &power, .perWorker, "energy for a second of work", standard: "1")
    arguments.key(
      "worker", &column, .column, "the table's column of the names; none: a row a worker",
      standard: "by its title")
    arguments.key(
      "unit", &unit, .choice, "what the table's times are in", standard: "that of the title, or s")
    speeds.arguments(&arguments)
  }

  /// What `written` asks for.
  static func of(_ written: Written) -> FleetChange { Arguments.bound(Self.self, to: written.arguments) }

  /// Whether something of what `written` makes depends on the seed.
  static func draws(_ written: Written) -> Bool {
    written.arguments.positional.count > 1 || written.text.contains(WorkerCall.draw.rawValue + "(")
  }

  /// The keys that describe a worker.
  static var keys: [CommandKey] { Arguments(describing: Self.self).keys }

  /// Makes the fleet, or changes a part of it, and returns what was taken from files. `written` is the
  /// command that asks for it, and `catalogue` has the laws.
  @discardableResult
  func apply(
    _ written: Written, to configuration: inout Configuration, _ catalogue: Catalogue
  ) throws(Diagnostic) -> [TableReading] {
    switch selection.value {
    case .all(let count):
      if let file { return try make(file, count: count, written, &configuration, catalogue) }
      try refuseKeysOfTable()
      Self.begin(count, written, &configuration)
      return try apply(to: 1...count, of: &configuration)
    case .table(let path):
      if let file { throw Diagnostic(.tableForSome(file.value), at: file.place) }
      return try make(Given(path, at: selection.place), count: nil, written, &configuration, catalogue)
    case .some(let range):
      if let file { throw Diagnostic(.tableForSome(file.value), at: file.place) }
      try refuseKeysOfTable()
      let count = configuration.workers.count
      guard range.upperBound <= count else {
        throw Diagnostic(.noSuchWorkers(of: count), at: selection.place)
      }
      configuration.fleet.append(written)
      return try apply(to: range, of: &configuration)
    }
  }

  /// A new fleet of `count` workers.
  private static func begin(_ count: Int, _ written: Written, _ configuration: inout Configuration) {
    configuration.fleet = [written]
    configuration.recordings = []
    configuration.speeds = []
    configuration.workers = Array(repeating: Worker(tau: 1), count: count)
    (configuration.uploadPerCoordinate, configuration.downloadPerCoordinate) = ([], [])
    configuration.names = []
    configuration.namesAreOwn = false
    configuration.table = nil
  }

  private func refuseKeysOfTable() throws(Diagnostic) {
    for (key, place) in [("worker", column?.place), ("unit", unit?.place)] {
      if let place { throw Diagnostic(.keyOfTable(key), at: place) }
    }
  }

  /// A key with its values, and where they go.
  private struct Column {
    let key: String
    let given: Given<WorkerExpression>
    let takesInfinity: Bool
    let write: (_ seconds: Double, _ index: Int, _ configuration: inout Configuration) -> Void

    init?(
      _ key: String, _ given: Given<WorkerExpression>?, takesInfinity: Bool = false,
      _ write: @escaping (_ seconds: Double, _ index: Int, _ configuration: inout Configuration) -> Void
    ) {
      guard let given else { return nil }
      self.key = key
      self.given = given
      self.takesInfinity = takesInfinity
      self.write = write
    }

    func apply(to range: ClosedRange<Int>, of configuration: inout Configuration) throws(Diagnostic) {
      let values = try given.value.values(of: range, in: configuration.facts, named: key)
      for (worker, seconds) in zip(range, values) {
        guard seconds >= 0, seconds < .infinity || takesInfinity else {
          throw Diagnostic(.badValue(key, NumberFormat.text(seconds), worker: worker), at: given.place)
        }
        write(seconds, worker - 1, &configuration)
      }
    }
  }

  /// Writes the values of the keys into the workers of `range`, in the order in which they were written.
  private func apply(
    to range: ClosedRange<Int>, of configuration: inout Configuration
  ) throws(Diagnostic) -> [TableReading] {
    let columns = [
      Column("tau", tau, takesInfinity: true) { $2.workers[$1].tau = $0 },
      Column("upload", upload, takesInfinity: true) { $2.workers[$1].upload = $0 },
      Column("upload_per_coordinate", uploadPerCoordinate) { seconds, index, configuration in
        configuration.set(\.uploadPerCoordinate, of: index, to: seconds)
      },
      Column("download", download, takesInfinity: true) { $2.workers[$1].download = $0 },
      Column("download_per_coordinate", downloadPerCoordinate) { seconds, index, configuration in
        configuration.set(\.downloadPerCoordinate, of: index, to: seconds)
      },
      Column("power", power) { $2.workers[$1].power = $0 },
    ].compactMap(\.self)
    let start = delay?.place.range.lowerBound ?? 0
    let ordered = columns.sorted { $0.given.place.range.lowerBound < $1.given.place.range.lowerBound }
    for column in ordered where column.given.place.range.lowerBound < start {
      try column.apply(to: range, of: &configuration)
    }
    let readings = try applyDelay(to: range, of: &configuration)
    try speeds.apply(to: range, of: &configuration)
    for column in ordered where column.given.place.range.lowerBound >= start {
      try column.apply(to: range, of: &configuration)
    }
    return readings
  }

  private func applyDelay(
    to range: ClosedRange<Int>, of configuration: inout Configuration
  ) throws(Diagnostic) -> [TableReading] {
    guard let delay else { return [] }
    let count = configuration.workers.count
    let made = try delay.value.delays(of: range, in: configuration.facts, at: delay.place)
    configuration.recordings += made.owners
    for (worker, delay) in zip(range, made.delays) { configuration.workers[worker - 1].delay = delay }
    if configuration.names.isEmpty, !made.names.isEmpty {
      configuration.names = (1...count).map { String($0) }
      for (worker, name) in zip(range, made.names) { configuration.names[worker - 1] = name }
    }
    return made.readings
  }
}

// MARK: - Fleets from tables

extension FleetChange {
  /// The columns that a table of workers may have: the keys that describe one. Times and power are numbers
  /// there, and all else is read as if it were written after the key.
  private static let fields = keys.filter { !["worker", "unit"].contains($0.name) }.map { key in
    let isTime = times.contains(key.name)
    return WorkerTable.Field(key.name, isTime: isTime, isText: !isTime && key.name != "power")
  }

  /// The keys that take seconds.
  private static let times = [
    "tau", "upload", "upload_per_coordinate", "download", "download_per_coordinate",
  ]

  /// Makes a fleet of the rows of `file`, or of `count` rows that the seed draws of them.
  private func make(
    _ file: Given<String>, count: Int?, _ written: Written, _ configuration: inout Configuration,
    _ catalogue: Catalogue
  ) throws(Diagnostic) -> [TableReading] {
    let table: WorkerTable
    do throws(DataError) {
      table = try WorkerTable.read(
        file.value, Self.fields, worker: column?.value, unit: (unit?.value.rawValue).flatMap { TimeUnit($0) })
    } catch { throw Diagnostic(error, at: file.place) }
    if let both = written.arguments.keyed.first(where: { table.values[$0.name] != nil }) {
      throw Diagnostic(.keyAndColumn(both.name, file.value), at: both.value.place)
    }
    let seed = configuration.seed
    let rows = (0..<(count ?? table.count)).map { worker in
      guard count != nil else { return worker }
      var stream = RandomStream(seed: seed, purpose: .fleet, worker: worker + 1)
      return stream.integer(below: table.count)
    }
    Self.begin(rows.count, written, &configuration)
    configuration.table = (file.value, rows)
    if !table.names.isEmpty {
      configuration.names = rows.map { table.names[$0] }
      configuration.namesAreOwn = true
    }
    for field in Self.fields {
      guard case .numbers(let numbers)? = table.values[field.name] else { continue }
      try write(field.name, rows.map { numbers[$0] }, file, &configuration)
    }
    for field in Self.fields {
      guard case .texts(let texts)? = table.values[field.name] else { continue }
      let binder = ArgumentBinder(
        table: CommandTable([]), catalogue: catalogue, environment: written.environment)
      try read(field.name, rows.map { texts[$0] }, file, binder, &configuration)
    }
    var reading = table.reading
    if count != nil { reading.notes.append("\(rows.count) workers drawn from its rows") }
    return [reading] + (try apply(to: 1...rows.count, of: &configuration))
  }

  /// Writes the numbers of a column into the workers.
  private func write(
    _ key: String, _ numbers: [Double], _ file: Given<String>, _ configuration: inout Configuration
  ) throws(Diagnostic) {
    for (index, number) in numbers.enumerated() {
      let takesInfinity = ["tau", "upload", "download"].contains(key)
      guard number < .infinity || takesInfinity else {
        throw Diagnostic(.badValue(key, NumberFormat.text(number), worker: index + 1), at: file.place)
      }
      switch key {
      case "tau": configuration.workers[index].tau = number
      case "upload": configuration.workers[index].upload = number
      case "download": configuration.workers[index].download = number
      case "power": configuration.workers[index].power = number
      case "download_per_coordinate": configuration.set(\.downloadPerCoordinate, of: index, to: number)
      default: configuration.set(\.uploadPerCoordinate, of: index, to: number)
      }
    }
  }

  /// Gives each worker what the text in its row says, as if it were written after the key.
  private func read(
    _ name: String, _ texts: [WorkerTable.Text], _ file: Given<String>, _ binder: ArgumentBinder,
    _ configuration: inout Configuration
  ) throws(Diagnostic) {
    guard let key = Self.keys.named(name) else { return }
    var known: [String: FleetChange] = [:]
    for (index, text) in texts.enumerated() {
      do throws(Diagnostic) {
        if known[text.text] == nil {
          let place = SourceText(name: file.value, text.text).all
          var arguments = BoundArguments("workers", at: place, .arguments([]))
          arguments.set(name, to: BoundValue(try binder.read(place, key), at: place))
          known[text.text] = Arguments.bound(FleetChange.self, to: arguments)
        }
        _ = try known[text.text]?.apply(to: (index + 1)...(index + 1), of: &configuration)
      } catch {
        throw Diagnostic(
          "\(file.value):\(text.line):\(text.column): \(error.message)", remedy: error.remedy,
          at: file.place)
      }
    }
  }
}
