// SPDX-License-Identifier: Apache-2.0

/// What an expression of a worker may depend on besides the worker's index.
struct FleetFacts: Sendable {
  /// n.
  var count: Int
  var seed: UInt64 = 1
  /// What a table of workers calls them; empty where there is none, or it has no names.
  var names: [String] = []
  /// The table that the workers come from, and for each worker its row, from 0.
  var file: String?
  var rows: [Int] = []
}

/// A number for every worker that no arithmetic gives: `draw(LAW)` and `column("FILE","TITLE")`.
protocol WorkerColumn: Sendable {
  /// The numbers of `workers`, from 1. O(workers)
  func values(of workers: ClosedRange<Int>, in fleet: FleetFacts) throws(Diagnostic) -> [Double]
}

/// The names by which expressions call them.
enum WorkerCall: String, CaseIterable, Sendable {
  case draw, column
}
