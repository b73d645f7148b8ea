// SPDX-License-Identifier: Apache-2.0

/// One of two laws: the first with probability p, otherwise the second. The laws are in the caller's
/// memory.
public struct Mixture: BitwiseCopyable, Sendable {
  private let laws: Table<Delay>
  /// p, the probability of the first law, from 0 to 1.
  public let probability: Double

  /// A mixture of the two elements of `laws`, which the caller keeps alive. Throws what is wrong with p or a
  /// law.
  ///
  /// Outages cannot be mixed: they belong to the worker, not to the job.
  public init(_ probability: Double, _ laws: Table<Delay>) throws(DelayError) {
    guard probability >= 0, probability <= 1 else {
      throw DelayError(law: MixtureLaw.name, parameter: "p", expected: "a probability, from 0 to 1")
    }
    guard laws.count == 2 else {
      throw DelayError(law: MixtureLaw.name, parameter: "laws", expected: "two laws")
    }
    for index in laws.indices {
      if laws[index].dependsOnWork {
        throw DelayError(
          law: MixtureLaw.name, parameter: "law",
          expected: "laws without outages, since these are the worker's and not a job's")
      }
      try laws[index].validate()
    }
    self.laws = laws
    self.probability = probability
  }

  /// Where the caller's memory is.
  public var address: UInt { laws.address }

  /// A mixture of nothing.
  init() { (laws, probability) = (Table(), 1) }

  /// The law that η has with probability p.
  public var first: Delay { laws.isEmpty ? .none : laws[0] }
  /// The law that η has with probability 1 − p.
  public var second: Delay { laws.isEmpty ? .none : laws[1] }
}
