// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

@Suite struct SpeedTests {
  /// Intervals of constant speed, found by going along the time axis: what the ends of jobs are checked with.
  struct Walk {
    let speed: WorkerSpeed

    private func base(at time: Double) -> Double {
      switch speed.pace {
      case .constant(let value): return value
      case .profile(let period, let speeds):
        let turns = time / period + speed.phase
        let place = (turns - turns.rounded(.down)) * Double(speeds.count)
        return speeds[min(Int(place), speeds.count - 1)]
      case .changes(let changes): return (changes.last { $0.time <= time } ?? changes[0]).value
      case .sine: return 1
      }
    }

    private func isOn(at time: Double) -> Bool {
      guard case .changes(let changes) = speed.availability else { return true }
      return (changes.last { $0.time <= time } ?? changes[0]).value
    }

    /// The factor at `time`, looked up in the middle of an interval without a change.
    func factor(at time: Double) -> Double { isOn(at: time) ? base(at: time) : 0 }

    private var period: Double {
      if case .profile(let period, _) = speed.pace { return period }
      return 0
    }

    /// From when on only the period changes anything.
    private func settled(_ start: Double) -> Double {
      var time = start
      if case .changes(let changes) = speed.pace { time = max(time, changes.last?.time ?? 0) }
      if case .changes(let changes) = speed.availability { time = max(time, changes.last?.time ?? 0) }
      return time + 1
    }

    /// The next time after `time` at which something may change.
    func change(after time: Double) -> Double {
      var next = Double.infinity
      switch speed.pace {
      case .profile(let period, let speeds):
        let piece = period / Double(speeds.count)
        let offset = -(speed.phase - speed.phase.rounded(.down)) * period
        var index = ((time - offset) / piece).rounded(.down)
        while offset + index * piece <= time * (1 + 1e-15) { index += 1 }
        next = offset + index * piece
      case .changes(let changes): next = changes.first { $0.time > time }?.time ?? .infinity
      case .constant, .sine: break
      }
      if case .changes(let changes) = speed.availability {
        next = min(next, changes.first { $0.time > time }?.time ?? .infinity)
      }
      return next
    }

    /// The work of a wave between two times: with cos a − cos b as a product.
    func wave(_ start: Double, _ end: Double) -> Double {
      guard case .sine(let period, let a) = speed.pace else { return end - start }
      let (x, y) = (start / period + speed.phase, end / period + speed.phase)
      return end - start + a * period / .pi * Elementary.sinPi(x + y) * Elementary.sinPi(y - x)
    }

    /// The end of a job, or for a wave the work that is done by `end`.
    func end(of work: Double, from start: Double) -> Double {
      var (time, rest, begun) = (start, work, false)
      for _ in 0..<100_000 {
        // From here on all is as it was a period before.
        if time > settled(start) + 3 * period, speed.offline != .pause || rest == work { return .infinity }
        let next = change(after: time)
        let middle = next < .infinity ? time + (next - time) / 2 : time + 1
        let factor = factor(at: middle)
        if factor > 0 {
          if speed.offline != .pause, !begun { rest = work }
          begun = true
          if rest <= factor * (next - time) * (1 + 1e-14) { return min(next, time + rest / factor) }
          rest -= factor * (next - time)
        } else if begun {
          if speed.offline == .lose { return .infinity }
          begun = false
        }
        guard next < .infinity else { return .infinity }
        time = next
      }
      return .infinity
    }

    /// The work between two times.
    func work(from start: Double, to end: Double) -> Double {
      var (time, sum, rest) = (start, 0.0, 0.0)
      while time < end {
        let next = min(end, change(after: time))
        let part = factor(at: time + (next - time) / 2) * wave(time, next)
        // Kahan's sum.
        let corrected = part - rest
        let total = sum + corrected
        rest = (total - sum) - corrected
        sum = total
        time = next
      }
      return sum
    }
  }

