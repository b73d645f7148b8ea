import StragglerCore

/// How a server treats the gradients that come, in the plainest words.
enum SlowRule {
  /// Every gradient makes a step of γ for its delay, or is discarded where there is none. After an update, jobs of
  /// delay `limit` or more start anew.
  case each(gamma: (Int) -> Double?, limit: Int)
  /// Gradients at x^k are collected until the numbers of the workers' gradients are enough, then comes a step along
  /// their mean, or along the mean of the workers' means. `isOnce`: a worker that has delivered waits.
  case batch(enough: ([Int]) -> Bool, ofMeans: Bool, isOnce: Bool, stops: Bool)
  /// Every worker makes its number of trials at x^k, each given up when η takes longer than `clip`; then comes a step
  /// along the sum of what has succeeded, divided by `expected`.
  case trials([Int], clip: Double, expected: Double)
}

/// A run on the noiseless quadratic with arrays, in which every gradient is evaluated when its job starts and the next
/// event is looked for among all jobs.
struct SlowSchedule {
  struct Job {
    let end: Double
    let version: Int
    let gradient: [Double]
    let isClipped: Bool
  }

  let workers: [Worker]
  let rule: SlowRule
  let gamma: Double
  let seed: UInt64
  var x: [Double]
  var time = 0.0
  var iteration = 0
  var assigned = 0
  var arrivals = 0
  var discarded = 0
  var cancelled = 0
  var delays: [Int] = []

  private var jobs: [Job?]
  /// The number of every worker's last job.
  private var numbers: [Int]
  private var sums: [[Double]]
  private var counts: [Int]
  private var trialsLeft: [Int] = []

  init(_ workers: [Worker], _ rule: SlowRule, gamma: Double, seed: UInt64, dimension: Int, steps: Int) {
    (self.workers, self.rule, self.gamma, self.seed) = (workers, rule, gamma, seed)
    x = MethodLab.start(dimension)
    jobs = Array(repeating: nil, count: workers.count)
    numbers = Array(repeating: 0, count: workers.count)
    counts = numbers
    sums = Array(repeating: Array(repeating: 0, count: dimension), count: workers.count)
    startAll()
    while true {
      let i = jobs.indices.filter { jobs[$0] != nil }.min { (jobs[$0]!.end, $0) < (jobs[$1]!.end, $1) }!
      let job = jobs[i]!
      jobs[i] = nil
      time = job.end
      if job.isClipped { cancelled += 1 } else { arrivals += 1 }
      let before = iteration
      let isFree = receive(job, from: i)
      // A run ends with the update, before anybody gets new work.
      if iteration == steps { return }
      if iteration > before { startAgain() }
      if isFree, jobs[i] == nil { start(i) }
    }
  }

  /// Handles a job that has ended and says whether its worker may go on.
  private mutating func receive(_ job: Job, from i: Int) -> Bool {
    switch rule {
    case .each(let gamma, _):
      guard let step = gamma(iteration - job.version) else {
        discarded += 1
        return true
      }
      use(job, i)
      update { j, sums in step * sums[i][j] }
    case .batch(let enough, let ofMeans, let isOnce, _):
      guard job.version == iteration else {
        discarded += 1
        return true
      }
      use(job, i)
      guard enough(counts) else { return !isOnce }
      let (gamma, counts) = (gamma, counts)
      let total = Double(counts.reduce(0, +))
      update { j, sums in
        guard ofMeans else { return gamma * sums.map { $0[j] }.reduce(0, +) / total }
        return gamma * zip(sums, counts).map { $0[j] / Double($1) }.reduce(0, +) / Double(counts.count)
      }
    case .trials(_, _, let expected):
      if !job.isClipped { use(job, i) }
      trialsLeft[i] -= 1
      guard trialsLeft.allSatisfy({ $0 == 0 }) else { return trialsLeft[i] > 0 }
      let gamma = gamma
      update { j, sums in gamma * sums.map { $0[j] }.reduce(0, +) / expected }
    }
    return true
  }

  private mutating func use(_ job: Job, _ i: Int) {
    delays.append(iteration - job.version)
    counts[i] += 1
    for j in x.indices { sums[i][j] += job.gradient[j] }
  }

  /// x −= `change`, and everything that was collected is forgotten.
  private mutating func update(_ change: (Int, [[Double]]) -> Double) {
    for j in x.indices { x[j] -= change(j, sums) }
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
          cancelled += 1
          start(i)
        }
      }
    case .batch(_, _, let isOnce, let stops):
      guard stops || isOnce else { return }
      cancelled += jobs.count { $0 != nil }
      startAll()
    case .trials: startAll()
    }
  }

  private mutating func startAll() {
    if case .trials(let trials, _, _) = rule { trialsLeft = trials }
    for i in jobs.indices where trialsLeft.isEmpty || trialsLeft[i] > 0 { start(i) }
  }

  private mutating func start(_ i: Int) {
    if !trialsLeft.isEmpty, trialsLeft[i] == 0 { return }
    numbers[i] += 1
    assigned += 1
    var stream = Stream(seed: seed, purpose: .delay, worker: i, job: numbers[i])
    var eta = workers[i].delay.sample(&stream, job: numbers[i])
    var isClipped = false
    if case .trials(_, let clip, _) = rule, eta > clip { (eta, isClipped) = (clip, true) }
    let end = time + (workers[i].tau + eta) + (isClipped ? 0 : workers[i].upload)
    jobs[i] = Job(
      end: end, version: iteration, gradient: MethodLab.gradient(x), isClipped: isClipped)
  }
}
