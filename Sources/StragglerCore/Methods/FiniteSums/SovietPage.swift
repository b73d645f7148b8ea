// SPDX-License-Identifier: Apache-2.0

/// Soviet PAGE: PAGE whose work is split evenly over all workers; every step waits for the slowest.
///
/// For a full gradient the samples j ≡ c (mod n) form class c, and the classes go to the workers in random
/// order; of a batch every worker has ⌊S/n⌋ differences and S mod n of them, drawn anew for each step, have
/// one more. A worker sends the sum of its gradients in one message; a worker without work is skipped.
///
/// S, p and γ as in `Page`. About τₙm/n + τₙ(√m/n) Δ/ε seconds. f = (1/m) Σ fⱼ.
/// Source: Tyurin, Gruntkowska, Richtárik, "Freya PAGE" (2024), Table 1.
public struct SovietPage: Method {
  public static var name: StaticText { "soviet-page" }
  public static var summary: StaticText {
    "Soviet PAGE: PAGE with the work split evenly over all workers, for finite sums"
  }
  public static var allowsHeterogeneousData: Bool { true }

  /// The estimator with its parameters.
  public var page = Page()

  public var gamma: Parameter<Double> { page.gamma }
  /// Draws workers in random order.
  private var order = SubsetDraw()
  /// The sample that a worker computes, for the full gradient.
  private var indices = Table<Int32>()
  /// Jobs that a worker still has to end, the running one included, and their sum.
  private var remaining = Table<Int32>()
  private var pending = 0
  private var isFull = true

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try page.keys(&keys) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try page.prepare(&setup)
    order = try SubsetDraw(count: setup.workers, arena: &setup.arena)
    indices = try setup.table(of: Int32.self)
    remaining = try setup.table(of: Int32.self)
  }

  public mutating func begin(_ server: inout Server) { share(&server) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let worker = arrival.worker
    if isFull {
      page.add(arrival, index: Int(indices[worker]), &server)
      indices[worker] &+= Int32(truncatingIfNeeded: server.workers)
    } else {
      page.addDifference(arrival, &server)
    }
    remaining[worker] -= 1
    pending -= 1
    if pending == 0 {
      isFull = page.step(&server)
      share(&server)
    } else if remaining[worker] > 0 {
      assign(worker, &server)
    }
  }

  /// Gives every worker its share of the samples, or of the differences. O(n), a batch S < n in O(S).
  private mutating func share(_ server: inout Server) {
    var stream = RandomStream(seed: page.seed, purpose: .method, worker: 2, job: server.iteration)
    let n = server.workers
    pending = isFull ? page.samples : page.batch.value
    let (quotient, remainder) = pending.quotientAndRemainder(dividingBy: n)
    if isFull {
      // Class c goes to the worker drawn as number c; the first classes may have a sample more.
      var c = 0
      order.draw(min(n, pending), from: &stream) { worker in
        indices[worker] = Int32(truncatingIfNeeded: c)
        start(worker, jobs: quotient + (c < remainder ? 1 : 0), &server)
        c += 1
      }
    } else {
      if quotient > 0 { for worker in 0..<n { start(worker, jobs: quotient, &server) } }
      order.draw(remainder, from: &stream) { worker in start(worker, jobs: quotient + 1, &server) }
    }
  }

  private func start(_ worker: Int, jobs: Int, _ server: inout Server) {
    remaining[worker] = Int32(truncatingIfNeeded: jobs)
    assign(worker, &server)
  }

  /// The last of a worker's jobs ends with the message.
  private func assign(_ worker: Int, _ server: inout Server) {
    let isLast = remaining[worker] == 1
    server.assign(
      worker,
      work: isFull ? (isLast ? .gradient : .localGradient) : page.difference(isSent: isLast))
  }
}

extension SovietPage {
  /// A full gradient takes τₙ⌈m/n⌉ seconds, a batch τₙ⌈S/n⌉ times the cost of a difference.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (fleet, n) = (setup.fleet, setup.workers)
    /// A worker computes `share` gradients and sends one message.
    func slowest(_ share: Double) -> Double {
      var longest = 0.0
      for index in fleet.workers.indices {
        longest = max(longest, fleet[index].computationMean * share + fleet[index].upload)
      }
      return longest
    }
    func share(_ gradients: Int) -> Int { (gradients + n - 1) / n }
    let m = Double(page.samples)
    return try page.prediction(
      &setup, full: slowest(Double(share(page.samples))),
      batch: slowest(Double(share(page.batch.value) * page.pairCost)),
      table: (slowest(m / Double(n)), slowest(m.squareRoot() / Double(n))))
  }
}
