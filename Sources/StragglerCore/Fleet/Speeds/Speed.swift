// SPDX-License-Identifier: Apache-2.0

/// How fast a worker works over time: v(t) ≥ 0, of which a job of w seconds of work that is assigned at s
/// takes until the least e with ∫ₛᵉ v(t) dt = w.
///
/// v(t) is a factor for each piece of the time axis: first the pieces of a prefix, then those of a loop that
/// repeats for ever, or without a loop the last one for ever. It may be multiplied by a wave, and by outages.
/// Where v = 0 from a time on, the worker is off. All of it is in tables that are filled beforehand.
public struct Speed: BitwiseCopyable, Sendable {
  /// What becomes of a job whose worker goes off.
  public enum Offline: UInt8, BitwiseCopyable, Sendable {
    /// Work goes on where it stopped.
    case pause
    /// The job begins again when the worker is back, with the same η.
    case restart
    /// The job never ends.
    case lose
  }

  /// The sure part of a job's work, in seconds at speed 1.
  public let tau: Double
  /// The law of the random part of a job's work.
  public let delay: Delay

  // What every job looks at comes first.

  /// Where the last job ended, which is as a rule where the next one begins.
  private(set) var last = SpeedSpan.none
  let pieces: Table<SpeedPiece>
  /// How many pieces come before the loop; all without a loop.
  let prefix: Int
  /// When the loop begins for the first time; infinite without one.
  let origin: Double
  /// P, seconds of the loop; infinite without one.
  let period: Double
  let grid: WorkGrid
  /// The work of the prefix, infinite where the last piece goes on for ever, and that of one round of the
  /// loop.
  let prefixWork: WorkAmount
  let loopWork: WorkAmount
  let wave: SpeedWave?
  let outages: Outages?
  /// What becomes of jobs that are interrupted.
  public let offline: Offline
  /// Whether jobs take what the fleet's worker says, so that this is only for showing when it is on.
  public let isNominal: Bool
  /// The mean of v: over the period of a loop, and else over the time that the prefix covers; without either
  /// the speed itself.
  public let mean: Double
  let runs: SpeedRuns
}

/// A part of the time axis in which a worker's speed does not change, apart from a wave.
public struct SpeedPiece: BitwiseCopyable, Sendable {
  /// When it begins; in a loop, seconds since the begin of a round.
  public let start: Double
  /// v, or what the wave is multiplied by.
  public let factor: Double
  /// The work of the pieces before it, of the same part.
  var done = WorkAmount.zero {
    didSet { roundedDone = done.value }
  }
  /// `done` as a number.
  private(set) var roundedDone = 0.0

  /// A piece that begins at `start`, in seconds, with the speed `factor`, which is finite and not negative.
  public init(start: Double, factor: Double) { (self.start, self.factor) = (start, factor) }
}

/// A piece in a round of the loop; in the prefix the round is 0.
struct SpeedPlace: BitwiseCopyable, Sendable {
  var round: Double
  var piece: Int
}

/// A piece with its times; it is found once for all jobs that begin in it.
struct SpeedSpan: BitwiseCopyable, Sendable {
  let place: SpeedPlace
  let start: Double
  let end: Double
  let factor: Double

  /// No piece: no time is in it.
  static var none: SpeedSpan {
    SpeedSpan(place: SpeedPlace(round: 0, piece: 0), start: .infinity, end: .infinity, factor: 0)
  }
}

// MARK: - The time axis

extension Speed {
  var hasLoop: Bool { prefix < pieces.count }

  /// When round `round` of the loop begins. Never decreases with the round.
  private func begin(_ round: Double) -> Double { origin + round * period }

  /// When a piece begins, from the first one to the one behind the last; never decreases from one piece to
  /// the next.
  func start(_ place: SpeedPlace) -> Double {
    if place.piece < prefix { return pieces[place.piece].start }
    guard hasLoop else { return .infinity }
    if place.piece == prefix { return begin(place.round) }
    let next = begin(place.round + 1)
    if place.piece >= pieces.count { return next }
    return min(begin(place.round) + pieces[place.piece].start, next)
  }

