// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// A fleet in memory of its own: workers, and where speeds change what the core needs of them.
final class OwnedFleet: Sendable {
  let fleet: Fleet
  private let table: OwnedTable<Worker>
  private let pieces: OwnedTable<SpeedPiece>
  private let speeds: OwnedTable<Speed>
  private let arena: OwnedArena?
  private let owners: [any AnyObject & Sendable]

  /// The workers as formulas have them: at their mean speeds.
  var workers: [Worker] { fleet.workers.indices.map { fleet.workers[$0] } }

  /// Adds seconds for every coordinate of a message to uploads and downloads, one number for each worker or
  /// none; a whole gradient and the model have `dimension` of them.
  func slowMessages(uploads: [Double], downloads: [Double], dimension: Int) {
    for (worker, seconds) in uploads.enumerated() {
      fleet.workers[worker].slowUpload(perCoordinate: seconds, dimension: dimension)
    }
    for (worker, seconds) in downloads.enumerated() {
      fleet.workers[worker].slowDownload(perCoordinate: seconds, dimension: dimension)
    }
  }

  /// Whether some worker's jobs take different times at different times.
  var changes: Bool { fleet.speeds.indices.contains { !fleet.speeds[$0].isNominal } }

  /// `given`, of which worker i has the speed number i; without `speeds` all work at speed 1.
  ///
  /// A constant speed is worked into τ and the law of η where that is possible, and outages into the law
  /// where a job has no other, so that what holds for fixed speeds holds there, too.
  init(_ given: [Worker], _ speeds: [WorkerSpeed]) throws(LabError) {
    var (workers, owners) = ([Worker](), [any AnyObject & Sendable]())
    var layouts: [SpeedLayout] = []
    var parts: [Speed.Parts] = []
    for (worker, speed) in zip(given, speeds) {
      try speed.validate()
      let speed = speed.simplified
      var layout = try SpeedLayout(speed)
      // Equal pieces are kept once: a million workers may have the same day.
      if let last = layouts.last, last.hasPieces(of: layout) { layout.pieces = last.pieces }
      var part = Speed.Parts(tau: worker.tau, delay: worker.delay, prefix: layout.prefix)
      (part.offline, part.origin, part.period) = (speed.offline, layout.origin, layout.period)
      (part.wave, part.outages) = (layout.wave, layout.outages)
      layouts.append(layout)
      if let fixed = worker.working(at: speed, &owners) {
        part.isNominal = true
        workers.append(fixed)
      } else {
        workers.append(worker)
      }
      parts.append(part)
    }
    let isNeeded = zip(parts, layouts).contains { part, layout in
      !part.isNominal || layout.outages != nil || layout.pieces.contains { $0.factor == 0 }
    }
    guard isNeeded else {
      table = OwnedTable(speeds.isEmpty ? given : workers)
      (pieces, self.speeds) = (OwnedTable([]), OwnedTable([]))
      (arena, self.owners) = (nil, owners)
      fleet = Fleet(table.table)
      return
    }
    var (places, kept) = ([Range<Int>](), [SpeedPiece]())
    for (index, layout) in layouts.enumerated() {
      if index > 0, layouts[index - 1].hasPieces(of: layout) {
        places.append(places[index - 1])
      } else {
        places.append(kept.count..<kept.count + layout.pieces.count)
        kept += layout.pieces
      }
    }
    let pieces = OwnedTable(kept)
    func make(_ arena: consuming Arena) throws(LabError) -> (used: Int, speeds: [Speed]) {
      var made: [Speed] = []
      do throws(SetupError) {
        for (place, part) in zip(places, parts) {
          made.append(try Speed(pieces.table[place], part, arena: &arena))
        }
      } catch { throw LabError(error) }
      return (arena.used, made)
    }
    guard let arena = OwnedArena(bytes: try make(.measuring()).used) else {
      throw LabError(SetupError.outOfMemory)
    }
    let made = try make(arena.arena()).speeds
    for (index, speed) in made.enumerated() where !speed.isNominal {
      workers[index] = workers[index].atMean(speed.mean, &owners)
    }
    table = OwnedTable(workers)
    (self.pieces, self.speeds, self.arena, self.owners) = (pieces, OwnedTable(made), arena, owners)
    fleet = Fleet(table.table, speeds: self.speeds.table)
  }
}

extension Worker {
  /// The worker whose jobs take as long as this one's at `speed`, which is simplified; nil where that is not
  /// a worker of a fixed speed.
  fileprivate func working(at speed: WorkerSpeed, _ owners: inout [any AnyObject & Sendable]) -> Worker? {
    guard case .constant(let constant) = speed.pace, constant > 0 else { return nil }
    switch speed.availability {
    case .always: return constant == 1 ? self : faster(constant, &owners)
    case .changes: return nil
    case .markov(let up, let down):
      guard constant == 1, speed.offline == .pause, delay.isConstant, delay.mean == 0 else { return nil }
      var worker = self
      worker.delay = .markov(up: up, down: down)
      return worker
    }
  }

  /// The worker at its mean speed; one that never works takes for ever.
  fileprivate func atMean(_ speed: Double, _ owners: inout [any AnyObject & Sendable]) -> Worker {
    if speed > 0, let worker = faster(speed, &owners) { return worker }
    var worker = self
    worker.tau = speed > 0 ? tau / speed : .infinity
    worker.delay = speed > 0 ? .constant(delay.mean / speed) : .none
    return worker
  }

  /// The worker `speed` times as fast; nil where its law has no such form.
  private func faster(_ speed: Double, _ owners: inout [any AnyObject & Sendable]) -> Worker? {
    guard let law = delay.faster(speed, &owners) else { return nil }
    var worker = self
    worker.tau = tau / speed
    worker.delay = law
    return worker
  }
}

extension Delay {
  /// The law of η/speed; nil where there is no such form.
  fileprivate func faster(_ speed: Double, _ owners: inout [any AnyObject & Sendable]) -> Delay? {
    if let recording {
      let durations = (0..<recording.count).map { recording[$0] / speed }
      let table = OwnedTable(
        durations + Array(repeating: 0, count: Recording.memory(for: durations.count) - durations.count))
      guard let faster = try? Recording(table.table, order: recording.order) else { return nil }
      owners.append(table)
      return .trace(faster)
    }
    if let mixture {
      guard let first = mixture.first.faster(speed, &owners),
        let second = mixture.second.faster(speed, &owners),
        let mixed = try? MixedDelay([(mixture.probability, first, second)])
      else { return nil }
      owners.append(mixed)
      return mixed.delay(0)
    }
    return atSpeed(speed)
  }
}
