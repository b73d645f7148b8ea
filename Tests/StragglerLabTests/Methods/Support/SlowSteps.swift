// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// Workers that make local steps until they are stopped, with arrays: every gradient is evaluated when its
/// step ends, and the next event is looked for among all workers.
struct SlowSteps {
  enum Rule {
    /// All send when they have made so many steps together.
    case budget(Int)
    /// Groups of so many take turns.
    case cycle(Int)
  }

  private struct Work {
    var version = 0
    var y: [Double] = []
    var sum: [Double] = []
    var complete = 0
    /// When work begins, its seconds so far, and when the step that runs or the message ends; nil: idle.
    var begin = 0.0
    var seconds = 0.0
    var end: Double?
    var isSending = false
    /// Whether a step runs, or was cut.
    var hasBegun = false
  }

  let workers: [Worker]
  let rule: Rule
  let gamma: Double
  let seed: UInt64
  var x: [Double]
  var time = 0.0
  var iteration = 0
  var (arrivals, cancelled, gradients, delayMax) = (0, 0, 0, 0)
  /// Steps that were complete.
  var steps = 0
  private var work: [Work]
  private var numbers: [Int]
  private var total: [Double]
  private var (made, coming, turn) = (0, 0, 0)

  init(
    _ workers: [Worker], _ rule: Rule, gamma: Double, seed: UInt64, dimension: Int, steps updates: Int
  ) {
    (self.workers, self.rule, self.gamma, self.seed) = (workers, rule, gamma, seed)
    x = MethodLab.start(dimension)
    total = x.map { _ in 0 }
    work = workers.map { _ in Work() }
    numbers = workers.map { _ in 0 }
    for i in workers.indices { start(i) }
    while iteration < updates {
      let i = work.indices.filter { work[$0].end != nil }.min { (work[$0].end!, $0) < (work[$1].end!, $1) }!
      time = work[i].end!
      if work[i].isSending { deliver(i) } else { completeStep(i) }
    }
  }

  private mutating func start(_ i: Int) {
    work[i] = Work(
      version: iteration, y: x, sum: x.map { _ in 0 }, begin: time + workers[i].download)
    beginStep(i)
  }

  private mutating func beginStep(_ i: Int) {
    numbers[i] += 1
    var stream = RandomStream(seed: seed, purpose: .delay, worker: i, job: numbers[i])
    work[i].seconds += workers[i].tau + workers[i].delay.sample(&stream, job: numbers[i])
    work[i].end = work[i].begin + work[i].seconds
    work[i].hasBegun = true
  }

  private mutating func completeStep(_ i: Int) {
    work[i].complete += 1
    steps += 1
    work[i].hasBegun = false
    for (j, g) in MethodLab.gradient(work[i].y).enumerated() {
      work[i].sum[j] += g
      work[i].y[j] -= gamma * g
    }
    switch rule {
    case .budget(let limit):
      made += 1
      if made == limit { stop(Array(work.indices)) }
    case .cycle: if coming == 0, isReady { stop(group) }
    }
    if !work[i].isSending, work[i].end != nil { beginStep(i) }
  }

  private var group: [Int] {
    guard case .cycle(let size) = rule else { return [] }
    return Array(work.indices.dropFirst(turn * size).prefix(size))
  }

  private var isReady: Bool { group.allSatisfy { work[$0].complete > 0 && !work[$0].isSending } }

  /// Those that have a complete step send; the others of `members` are cancelled.
  private mutating func stop(_ members: [Int]) {
    for i in members {
      // While the model was on its way, nothing was begun.
      let isCut = work[i].hasBegun && work[i].begin <= time
      if work[i].hasBegun, !isCut { numbers[i] -= 1 }
      gradients += work[i].complete + (isCut ? 1 : 0)
      if work[i].complete > 0 {
        (work[i].isSending, work[i].end) = (true, time + workers[i].upload)
        coming += 1
      } else {
        cancelled += 1
        work[i].end = nil
      }
    }
  }

  private mutating func deliver(_ i: Int) {
    arrivals += 1
    delayMax = max(delayMax, iteration - work[i].version)
    for j in x.indices { total[j] += work[i].sum[j] }
    work[i].end = nil
    coming -= 1
    guard coming == 0 else { return }
    for j in x.indices { x[j] -= gamma * total[j] }
    total = x.map { _ in 0 }
    iteration += 1
    made = 0
    switch rule {
    case .budget: for i in work.indices { start(i) }
    case .cycle(let size):
      let old = group
      turn = (turn + 1) * size < work.count ? turn + 1 : 0
      let isReady = turn != 0 || old.count < work.count ? self.isReady : false
      for i in old { start(i) }
      if isReady { stop(group) }
    }
  }

  /// Runs the method and the rule on fleets drawn at random: the same events, the same model.
  static func expectAgreement(
    _ make: (_ workers: Int, _ draw: inout RandomStream) throws -> (MethodChoice, Rule)
  ) throws {
    for trial in 0..<32 {
      var draw = RandomStream(seed: 9, purpose: .data, worker: trial)
      let isWhole = trial % 3 == 0
      let count = 1 + draw.integer(below: 7)
      let workers = (0..<count).map { index in
        var worker = Worker(
          tau: isWhole ? Double(1 + draw.integer(below: 4)) : 0.2 + 3 * draw.uniform(),
          delay: isWhole ? .none : .uniform(a: 0, b: 2),
          upload: trial % 4 == 1 ? 0.5 * Double(index % 3) : 0)
        if trial % 8 >= 5 { worker.download = isWhole ? Double(index % 3) : 0.7 * Double(index) }
        return worker
      }
      let (method, rule) = try make(count, &draw)
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 4, noise: 0)), workers: workers, method: method,
        seed: UInt64(trial)
      ).start()
      run.run(until: Stop(updates: 25))
      let slow = SlowSteps(
        workers, rule, gamma: SlowSchedule.gamma, seed: UInt64(trial), dimension: 4, steps: 25)
      let (found, name) = (run.statistics, "\(rule), fleet \(trial)")
      #expect(found.point.time == slow.time, "\(name)")
      #expect(found.point.arrivals == slow.arrivals, "\(name)")
      #expect(found.cancelled == slow.cancelled, "\(name)")
      #expect(found.delayMax == slow.delayMax, "\(name)")
      #expect(found.messages == slow.arrivals, "\(name)")
      if case .budget(let limit) = rule {
        #expect(found.gradients == slow.gradients && slow.steps == 25 * limit, "\(name)")
      }
      expectClose(run.model, slow.x, 1e-9, name)
    }
  }
}