  /// When the piece ends.
  func end(_ place: SpeedPlace) -> Double { start(SpeedPlace(round: place.round, piece: place.piece + 1)) }

  /// The work of the prefix or the round up to the piece's end.
  private func doneEnd(of piece: Int) -> WorkAmount {
    piece + 1 == prefix ? prefixWork : piece + 1 < pieces.count ? pieces[piece + 1].done : loopWork
  }

  /// Where `time`, not negative, is. O(log pieces).
  func place(of time: Double) -> SpeedPlace {
    if time < origin || !hasLoop {
      return SpeedPlace(round: 0, piece: piece(at: time, in: 0..<prefix))
    }
    var round = ((time - origin) / period).rounded(.down)
    if time < begin(round) { round -= 1 } else if time >= begin(round + 1) { round += 1 }
    var place = SpeedPlace(round: round, piece: 0)
    place.piece = piece(at: time - begin(round), in: prefix..<pieces.count)
    // Sums that are rounded another way.
    while place.piece > prefix, time < start(place) { place.piece -= 1 }
    while place.piece + 1 < pieces.count, time >= end(place) { place.piece += 1 }
    return place
  }

  /// The last piece of a part that begins at `time` or before; its first if none does.
  private func piece(at time: Double, in part: Range<Int>) -> Int {
    var (low, count) = (part.lowerBound, part.count)
    while count > 1 {
      let half = count / 2
      low = pieces[low + half].start <= time ? low + half : low
      count -= half
    }
    return low
  }

  /// Whether times near `time` are too coarse to tell rounds of the loop apart.
  private func isBeyond(_ time: Double) -> Bool { hasLoop && time - origin > period * 0x1p50 }
}

// MARK: - Work

extension Speed {
  /// v at `time`, outages apart.
  func factor(at time: Double) -> Double {
    let factor = pieces[place(of: time).piece].factor
    return wave.map { factor * $0.speed(at: time) } ?? factor
  }

  /// The work since the begin of the prefix or of the round until `time`, which is in `span`. Never
  /// decreases with the time.
  private func done(by time: Double, in span: SpeedSpan) -> WorkAmount {
    let done = pieces[span.place.piece].done
    guard span.factor > 0 else { return done }
    let seconds = wave.map { $0.work(from: span.start, to: time) } ?? (time - span.start)
    let amount = done + grid.amount(span.factor * max(0, seconds))
    let most = doneEnd(of: span.place.piece)
    return (most - amount).value < 0 ? most : amount
  }

  /// The work between two times, of which `start` is the first. O(log pieces).
  public func work(from start: Double, to end: Double) -> Double {
    guard end > start else { return 0 }
    if isBeyond(end), loopWork.value > 0 { return loopWork.value * ((end - start) / period) }
    let end = isBeyond(end) ? max(start, origin) + period : end
    let (first, last) = (place(of: start), place(of: end))
    var amount = done(by: end, in: span(last)) - done(by: start, in: span(first))
    if first.piece < prefix, last.piece >= prefix { amount = amount + prefixWork }
    return max(0, amount.value + loopWork.value * (last.round - first.round))
  }

  /// As `end(of:from:)` for speeds without waves, noting where the end is.
  mutating func endNoted(of work: Double, from start: Double) -> Double {
    guard work > 0, work < .infinity, start < .infinity, !isBeyond(start) else {
      return end(of: work, from: start)
    }
    if !(start >= last.start && start < last.end) { last = span(place(of: start)) }
    if let end = end(of: work, from: start, within: last) { return end }
    let (end, span) = endBeyond(last, of: work, from: start)
    if let span { last = span }
    return end
  }

  @inline(__always)
  private func span(_ place: SpeedPlace) -> SpeedSpan {
    SpeedSpan(place: place, start: start(place), end: end(place), factor: pieces[place.piece].factor)
  }

