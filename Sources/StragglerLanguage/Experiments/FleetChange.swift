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
  private var power: Given<WorkerExpression>?
  private var speeds = SpeedChange()

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
    speeds.arguments(&arguments)
  }

  /// What `written` asks for.
  static func of(_ written: Written) -> FleetChange { Arguments.bound(Self.self, to: written.arguments) }

  /// The keys that describe a worker.
  static var keys: [CommandKey] { Arguments(describing: Self.self).keys }

  /// Makes the fleet, or changes a part of it. `written` is the command that asks for it.
  func apply(_ written: Written, to configuration: inout Configuration) throws(Diagnostic) {
    switch selection.value {
    case .all(let count):
      configuration.fleet = [written]
      configuration.recordings = []
      configuration.speeds = []
      configuration.workers = Array(repeating: Worker(tau: 1), count: count)
      configuration.uploadPerCoordinate = []
      try apply(to: 1...count, of: &configuration)
    case .some(let range):
      let count = configuration.workers.count
      guard range.upperBound <= count else {
        throw Diagnostic(.noSuchWorkers(of: count), at: selection.place)
      }
      configuration.fleet.append(written)
      try apply(to: range, of: &configuration)
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
  ) throws(Diagnostic) {
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
    try applyDelay(to: range, of: &configuration)
    try speeds.apply(to: range, of: &configuration)
    for column in ordered where column.given.place.range.lowerBound >= start {
      try column.apply(to: range, of: &configuration)
    }
  }

  private func applyDelay(
    to range: ClosedRange<Int>, of configuration: inout Configuration
  ) throws(Diagnostic) {
    guard let delay else { return }
    let made = try delay.value.delays(of: range, in: configuration.workers.count, at: delay.place)
    configuration.recordings += made.owners
    for (worker, delay) in zip(range, made.delays) { configuration.workers[worker - 1].delay = delay }
  }
}

/// Delays of workers, and the owners of memory that they look at.
struct MadeDelays {
  var delays: [Delay]
  var owners: [any AnyObject & Sendable] = []
}

extension BoundDistribution {
  /// The delays of the workers of `range` in a fleet of `count`.
  func delays(
    of range: ClosedRange<Int>, in count: Int, at place: Place
  ) throws(Diagnostic) -> MadeDelays {
    switch self {
    case .law(let law, let parameters):
      var columns: [[Double]] = []
      for (parameter, description) in zip(parameters, law.parameters) {
        columns.append(try parameter.values(of: range, in: count, named: description.name))
      }
      let isSame = parameters.allSatisfy(\.isConstant)
      var delays: [Delay] = []
      for worker in range {
        if isSame, let first = delays.first {
          delays.append(first)
          continue
        }
        let values = columns.map { $0[worker - range.lowerBound] }
        do throws(LabError) { delays.append(try law.choose(values)) } catch {
          var diagnostic = Diagnostic(error, at: place)
          if !isSame { diagnostic.message += " for worker \(worker)" }
          throw diagnostic
        }
      }
      return MadeDelays(delays: delays)
    case .trace(let file, let replays, let place):
      let durations: RecordedDurations
      do throws(DataError) { durations = try RecordedDurations.read(file) } catch {
        throw Diagnostic(error, at: place)
      }
      do throws(LabError) {
        let recording = try RecordedDelay(durations, order: replays ? .replay : .bootstrap)
        return MadeDelays(delays: range.map { recording.delay(of: $0 - 1) }, owners: [recording])
      } catch { throw Diagnostic(error, at: place) }
    case .mixture(let probability, let first, let second):
      let probabilities = try probability.values(of: range, in: count, named: "p")
      let (first, second) = (
        try first.delays(of: range, in: count, at: place), try second.delays(of: range, in: count, at: place)
      )
      do throws(DelayError) {
        let mixed = try MixedDelay(
          zip(probabilities, zip(first.delays, second.delays)).map { ($0, $1.0, $1.1) },
          owners: first.owners + second.owners)
        return MadeDelays(delays: range.map { mixed.delay($0 - range.lowerBound) }, owners: [mixed])
      } catch { throw Diagnostic(LabError(error), at: place) }
    }
  }
}
