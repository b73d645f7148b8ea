// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// What `workers` says of speeds and of when workers are there.
struct SpeedChange: ArgumentSet {
  private var speed: Given<BoundSchedule>?
  private var phase: Given<WorkerExpression>?
  private var available: Given<BoundSchedule>?
  private var offline: Given<Offline>?

  /// What becomes of a job whose worker goes off.
  enum Offline: String, CaseIterable, Sendable {
    case pause, restart, lose

    var ofCore: Speed.Offline {
      switch self {
      case .pause: .pause
      case .restart: .restart
      case .lose: .lose
      }
    }
  }

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.key(
      "speed", &speed, .speed, "v(t), how fast the worker works: a job ends where ∫ v is its τ + η",
      standard: "1")
    arguments.key(
      "phase", &phase, .perWorker, "a fraction of the period, added to t/P of profile and sine", standard: "0"
    )
    arguments.key("available", &available, .availability, "when the worker is there", standard: "always")
    arguments.key(
      "offline", &offline, .choice, "what becomes of a job whose worker goes off", standard: "pause")
  }

  private var isNone: Bool { speed == nil && phase == nil && available == nil && offline == nil }

  /// Writes it into the workers of `range`.
  func apply(to range: ClosedRange<Int>, of configuration: inout Configuration) throws(Diagnostic) {
    guard !isNone else { return }
    let count = configuration.workers.count
    if configuration.speeds.isEmpty {
      configuration.speeds = Array(repeating: WorkerSpeed(), count: count)
    }
    var speeds = configuration.speeds
    var notes: [String] = []
    if let phase {
      let values = try phase.value.values(of: range, in: configuration.facts, named: "phase")
      for (worker, value) in zip(range, values) { speeds[worker - 1].phase = value }
    }
    if let offline { for worker in range { speeds[worker - 1].offline = offline.value.ofCore } }
    let facts = configuration.facts
    var names = configuration.names
    if let speed { try Self.set(speed, in: range, facts, &names, &speeds, &notes) }
    if let available { try Self.setAvailability(available, in: range, facts, &names, &speeds, &notes) }
    for worker in range {
      do throws(LabError) { try speeds[worker - 1].validate() } catch {
        let places = ["speed": speed?.place, "available": available?.place, "phase": phase?.place]
        var diagnostic = Diagnostic(error, at: (places[error.key ?? ""] ?? nil) ?? .nowhere)
        diagnostic.message += " for worker \(worker)"
        throw diagnostic
      }
    }
    configuration.speeds = speeds
    configuration.names = names
    configuration.speedNotes += notes
  }

  private static func set(
    _ given: Given<BoundSchedule>, in range: ClosedRange<Int>, _ fleet: FleetFacts,
    _ names: inout [String], _ speeds: inout [WorkerSpeed], _ notes: inout [String]
  ) throws(Diagnostic) {
    switch given.value {
    case .constant(let expression):
      let values = try expression.values(of: range, in: fleet, named: "speed")
      for (worker, value) in zip(range, values) { speeds[worker - 1].pace = .constant(value) }
    case .form(let form, let arguments):
      let columns = try columns(arguments, of: range, in: fleet, named: "speed")
      for worker in range {
        let values = columns.map { $0[worker - range.lowerBound] }
        speeds[worker - 1].pace =
          form == .sine
          ? .sine(period: values[0], amplitude: values[1])
          : .profile(period: values[0], speeds: Array(values[1...]))
      }
    case .trace(let file, let place, let keys):
      let changes = try changes(file, .speeds, keys, of: range, in: fleet.count, &names, at: place, &notes)
      for (worker, changes) in zip(range, changes) {
        speeds[worker - 1].pace =
          changes.isEmpty ? .constant(1) : .changes(changes.map { .init($0.time, $0.value) })
      }
    }
  }

  private static func setAvailability(
    _ given: Given<BoundSchedule>, in range: ClosedRange<Int>, _ fleet: FleetFacts,
    _ names: inout [String], _ speeds: inout [WorkerSpeed], _ notes: inout [String]
  ) throws(Diagnostic) {
    switch given.value {
    case .constant: return
    case .form(let form, let arguments):
      let columns = try columns(arguments, of: range, in: fleet, named: "available")
      for worker in range {
        let index = worker - range.lowerBound
        speeds[worker - 1].availability =
          form == .until
          ? .changes([.init(0, true), .init(columns[0][index], false)])
          : .markov(up: columns[0][index], down: columns[1][index])
      }
    case .trace(let file, let place, let keys):
      let changes = try changes(file, .states, keys, of: range, in: fleet.count, &names, at: place, &notes)
      for (worker, changes) in zip(range, changes) {
        speeds[worker - 1].availability =
          changes.isEmpty ? .always : .changes(changes.map { .init($0.time, $0.value == 1) })
      }
    }
  }

  private static func columns(
    _ expressions: [WorkerExpression], of range: ClosedRange<Int>, in fleet: FleetFacts, named key: String
  ) throws(Diagnostic) -> [[Double]] {
    var columns: [[Double]] = []
    for expression in expressions {
      columns.append(try expression.values(of: range, in: fleet, named: key))
    }
    return columns
  }

  /// The changes that a file has for the workers of `range`: the one place where such files are read.
  private static func changes(
    _ file: String, _ kind: RecordedChanges.Kind, _ arguments: BoundArguments, of range: ClosedRange<Int>,
    in count: Int, _ names: inout [String], at place: Place, _ notes: inout [String]
  ) throws(Diagnostic) -> [[RecordedChanges.Change]] {
    let keys = Arguments.bound(ChangeKeys.self, to: arguments)
    let (recorded, changes): (RecordedChanges, [[RecordedChanges.Change]])
    do throws(DataError) {
      recorded = try RecordedChanges.read(file, kind, columns: keys.columns, unit: keys.timeUnit)
      changes = try recorded.changes(ofWorkers: count, names: names)
    } catch { throw Diagnostic(error, at: place) }
    let own = Array(changes[(range.lowerBound - 1)...(range.upperBound - 1)])
    notes.append(recorded.reading.line)
    // Names that stand for the workers in their order are what these are called from here on.
    if names.isEmpty, recorded.workers.contains(where: { Int($0.name) == nil }) {
      names = recorded.workers.map(\.name)
    }
    let names = names
    func note(_ names: [String], _ text: (_ list: String) -> String) {
      guard !names.isEmpty else { return }
      let list = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and others" : "")
      notes.append(text("worker\(names.count == 1 ? "" : "s") \(list)"))
    }
    let without = zip(range, own).filter { $0.1.isEmpty }.map { worker, _ in
      names.isEmpty ? String(worker) : names[worker - 1]
    }
    note(without) {
      "\(file) has no rows for \($0): " + (kind == .speeds ? "speed 1" : "always on")
    }
    if !names.isEmpty {
      let known = Set(names)
      note(recorded.workers.map(\.name).filter { !known.contains($0) }) {
        "\(file) has rows for \($0), which the fleet has not"
      }
    }
    return own
  }
}
