/// Soviet PAGE: PAGE whose work is split evenly over all workers; every step waits for the slowest.
///
/// For a full gradient the samples j ≡ c (mod n) form class c, and the classes go to the workers in random order; of
/// a batch every worker has ⌊S/n⌋ differences and S mod n of them, drawn anew for each step, have one more. A worker
/// sends the sum of its gradients in one message; a worker without work is skipped.
///
/// S, p and γ as in `Page`. About τₙm/n + τₙ(√m/n) Δ/ε seconds. f = (1/m) Σ fⱼ.
/// Source: Tyurin, Gruntkowska, Richtárik, "Freya PAGE" (2024), Table 1.
public struct SovietPage: Method {
  public static var name: StaticText { "soviet-page" }
  public static var summary: StaticText {
    "Soviet PAGE: PAGE with the work split evenly over all workers, for finite sums"
  }

  /// The estimator with its parameters.
  public var page = Page()

  public var gamma: Double { page.gamma }
  /// A random order of the workers' indices.
  private var ranks = Table<Int32>()
  /// The sample that a worker is at, for the full gradient.
  private var indices = Table<Int32>()
  /// Jobs that a worker still has to end, the running one included, and their sum.
  private var remaining = Table<Int32>()
  private var pending = 0
  private var isFull = true

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try page.keys(&keys) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try page.prepare(&setup)
    ranks = try setup.table(of: Int32.self)
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

  /// Gives every worker its share of the samples, or of the differences.
  private mutating func share(_ server: inout Server) {
    shuffle(iteration: server.iteration)
    let total = isFull ? page.samples : page.size
    let (quotient, remainder) = total.quotientAndRemainder(dividingBy: server.workers)
    pending = total
    for worker in 0..<server.workers {
      // The class, and who has one more: class c has a sample more than others if c < total mod n.
      let rank = Int(ranks[worker])
      indices[worker] = ranks[worker]
      remaining[worker] = Int32(truncatingIfNeeded: quotient + (rank < remainder ? 1 : 0))
      if remaining[worker] > 0 { assign(worker, &server) }
    }
  }

  /// The last of a worker's jobs ends with the message.
  private func assign(_ worker: Int, _ server: inout Server) {
    let isLast = remaining[worker] == 1
    server.assign(
      worker,
      work: isFull ? (isLast ? .gradient : .localGradient) : page.difference(isSent: isLast))
  }

  /// A random order that depends on the seed and the iteration alone (Fisher and Yates). O(n).
  private func shuffle(iteration: Int) {
    var stream = Stream(seed: page.seed, purpose: .method, worker: 2, job: iteration)
    for index in ranks.indices { ranks[index] = Int32(truncatingIfNeeded: index) }
    for index in ranks.indices {
      let other = index + stream.integer(below: ranks.count - index)
      (ranks[index], ranks[other]) = (ranks[other], ranks[index])
    }
  }
}
