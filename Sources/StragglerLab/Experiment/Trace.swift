// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// What is measured along a run.
public enum Quantity: String, Sendable, CaseIterable {
  /// Simulated seconds.
  case time
  /// k, the model updates.
  case iteration
  /// Gradients delivered.
  case arrivals
  /// Gradients delivered and used.
  case used
  /// f(x^k).
  case loss
  /// f(x^k) − f*; not known where f* is not.
  case gap
  /// ‖∇f(x^k)‖².
  case gradnorm2
  /// The share of the test set that x^k gets right; not known without a test set.
  case accuracy
  /// The share of the workers that are on.
  case available
  // Journals have them in this order.
  /// Gradients delivered and not used.
  case discarded
  /// Jobs stopped before their end.
  case cancelled
  /// Stochastic gradients worth of worker time: delivered, clipped and cancelled.
  case gradients
  /// Messages that have come from workers.
  case messages
  /// Coordinates in these messages.
  case coordinates
  /// Σ power · seconds over all jobs.
  case energy
  /// The mean fraction of the time that workers worked.
  case busy
  /// The mean delay of the used gradients, in updates.
  case delayMean = "delay_mean"
  /// (1/n) Σ ‖xᵢ − x̄‖²; not known where there is but one model.
  case consensus
}

extension Quantity {
  /// Whether it counts something.
  var isCount: Bool {
    switch self {
    case .iteration, .arrivals, .used, .discarded, .cancelled, .gradients, .messages, .coordinates: true
    default: false
    }
  }
}

/// The state of a run at one moment.
public struct TracePoint: Sendable, Equatable {
  /// Simulated seconds.
  public var time: Double
  /// k, the model updates so far.
  public var iteration: Int
  /// Gradients delivered so far.
  public var arrivals: Int
  /// Gradients delivered and used so far.
  public var used: Int
  /// f(x^k).
  public var loss: Double
  /// f(x^k) − f*; NaN where f* is not known.
  public var gap: Double
  /// ‖∇f(x^k)‖².
  public var gradnorm2: Double
  /// The share of the test set that x^k gets right, from 0 to 1; NaN without a test set.
  public var accuracy: Double
  /// The share of the workers that are on, from 0 to 1; NaN where it was not measured.
  public var available = Double.nan
  /// Jobs stopped before their end; like the other counts nil in files of versions that did not keep it.
  public var cancelled: Int?
  /// Stochastic gradients worth of worker time: delivered, clipped and cancelled.
  public var gradients: Int?
  /// Messages that have come from workers.
  public var messages: Int?
  /// Coordinates in these messages.
  public var coordinates: Int?
  /// Σ power · seconds over all jobs, those that run included; NaN where it was not measured.
  public var energy = Double.nan
  /// The mean fraction of the time that workers worked, from 0 to 1; NaN at time 0, or where it was not
  /// measured.
  public var busy = Double.nan
  /// The mean delay δ of the used gradients, in updates; NaN if none was used.
  public var delayMean = Double.nan
  /// (1/n) Σ ‖xᵢ − x̄‖², how far the nodes' models are from their mean; NaN where there is but one model.
  public var consensus = Double.nan
  /// Gradients delivered and not used.
  public var discarded: Int { arrivals - used }

  private static func number(_ count: Int?) -> Double { count.map { Double($0) } ?? .nan }

  /// The value of `quantity`; NaN where it is not known.
  public subscript(quantity: Quantity) -> Double {
    switch quantity {
    case .time: time
    case .iteration: Double(iteration)
    case .arrivals: Double(arrivals)
    case .used: Double(used)
    case .loss: loss
    case .gap: gap
    case .gradnorm2: gradnorm2
    case .accuracy: accuracy
    case .available: available
    case .discarded: Double(discarded)
    case .cancelled: Self.number(cancelled)
    case .gradients: Self.number(gradients)
    case .messages: Self.number(messages)
    case .coordinates: Self.number(coordinates)
    case .energy: energy
    case .busy: busy
    case .delayMean: delayMean
    case .consensus: consensus
    }
  }
}

/// How often a point of the trace is taken.
public enum TraceInterval: Sendable, Equatable {
  /// As often as is worth it: evaluations take no more than about the time of the gradients, and of more than
  /// 1,000 points every second one is dropped. A run whose end is known, by its updates or its time, has at
  /// least 100 points, or all updates.
  case adaptive
  /// Every so many updates, at least 1.
  case updates(Int)
  /// Every so many simulated seconds, more than 0: the state at each of these times, before what comes later,
  /// and where a run ends by its time at that, too. Of the times between two events that follow one another
  /// only the first and the last have a point.
  case seconds(Double)
  /// At the end alone, for runs whose course is not looked at.
  case end

  var isInRange: Bool {
    switch self {
    case .adaptive, .end: true
    case .updates(let updates): updates >= 1
    case .seconds(let seconds): seconds > 0
    }
  }
}

