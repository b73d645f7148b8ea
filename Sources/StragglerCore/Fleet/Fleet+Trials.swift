// SPDX-License-Identifier: Apache-2.0

extension Fleet {
  /// Corrects `successes`, of one trial each, to the shares of `budgets` trials in a row, which differ only
  /// where a worker's durations are correlated in time. A single worker makes its trials without a break.
  /// O(n).
  func refine(_ successes: Table<Double>, times: Table<Double>, budgets: Table<Int32>) {
    for worker in successes.indices where budgets[worker] > 0 {
      let member = self[worker]
      guard !member.delay.isIndependent else { continue }
      successes[worker] = member.delay.successShare(
        within: times[worker], upload: member.upload,
        of: count == 1 ? .infinity : Double(budgets[worker]))
    }
  }
}
