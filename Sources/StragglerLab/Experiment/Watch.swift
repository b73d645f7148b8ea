// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// How often a run looks whether a condition holds.
///
/// Looking costs at most as much as the run itself and a second more, or what else is allowed. All is counted
/// in nanoseconds of estimated work and none of it measured, so that a run is the same on every machine. A
/// third of that is for looking along the way: at every update where the run's own work pays for it, else at
/// distances that grow with the updates done, shorter ones where a condition is near. The larger part is kept
/// for going back to a state before the condition held and looking closer, and the rest for the points of the
/// trace.
struct Watch {
  /// What a part of a run takes, in nanoseconds.
  struct Prices {
    /// The end of a job, or a message.
    let event = 150.0
    /// A gradient that is used.
    let sample: Double
    /// An update of the model.
    let update: Double
    /// A look at what the conditions are about.
    let check: Double
    /// A point of the trace, with everything measured.
    let point: Double
    /// Keeping a state, or going back to it.
    let keeping: Double

    init(
      _ work: EvaluationWork, _ conditions: [Stop.Condition], dimension: Int, workers: Int, hasModels: Bool,
      bytes: Int
    ) {
      let models = hasModels ? workers : 0
      // A user's own problem may report an invalid value.
      func price(_ number: Double) -> Double { number >= 0 ? min(number, 1e18) : 0 }
      let work = EvaluationWork(
        value: price(work.value), gradient: price(work.gradient), accuracy: price(work.accuracy),
        sample: price(work.sample))
      sample = work.sample
      update = 50 + 1.5 * Double(dimension) * Double(max(1, models))
      // Where the model is the mean of the nodes', looking at it takes that mean first.
      let mean = models > 0 ? Double(dimension) * Double(models) : 0
      var check = 400 + mean
      let quantities = conditions.map(\.quantity)
      if quantities.contains(.loss) || quantities.contains(.gap) { check += work.value }
      if quantities.contains(.gradnorm2) { check += work.gradient }
      if quantities.contains(.accuracy) { check += work.accuracy }
      if quantities.contains(.consensus) { check += mean }
      if quantities.contains(where: { [.available, .energy, .busy].contains($0) }) {
        check += 4 * Double(workers)
      }
      self.check = check
      point = 400 + mean + work.value + work.gradient + work.accuracy + 10 * Run.walk(workers)
      keeping = 1_000 + 0.2 * Double(bytes)
    }

    /// What a run has taken that has come to `state` after `events` events.
    func work(_ state: Engine.State, events: Int) -> Double {
      event * Double(events) + sample * Double(state.counts.used) + update * Double(state.iteration)
    }
  }

  /// What may be spent: a part of the run's own work, and nanoseconds besides.
  private struct Budget {
    let ofWork: Double
    let besides: Double
  }

  let conditions: [Stop.Condition]
  let prices: Prices
  private let (checks, points, search): (Budget, Budget, Budget)
  /// The work of the run when the watch began.
  private let begin: Double
  private var spentOnChecks = 0.0
  private var spentOnPoints = 0.0
  private var spentOnSearch = 0.0
  /// What the conditions are about, as it was when they were looked at first.
  private var first: TracePoint?
  private var isNear = true

  /// Where the conditions were last seen not to hold.
  private(set) var last: (iteration: Int, time: Double)
  /// The first of the updates up to `last` that were all looked at.
  private(set) var denseFrom: Int
  /// The update at which to look next.
  private(set) var next: Int

  /// A watch that may spend `allowance` seconds besides what the run's own work pays for.
  init(
    _ conditions: [Stop.Condition], _ prices: Prices, allowance: Double, at state: Engine.State, events: Int
  ) {
    self.conditions = conditions
    self.prices = prices
    let nanoseconds = allowance >= 0 ? min(allowance, 1e9) * 1e9 : 0
    checks = Budget(ofWork: 0.35, besides: 0.35 * nanoseconds)
    points = Budget(ofWork: 0.15, besides: 0.25 * nanoseconds)
    search = Budget(ofWork: 0.5, besides: 0.4 * nanoseconds)
    begin = prices.work(state, events: events)
    last = (state.iteration, state.time)
    denseFrom = state.iteration
    next = conditions.isEmpty ? .max : state.iteration
  }

