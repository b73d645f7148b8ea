// SPDX-License-Identifier: Apache-2.0

extension Speed {
  /// What a worker's speed is made of.
  public struct Parts: Sendable {
    /// The sure part of a job's work, and the law of the random part.
    public var tau: Double
    /// The law of the random part of a job's work.
    public var delay: Delay
    /// What becomes of jobs that are interrupted.
    public var offline = Offline.pause
    /// Whether jobs take what the fleet's worker says.
    public var isNominal = false
    /// How many of the pieces come before the loop; all without a loop.
    public var prefix: Int
    /// When the loop begins for the first time, at 0 or before without a prefix; infinite without a loop.
    public var origin = Double.infinity
    /// P, seconds of the loop; infinite without one.
    public var period = Double.infinity
    /// P, a and the phase of 1 + a sin(2π(t/P + phase)), by which the pieces' speeds are multiplied; nil for
    /// none. Not together with a loop.
    public var wave: (period: Double, amplitude: Double, phase: Double)?
    /// The means of the times on and off of outages; nil for none.
    public var outages: (up: Double, down: Double)?

    /// Pieces of which all, or the first `prefix`, come once, for jobs of `tau` + η seconds of work.
    public init(tau: Double, delay: Delay, prefix: Int) {
      (self.tau, self.delay, self.prefix) = (tau, delay, prefix)
    }
  }

  /// The speed with the pieces in `memory`, which the caller keeps alive, in the order of their starts: at
  /// least one, the first at 0; of a loop, with starts from 0 again. A loop in which the worker is off at
  /// times begins with such a time, unless all of it comes after pieces that do.
  ///
  /// Writes the running sums into `memory` and takes a table of the times on from `arena`. O(pieces).
  public init(
    _ memory: Table<SpeedPiece>, _ parts: Parts, arena: inout Arena
  ) throws(SetupError) {
    guard !memory.isEmpty, parts.prefix <= memory.count else {
      throw .impossible("a speed without a piece of time", remedy: "give at least one speed")
    }
    let wave = parts.wave.map {
      SpeedWave(period: $0.period, amplitude: $0.amplitude, phase: $0.phase - $0.phase.rounded(.down))
    }
    let prefix = parts.prefix
    let hasLoop = prefix < memory.count
    let last = memory.count - 1
    /// When a piece ends, in the time of its part; infinite for the last one without a loop.
    func end(_ index: Int) -> Double {
      if index + 1 == prefix { return hasLoop ? parts.origin : .infinity }
      return index < last ? memory[index + 1].start : parts.period
    }
    func work(_ index: Int) -> Double {
      let piece = memory[index]
      guard piece.factor > 0 else { return 0 }
      return piece.factor
        * (wave.map { $0.work(from: piece.start, to: end(index)) } ?? (end(index) - piece.start))
    }
    var scale = 0.0
    for index in memory.indices where work(index) < .infinity { scale += work(index) }
    if !hasLoop { scale = max(scale, memory[last].factor) }
    let grid = WorkGrid(scale: scale)
    var sum = WorkAmount.zero
    var before = WorkAmount.zero
    for index in memory.indices {
      if index == prefix { (before, sum) = (sum, .zero) }
      memory[index].done = sum
      sum = sum + grid.amount(work(index))
    }
    prefixWork = hasLoop ? before : sum
    loopWork = hasLoop ? sum : .zero
    let covered = memory[last].start
    let whole: Double
    if hasLoop {
      whole = prefix > 0 ? before.value / parts.origin : sum.value / parts.period
    } else {
      whole = covered > 0 ? memory[last].done.value / covered : memory[last].factor
    }
    mean = whole * (parts.outages.map { $0.up / ($0.up + $0.down) } ?? 1)
    var neverOff = true
    for index in prefix..<memory.count where !(memory[index].factor > 0) { neverOff = false }
    runs = try SpeedRuns(memory, prefix: prefix, arena: &arena) { run in
      if run.upperBound == memory.count, !hasLoop || (neverOff && run.lowerBound <= prefix) {
        return .infinity
      }
      var room = 0.0
      for index in run { room += work(index) }
      return room
    }
    (tau, delay, offline, isNominal) = (parts.tau, parts.delay, parts.offline, parts.isNominal)
    pieces = memory
    (self.prefix, origin, period, self.grid, self.wave) = (prefix, parts.origin, parts.period, grid, wave)
    outages = parts.outages.map { Outages(up: $0.up, down: $0.down) }
  }
}
