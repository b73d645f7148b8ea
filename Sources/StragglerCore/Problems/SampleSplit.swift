// SPDX-License-Identifier: Apache-2.0

/// Which worker holds which samples.
///
/// Except for `shared`, each of n workers holds ⌊m/n⌋ of m samples and the remainder is unused: so the mean
/// over the samples in use is the mean of the workers' means.
public struct SampleSplit: BitwiseCopyable, Sendable {
  /// Who gets which samples.
  public enum Kind: BitwiseCopyable, Equatable, Sendable {
    /// Every worker holds all samples.
    case shared
    /// Worker i holds the i-th block.
    case contiguous
    /// Blocks of a random order.
    case shuffled
    /// Worker i draws a law over the classes and fills its block from it, as long as there are such samples.
    ///
    /// The law is Dirichlet's with parameters a·C·p, p being the classes' shares: (a, …, a) where the C
    /// classes are equally frequent. Small a give workers of one class, large a workers alike. Source: Hsu,
    /// Qi, Brown, "Measuring the effects of non-identical data distribution" (2019).
    case dirichlet(Double)
    /// Worker i holds equally many samples of each of k classes, as far as they go.
    ///
    /// The workers take k classes each from random orders of the classes, one after the other, so that all
    /// classes are taken equally often; a class is divided equally among the workers that take it. Blocks are
    /// as long as the shortest of them, and what is left is unused. In the manner of McMahan, Moore, Ramage,
    /// Hampson and Agüera y Arcas, "Communication-efficient learning of deep networks from decentralized
    /// data" (2017), whose workers hold shards of a list that is sorted by class.
    case byClass(Int)

    fileprivate var needsClasses: Bool {
      switch self {
      case .shared, .contiguous, .shuffled: false
      case .dirichlet, .byClass: true
      }
    }
  }

  /// How the samples were split.
  public let kind: Kind
  /// The samples in use, worker by worker.
  public let order: Table<UInt32>
  /// How many samples each worker holds.
  public let block: Int
  /// How many samples are in use, also where the arena measures and `order` is empty.
  public let used: Int

  /// No samples.
  public init() { (kind, order, block, used) = (.shared, Table(), 0, 0) }

  /// Splits `count` samples, at least one and no more than 2³² − 1, among `workers`; `label` gives a sample's
  /// class, below 256. O(count · classes). While the arena measures, the tables are empty.
  ///
  /// Throws where there are fewer samples than workers, or fewer classes than a worker is to have.
  public init(
    _ kind: Kind, count: Int, workers: Int, seed: UInt64, arena: inout Arena, label: (Int) -> Int
  ) throws(SetupError) {
    guard workers >= 1 else {
      throw .impossible("a fleet without workers", remedy: "give at least one worker")
    }
    guard kind == .shared || count >= workers else {
      throw .impossible(
        "a split that leaves workers without samples",
        remedy: "take at most as many workers as there are samples, or split=shared")
    }
    let sizes = ClassSizes(count: kind.needsClasses ? count : 0, label)
    let all = try arena.table(of: UInt32.self, count: count)
    let sorted = try arena.table(of: UInt32.self, count: kind.needsClasses ? count : 0)
    for index in all.indices { all[index] = UInt32(truncatingIfNeeded: index) }
    self.kind = kind
    switch kind {
    case .shared: block = count
    case .contiguous, .shuffled, .dirichlet: block = count / workers
    case .byClass(let k): block = try ClassDeal.block(k, sizes, workers: workers, seed: seed)
    }
    used = kind == .shared ? count : block * workers
    order = all.isEmpty ? all : all[0..<used]
    guard !all.isEmpty else { return }
    switch kind {
    case .shared, .contiguous: break
    case .shuffled: Self.shuffle(all, seed: seed)
    case .dirichlet(let a):
      Self.shuffle(all, seed: seed)
      var pools = ClassPools(all, into: sorted, sizes, label: label)
      for worker in 0..<workers {
        pools.deal(all[worker * block..<(worker + 1) * block], a, seed: seed, worker: worker)
      }
    case .byClass(let k):
      Self.shuffle(all, seed: seed)
      var pools = ClassPools(all, into: sorted, sizes, label: label)
      var deal = ClassDeal(k, sizes, seed: seed)
      let shares = deal.shares(workers: workers)
      for worker in 0..<workers {
        pools.deal(all[worker * block..<(worker + 1) * block], deal.hand(), shares)
      }
    }
  }

  /// What a search for f* depends on, where f is the mean over the samples in use of `count`, plus
  /// `weight`/2·‖x‖², and `evaluated` of them are measured.
  func search(of count: Int, weight: Double, seed: UInt64, evaluated: Int = 0) -> MinimumSearch {
    let drawn: (choice: Int, parameter: Double)? =
      switch kind {
      case .shared, .contiguous: nil
      case .shuffled: (1, 0)
      case .dirichlet(let a): (2, a)
      case .byClass(let k): (3, Double(k))
      }
    // If all samples are in use, their split among the workers does not matter.
    guard let drawn, used < count else {
      return MinimumSearch(weight: weight, samples: used, evaluated: evaluated)
    }
    return MinimumSearch(
      weight: weight, samples: used, choice: drawn.choice, parameter: drawn.parameter,
      workers: used / max(1, block), seed: seed, evaluated: evaluated)
  }

  /// The samples of `worker`.
  @inlinable
  public func samples(of worker: Int) -> Table<UInt32> {
    if kind == .shared { return order }
    return order[worker * block..<(worker + 1) * block]
  }

  /// The samples in use in ascending order, so that sums are the same in every bit however they were split.
  func ascending(of count: Int, arena: inout Arena) throws(SetupError) -> Table<UInt32> {
    let isUsed = try arena.table(of: Bool.self, count: count)
    let ascending = try arena.table(of: UInt32.self, count: used)
    if arena.isMeasuring { return ascending }
    isUsed.fill(false)
    for index in order.indices { isUsed[Int(order[index])] = true }
    var next = 0
    for sample in isUsed.indices where isUsed[sample] {
      ascending[next] = UInt32(truncatingIfNeeded: sample)
      next += 1
    }
    return ascending
  }

  /// Brings `table` into a random order. Source: Fisher and Yates; Durstenfeld (1964).
  private static func shuffle(_ table: Table<UInt32>, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .data)
    var last = table.count - 1
    while last > 0 {
      let other = stream.integer(below: last + 1)
      (table[last], table[other]) = (table[other], table[last])
      last -= 1
    }
  }
}
