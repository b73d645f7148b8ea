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
  /// f(x^k) − f*; nan where f* is not known.
  public var gap: Double
  /// ‖∇f(x^k)‖².
  public var gradnorm2: Double
  /// The share of the test set that x^k gets right, from 0 to 1; nan without a test set.
  public var accuracy: Double

  /// The value of `quantity`; nan where it is not known.
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
    }
  }
}

/// How often a point of the trace is taken.
public enum TraceInterval: Sendable, Equatable {
  /// As often as is worth it: evaluations take no more than about the time of the gradients, and of more than
  /// 1,000 points every second one is dropped.
  case adaptive
  /// Every so many updates, at least 1.
  case updates(Int)
  /// Every so many simulated seconds, more than 0: at the first update after each.
  case seconds(Double)
}

/// The points taken along a run.
@usableFromInline
struct TraceRecorder: Sendable {
  static let limit = 1_000

  /// The points, and what decides when the next one is due.
  @usableFromInline
  struct State: Sendable {
    var points: [TracePoint] = []
    var stride = 1
    @usableFromInline var nextIteration = 0
    @usableFromInline var nextTime = 0.0
    @usableFromInline var usedAtLast = 0

    init() {}
  }

  @usableFromInline let interval: TraceInterval
  @usableFromInline let cost: Double
  @usableFromInline var state = State()

  var points: [TracePoint] { state.points }

  /// `cost` is what an evaluation costs, in stochastic gradients.
  init(_ interval: TraceInterval, cost: Double) {
    self.interval = interval
    self.cost = cost
  }

  /// Whether a point is due after an update.
  @inlinable
  func isDue(iteration: Int, time: Double, used: Int) -> Bool {
    switch interval {
    case .adaptive: iteration >= state.nextIteration && Double(used - state.usedAtLast) >= cost - 1
    case .updates: iteration >= state.nextIteration
    case .seconds: time >= state.nextTime
    }
  }

  mutating func append(_ point: TracePoint) {
    if let last = points.last, last.iteration == point.iteration, last.time == point.time { return }
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
      state.nextTime = ((point.time / seconds).rounded(.down) + 1) * seconds
    }
  }

  /// Drops every second point and takes them half as often from now on.
  private mutating func thin() {
    state.stride *= 2
    state.points = points.enumerated().compactMap { $0.offset % 2 == 0 ? $0.element : nil }
  }
}
