// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// How fast a worker works over time, and when it is there: v(t), of which a job of τ + η seconds of work
/// that is assigned at s takes until the least e with ∫ₛᵉ v(t) dt = τ + η.
///
///     var night = WorkerSpeed()
///     night.pace = .profile(period: 86_400, speeds: [1, 0.5])
///     experiment.speeds = Array(repeating: night, count: experiment.workers.count)
public struct WorkerSpeed: Sendable, Equatable {
  /// A speed over time; all speeds are finite and not negative.
  public enum Pace: Sendable, Equatable {
    /// Always the same.
    case constant(Double)
    /// `period` seconds, more than 0, in equal pieces with these speeds, again and again.
    case profile(period: Double, speeds: [Double])
    /// 1 + a sin(2π(t/P + phase)) with P = `period`, more than 0, and a = `amplitude`, from 0 to 1.
    case sine(period: Double, amplitude: Double)
    /// From each time on the speed beside it, the last one for ever; before the first time the first speed.
    case changes([Change<Double>])
  }

  /// When a worker is there.
  public enum Availability: Sendable, Equatable {
    /// At all times.
    case always
    /// From each time on, on or off, at the end for ever; before the first time as from it on.
    case changes([Change<Bool>])
    /// On and off for exponential times with these means, both positive and finite, in equilibrium from the
    /// start: the outages of `Delay.markov(up:down:)`.
    case markov(up: Double, down: Double)
  }

  /// What is from `time` on, in simulated seconds.
  public struct Change<Value: Sendable & Equatable>: Sendable, Equatable {
    /// In simulated seconds.
    public var time: Double
    /// What is from then on.
    public var value: Value

    /// `value` from `time` on.
    public init(_ time: Double, _ value: Value) { (self.time, self.value) = (time, value) }
  }

  /// The speed.
  public var pace = Pace.constant(1)
  /// A fraction of the period, which is added to t/P in a profile or a sine.
  public var phase = 0.0
  /// When the worker is there; its speed is 0 while it is not.
  public var availability = Availability.always
  /// What becomes of a job whose worker goes off.
  public var offline = Speed.Offline.pause

  /// Speed 1 at all times.
  public init() {}
}

extension WorkerSpeed {
  /// Throws what is wrong with it, at the key of the command language.
  public func validate() throws(LabError) {
    func check(_ isRight: Bool, _ what: String, _ remedy: String, _ key: String) throws(LabError) {
      guard isRight else { throw LabError(what, remedy: remedy, key: key) }
    }
    func isSpeed(_ value: Double) -> Bool { value >= 0 && value < .infinity }
    func isTime(_ value: Double) -> Bool { value > 0 && value < .infinity }
    let howSpeeds = "speeds are finite and not negative"
    switch pace {
    case .constant(let speed): try check(isSpeed(speed), "a speed out of range", howSpeeds, "speed")
    case .profile(let period, let speeds):
      try check(isTime(period), "a profile's period out of range", "give seconds above 0", "speed")
      try check(!speeds.isEmpty, "a profile without speeds", "write profile(P,v1,v2,…)", "speed")
      try check(speeds.allSatisfy(isSpeed), "a speed of the profile out of range", howSpeeds, "speed")
    case .sine(let period, let amplitude):
      try check(isTime(period), "a sine's period out of range", "give seconds above 0", "speed")
      try check(
        amplitude >= 0 && amplitude <= 1, "a sine's amplitude out of range", "give a from 0 to 1", "speed")
    case .changes(let changes):
      try check(changes.allSatisfy { isSpeed($0.value) }, "a speed out of range", howSpeeds, "speed")
      try check(Self.isOrdered(changes), "times of speeds out of order", "give them in order", "speed")
    }
    switch availability {
    case .always: break
    case .changes(let changes):
      try check(Self.isOrdered(changes), "times on and off out of order", "give them in order", "available")
    case .markov(let up, let down):
      try check(
        isTime(up) && isTime(down), "times of markov out of range", "it takes two times above 0", "available")
    }
    try check(phase.isFinite, "a phase out of range", "give a fraction of the period", "phase")
  }

  private static func isOrdered<Value>(_ changes: [Change<Value>]) -> Bool {
    changes.allSatisfy { $0.time.isFinite }
      && zip(changes, changes.dropFirst()).allSatisfy { $0.time < $1.time }
  }

  /// What it comes to: speeds that do not change are one number, and a worker that is always on or off needs
  /// no changes.
  var simplified: WorkerSpeed {
    var speed = self
    switch pace {
    case .constant: break
    case .profile(_, let speeds):
      if speeds.allSatisfy({ $0 == speeds[0] }) { speed.pace = .constant(speeds[0]) }
    case .sine(_, let amplitude): if amplitude == 0 { speed.pace = .constant(1) }
    case .changes(let changes):
      let kept = Self.fromZero(changes)
      speed.pace = kept.count > 1 ? .changes(kept) : .constant(kept.first?.value ?? 1)
    }
    if case .changes(let changes) = availability {
      let kept = Self.fromZero(changes)
      speed.availability = .changes(kept)
      if kept.count <= 1 {
        speed.availability = .always
        if kept.first?.value == false { speed.pace = .constant(0) }
      }
    }
    return speed
  }

  /// The changes from time 0 on, of which the first is at 0, without those that change nothing.
  private static func fromZero<Value>(_ changes: [Change<Value>]) -> [Change<Value>] {
    guard let first = changes.last(where: { $0.time <= 0 }) ?? changes.first else { return [] }
    var kept = [Change(0, first.value)]
    for change in changes where change.time > 0 && change.value != kept[kept.count - 1].value {
      kept.append(change)
    }
    return kept
  }
}