/// When a run pauses to evaluate something: after the first update at which one of these is met, or at an
/// instant.
@usableFromInline
struct Due: Sendable {
  /// This update or a later one, once `used` gradients have been used.
  @usableFromInline var point = Int.max
  @usableFromInline var used = 0
  /// This update or a later one.
  @usableFromInline var iteration = Int.max
  /// The first update at this time or later, in simulated seconds.
  @usableFromInline var time = Double.infinity
  /// Before the first event after this time, in simulated seconds.
  @usableFromInline var instant = Double.infinity

  @inlinable
  func isMet(iteration: Int, time: Double, used: Int) -> Bool {
    iteration >= self.iteration || time >= self.time || (iteration >= point && used >= self.used)
  }
}

/// The points taken along a run.
struct TraceRecorder: Sendable {
  static let limit = 1_000
  /// The points that a run has at least whose end is known.
  static let least = 100

  /// The points, and what decides when the next one is due.
  struct State: Sendable {
    var points: [TracePoint] = []
    var stride = 1
    var nextIteration = 0
    var nextTime = 0.0
    var usedAtLast = 0

    init() {}
  }

  let interval: TraceInterval
  let cost: Double
  var state = State()

  var points: [TracePoint] { state.points }

  /// `cost` is what an evaluation costs, in stochastic gradients.
  init(_ interval: TraceInterval, cost: Double) {
    self.interval = interval
    self.cost = cost
  }

  /// When the next point is due that has to be taken on the way to `stop`.
  func required(_ stop: Stop) -> Due {
    var due = Due()
    switch interval {
    case .updates: due.iteration = state.nextIteration
    case .seconds: due.instant = state.nextTime
    case .end: break
    case .adaptive:
      let (iteration, time) = (points.last?.iteration ?? 0, points.last?.time ?? 0)
      if let updates = stop.updates {
        let distance = max(1, updates / Self.least)
        due.iteration = (iteration / distance + 1) * distance
      }
      if let end = stop.time, end > 0, end < .infinity {
        let distance = end / Double(Self.least)
        due.time = ((time / distance).rounded(.down) + 1) * distance
        // There may be fewer updates than that.
        if iteration < Self.least { due.iteration = min(due.iteration, iteration + 1) }
      }
    }
    return due
  }

  /// When the next point is due on the way to `stop`: one that has to be taken, or one that the gradients
  /// since the last are worth.
  func due(_ stop: Stop) -> Due {
    var due = required(stop)
    if interval == .adaptive {
      due.point = state.nextIteration
      due.used = state.usedAtLast + Int(min(max(0, (cost - 1).rounded(.up)), 1e15))
    }
    return due
  }

  /// Whether one more point is welcome, where something is evaluated in any case.
  func welcomes(iteration: Int) -> Bool { interval == .adaptive && iteration >= state.nextIteration }

  /// Adds a point; false where it is the last one, or nothing has happened since.
  @discardableResult
  mutating func append(_ point: TracePoint) -> Bool {
    if let last = points.last, last.iteration == point.iteration, last.time >= point.time { return false }
    state.points.append(point)
    state.usedAtLast = point.used
    switch interval {
    case .adaptive:
      if points.count > Self.limit { thin() }
      state.nextIteration = (point.iteration / state.stride + 1) * state.stride
    case .updates(let given):
      let count = max(1, given)
      state.nextIteration = (point.iteration / count + 1) * count
    case .seconds(let seconds):
      state.nextTime = Self.multiple(of: seconds, after: point.time)
    case .end: break
    }
    return true
  }

  /// The first multiple after `time`, however it is rounded; more than `time` in any case.
  private static func multiple(of seconds: Double, after time: Double) -> Double {
    let quotient = (time / seconds).rounded(.down)
    for candidate in [quotient, quotient + 1, quotient + 2] where candidate * seconds > time {
      return candidate * seconds
    }
    return time.nextUp
  }

  /// Leaves out the instants before the last one ahead of `next`, the time of the next event.
  mutating func skip(to next: Double) {
    guard case .seconds(let seconds) = interval else { return }
    state.nextTime = max(state.nextTime, ((next / seconds).rounded(.up) - 1) * seconds)
  }

  /// Whether the point at the end of a run up to a time is at that time, and not at its last event.
  var endsAtTime: Bool { if case .seconds = interval { true } else { false } }

  /// Forgets the points after update `iteration` at `time`: the run has gone back there.
  mutating func goBack(to iteration: Int, time: Double) {
    while let last = points.last, last.iteration > iteration || last.time > time { state.points.removeLast() }
    guard let last = state.points.popLast() else { return }
    append(last)
  }

  /// Drops every second point and takes them half as often from now on.
  private mutating func thin() {
    state.stride *= 2
    state.points = points.enumerated().compactMap { $0.offset % 2 == 0 ? $0.element : nil }
  }
}
