// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// Rounds in which some of the workers take part, with arrays: the draw as a shuffle of a list, times off
/// tick by tick, and the next event looked for among all jobs.
struct SlowRounds {
  enum Rule {
    /// One gradient of each participant, and a step along the mean of what has come.
    case mean
    /// Gradients of the participants until the harmonic mean of their numbers is S/C.
    case harmonic(S: Double, stops: Bool)
    /// So many trials of each worker, given up when they have taken τ + clip, τ at the mean speed.
    case trials([Int], clip: Double, probability: Double)
  }

  struct Job {
    let end: Double
    let round: Int
    let gradient: [Double]
    let isClipped: Bool
  }

  let workers: [Worker]
  let rule: Rule
  let count: Int?
  let accepted: Int?
  let seed: UInt64
  let gamma: Double
  /// Whether a worker is on in the tick that begins at a time; nil where all always are.
  let isOn: ((Int, Double) -> Bool)?

  static let tick = 1.0 / 16

  var x: [Double]
  var time = 0.0
  var iteration = 0
  var assigned = 0
  var arrivals = 0
  var used = 0
  var cancelled = 0
  /// Who took part in each round.
  var history: [[Int]] = []

  private var jobs: [Job?]
  private var numbers: [Int]
  private var members: [Int] = []
  private var isWaiting = false
  private var done: [Int] = []
  private var sums: [[Double]] = []
  private var counts: [Int] = []
  private var ended: [Int] = []

  init(
    _ workers: [Worker], _ rule: Rule, count: Int?, accepted: Int?, seed: UInt64, gamma: Double,
    dimension: Int, steps: Int, isOn: ((Int, Double) -> Bool)? = nil
  ) {
    (self.workers, self.rule, self.count, self.accepted) = (workers, rule, count, accepted)
    (self.seed, self.gamma, self.isOn) = (seed, gamma, isOn)
    x = MethodLab.start(dimension)
    jobs = workers.map { _ in nil }
    numbers = workers.map { _ in 0 }
    begin()
    while iteration < steps {
      let next = jobs.indices.filter { jobs[$0] != nil }.min { (jobs[$0]!.end, $0) < (jobs[$1]!.end, $1) }
      if isWaiting, let on = nextOn(), on <= next.map({ jobs[$0]!.end }) ?? .infinity {
        time = on
        begin()
        continue
      }
      guard let i = next else { return }
      let job = jobs[i]!
      jobs[i] = nil
      time = job.end
      if job.isClipped { cancelled += 1 } else { arrivals += 1 }
      receive(job, from: i, isLast: iteration == steps - 1)
    }
  }

  private var candidates: [Int] {
    guard count != nil, case .trials(let trials, _, _) = rule else { return Array(workers.indices) }
    return workers.indices.filter { trials[$0] > 0 }
  }

  private func nextOn() -> Double? {
    var later = time
    for _ in 0..<10_000 {
      if candidates.contains(where: { isOn!($0, later) }) { return later }
      later += Self.tick
    }
    return nil
  }

  private mutating func begin() {
    counts = workers.map { _ in 0 }
    ended = counts
    sums = workers.map { _ in x.map { _ in 0 } }
    done = []
    let former = members
    isWaiting = false
    if let count {
      var available = candidates.filter { isOn?($0, time) ?? true }
      if available.isEmpty {
        (isWaiting, members) = (true, [])
      } else {
        if count < available.count {
          var stream = RandomStream(seed: seed, purpose: .participation, job: history.count)
          for position in 0..<count {
            available.swapAt(position, position + stream.integer(below: available.count - position))
          }
        }
        members = available.prefix(count).sorted()
        history.append(members)
      }
    } else {
      members = Array(workers.indices)
    }
    var runsOn = false
    if case .harmonic(_, let stops) = rule, !stops { runsOn = true }
    if !runsOn || history.count == (count == nil ? 0 : 1) && iteration == 0 {
      for i in former where jobs[i] != nil {
        cancelled += 1
        jobs[i] = nil
      }
    }
    for i in members where jobs[i] == nil { start(i) }
  }

  private mutating func receive(_ job: Job, from i: Int, isLast: Bool) {
    let quorum = min(accepted ?? members.count, members.count)
    ended[i] += job.round == iteration ? 1 : 0
    if !job.isClipped, job.round == iteration {
      used += 1
      counts[i] += 1
      for j in x.indices { sums[i][j] += job.gradient[j] }
    }
    var divisor = 0.0
    switch rule {
    case .mean:
      guard counts.reduce(0, +) == quorum else { return }
      divisor = Double(quorum)
    case .harmonic(let S, _):
      let some = members.filter { counts[$0] > 0 }
      if some.count == quorum {
        let inverses = some.map { 1 / Double(counts[$0]) }.reduce(0, +)
        if Double(quorum) / inverses >= S / Double(quorum) * (1 - 1e-12), job.round == iteration {
          for i in some { sums[i] = sums[i].map { $0 / Double(counts[i]) } }
          divisor = Double(quorum)
          break
        }
        if accepted != nil {
          for i in members where counts[i] == 0 && jobs[i] != nil {
            cancelled += 1
            jobs[i] = nil
          }
        }
      }
      if members.contains(i), accepted == nil || some.count < quorum || counts[i] > 0 { start(i) }
      return
    case .trials(let trials, _, let probability):
      if ended[i] < trials[i] { return start(i) }
      done.append(i)
      let busy = members.filter { trials[$0] > 0 }.count
      guard done.count == min(busy, quorum) else { return }
      divisor = members.map { probability * Double(ended[$0]) }.reduce(0, +)
    }
    for j in x.indices { x[j] -= gamma * sums.map { $0[j] }.reduce(0, +) / divisor }
    iteration += 1
    if !isLast { begin() }
  }

  private mutating func start(_ i: Int) {
    if case .trials(let trials, _, _) = rule, trials[i] == 0 { return }
    numbers[i] += 1
    assigned += 1
    var stream = RandomStream(seed: seed, purpose: .delay, worker: i, job: numbers[i])
    let eta = workers[i].delay.sample(&stream, job: numbers[i])
    var end = finish(i, workers[i].tau + eta)
    var isClipped = false
    if case .trials(_, let clip, _) = rule {
      // Where workers are on half of the time, τ counts double.
      let limit = (isOn == nil ? 1 : 2) * workers[i].tau + clip
      isClipped = isOn == nil ? eta > clip : end > time + limit
      if isClipped { end = time + limit }
    }
    if !isClipped { end += workers[i].upload }
    jobs[i] = Job(end: end, round: iteration, gradient: MethodLab.gradient(x), isClipped: isClipped)
  }

  private func finish(_ i: Int, _ work: Double) -> Double {
    guard let isOn else { return time + work }
    var (later, rest) = (time, work)
    while rest > 0 {
      if isOn(i, later) { rest -= Self.tick }
      later += Self.tick
    }
    return later
  }
}
