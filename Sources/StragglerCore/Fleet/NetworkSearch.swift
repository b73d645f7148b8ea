// SPDX-License-Identifier: Apache-2.0

/// A search through all nodes of a network, which can be done in slices: the network keeps its progress.
struct NetworkSearch: BitwiseCopyable, Sendable {
  enum Goal: UInt8, BitwiseCopyable {
    case none
    /// argmin_j max_i τ_{i→j}, of several the first, with that time.
    case center
    /// max_{i,j} τ_{i→j}.
    case diameter
    /// argmin_j t* for both ways, of several the first.
    case equilibrium
    /// min_j t* for the ways to j.
    case lowerBound
  }

  let goal: Goal
  /// σ²/ε.
  let ratio: Double
  let coordinates: Int
  /// How many steps have been made; each costs about one search for shortest paths.
  var steps = 0
  var isDone = false
  /// Whether one search for shortest paths shows a pivot's t*.
  var isOneWay = false
  /// The best pivot so far, from 0, with its time and how many nodes are worth waiting for there.
  var pivot = 0
  var time: Double
  var nodes = 0

  init(_ goal: Goal = .none, ratio: Double = 0, coordinates: Int = 0) {
    (self.goal, self.ratio, self.coordinates) = (goal, ratio, coordinates)
    time = goal == .diameter ? 0 : .infinity
  }

  /// How many searches a network remembers.
  static var capacity: Int { 6 }

  func isSame(as other: NetworkSearch) -> Bool {
    goal == other.goal && ratio.bitPattern == other.ratio.bitPattern && coordinates == other.coordinates
  }
}
