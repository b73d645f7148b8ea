// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// How a server treats the gradients that come, in the plainest words.
enum SlowRule {
  /// Every gradient makes a step of γ for its delay, or is discarded where there is none. After an update,
  /// jobs of delay `limit` or more start anew.
  case each(gamma: (Int) -> Double?, limit: Int)
  /// Gradients at x^k are collected until the numbers of the workers' gradients are enough, then comes a step
  /// along their mean, or along the mean of the workers' means. `isOnce`: a worker that has delivered waits.
  case batch(enough: ([Int]) -> Bool, ofMeans: Bool, isOnce: Bool, stops: Bool)
  /// Every worker makes its number of trials at x^k, each given up when η takes longer than `clip`; then
  /// comes a step along the sum of what has succeeded, weighted by worker.
  case trials([Int], clip: Double, weights: [Double])
  /// All workers make trials at x^k, each given up when η takes longer than `clip`, until `count` have ended;
  /// then comes a step along the sum of what has succeeded, divided by `expected`, and all start anew.
  case pool(count: Int, clip: Double, expected: Double)
  /// A rule of its own, made anew for every run: what an arrival makes of x, nil without an update, and
  /// whether its gradient is used. Workers go on at the newest point.
  case arrivals(() -> (SlowArrival) -> (x: [Double]?, isUsed: Bool))
}

/// The end of a job, as a rule of `SlowRule.arrivals` sees it.
struct SlowArrival {
  let worker: Int
  /// The updates so far, and how many of them are newer than the job's point.
  let k: Int
  let delay: Int
  let point: [Double]
  let gradient: [Double]
  let x: [Double]
  /// From the assignment to the delivery.
  let seconds: Double
}

/// A run on the noiseless quadratic with arrays, in which every gradient is evaluated when its job starts and
/// the next event is looked for among all jobs.
struct SlowSchedule {
  struct Job {
    let end: Double
    let version: Int
    let point: [Double]
    let gradient: [Double]
    /// How many gradients it computes.
    let count: Int
    let isClipped: Bool
    /// When it was assigned.
    let start: Double
    /// The number of the job among the worker's.
    let number: Int
    /// When the worker has the point.
    let received: Double
  }

  let workers: [Worker]
  let rule: SlowRule
  let gamma: Double
  /// γ as it changes with k, δ and t; nil where it does not.
  let schedule: ((Int, Int, Double) -> Double)?
  /// What the server makes of the gradient of a worker's job; nil where it comes as it is.
  private var compressor: SlowCompressor?
  /// What an update makes of the vector that it steps along; nil for the vector itself.
  private var stepRule: SlowStepRule?
  /// How many local steps of `gamma` every worker's job has; 1 is a gradient.
  private let local: [Int]
  let seed: UInt64
  var x: [Double]
  var time = 0.0
  var iteration = 0
  var assigned = 0
  var arrivals = 0
  var discarded = 0
  var cancelled = 0
  /// Gradients of jobs that have ended in some way.
  var gradients = 0
  var delays: [Int] = []

  /// What becomes of an arrival, for a rule of its own.
  private let handler: ((SlowArrival) -> (x: [Double]?, isUsed: Bool))?
  /// How many gradients a job after so many updates computes.
  private let gradientsOfJob: (Int) -> Int
  private var jobs: [Job?]
  /// The number of every worker's last job.
  private var numbers: [Int]
  /// The version of the last point that every worker has received.
  private var held: [Int?]
  private var sums: [[Double]]
  private var counts: [Int]
  private var trialsLeft: [Int] = []
  private var trialsEnded = 0
  private let participants: [Int]

  /// Runs until `steps` updates; only `participants`, all workers where left out, ever work.
  init(
    _ workers: [Worker], _ rule: SlowRule, gamma: Double, seed: UInt64, dimension: Int, steps: Int,
    participants: [Int]? = nil, schedule: ((Int, Int, Double) -> Double)? = nil,
    compressor: SlowCompressor? = nil, stepRule: SlowStepRule? = nil, local: [Int]? = nil,
    gradientsOfJob: @escaping (Int) -> Int = { _ in 1 }
  ) {
    if case .arrivals(let make) = rule { handler = make() } else { handler = nil }
    self.gradientsOfJob = gradientsOfJob
    self.local = local ?? workers.map { _ in 1 }
    (self.schedule, self.compressor, self.stepRule) = (schedule, compressor, stepRule)
    (self.workers, self.rule, self.gamma, self.seed) = (workers, rule, gamma, seed)
    self.participants = participants ?? Array(workers.indices)
    x = MethodLab.start(dimension)
    jobs = Array(repeating: nil, count: workers.count)
    numbers = Array(repeating: 0, count: workers.count)
    held = Array(repeating: nil, count: workers.count)
    counts = numbers
    sums = Array(repeating: Array(repeating: 0, count: dimension), count: workers.count)
    startAll()
    while true {
      let i = jobs.indices.filter { jobs[$0] != nil }.min { (jobs[$0]!.end, $0) < (jobs[$1]!.end, $1) }!
      let job = jobs[i]!
      jobs[i] = nil
      held[i] = job.version
      time = job.end
      if job.isClipped { cancelled += 1 } else { arrivals += 1 }
      gradients += job.count
      let before = iteration
      let isFree = receive(job, from: i)
      // A run ends with the update, before any worker gets new work.
      if iteration == steps { return }
      if iteration > before { startAgain() }
      if isFree, jobs[i] == nil { start(i) }
    }
  }

