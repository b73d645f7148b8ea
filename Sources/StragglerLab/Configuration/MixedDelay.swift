// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// Mixtures of laws as delays of workers. The delays look into the memory of this object: give it to the
/// experiment as one of its `owners`, as a `RecordedDelay`.
public final class MixedDelay: Sendable {
  private let table: OwnedTable<Delay>
  private let mixtures: [Mixture]
  private let owners: [any AnyObject & Sendable]

  /// A mixture for each worker: the first law with that probability, otherwise the second. `owners` own what
  /// the laws look at.
  public init(
    _ parts: [(probability: Double, first: Delay, second: Delay)], owners: [any AnyObject & Sendable] = []
  ) throws(DelayError) {
    let table = OwnedTable(parts.flatMap { [$0.first, $0.second] })
    var mixtures: [Mixture] = []
    for (index, part) in parts.enumerated() {
      mixtures.append(try Mixture(part.probability, table.table[2 * index..<2 * index + 2]))
    }
    (self.table, self.mixtures, self.owners) = (table, mixtures, owners)
  }

  /// The delay of worker number `index` of those that it was made for, from 0.
  public func delay(_ index: Int) -> Delay { .mixture(mixtures[index]) }
}
