// SPDX-License-Identifier: Apache-2.0

#if MPI
  public import StragglerRuntime
  internal import Synchronization

  /// Sees, while a worker computes, that another order has come.
  ///
  /// Only the run's own thread may ask MPI; code that looks from other threads sees what was seen last.
  @usableFromInline
  final class Lookout: @unchecked Sendable {
    private let ranks: Ranks
    /// Where the next order comes.
    @usableFromInline let letter: Letter
    /// The desk of the job at hand.
    @usableFromInline var desk: Desk?
    /// Whether an order has come that has not been taken up.
    @usableFromInline private(set) var hasOrder = false
    /// What went wrong during a look.
    private var failure: MPIError?
    private let flag: StopFlag
    private var hasAsked = false

    @usableFromInline
    init(_ ranks: Ranks, _ letter: Letter, _ flag: StopFlag) {
      (self.ranks, self.letter, self.flag) = (ranks, letter, flag)
    }

    /// Waits for the next order.
    @usableFromInline
    func begin() throws(MPIError) {
      hasOrder = false
      try letter.receive(from: 0, .order)
    }

    /// Looks for the next order, and withdraws the job at hand where it is there.
    @usableFromInline
    func look() {
      guard ranks.isOwnThread, !hasOrder, failure == nil else { return }
      do throws(MPIError) {
        hasOrder = try letter.test() != nil
        if flag.isSet, !hasAsked {
          hasAsked = true
          let wish = Letter(ranks)
          wish.head = MessageHead(.interrupt)
          try wish.sendHead(to: 0, .reply)
        }
      } catch { failure = error }
      if hasOrder || failure != nil { desk?.withdraw() }
    }

    /// Whether an order is there; throws what went wrong during a look.
    @usableFromInline
    func check() throws(MPIError) -> Bool {
      look()
      if let failure { throw failure }
      return hasOrder
    }

    /// A run begins.
    @usableFromInline
    func reset() { hasAsked = false }
  }

  /// Whether a run is to stop, as said by any thread.
  @usableFromInline
  final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    @usableFromInline init() {}
    @usableFromInline var isSet: Bool { flag.load(ordering: .relaxed) }
    @usableFromInline func set(_ value: Bool) { flag.store(value, ordering: .relaxed) }
  }
#endif
