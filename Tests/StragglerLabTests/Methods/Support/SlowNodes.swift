// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// fᵢ(x) = Σ aⱼ(xⱼ − cᵢⱼ)²/2 for worker i, with samples that shift the gradient: objectives that differ, in
/// formulas that a test can repeat.
struct Bowls: Problem {
  static var name: StaticText { "bowls" }
  static var summary: StaticText { "a bowl for every worker" }
  static let dimension = 5

  /// Workers whose minima are averaged.
  var workers = 1
  /// How far samples shift a gradient.
  var noise = 0.0

  static func curvature(_ j: Int) -> Double { 0.5 + Double(j) / 4 }
  static func minimum(_ worker: Int, _ j: Int) -> Double { Double((worker * 7 + j * 5) % 11) / 4 - 1 }

  /// ∇fᵢ(x; ξ) for worker i and the sample of its job.
  static func gradient(_ x: [Double], _ worker: Int, job: Int, noise: Double = 0) -> [Double] {
    x.indices.map { j in
      curvature(j) * (x[j] - minimum(worker, j)) + noise * (Double((worker + 3 * job + j) % 5) - 2)
    }
  }

  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) { workers = setup.workers }
  var dimension: Int { Self.dimension }
  var conditions: Conditions {
    var conditions = Conditions()
    conditions.smoothness = Self.curvature(Self.dimension - 1)
    conditions.variance = 0
    return conditions
  }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) {
    for j in x.indices { x[j] = Double(j) - 1 }
  }
  mutating func value(at x: Span<Double>) -> Double {
    var sum = 0.0
    for worker in 0..<workers {
      for j in x.indices {
        let difference = x[j] - Self.minimum(worker, j)
        sum += Self.curvature(j) * difference * difference / 2
      }
    }
    return sum / Double(workers)
  }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    for j in x.indices {
      let mean = (0..<workers).map { Self.minimum($0, j) }.reduce(0, +) / Double(workers)
      g[j] = Self.curvature(j) * (x[j] - mean)
    }
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    let gradient = Self.gradient(
      x.indices.map { x[$0] }, sample.worker, job: sample.job, noise: noise)
    for j in x.indices { g[j] += weight * gradient[j] }
  }

  static let start = (0..<dimension).map { Double($0) - 1 }
  /// The minimum of the mean of `workers` objectives.
  static func optimum(_ workers: Int) -> [Double] {
    (0..<dimension).map { j in (0..<workers).map { minimum($0, j) }.reduce(0, +) / Double(workers) }
  }
}

/// Rounds of nodes with models of their own, with arrays: all gradients, then the slowest link, or both at
/// once where they overlap.
struct SlowNodes {
  let workers: [Worker]
  /// W, in full.
  let weights: [[Double]]
  let slowest: Double
  let overlaps: Bool
  let seed: UInt64
  let noise: Double
  var x: [[Double]]
  var time = 0.0
  var job = 0

  init(
    _ workers: [Worker], _ weights: [[Double]], slowest: Double, overlaps: Bool = false, seed: UInt64,
    noise: Double = 0
  ) {
    (self.workers, self.weights, self.slowest, self.overlaps) = (workers, weights, slowest, overlaps)
    (self.seed, self.noise) = (seed, noise)
    x = workers.map { _ in Bowls.start }
  }

  /// The gradients of the next round, whose time passes.
  mutating func gradients() -> [[Double]] {
    job += 1
    var longest = 0.0
    for i in workers.indices {
      var stream = RandomStream(seed: seed, purpose: .delay, worker: i, job: job)
      longest = max(longest, time + (workers[i].tau + workers[i].delay.sample(&stream, job: job)))
    }
    time = overlaps ? max(longest, time + slowest) : longest + slowest
    return x.indices.map { Bowls.gradient(x[$0], $0, job: job, noise: noise) }
  }

  func mixed(_ rows: [[Double]]) -> [[Double]] {
    rows.indices.map { i in
      var sum = rows[i].map { _ in 0.0 }
      for j in rows.indices { sum = NetworkLab.add(sum, weights[i][j], rows[j]) }
      return sum
    }
  }

  var mean: [Double] { NetworkLab.mean(x) }

  /// A fleet, a connected graph with links of different times, and the matrices W of both rules.
  struct Graph {
    let workers: [Worker]
    let topology: Topology
    let slowest: Double
    let metropolis: [[Double]]
    let uniform: [[Double]]
  }

  static func graph(_ draw: inout RandomStream, perCoordinate: Bool = false) throws -> Graph {
    let n = 1 + draw.integer(below: 7)
    let workers = (0..<n).map { _ in Worker(tau: 0.2 + 3 * draw.uniform(), delay: .uniform(a: 0, b: 2)) }
    var isLinked = (0..<n).map { _ in (0..<n).map { _ in false } }
    for i in 0..<n where i > 0 {
      // A tree, and some more.
      let parent = draw.integer(below: i)
      (isLinked[i][parent], isLinked[parent][i]) = (true, true)
      for j in 0..<i where draw.integer(below: 3) == 0 { (isLinked[i][j], isLinked[j][i]) = (true, true) }
    }
    var links: [Link] = []
    var slowest = 0.0
    for i in 0..<n {
      for j in 0..<n where isLinked[i][j] {
        let seconds = draw.integer(below: 4) == 0 ? 0 : 2 * draw.uniform()
        links.append(
          perCoordinate
            ? Link(from: i, to: j, perCoordinate: seconds) : Link(from: i, to: j, seconds: seconds))
        slowest = max(slowest, seconds)
      }
    }
    let degrees = isLinked.map { $0.count { $0 } }
    func matrix(_ weight: (Int, Int) -> Double) -> [[Double]] {
      (0..<n).map { i in
        var row = (0..<n).map { isLinked[i][$0] ? weight(degrees[i], degrees[$0]) : 0 }
        row[i] = 1 - row.reduce(0, +)
        return row
      }
    }
    let most = degrees.max() ?? 0
    return Graph(
      workers: workers, topology: try Topology(links, nodes: n), slowest: slowest,
      metropolis: matrix { 1 / Double(1 + max($0, $1)) }, uniform: matrix { _, _ in 1 / Double(1 + most) })
  }

  /// A run of `method` on the bowls of the fleet.
  static func start(
    _ method: MethodChoice, _ graph: Graph, noise: Double = 0, seed: UInt64
  ) throws -> Run {
    var experiment = Experiment(
      problem: ProblemChoice(Bowls(noise: noise)), workers: graph.workers, method: method, seed: seed)
    experiment.topology = graph.topology
    return try experiment.start()
  }
}