  /// A random speed with pieces, of which some are 0.
  private static func random(_ stream: inout RandomStream, offline: Speed.Offline) -> WorkerSpeed {
    func value() -> Double { stream.uniform() < 0.25 ? 0 : Elementary.exp(3 * stream.uniform() - 1.5) }
    var speed = WorkerSpeed()
    speed.offline = offline
    switch stream.integer(below: 3) {
    case 0:
      speed.pace = .profile(
        period: Elementary.exp(4 * stream.uniform()),
        speeds: (0..<1 + stream.integer(below: 24)).map { _ in value() })
      speed.phase = stream.uniform() < 0.5 ? 0 : 3 * stream.uniform() - 1
    case 1: speed.pace = .constant(value() + 0.1)
    default:
      var time = 2 * stream.uniform() - 1
      speed.pace = .changes(
        (0..<1 + stream.integer(below: 12)).map { _ in
          time += 3 * stream.uniform()
          return .init(time, value())
        })
    }
    if stream.integer(below: 2) == 0 {
      var (time, isOn) = (stream.uniform() - 0.5, stream.uniform() < 0.5)
      speed.availability = .changes(
        (0..<1 + stream.integer(below: 12)).map { _ in
          time += 4 * stream.uniform()
          isOn.toggle()
          return .init(time, isOn)
        })
    }
    return speed
  }

  static func made(_ speed: WorkerSpeed, tau: Double = 1) throws -> (fleet: OwnedFleet, speed: Speed?) {
    let fleet = try OwnedFleet([Worker(tau: tau)], [speed])
    let made = fleet.fleet.speeds
    return (fleet, made.isEmpty || made[0].isNominal ? nil : made[0])
  }

  private static let stream = RandomStream(seed: 1, purpose: .delay, worker: 0, job: 1)