  /// Handles a job that has ended and says whether its worker may go on.
  private mutating func receive(_ job: Job, from i: Int) -> Bool {
    switch rule {
    case .each(let gamma, _):
      guard let constant = gamma(iteration - job.version) else {
        discarded += 1
        return true
      }
      let step = schedule?(iteration, iteration - job.version, time) ?? constant
      use(job, i)
      update(by: step) { j, sums in sums[i][j] }
    case .batch(let enough, let ofMeans, let isOnce, _):
      guard job.version == iteration else {
        discarded += 1
        return true
      }
      use(job, i)
      guard enough(counts) else { return !isOnce }
      let (gamma, counts) = (schedule?(iteration, 0, time) ?? gamma, counts)
      let total = Double(counts.reduce(0, +))
      update(by: gamma) { j, sums in
        guard ofMeans else { return sums.map { $0[j] }.reduce(0, +) / total }
        return zip(sums, counts).map { $0[j] / Double($1) }.reduce(0, +) / Double(counts.count)
      }
    case .trials(_, _, let weights):
      if !job.isClipped { use(job, i) }
      trialsLeft[i] -= 1
      guard trialsLeft.allSatisfy({ $0 == 0 }) else { return trialsLeft[i] > 0 }
      update(by: gamma) { j, sums in zip(sums, weights).map { $0[j] * $1 }.reduce(0, +) }
    case .pool(let count, _, let expected):
      if !job.isClipped { use(job, i) }
      trialsEnded += 1
      guard trialsEnded == count else { return true }
      trialsEnded = 0
      update(by: gamma) { j, sums in sums.map { $0[j] }.reduce(0, +) / expected }
    case .arrivals:
      guard let handler else { return true }
      let delay = iteration - job.version
      let (next, isUsed) = handler(
        SlowArrival(
          worker: i, k: iteration, delay: delay, point: job.point, gradient: job.gradient, x: x,
          seconds: time - job.start))
      if isUsed { delays.append(delay) } else { discarded += 1 }
      if let next { (x, iteration) = (next, iteration + 1) }
    }
    return true
  }

  private mutating func use(_ job: Job, _ i: Int) {
    delays.append(iteration - job.version)
    counts[i] += 1
    let gradient = compressor?.received(job.gradient, from: i, job: job.number, seed: seed) ?? job.gradient
    for j in x.indices { sums[i][j] += gradient[j] }
  }

  /// A step of γ along `direction`, and everything that was collected is forgotten.
  private mutating func update(by gamma: Double, _ direction: (Int, [[Double]]) -> Double) {
    let g = x.indices.map { direction($0, sums) }
    let change = stepRule?.change(g, gamma) ?? g.map { gamma * $0 }
    for j in x.indices { x[j] -= change[j] }
    iteration += 1
    for i in sums.indices {
      counts[i] = 0
      for j in x.indices { sums[i][j] = 0 }
    }
  }

  /// What an update means for the workers besides the one that has delivered.
  private mutating func startAgain() {
    switch rule {
    case .each(_, let limit):
      for i in jobs.indices {
        if let job = jobs[i], iteration - job.version >= limit {
          cancel(i)
          start(i)
        }
      }
    case .batch(_, _, let isOnce, let stops):
      guard stops || isOnce else { return }
      for i in jobs.indices where jobs[i] != nil { cancel(i) }
      startAll()
    case .arrivals: break
    case .trials: startAll()
    case .pool:
      for i in jobs.indices where jobs[i] != nil { cancel(i) }
      startAll()
    }
  }

  private mutating func cancel(_ i: Int) {
    cancelled += 1
    gradients += jobs[i]?.count ?? 0
  }

  private mutating func startAll() {
    if case .trials(let trials, _, _) = rule { trialsLeft = trials }
    for i in participants where trialsLeft.isEmpty || trialsLeft[i] > 0 { start(i) }
  }

  /// What η may be at most in a trial; nil where jobs are no trials.
  private var clip: Double? {
    switch rule {
    case .each, .batch, .arrivals: nil
    case .trials(_, let clip, _), .pool(_, let clip, _): clip
    }
  }