  /// The least time by which `work` seconds of work are done that begin at `start`, outages apart and
  /// whatever becomes of interrupted jobs. Never decreases with `start` but for waves, whose rounding it
  /// shows. O(log pieces).
  public func end(of work: Double, from start: Double) -> Double {
    guard work > 0 else { return start }
    guard work < .infinity, start < .infinity else { return .infinity }
    if isBeyond(start) { return start + work / (loopWork.value / period) }
    let span = span(place(of: start))
    return end(of: work, from: start, within: span) ?? endBeyond(span, of: work, from: start).end
  }

  /// The same where the work ends in the piece in which it begins.
  @inline(__always)
  private func end(of work: Double, from start: Double, within span: SpeedSpan) -> Double? {
    // With room for rounding: most work that goes on after the piece needs no division.
    guard span.factor > 0, wave != nil || work < span.factor * ((span.end - start) * 1.001)
    else { return nil }
    let end = wave?.end(from: start, work: work / span.factor) ?? (start + work / span.factor)
    return end <= span.end ? end : nil
  }

  /// The same where the work does not end in the piece in which it begins; with the piece in which it does.
  private func endBeyond(
    _ first: SpeedSpan, of work: Double, from start: Double
  ) -> (end: Double, span: SpeedSpan?) {
    var place = first.place
    var target = done(by: start, in: first)
    var rest = work
    if place.piece < prefix {
      target = target + grid.amount(work)
      if (prefixWork - target).value >= 0 {
        place.piece = piece(reaching: target, from: place.piece, below: prefix)
        let span = span(place)
        return (max(end(at: target, in: span), first.end), span)
      }
      guard hasLoop else { return (.infinity, nil) }
      rest = (target - prefixWork).value
      target = .zero
      place = SpeedPlace(round: 0, piece: prefix)
    }
    let round = loopWork.value
    guard round > 0 else { return (.infinity, nil) }
    if rest < 2 * round {
      // Without a branch, of which every second one may be guessed wrong.
      let count: Double = rest >= round ? 1 : 0
      rest -= count * round
      place.round += count
    } else {
      let count = (rest / round).rounded(.down)
      let (product, error) = Elementary.exactProduct(count, round)
      rest = (rest - product) - error
      place.round += count
      if rest < 0 {
        rest += round
        place.round -= 1
      }
    }
    target = target + grid.amount(rest)
    if (target - loopWork).value > 0 {
      target = target - loopWork
      place.round += 1
    }
    if target.value <= 0, place.round > first.place.round {
      // The least time is at the end of the last round's work.
      target = loopWork
      place.round -= 1
    }
    place.piece = piece(reaching: target, from: prefix, below: pieces.count)
    let span = span(place)
    return (max(max(end(at: target, in: span), first.end), start), span)
  }

  /// The first piece of a part, from `first` on, by whose end `target` is done.
  private func piece(reaching target: WorkAmount, from first: Int, below end: Int) -> Int {
    let value = target.value
    var (low, count) = (first, end - first)
    while count > 32 {
      let half = count / 2
      low = pieces[low + half].roundedDone < value ? low + half : low
      count -= half
    }
    // Differences that are negative are counted by their signs: comparisons become branches, of which every
    // second one is guessed wrong.
    var before: UInt64 = 0
    for piece in low..<low + count { before &+= (pieces[piece].roundedDone - value).bitPattern &>> 63 }
    if before > 1 { low += Int(before) - 1 }
    // What is the same number need not be the same amount.
    while low + 1 < end, (pieces[low + 1].done - target).value < 0 { low += 1 }
    return low
  }

  /// When `target` is done, which is in the piece.
  @inline(__always)
  private func end(at target: WorkAmount, in span: SpeedSpan) -> Double {
    let rest = (target - pieces[span.place.piece].done).value
    guard rest > 0, span.factor > 0 else { return span.start }
    let end = wave?.end(from: span.start, work: rest / span.factor) ?? (span.start + rest / span.factor)
    return min(end, span.end)
  }
}