  @Test(arguments: [Speed.Offline.pause, .restart, .lose])
  func jobsEndWhereTheirWorkIsDone(_ offline: Speed.Offline) throws {
    var stream = RandomStream(seed: 5, purpose: .data, worker: Int(offline.rawValue))
    var cases = 0
    while cases < 10_000 {
      let plan = Self.random(&stream, offline: offline)
      let (fleet, made) = try Self.made(plan)
      guard let speed = made else { continue }
      let walk = Walk(speed: plan)
      for _ in 0..<10 {
        cases += 1
        let start = 30 * stream.uniform()
        let work = Elementary.exp(6 * stream.uniform() - 4)
        let end = speed.endOfJob(work, from: start, worker: Self.stream)
        let expected = walk.end(of: work, from: start)
        let scale = max(1, expected)
        #expect(
          end == expected || abs(end - expected) <= 1e-12 * scale,
          "\(plan) \(start) \(work) \(end) \(expected)")
        guard offline == .pause, end < .infinity else { continue }
        let done = walk.work(from: start, to: end)
        #expect(abs(done - work) <= 1e-12 * max(work, 5 * end * 0x1p-40), "\(plan) \(start) \(work) \(done)")
        #expect(abs(speed.work(from: start, to: end) - work) <= 1e-12 * max(work, 5 * end * 0x1p-40))
      }
      withExtendedLifetime(fleet) {}
    }
  }

  /// The work of a wave at the end that is found agrees with what was asked, also where the speed comes down
  /// to 0.
  @Test func wavesDoTheWork() throws {
    var stream = RandomStream(seed: 6, purpose: .data)
    for _ in 0..<3_000 {
      var plan = WorkerSpeed()
      let amplitude = stream.uniform() < 0.3 ? 1 : stream.uniform()
      plan.pace = .sine(period: Elementary.exp(4 * stream.uniform() - 2), amplitude: amplitude)
      plan.phase = stream.uniform()
      if stream.uniform() < 0.4 {
        plan.availability = .changes([.init(0, true), .init(2, false), .init(3, true)])
      }
      let (fleet, made) = try Self.made(plan)
      let speed = try #require(made)
      let walk = Walk(speed: plan)
      for _ in 0..<5 {
        let (start, work) = (6 * stream.uniform(), Elementary.exp(6 * stream.uniform() - 4))
        let end = speed.endOfJob(work, from: start, worker: Self.stream)
        #expect(abs(walk.work(from: start, to: end) - work) <= 1e-12 * work + 8 * end * 0x1p-52)
        #expect(abs(speed.work(from: start, to: end) - work) <= 1e-12 * work + 8 * end * 0x1p-52)
        // The end itself is the least: a bit earlier less is done.
        let earlier = walk.work(from: start, to: end - 1e-6)
        #expect(earlier <= work * (1 + 1e-12) + 8 * end * 0x1p-52)
      }
      withExtendedLifetime(fleet) {}
    }
  }

  /// A job that starts later never ends earlier, not even by a rounding error.
  @Test(arguments: [Speed.Offline.pause, .restart]) func endsComeInOrder(_ offline: Speed.Offline) throws {
    var stream = RandomStream(seed: 7, purpose: .data)
    for _ in 0..<1_500 {
      let plan = Self.random(&stream, offline: offline)
      let (fleet, made) = try Self.made(plan)
      guard let speed = made else { continue }
      let work = Elementary.exp(5 * stream.uniform() - 3)
      // Around the changes, where formulas meet.
      var starts: [Double] = []
      var time = 10 * stream.uniform()
      let walk = Walk(speed: plan)
      for _ in 0..<6 {
        let next = walk.change(after: time)
        starts += (0..<4).map { _ in time + stream.uniform() * (min(next, time + 3) - time) }
        guard next < .infinity else { break }
        starts += [next.nextDown.nextDown, next.nextDown, next, next.nextUp, next.nextUp.nextUp]
        time = next
      }
      let ends = starts.sorted().map { speed.endOfJob(work, from: $0, worker: Self.stream) }
      for (a, b) in zip(ends, ends.dropFirst()) { #expect(a <= b, "\(plan) \(work)") }
      withExtendedLifetime(fleet) {}
    }
  }

  @Test func alternationAddsTheTimesOn() throws {
    var plan = WorkerSpeed()
    plan.pace = .profile(period: 10, speeds: [1, 0])
    let (fleet, made) = try Self.made(plan)
    let speed = try #require(made)
    func end(_ work: Double, _ start: Double) -> Double {
      speed.endOfJob(work, from: start, worker: Self.stream)
    }
    #expect(end(3, 1) == 4)
    #expect(end(4, 1) == 5)
    #expect(end(6, 1) == 12)
    #expect(end(14, 1) == 25)
    #expect(end(5, 5) == 15)
    #expect(end(2, 7) == 12)
    #expect(end(5_000_000, 0) == 9_999_995)
    withExtendedLifetime(fleet) {}

    var restart = plan
    restart.offline = .restart
    let (kept, again) = try Self.made(restart)
    let repeated = try #require(again)
    func restarted(_ work: Double, _ start: Double) -> Double {
      repeated.endOfJob(work, from: start, worker: Self.stream)
    }
    #expect(restarted(4, 1) == 5)
    #expect(restarted(4, 2) == 14)
    #expect(restarted(5, 7) == 15)
    #expect(restarted(5.01, 0) == .infinity)
    withExtendedLifetime(kept) {}

    var lose = plan
    lose.offline = .lose
    let (held, last) = try Self.made(lose)
    let losing = try #require(last)
    #expect(losing.endOfJob(4, from: 1, worker: Self.stream) == 5)
    #expect(losing.endOfJob(4.5, from: 1, worker: Self.stream) == .infinity)
    #expect(losing.endOfJob(4.5, from: 6, worker: Self.stream) == 14.5)
    withExtendedLifetime(held) {}
  }

  /// Workers beside each other whose pieces are equal have the rest of their speeds to themselves.
  @Test func neighboursAreAsTheyAreAlone() throws {
    var plans: [WorkerSpeed] = []
    for availability in [
      WorkerSpeed.Availability.markov(up: 3, down: 3), .always, .markov(up: 100, down: 0.5), .always,
    ] {
      for pace in [WorkerSpeed.Pace.profile(period: 24, speeds: [1, 0.5]), .sine(period: 9, amplitude: 0.5)] {
        var plan = WorkerSpeed()
        (plan.pace, plan.availability) = (pace, availability)
        plans += [plan, plan]
      }
    }
    let together = try OwnedFleet(plans.map { _ in Worker(tau: 1) }, plans)
    for (index, plan) in plans.enumerated() {
      let alone = try OwnedFleet([Worker(tau: 1)], [plan])
      let (speed, other) = (together.fleet.speeds[index], alone.fleet.speeds[0])
      #expect(speed.mean == other.mean)
      for start in stride(from: 0, to: 200, by: 7.3) {
        #expect(
          speed.endOfJob(2.5, from: start, worker: Self.stream)
            == other.endOfJob(2.5, from: start, worker: Self.stream))
      }
    }
  }

  /// A speed that does not change is τ/v to the last bit, however it is written.
  @Test func constantSpeedsAreShorterJobs() throws {
    let forms: [(Double) -> WorkerSpeed.Pace] = [
      { .constant($0) }, { .profile(period: 7, speeds: [$0, $0, $0]) },
      { .changes([.init(3, $0), .init(8, $0)]) },
    ]
    for c in [1, 3, 0.7, 1e-3] {
      for form in forms {
        var plan = WorkerSpeed()
        plan.pace = form(c)
        let fleet = try OwnedFleet(
          [Worker(tau: 0.3), Worker(tau: 1, delay: .exponential(rate: 2))], [plan, plan])
        #expect(fleet.fleet.speeds.isEmpty)
        #expect(fleet.workers[0].tau == 0.3 / c)
        #expect(fleet.workers[1].tau == 1 / c)
        #expect(abs(fleet.workers[1].delay.mean - 0.5 / c) < 1e-15 / c)
      }
    }
    // Laws without a form of their own keep their draws: (τ + η)/v.
    var plan = WorkerSpeed()
    plan.pace = .constant(0.3)
    let fleet = try OwnedFleet([Worker(tau: 1, delay: .poisson(lambda: 3))], [plan])
    let speed = fleet.fleet.speeds[0]
    #expect(!speed.isNominal && speed.endOfJob(1.7, from: 0.2, worker: Self.stream) == 0.2 + 1.7 / 0.3)
    #expect(abs(fleet.workers[0].meanDuration - 4 / 0.3) < 1e-12)
  }

  /// Speeds work with outages from outside as with those that are written down.
  @Test(arguments: [Speed.Offline.pause, .restart, .lose]) func outagesMultiply(_ offline: Speed.Offline)
    throws
  {
    var stream = RandomStream(seed: 8, purpose: .data)
    for worker in 0..<40 {
      var plan = WorkerSpeed()
      plan.offline = offline
      plan.availability = .markov(up: 2, down: 1)
      plan.pace = [.constant(1.5), .profile(period: 3, speeds: [1, 2, 0]), .constant(1)][worker % 3]
      let fleet = try OwnedFleet(
        [Worker(tau: 1, delay: .exponential(rate: 1))], [plan])
      let speed = fleet.fleet.speeds[0]
      let own = RandomStream(seed: 3, purpose: .delay, worker: worker, job: 1)
      var off: [WorkerSpeed.Change<Bool>] = [.init(0, true)]
      // The worker's own times off, without those of the profile.
      var always = plan
      always.pace = .constant(1.5)
      let bare = try OwnedFleet([Worker(tau: 1)], [always])
      bare.fleet.speeds[0].visitOff(from: 0, to: 400, worker: own) {
        if $0 == 0 { off = [] }
        off += [.init($0, false), .init($1, true)]
      }
      var written = plan
      written.availability = .changes(off)
      let walk = Walk(speed: written)
      for job in 0..<20 {
        let (start, work) = (100 * stream.uniform(), 3 * stream.uniform())
        let end = speed.endOfJob(work, from: start, worker: own)
        let expected = walk.end(of: work, from: start)
        #expect(end == expected || abs(end - expected) < 1e-10, "\(worker) \(job) \(end) \(expected)")
      }
    }
  }

  /// Whether a worker is on, and its times off, are those of its speed.
  @Test func timesOffAreThoseOfTheSpeed() throws {
    var stream = RandomStream(seed: 9, purpose: .data)
    for _ in 0..<300 {
      let plan = Self.random(&stream, offline: .pause)
      let (fleet, made) = try Self.made(plan)
      guard let speed = made else { continue }
      var off: [(Double, Double)] = []
      speed.visitOff(from: 2, to: 40, worker: Self.stream) { off.append(($0, $1)) }
      for (a, b) in zip(off, off.dropFirst()) { #expect(a.1 < b.0) }
      let walk = Walk(speed: plan)
      for _ in 0..<30 {
        let time = 2 + 38 * stream.uniform()
        let isOn = walk.factor(at: time) > 0
        #expect(speed.isOn(at: time, worker: Self.stream) == isOn)
        #expect(off.contains { $0.0 <= time && time < $0.1 } == !isOn)
      }
      withExtendedLifetime(fleet) {}
    }
  }
}
