internal import StragglerCore
internal import StragglerData
internal import StragglerLab

extension Interpreter {
  /// `workers N …` makes a fleet, `workers A..B …` changes a part of it.
  func workers(_ arguments: BoundArguments) throws -> Outcome {
    var next = configuration
    try apply(Configuration.Command(arguments: arguments, environment: environment), to: &next)
    // The first workers make times of links known that depend on the nodes.
    if configuration.workers.isEmpty, configuration.links == nil, let topology = configuration.topology {
      try checkTimes(topology.arguments, nodes: next.workers.count)
    }
    configuration = next
    changed()
    return .done
  }

  /// Makes the fleet that a `workers` command asks for, or changes a part of it.
  func apply(_ command: Configuration.Command, to next: inout Configuration) throws(Diagnostic) {
    let arguments = command.arguments
    switch arguments["N"]?.value {
    case .number(let number)?:
      guard let count = Int(exactly: number), count >= 1, count <= 1 << 30 else {
        throw Diagnostic(
          "a fleet has from 1 to 1073741824 workers", at: arguments["N"]?.place ?? arguments.place)
      }
      next.fleet = [command]
      next.recordings = []
      next.workers = Array(repeating: Worker(tau: 1), count: count)
      next.uploadPerCoordinate = []
      try apply(arguments, to: 1...count, &next)
    case .workers(let range)?:
      guard range.upperBound <= next.workers.count else {
        let remedy =
          next.workers.isEmpty
          ? "make a fleet first: workers 10 tau=sqrt(i)" : "there are workers 1..\(next.workers.count)"
        throw Diagnostic(
          "these workers do not exist", remedy: remedy, at: arguments["N"]?.place ?? arguments.place)
      }
      next.fleet.append(command)
      try apply(arguments, to: range, &next)
    default: break
    }
  }

  /// Writes the values of the keys into the workers of `range`.
  private func apply(
    _ arguments: BoundArguments, to range: ClosedRange<Int>, _ next: inout Configuration
  ) throws(Diagnostic) {
    let count = next.workers.count
    for (name, value) in arguments.keyed {
      if case .distribution(let distribution) = value.value {
        try apply(distribution, value.place, to: range, &next)
        continue
      }
      guard case .perWorker(let expression) = value.value else { continue }
      let values = try expression.values(of: range, in: count, named: name)
      if name == "upload_per_coordinate", next.uploadPerCoordinate.isEmpty {
        next.uploadPerCoordinate = Array(repeating: 0, count: count)
      }
      for (offset, seconds) in values.enumerated() {
        let worker = range.lowerBound + offset
        guard seconds >= 0, seconds < .infinity || name == "tau" || name == "upload" else {
          throw Diagnostic(
            "\(name)= is \(NumberFormat.text(seconds)) for worker \(worker)",
            remedy: "it takes numbers that are not negative", at: value.place)
        }
        switch name {
        case "tau": next.workers[worker - 1].tau = seconds
        case "upload": next.workers[worker - 1].upload = seconds
        case "upload_per_coordinate": next.uploadPerCoordinate[worker - 1] = seconds
        default: next.workers[worker - 1].power = seconds
        }
      }
    }
  }

  private func apply(
    _ distribution: BoundDistribution, _ place: Place, to range: ClosedRange<Int>, _ next: inout Configuration
  ) throws(Diagnostic) {
    let (delays, owners) = try delays(distribution, place, of: range, in: next.workers.count)
    next.recordings += owners
    for (worker, delay) in zip(range, delays) { next.workers[worker - 1].delay = delay }
  }

  /// The delays of the workers of `range`, and the owners of memory that they look at.
  func delays(
    _ distribution: BoundDistribution, _ place: Place, of range: ClosedRange<Int>, in count: Int
  ) throws(Diagnostic) -> (delays: [Delay], owners: [any AnyObject & Sendable]) {
    switch distribution {
    case .law(let law, let parameters):
      var columns: [[Double]] = []
      for (parameter, name) in zip(parameters, law.parameters) {
        columns.append(try parameter.values(of: range, in: count, named: name))
      }
      var delays: [Delay] = []
      for worker in range {
        let values = columns.map { $0[worker - range.lowerBound] }
        do { delays.append(try law.delay(values)) } catch {
          let which = parameters.allSatisfy(\.isConstant) ? "" : " for worker \(worker)"
          let error = LabError(error)
          throw Diagnostic(error.message + which, remedy: error.remedy, at: place)
        }
      }
      return (delays, [])
    case .trace(let file, let replays, let place):
      let durations: RecordedDurations
      do { durations = try RecordedDurations.read(file) } catch { throw Self.diagnostic(error, at: place) }
      do {
        let recording = try RecordedDelay(durations, order: replays ? .replay : .bootstrap)
        return (range.map { recording.delay(of: $0 - 1) }, [recording])
      } catch { throw Diagnostic(error.message, remedy: error.remedy, at: place) }
    case .mixture(let probability, let first, let second):
      let probabilities = try probability.values(of: range, in: count, named: "p")
      let (firsts, owners) = try delays(first, place, of: range, in: count)
      let (seconds, others) = try delays(second, place, of: range, in: count)
      do {
        let mixed = try MixedDelay(
          zip(probabilities, zip(firsts, seconds)).map { ($0, $1.0, $1.1) }, owners: owners + others)
        return (range.map { mixed.delay($0 - range.lowerBound) }, [mixed])
      } catch {
        let error = LabError(error)
        throw Diagnostic(error.message, remedy: error.remedy, at: place)
      }
    }
  }
}