  func holds(at point: TracePoint) -> Bool { conditions.contains { $0.holds(at: point) } }

  // MARK: - Along the way

  /// Whether to look now: it is time, and there is enough to pay for it.
  func isDue(_ state: Engine.State, work: Double) -> Bool {
    state.iteration >= next && (isPaid(work) || state.iteration >= far && isAffordable(work))
  }

  /// The furthest that the next look should be: at a share of the updates so far which lets the looks that
  /// there is an allowance for last until there are a million times as many updates, or e⁴ times as many as
  /// there were when a condition came near.
  private var far: Int {
    let looks = checks.besides / prices.check
    let share = min((isNear ? 4 : 14) / looks, 1)
    return last.iteration + max(1, Int(share * Double(last.iteration)))
  }

  /// Whether the run's own work pays for a look.
  private func isPaid(_ work: Double) -> Bool {
    spentOnChecks + prices.check <= checks.ofWork * (work - begin)
  }

  private func isAffordable(_ work: Double) -> Bool {
    spentOnChecks + prices.check <= checks.ofWork * (work - begin) + checks.besides
  }

  /// Notes that the conditions do not hold at `point`, and plans the next look.
  mutating func clear(_ point: TracePoint, work: Double, isPaidFor: Bool) {
    if point.iteration > last.iteration + 1 { denseFrom = point.iteration }
    last = (point.iteration, point.time)
    if !isPaidFor { spentOnChecks += prices.check }
    let first = self.first ?? point
    self.first = first
    isNear = conditions.contains { $0.isNear(point, from: first) }
    plan(at: point.iteration, work: work)
  }

  /// Plans the next look from update `iteration` on.
  mutating func plan(at iteration: Int, work: Double) {
    guard !conditions.isEmpty else { return }
    let ofUpdate = max(1, work / Double(max(1, iteration))) * checks.ofWork
    // How many updates it takes until there is enough.
    func wait(_ missing: Double) -> Int { missing <= 0 ? 0 : Int(min(missing / ofUpdate, 1e15)) }
    let missing = spentOnChecks + prices.check - checks.ofWork * (work - begin)
    let paid = iteration + max(1, wait(missing))
    let affordable = max(far, iteration + max(1, wait(missing - checks.besides)))
    // The work of an update is only known from those before.
    next = min(paid, affordable, max(iteration + 1, 2 * iteration))
  }

  /// Whether a point of the trace can be paid for besides a look; notes that it is.
  mutating func paysForPoint(work: Double) -> Bool {
    let price = max(0, prices.point - prices.check)
    guard spentOnPoints + price <= points.ofWork * (work - begin) + points.besides else { return false }
    spentOnPoints += price
    return true
  }

  /// Whether one more state can be kept on the way.
  func paysForKeeping(work: Double) -> Bool {
    spentOnSearch + prices.keeping <= (search.ofWork * (work - begin) + search.besides) / 2
  }

  // MARK: - Looking closer

  /// How many looks can be paid for besides going back to where the work was `start`, of a run that has come
  /// to `work`, when a state is kept at each; negative where not even going back can be.
  func looks(from start: Double, to end: Double, ofRun work: Double) -> Int {
    let total =
      (search.ofWork + checks.ofWork) * (work - begin) + search.besides + checks.besides
      - spentOnChecks - spentOnSearch
    let rest = total - (end - start) - prices.keeping
    return rest < 0 ? -1 : Int(min(rest / (prices.check + prices.keeping), 1e6))
  }

  /// Notes what looking closer has taken.
  mutating func spendOnSearch(work: Double = 0, checks: Int = 0, keeps: Int = 0) {
    spentOnSearch += work + prices.check * Double(checks) + prices.keeping * Double(keeps)
  }
}

extension Stop.Condition {
  /// Whether what it is about has come so near that it may hold soon: within four times a bound on a gap or a
  /// gradient, or half of the way from where it was first.
  func isNear(_ point: TracePoint, from first: TracePoint) -> Bool {
    let (value, start) = (point[quantity], first[quantity])
    switch (quantity, relation) {
    case (.gap, .below), (.gap, .atMost), (.gradnorm2, .below), (.gradnorm2, .atMost):
      return value <= 4 * bound
    default: return abs(value - bound) <= 0.5 * abs(start - bound)
    }
  }
}
