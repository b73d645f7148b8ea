// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// The pieces of the time axis on which a worker's speed is the same: first those of a prefix, then those of
/// a loop.
struct SpeedLayout {
  var pieces: [SpeedPiece] = []
  var prefix = 0
  var origin = Double.infinity
  var period = Double.infinity
  var wave: (period: Double, amplitude: Double, phase: Double)?
  var outages: (up: Double, down: Double)?

  /// Whether the pieces, and the work in them, are those of `other`; outages may differ.
  func hasPieces(of other: SpeedLayout) -> Bool {
    guard pieces.count == other.pieces.count, prefix == other.prefix, origin == other.origin,
      period == other.period
    else { return false }
    switch (wave, other.wave) {
    case (nil, nil): break
    case (let wave?, let other?): if wave != other { return false }
    default: return false
    }
    return zip(pieces, other.pieces).allSatisfy { $0.start == $1.start && $0.factor == $1.factor }
  }

  /// The most pieces of a worker.
  private static let limit = 1_000_000

  /// The layout of `speed`, which is simplified and valid. Throws where a short profile over long times of
  /// availability takes too many pieces.
  init(_ speed: WorkerSpeed) throws(LabError) {
    var changes: [WorkerSpeed.Change<Bool>] = []
    switch speed.availability {
    case .always: break
    case .changes(let given): changes = given
    case .markov(let up, let down): outages = (up, down)
    }
    switch speed.pace {
    case .constant(let value): append([.init(0, value)], changes)
    case .changes(let values): append(values, changes)
    case .sine(let period, let amplitude):
      wave = (period, amplitude, speed.phase)
      append([.init(0, 1)], changes)
    case .profile(let period, let speeds):
      try append(Profile(period: period, speeds: speeds, phase: speed.phase), changes)
    }
  }

  /// Speeds over time, 0 while the worker is off: all in the prefix.
  private mutating func append(
    _ values: [WorkerSpeed.Change<Double>], _ changes: [WorkerSpeed.Change<Bool>]
  ) {
    var (value, isOn) = (values[0].value, changes.first?.value ?? true)
    var (left, right) = (values[...], changes[...])
    while let time = [left.first?.time, right.first?.time].compactMap(\.self).min() {
      if left.first?.time == time { value = left.removeFirst().value }
      if right.first?.time == time { isOn = right.removeFirst().value }
      add(SpeedPiece(start: time, factor: isOn ? value : 0))
    }
    prefix = pieces.count
  }

  /// A profile, which after the last change is a loop, or nothing.
  private mutating func append(
    _ profile: Profile, _ changes: [WorkerSpeed.Change<Bool>]
  ) throws(LabError) {
    let loop = profile.beginningOff
    guard let last = changes.last else {
      pieces = loop.pieces
      (origin, period) = (loop.origin, profile.period)
      return
    }
    // Up to a round's begin, where the loop takes over.
    let rounds = last.value ? ((last.time - loop.origin) / profile.period).rounded(.up) : 0
    let end = last.value ? max(last.time, loop.begin(rounds)) : last.time
    guard end / profile.period * Double(loop.pieces.count) < Double(Self.limit) else {
      throw LabError(
        "a profile with more than a million pieces until the last change of availability",
        remedy: "take a longer period, or end the file of availability earlier", key: "speed")
    }
    var (round, index) = loop.place(of: 0)
    var (isOn, right) = (changes[0].value, changes[...])
    var time = 0.0
    while time < end {
      add(SpeedPiece(start: time, factor: isOn ? loop.pieces[index].factor : 0))
      var next = loop.start(round, index + 1)
      right = right.drop { $0.time <= time }
      let change = right.first
      if (change?.time ?? .infinity) >= next {
        index += 1
        if index == loop.pieces.count { (round, index) = (round + 1, 0) }
      }
      if let change, change.time <= next { (next, isOn) = (change.time, change.value) }
      time = next
    }
    if last.value {
      prefix = pieces.count
      pieces += loop.pieces
      (origin, period) = (loop.begin(rounds), profile.period)
    } else {
      add(SpeedPiece(start: last.time, factor: 0))
      prefix = pieces.count
    }
  }

  private mutating func add(_ piece: SpeedPiece) {
    if let last = pieces.last, last.factor == piece.factor { return }
    pieces.append(piece)
  }
}

/// A period in pieces of equal length.
private struct Profile {
  let period: Double
  var origin: Double
  var pieces: [SpeedPiece]

  init(period: Double, speeds: [Double], phase: Double) {
    self.period = period
    origin = -(phase - phase.rounded(.down)) * period
    pieces = speeds.enumerated().map {
      SpeedPiece(start: period * Double($0.offset) / Double(speeds.count), factor: $0.element)
    }
  }

  /// The same with a round that begins where the worker goes off, if it ever does, so that it is never on
  /// from one round to the next.
  var beginningOff: Profile {
    let first = pieces.indices.first { index in
      pieces[index].factor == 0 && pieces[(index + pieces.count - 1) % pieces.count].factor > 0
    }
    guard let first, first > 0 else { return self }
    let start = pieces[first].start
    var turned = self
    turned.origin += start
    if turned.origin > 0 { turned.origin -= period }
    turned.pieces = pieces.indices.map { index in
      let piece = pieces[(index + first) % pieces.count]
      return SpeedPiece(
        start: index + first < pieces.count ? piece.start - start : piece.start + (period - start),
        factor: piece.factor)
    }
    return turned
  }

  func begin(_ round: Double) -> Double { origin + round * period }

  func start(_ round: Double, _ index: Int) -> Double {
    index == pieces.count ? begin(round + 1) : min(begin(round) + pieces[index].start, begin(round + 1))
  }

  func place(of time: Double) -> (round: Double, index: Int) {
    let round = ((time - origin) / period).rounded(.down)
    return (round, pieces.indices.last { start(round, $0) <= time } ?? 0)
  }
}
