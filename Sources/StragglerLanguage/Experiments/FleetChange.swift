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
  private var power: Given<WorkerExpression>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("N", &selection, .workers, "how many workers, or which of them: A..B")
    arguments.key(
      "tau", &tau, .perWorker, "the sure part of a job's duration, in seconds", standard: "1")
    arguments.key(
      "delay", &delay, .distribution, "the random part η of a job's duration", standard: "constant(0)")
    arguments.key("upload", &upload, .perWorker, "seconds for a message to the server", standard: "0")
    arguments.key(
      "upload_per_coordinate", &uploadPerCoordinate, .perWorker, "seconds for a coordinate of a message",
      standard: "0")
    arguments.key("power", &power, .perWorker, "energy for a second of work", standard: "1")
  }

  /// What `written` asks for.
  static func of(_ written: Written) -> FleetChange { Arguments.bound(Self.self, to: written.arguments) }

  /// The keys that describe a worker.
  static var keys: [CommandKey] { Arguments(describing: Self.self).keys }

  /// Makes the fleet, or changes a part of it, and returns what was taken from files. `written` is the command
  /// that asks for it.
  @discardableResult
  func apply(
    _ written: Written, to configuration: inout Configuration
  ) throws(Diagnostic) -> [TableReading] {
    switch selection.value {
    case .all(let count):
      configuration.fleet = [written]
      configuration.recordings = []
      configuration.workers = Array(repeating: Worker(tau: 1), count: count)
      configuration.uploadPerCoordinate = []
      configuration.names = []
      configuration.namesAreOwn = false
      return try apply(to: 1...count, of: &configuration)
    case .some(let range):
      let count = configuration.workers.count
      guard range.upperBound <= count else {
        throw Diagnostic(.noSuchWorkers(of: count), at: selection.place)
      }
      configuration.fleet.append(written)
      return try apply(to: range, of: &configuration)
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
      let values = try given.value.values(of: range, in: configuration.workers.count, named: key)
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
    if uploadPerCoordinate != nil, configuration.uploadPerCoordinate.isEmpty {
      configuration.uploadPerCoordinate = Array(repeating: 0, count: configuration.workers.count)
    }
    let columns = [
      Column("tau", tau, takesInfinity: true) { $2.workers[$1].tau = $0 },
      Column("upload", upload, takesInfinity: true) { $2.workers[$1].upload = $0 },
      Column("upload_per_coordinate", uploadPerCoordinate) { $2.uploadPerCoordinate[$1] = $0 },
      Column("power", power) { $2.workers[$1].power = $0 },
    ].compactMap(\.self)
    let start = delay?.place.range.lowerBound ?? 0
    let ordered = columns.sorted { $0.given.place.range.lowerBound < $1.given.place.range.lowerBound }
    for column in ordered where column.given.place.range.lowerBound < start {
      try column.apply(to: range, of: &configuration)
    }
    let readings = try applyDelay(to: range, of: &configuration)
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
    let made = try delay.value.delays(of: range, in: count, named: configuration.ownNames, at: delay.place)
    configuration.recordings += made.owners
    for (worker, delay) in zip(range, made.delays) { configuration.workers[worker - 1].delay = delay }
    if configuration.names.isEmpty, !made.names.isEmpty {
      configuration.names = (1...count).map { String($0) }
      for (worker, name) in zip(range, made.names) { configuration.names[worker - 1] = name }
    }
    return made.readings
  }
}
