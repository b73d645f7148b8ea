// SPDX-License-Identifier: Apache-2.0

/// Recursive allocation selection: B tasks over n workers so that maxᵢ aᵢsᵢ is smallest, where sᵢ ≥ 0 is the
/// time of a task of worker i. The smallest value is the B-th smallest number of {j sᵢ : j ≥ 1}.
///
/// Tasks go one by one to the worker whose (aᵢ + 1)sᵢ is smallest, ties at random. Workers with sᵢ = 0 take
/// everything before the others get any, as evenly as possible, and first those of which nothing is known.
/// The first tasks, which are beyond doubt, are given out at once, so that B may be large. Source: Maranjyan,
/// Shaikh Omar, Richtárik, "ATA" (2025), with the value by our own argument.
public struct TaskAllocation: BitwiseCopyable, Sendable {
  /// Holds the workers in the order of `order`, so that among equal ones a random one comes first.
  private let queue: EventQueue
  private let order: Permutation

  /// An allocation without workers.
  public init() {
    queue = EventQueue()
    order = Permutation()
  }

  /// For the workers of `setup`. 36 bytes each.
  public init(_ setup: inout Setup) throws(SetupError) {
    queue = try EventQueue(workers: setup.workers, arena: &setup.arena)
    order = try Permutation(&setup)
  }

  /// Fills `tasks` with the aᵢ, Σ aᵢ = `count` ≤ 2³¹ − 1. O(n log n), all of it from `scores`, `isKnown` and
  /// `stream`.
  public func allocate(
    _ count: Int, scores: Table<Double>, isKnown: (Int) -> Bool, _ stream: inout RandomStream,
    into tasks: Table<Int32>
  ) {
    order.reset()
    order.shuffle(first: order.count, &stream)
    var remaining = count - Self.allocateInBulk(count, scores, into: tasks)
    for position in 0..<order.count {
      let worker = order[position]
      queue.stage(position, at: Self.rank(scores[worker], isKnown(worker), tasks: tasks[worker]))
    }
    queue.rebuild()
    while remaining > 0 {
      let position = queue.worker
      let worker = order[position]
      tasks[worker] += 1
      queue.update(position, to: Self.rank(scores[worker], isKnown(worker), tasks: tasks[worker]))
      remaining -= 1
    }
  }

  /// What decides who gets the next task: (a + 1)s; for s = 0 numbers below every other one, in the order of
  /// (a, known).
  private static func rank(_ score: Double, _ isKnown: Bool, tasks: Int32) -> Double {
    if score > 0 { return bounded(score) * (Double(tasks) + 1) }
    return Double(bitPattern: 2 * UInt64(UInt32(bitPattern: tasks)) + (isKnown ? 1 : 0))
  }

  /// A positive score, so that neither its inverse nor its multiples overflow.
  private static func bounded(_ score: Double) -> Double { min(max(score, 1e-290), 1e290) }

  /// Gives every worker the tasks that it gets in any case, more than `count` − n in all, and returns how
  /// many.
  private static func allocateInBulk(_ count: Int, _ scores: Table<Double>, into tasks: Table<Int32>) -> Int {
    var (idle, rate) = (0, 0.0)
    for worker in scores.indices {
      if scores[worker] > 0 { rate += 1 / bounded(scores[worker]) } else { idle += 1 }
    }
    let share = Int32(truncatingIfNeeded: idle > 0 ? count / idle : 0)
    // No worker ends more than T/sᵢ tasks in T seconds, so that Σ ⌊T/sᵢ⌋ ≤ count for T = count / Σ 1/sᵢ.
    let time = idle == 0 ? Double(count) / rate * (1 - 0x1p-30) : 0
    var total = 0
    for worker in tasks.indices {
      tasks[worker] = scores[worker] > 0 ? Int32(time / bounded(scores[worker])) : share
      total += Int(tasks[worker])
    }
    return total
  }
}
