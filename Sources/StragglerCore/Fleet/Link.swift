// SPDX-License-Identifier: Apache-2.0

/// A directed link between two nodes of a network: how long messages take on it.
public struct Link: BitwiseCopyable, Equatable, Sendable {
  /// The node that messages come from, from 0.
  public var source: Int32
  /// The node that messages go to, from 0.
  public var target: Int32
  /// Seconds for a message of any length; infinite is no link at all.
  public var seconds: Double
  /// Seconds for a coordinate of a message.
  public var perCoordinate: Double

  /// A link on which a message of c coordinates takes `seconds` + c · `perCoordinate` seconds; both not
  /// negative. Nodes count from 0 and are below 2³¹. `Network` checks all of it.
  public init(from source: Int, to target: Int, seconds: Double = 0, perCoordinate: Double = 0) {
    self.source = Int32(truncatingIfNeeded: source)
    self.target = Int32(truncatingIfNeeded: target)
    self.seconds = seconds
    self.perCoordinate = perCoordinate
  }

  /// ρ, the seconds that a message of `coordinates` takes.
  @inlinable
  public func duration(coordinates: Int) -> Double {
    perCoordinate > 0 ? seconds + perCoordinate * Double(coordinates) : seconds
  }
}
