// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// Delays of workers, and the owners of memory that they look at.
struct MadeDelays {
  var delays: [Delay]
  var owners: [any DelayOwner] = []
  /// What the workers are called in a record; empty where they have but numbers.
  var names: [String] = []
  /// What was taken from files.
  var readings: [TableReading] = []
}

extension BoundDistribution {
  /// The delays of the workers of `range` in a fleet.
  func delays(
    of range: ClosedRange<Int>, in fleet: FleetFacts, at place: Place
  ) throws(Diagnostic) -> MadeDelays {
    switch self {
    case .law(let law, let parameters):
      var columns: [[Double]] = []
      for (parameter, description) in zip(parameters, law.parameters) {
        columns.append(try parameter.values(of: range, in: fleet, named: description.name))
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
    case .trace(let trace): return try trace.delays(of: range, in: fleet)
    case .mixture(let probability, let first, let second):
      let probabilities = try probability.values(of: range, in: fleet, named: "p")
      let (first, second) = (
        try first.delays(of: range, in: fleet, at: place),
        try second.delays(of: range, in: fleet, at: place)
      )
      do throws(DelayError) {
        let mixed = try MixedDelay(
          zip(probabilities, zip(first.delays, second.delays)).map { ($0, $1.0, $1.1) },
          owners: first.owners + second.owners)
        return MadeDelays(
          delays: range.map { mixed.delay($0 - range.lowerBound) }, owners: [mixed],
          names: first.names.isEmpty ? second.names : first.names, readings: first.readings + second.readings)
      } catch { throw Diagnostic(LabError(error), at: place) }
    }
  }
}

extension BoundTrace {
  /// The recorded durations of the workers of `range` in a fleet.
  fileprivate func delays(
    of range: ClosedRange<Int>, in fleet: FleetFacts
  ) throws(Diagnostic) -> MadeDelays {
    let keys = keys
    let durations: RecordedDurations
    do throws(DataError) { durations = try RecordedDurations.read(file, keys.options) } catch {
      throw Diagnostic(error, at: place)
    }
    do throws(LabError) {
      let owners = try durations.recordedWorkers(
        of: range, in: fleet.count, names: fleet.names, isSpread: keys.isSpread)
      let recording = try RecordedDelay(durations, order: replays ? .replay : .bootstrap)
      var reading = durations.reading
      if !durations.gap.isEmpty, !keys.isSpread {
        reading?.notes.append("the numbers have a gap, and are taken for names")
      }
      let recordedNames = durations.distinctNames
      // A name stands for one worker.
      let areOwn = Set(owners).count == owners.count && !recordedNames.isEmpty
      return MadeDelays(
        delays: owners.map { recording.delay(of: $0) }, owners: [recording],
        names: areOwn ? owners.map { recordedNames[$0] } : [], readings: [reading].compactMap(\.self))
    } catch { throw Diagnostic(error, ofFile: file, at: place) }
  }
}
