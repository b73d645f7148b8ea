// SPDX-License-Identifier: Apache-2.0

/// Deals classes to the workers, k to each: from random orders of the classes, one after the other, so that
/// each class is dealt equally often, but for one time more or less, and none twice to one worker.
struct ClassDeal {
  /// The classes of a worker.
  struct Hand {
    let count: Int
    fileprivate(set) var classes = InlineArray<256, UInt8>(repeating: 0)

    subscript(index: Int) -> UInt8 { classes[index] }

    fileprivate func holds(_ wanted: UInt8, among first: Int) -> Bool {
      for index in 0..<first where classes[index] == wanted { return true }
      return false
    }
  }

  private let k: Int
  private let sizes: ClassSizes
  private var stream: RandomStream
  /// The classes with samples, in the present order, and how many there are.
  private var order = InlineArray<256, UInt8>(repeating: 0)
  private var count = 0
  /// The next place of the order.
  private var next = 0

  /// Deals `k` classes at a time, no more than there are with samples. The same for the same seed.
  init(_ k: Int, _ sizes: ClassSizes, seed: UInt64) {
    self.k = k
    self.sizes = sizes
    stream = RandomStream(seed: seed, purpose: .data, job: 2)
    for index in 0..<sizes.classes where sizes[index] > 0 {
      order[count] = UInt8(truncatingIfNeeded: index)
      count += 1
    }
    next = count
  }

  /// The next worker's classes.
  mutating func hand() -> Hand {
    var hand = Hand(count: k)
    for index in 0..<k {
      if next == count { shuffle() }
      // What the worker has from the last order comes later in this one.
      var place = next
      while hand.holds(order[place], among: index) { place += 1 }
      (order[next], order[place]) = (order[place], order[next])
      hand.classes[index] = order[next]
      next += 1
    }
    return hand
  }

  private mutating func shuffle() {
    next = 0
    var last = count - 1
    while last > 0 {
      let other = stream.integer(below: last + 1)
      (order[last], order[other]) = (order[other], order[last])
      last -= 1
    }
  }

  /// How many samples of each class a worker that holds it gets, of a fresh deal to `workers`.
  func shares(workers: Int) -> InlineArray<256, Int> {
    var deal = self
    var shares = InlineArray<256, Int>(repeating: 0)
    for _ in 0..<workers {
      let hand = deal.hand()
      for index in 0..<k { shares[Int(hand[index])] += 1 }
    }
    for index in 0..<sizes.classes where shares[index] > 0 { shares[index] = sizes[index] / shares[index] }
    return shares
  }

  /// How many samples every worker can have; throws where that is none, or k is no number of classes.
  static func block(_ k: Int, _ sizes: ClassSizes, workers: Int, seed: UInt64) throws(SetupError) -> Int {
    var deal = ClassDeal(k, sizes, seed: seed)
    guard k >= 1, k <= deal.count else {
      throw .impossible(
        "a split that gives each worker more classes than there are",
        remedy: "by_class(k) takes k from 1 to the number of classes with samples")
    }
    let shares = deal.shares(workers: workers)
    var block = sizes.total
    for _ in 0..<workers {
      let hand = deal.hand()
      var own = 0
      for index in 0..<k { own += shares[Int(hand[index])] }
      if own < block { block = own }
    }
    guard block >= k else {
      throw .impossible(
        "a split by class that leaves workers without samples",
        remedy: "take fewer workers, more classes each, or split=dirichlet(a)")
    }
    return block
  }
}
