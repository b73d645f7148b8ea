// SPDX-License-Identifier: Apache-2.0

// Jobs whose worker goes off: what is lost, and outages that come from outside.

extension Speed {
  /// How much less work than asked for is taken for all of it, so that a job that ends at the instant at
  /// which its worker goes off is not interrupted by a rounding error.
  private static var shortfall: Double { 1 - 0x1p-50 }

  /// The changes of a worker's outages that a job may see; one that sees more counts as endless.
  private static var patience: Int { 1 << 20 }

  /// When a job of `work` seconds ends that is assigned at `start`; infinite where it never does. `worker` is
  /// any stream of the worker, for its outages.
  ///
  /// O(log pieces), and as many times more as it meets outages.
  public func endOfJob(_ work: Double, from start: Double, worker: RandomStream) -> Double {
    guard work > 0 else { return start }
    guard work < .infinity else { return .infinity }
    guard let outages else { return endWithoutOutages(work, from: start) }
    if offline == .pause, pieces.count == 1, !hasLoop, wave == nil, pieces[0].factor == 1 {
      // The seconds of work and the pause are added as where outages are a law of delays.
      return start + (work + outages.pause(of: work, from: start, worker: worker))
    }
    var walk = OutageWalk(outages, from: start, worker: worker)
    var (time, rest, steps) = (start, work, 0)
    while steps < Self.patience, time < .infinity {
      steps += 1
      if walk.isOn {
        switch offline {
        case .pause:
          let end = end(of: rest, from: time)
          if end <= walk.end { return end }
          rest -= self.work(from: time, to: walk.end)
          if rest <= 0 { return walk.end }
        case .restart:
          let end = endWithoutOutages(work, from: time)
          if end <= walk.end { return end }
          if end == .infinity { return end }
        case .lose:
          if begin(at: time) < walk.end {
            let end = endWithoutOutages(work, from: time)
            return end <= walk.end ? end : .infinity
          }
        }
      }
      time = walk.end
      walk.advance()
    }
    return .infinity
  }

  /// As `endOfJob`, for one job after the other: where the last one ended is looked at first.
  mutating func endOfNextJob(
    _ work: Double, from start: Double, worker: @autoclosure () -> RandomStream
  ) -> Double {
    guard outages == nil, offline == .pause, wave == nil else {
      return endOfJob(work, from: start, worker: worker())
    }
    return endNoted(of: work, from: start)
  }

  private func endWithoutOutages(_ work: Double, from start: Double) -> Double {
    offline == .pause ? end(of: work, from: start) : endInOneRun(of: work, from: start)
  }

  /// The end of a job that has to be done without a break.
  private func endInOneRun(of work: Double, from start: Double) -> Double {
    var place = place(of: start)
    let current = runs.index(at: place.piece)
    if let current, place.piece < Int(runs.runs[current].end) {
      if let end = end(of: work, from: start, in: current, round: place.round) { return end }
      if offline == .lose { return .infinity }
    }
    let room = offline == .lose ? 0 : work * Self.shortfall
    var next = runs.next(from: (current ?? -1) + 1, for: room)
    if next == nil {
      next = runs.next(from: runs.prefix, for: room)
      place.round += 1
    }
    guard hasLoop || (next ?? 0) > (current ?? -1), let next else { return .infinity }
    place.piece = Int(runs.runs[next].first)
    return end(of: work, from: self.start(place), in: next, round: place.round) ?? .infinity
  }

  /// The end of a job that begins within a run, if it ends there.
  private func end(of work: Double, from start: Double, in run: Int, round: Double) -> Double? {
    let limit = limit(of: run, round: round)
    let end = end(of: work, from: start)
    if end <= limit { return end }
    return self.end(of: work * Self.shortfall, from: start) <= limit ? limit : nil
  }

  /// When a run ends.
  private func limit(of run: Int, round: Double) -> Double {
    let run = runs.runs[run]
    return run.work == .infinity ? .infinity : start(SpeedPlace(round: round, piece: Int(run.end)))
  }

  /// When work that is assigned at `time` begins, outages apart.
  private func begin(at time: Double) -> Double { isOnWithoutOutages(at: time) ? time : change(after: time) }

  private func isOnWithoutOutages(at time: Double) -> Bool { pieces[place(of: time).piece].factor > 0 }

  /// When the worker goes off or on next, outages apart.
  private func change(after time: Double) -> Double {
    var place = place(of: time)
    let current = runs.index(at: place.piece)
    if let current, place.piece < Int(runs.runs[current].end) {
      return limit(of: current, round: place.round)
    }
    var next = (current ?? -1) + 1
    if next >= runs.runs.count {
      guard hasLoop, runs.prefix < runs.runs.count else { return .infinity }
      next = runs.prefix
      place.round += 1
    }
    place.piece = Int(runs.runs[next].first)
    return start(place)
  }
}

// MARK: - When a worker is on

extension Speed {
  /// Whether the worker is on at `time`. `worker` is any stream of the worker. O(log pieces).
  public func isOn(at time: Double, worker: RandomStream) -> Bool {
    guard isOnWithoutOutages(at: time) else { return false }
    guard let outages else { return true }
    return OutageWalk(outages, from: time, worker: worker).isOn
  }

  /// The first time from `time` on at which the worker is on; infinite where none is found among its next
  /// million changes. `worker` is any stream of the worker. O(log pieces) for each change on the way.
  public func nextOn(from time: Double, worker: RandomStream) -> Double {
    var time = time
    var walk = outages.map { OutageWalk($0, from: time, worker: worker) }
    for _ in 0..<Self.patience {
      if isOnWithoutOutages(at: time), walk?.isOn != false { return time }
      let next = min(change(after: time), walk?.end ?? .infinity)
      guard next > time, next < .infinity else { break }
      if next == walk?.end { walk?.advance() }
      time = next
    }
    return .infinity
  }

  /// Shows `body` the times off between `start` and `end`, in order.
  public func visitOff(
    from start: Double, to end: Double, worker: RandomStream, _ body: (_ start: Double, _ end: Double) -> Void
  ) {
    var time = start
    var walk = outages.map { OutageWalk($0, from: start, worker: worker) }
    var begin: Double? = nil
    while time < end {
      let isOn = isOnWithoutOutages(at: time) && walk?.isOn != false
      if isOn, let first = begin {
        body(first, time)
        begin = nil
      } else if !isOn, begin == nil {
        begin = time
      }
      let next = min(change(after: time), walk?.end ?? .infinity)
      // Times that are too coarse to tell the changes apart.
      guard next > time else { break }
      if next == walk?.end { walk?.advance() }
      time = next
    }
    if let begin { body(begin, end) }
  }
}
