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
  /// class, of `classes` ≤ 16. O(count · classes). While the arena measures, the tables are empty.
  ///
  /// Throws where there are fewer samples than workers.
  public init(
    _ kind: Kind, count: Int, workers: Int, seed: UInt64, classes: Int, arena: inout Arena,
    label: (Int) -> Int
  ) throws(SetupError) {
    guard workers >= 1 else {
      throw .impossible("a fleet without workers", remedy: "give at least one worker")
    }
    guard kind == .shared || count >= workers else {
      throw .impossible(
        "a split that leaves workers without samples",
        remedy: "take at most as many workers as there are samples, or split=shared")
    }
    let all = try arena.table(of: UInt32.self, count: count)
    let sorted = try arena.table(of: UInt32.self, count: Self.isDirichlet(kind) ? count : 0)
    for index in all.indices { all[index] = UInt32(truncatingIfNeeded: index) }
    self.kind = kind
    block = kind == .shared ? count : count / workers
    used = kind == .shared ? count : block * workers
    order = all.isEmpty ? all : all[0..<used]
    guard !all.isEmpty else { return }
    switch kind {
    case .shared, .contiguous: break
    case .shuffled: Self.shuffle(all, seed: seed)
    case .dirichlet(let a):
      Self.shuffle(all, seed: seed)
      var pools = ClassPools(all, into: sorted, classes: classes, label: label)
      for worker in 0..<workers {
        pools.deal(all[worker * block..<(worker + 1) * block], a, seed: seed, worker: worker)
      }
    }
  }

  private static func isDirichlet(_ kind: Kind) -> Bool {
    if case .dirichlet = kind { return true }
    return false
  }

  /// The samples of `worker`.
  @inlinable
  public func samples(of worker: Int) -> Table<UInt32> {
    if kind == .shared { return order }
    return order[worker * block..<(worker + 1) * block]
  }

  /// Brings `table` into a random order. Source: Fisher and Yates; Durstenfeld (1964).
  private static func shuffle(_ table: Table<UInt32>, seed: UInt64) {
    var stream = Stream(seed: seed, purpose: .data)
    var last = table.count - 1
    while last > 0 {
      let other = stream.integer(below: last + 1)
      (table[last], table[other]) = (table[other], table[last])
      last -= 1
    }
  }
}

/// The samples that are still to be dealt, class by class.
private struct ClassPools {
  private let samples: Table<UInt32>
  private let classes: Int
  private let total: Int
  /// How many samples each class had at the start.
  private var sizes = InlineArray<16, Int>(repeating: 0)
  /// What is left of each class: samples[next..<end].
  private var next = InlineArray<16, Int>(repeating: 0)
  private var end = InlineArray<16, Int>(repeating: 0)

  /// The samples `all`, sorted by class into `sorted` in the order in which they come.
  init(_ all: Table<UInt32>, into sorted: Table<UInt32>, classes: Int, label: (Int) -> Int) {
    samples = sorted
    self.classes = classes
    total = all.count
    for index in all.indices { sizes[label(Int(all[index]))] += 1 }
    var start = 0
    for index in 0..<classes {
      (next[index], end[index]) = (start, start)
      start += sizes[index]
    }
    for index in all.indices {
      let own = label(Int(all[index]))
      sorted[end[own]] = all[index]
      end[own] += 1
    }
  }

  /// Fills `hand` by a law over the classes that is `worker`'s own.
  mutating func deal(_ hand: Table<UInt32>, _ a: Double, seed: UInt64, worker: Int) {
    var stream = Stream(seed: seed, purpose: .data, worker: worker, job: 1)
    var law = InlineArray<16, Double>(repeating: 0)
    var largest = -Double.infinity
    for index in 0..<classes where sizes[index] > 0 {
      // G(a) = G(a + 1)·U^(1/a), in logarithms: for small a all of the numbers may underflow.
      let shape = a * Double(classes) * Double(sizes[index]) / Double(total)
      law[index] = Elementary.log(stream.gamma(shape: shape + 1)) + Elementary.log(stream.uniform()) / shape
      if law[index] > largest { largest = law[index] }
    }
    for index in 0..<classes { law[index] = sizes[index] > 0 ? Elementary.exp(law[index] - largest) : 0 }
    for index in hand.indices {
      let own = draw(law, &stream)
      hand[index] = samples[next[own]]
      next[own] += 1
    }
  }

  /// A class that is not used up, with probabilities in proportion to `law`, or to what is left where `law`
  /// has no such class.
  private func draw(_ law: InlineArray<16, Double>, _ stream: inout Stream) -> Int {
    var sum = 0.0, left = 0.0
    for index in 0..<classes where next[index] < end[index] {
      sum += law[index]
      left += Double(end[index] - next[index])
    }
    var rest = stream.uniform() * (sum > 0 ? sum : left)
    var last = 0
    for index in 0..<classes where next[index] < end[index] {
      let share = sum > 0 ? law[index] : Double(end[index] - next[index])
      if share > 0 {
        last = index
        if rest < share { return index }
      }
      rest -= share
    }
    return last
  }
}
