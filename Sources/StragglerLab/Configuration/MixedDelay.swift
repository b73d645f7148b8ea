// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// Mixtures of laws as delays of workers. The delays look into the memory of this object: give it to the
/// experiment as one of its `owners`, as a `RecordedDelay`.
public final class MixedDelay: DelayOwner {
  private let table: OwnedTable<Delay>
  private let mixtures: [Mixture]
  private let addresses: Set<UInt>
  private let owners: [any DelayOwner]

  /// A mixture for each worker: the first law with that probability, otherwise the second. `owners` own what
  /// the laws look at.
  public init(
    _ parts: [(probability: Double, first: Delay, second: Delay)], owners: [any DelayOwner] = []
  ) throws(DelayError) {
    guard parts.allSatisfy({ owners.keepAlive($0.first) && owners.keepAlive($0.second) }) else {
      throw DelayError(law: "mixture", parameter: "law", expected: "laws whose memory one of the owners has")
    }
    let table = OwnedTable(parts.flatMap { [$0.first, $0.second] })
    var mixtures: [Mixture] = []
    for (index, part) in parts.enumerated() {
      mixtures.append(try Mixture(part.probability, table.table[2 * index..<2 * index + 2]))
    }
    (self.table, self.mixtures, self.owners) = (table, mixtures, owners)
    addresses = Set(mixtures.map(\.address))
  }

  /// The delay of worker number `index` of those that it was made for, from 0.
  public func delay(_ index: Int) -> Delay { .mixture(mixtures[index]) }

  /// Whether `delay` is one of these mixtures.
  public func owns(_ delay: Delay) -> Bool { delay.mixture.map { addresses.contains($0.address) } ?? false }
}
