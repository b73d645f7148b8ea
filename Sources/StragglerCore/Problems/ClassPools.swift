// SPDX-License-Identifier: Apache-2.0

/// How many samples each class has.
struct ClassSizes {
  private(set) var counts = InlineArray<256, Int>(repeating: 0)
  let total: Int
  /// How many classes there are, those without samples among them: one more than the largest.
  private(set) var classes = 0

  /// Counts `count` samples, whose classes `label` gives.
  init(count: Int, _ label: (Int) -> Int) {
    total = count
    for sample in 0..<count {
      let own = label(sample)
      counts[own] += 1
      if own >= classes { classes = own + 1 }
    }
  }

  subscript(index: Int) -> Int { counts[index] }
}

/// The samples that are still to be dealt, class by class.
struct ClassPools {
  private let samples: Table<UInt32>
  private let sizes: ClassSizes
  /// What is left of each class: samples[next..<end].
  private var next = InlineArray<256, Int>(repeating: 0)
  private var end = InlineArray<256, Int>(repeating: 0)

  /// The samples `all`, sorted by class into `sorted` in the order in which they come.
  init(_ all: Table<UInt32>, into sorted: Table<UInt32>, _ sizes: ClassSizes, label: (Int) -> Int) {
    samples = sorted
    self.sizes = sizes
    var start = 0
    for index in 0..<sizes.classes {
      (next[index], end[index]) = (start, start)
      start += sizes[index]
    }
    for index in all.indices {
      let own = label(Int(all[index]))
      sorted[end[own]] = all[index]
      end[own] += 1
    }
  }

  /// Fills `hand` from `classes` in turn, with at most `shares` of each.
  mutating func deal(_ hand: Table<UInt32>, _ classes: ClassDeal.Hand, _ shares: InlineArray<256, Int>) {
    var taken = InlineArray<256, Int>(repeating: 0)
    var (index, turn) = (0, 0)
    while index < hand.count {
      let own = Int(classes[turn])
      turn = turn + 1 < classes.count ? turn + 1 : 0
      guard taken[own] < shares[own] else { continue }
      hand[index] = samples[next[own]]
      next[own] += 1
      taken[own] += 1
      index += 1
    }
  }

  /// Fills `hand` by a law over the classes that is `worker`'s own.
  mutating func deal(_ hand: Table<UInt32>, _ a: Double, seed: UInt64, worker: Int) {
    var stream = RandomStream(seed: seed, purpose: .data, worker: worker, job: 1)
    var law = InlineArray<256, Double>(repeating: 0)
    let (classes, total) = (sizes.classes, sizes.total)
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
  private func draw(_ law: InlineArray<256, Double>, _ stream: inout RandomStream) -> Int {
    var sum = 0.0, left = 0.0
    for index in 0..<sizes.classes where next[index] < end[index] {
      sum += law[index]
      left += Double(end[index] - next[index])
    }
    var rest = stream.uniform() * (sum > 0 ? sum : left)
    var last = 0
    for index in 0..<sizes.classes where next[index] < end[index] {
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