  private mutating func start(_ i: Int) {
    if !trialsLeft.isEmpty, trialsLeft[i] == 0 { return }
    assigned += 1
    var (seconds, isClipped) = (0.0, false)
    var (y, sum) = (x, x.map { _ in 0.0 })
    let number = gradientsOfJob(iteration)
    for step in 0..<local[i] * number {
      numbers[i] += 1
      var stream = RandomStream(seed: seed, purpose: .delay, worker: i, job: numbers[i])
      var eta = workers[i].delay.sample(&stream, job: numbers[i])
      if let clip, eta > clip { (eta, isClipped) = (clip, true) }
      seconds += workers[i].tau + eta
      guard step % number == 0 else { continue }
      for (j, g) in MethodLab.gradient(y).enumerated() {
        sum[j] += g
        y[j] -= gamma * g
      }
    }
    if let old = jobs[i], old.received <= time { held[i] = old.version }
    let received = held[i] == iteration ? time : time + workers[i].download
    let end = received + seconds + (isClipped ? 0 : workers[i].upload)
    jobs[i] = Job(
      end: end, version: iteration, point: x, gradient: sum, count: local[i] * number, isClipped: isClipped,
      start: time, number: numbers[i], received: received)
  }
}

/// A method with the rule that it ought to follow.
struct SlowCase {
  let name: String
  let method: MethodChoice
  let rule: SlowRule
  /// The workers that work; nil: all.
  var participants: [Int]?
  /// γ as it changes with k, δ and t; nil where it does not.
  var schedule: ((Int, Int, Double) -> Double)?
  /// What is sent of gradients; nil for all of them.
  var compressor: SlowCompressor?
  /// What an update makes of the vector that it steps along; nil for the vector itself.
  var stepRule: SlowStepRule?
  /// How many gradients a job after so many updates computes.
  var gradients: (Int) -> Int = { _ in 1 }
  /// The local steps of every worker's job; nil: one gradient.
  var local: [Int]?

  init(_ name: String, _ method: some Method, _ rule: SlowRule, participants: [Int]? = nil) {
    self.init(name, MethodChoice(method), rule, participants: participants)
  }

  init(_ name: String, _ method: MethodChoice, _ rule: SlowRule, participants: [Int]? = nil) {
    (self.name, self.method, self.rule, self.participants) = (name, method, rule, participants)
  }
}

extension SlowSchedule {
  /// The stepsize that the cases are to give.
  static let gamma = 0.1

  /// Runs a method and its rule written out with arrays on fleets drawn at random: the same events, the same
  /// model.
  ///
  /// η is uniform between 0 and 2. In every third fleet durations are whole seconds without a random part,
  /// which makes ties; in one of four, messages take half a second; in three of eight, most workers wait for
  /// the model.
  static func expectAgreement(
    hasTies: Bool = true, hasUploads: Bool = true, fleets: Int = 24,
    of cases: (_ workers: [Worker], _ draw: inout RandomStream) throws -> [SlowCase]
  ) throws {
    for trial in 0..<fleets where hasTies || trial % 3 != 0 {
      var draw = RandomStream(seed: 7, purpose: .data, worker: trial)
      let isWhole = trial % 3 == 0
      let count = 1 + draw.integer(below: 8)
      let hasDownloads = hasUploads && trial % 8 >= 5
      let workers = (0..<count).map { index in
        var worker = Worker(
          tau: isWhole ? Double(1 + draw.integer(below: 4)) : 0.2 + 3 * draw.uniform(),
          delay: isWhole ? .none : .uniform(a: 0, b: 2), upload: hasUploads && trial % 4 == 1 ? 0.5 : 0)
        if hasDownloads, index % 3 < 2 {
          worker.download = isWhole ? Double(1 + index % 4) : 0.7 * Double(index)
        }
        return worker
      }
      for test in try cases(workers, &draw) { try test.expectAgreement(workers, seed: UInt64(trial)) }
    }
  }
}

extension SlowCase {
  fileprivate func expectAgreement(_ workers: [Worker], seed: UInt64) throws {
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 4, noise: 0)), workers: workers, method: method,
      seed: seed
    ).start()
    run.run(until: Stop(updates: 30))
    let slow = SlowSchedule(
      workers, rule, gamma: SlowSchedule.gamma, seed: seed, dimension: 4, steps: 30,
      participants: participants, schedule: schedule, compressor: compressor,
      stepRule: stepRule, local: local, gradientsOfJob: gradients)
    let statistics = run.statistics
    let name = "\(name), fleet \(seed)"
    #expect(statistics.point.time == slow.time, "\(name)")
    #expect(statistics.assigned == slow.assigned, "\(name)")
    #expect(statistics.point.arrivals == slow.arrivals, "\(name)")
    #expect(statistics.discarded == slow.discarded, "\(name)")
    #expect(statistics.cancelled == slow.cancelled, "\(name)")
    #expect(statistics.gradients == slow.gradients, "\(name)")
    #expect(statistics.delayMax == slow.delays.max() ?? 0, "\(name)")
    #expect(statistics.point.used == slow.delays.count, "\(name)")
    expectClose(run.model, slow.x, 1e-9, name)
  }
}
