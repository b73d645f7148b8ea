// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// What the page has asked for: a fleet, a problem and a method by their names, with their keys.
struct Plan {
  let workers: Table<Worker>
  /// When each worker leaves for ever; infinite for those that stay.
  let leaving: Table<Double>
  var seed: UInt64 = 1
  var epsilon = 1e-4
  var problem = Text(Quadratic<Double>.name)
  var method = Text(Asynchronous.name)
  private let problemKeys: Table<NamedSetting>
  private let methodKeys: Table<NamedSetting>
  private var problemKeyCount = 0
  private var methodKeyCount = 0

  /// The most keys of a method or a problem.
  private static let limit = Keys.limit + 8

  init(workers count: Int, arena: inout Arena) throws(SetupError) {
    workers = try arena.table(of: Worker.self, count: count)
    workers.fill(Worker(tau: 1))
    leaving = try arena.table(of: Double.self, count: count)
    leaving.fill(.infinity)
    problemKeys = try arena.table(of: NamedSetting.self, count: Self.limit)
    methodKeys = try arena.table(of: NamedSetting.self, count: Self.limit)
  }

  /// The keys that were given for the problem, and for the method.
  var ofProblem: Table<NamedSetting> { problemKeys[0..<problemKeyCount] }
  var ofMethod: Table<NamedSetting> { methodKeys[0..<methodKeyCount] }

  /// Adds a key of the problem or of the method; false where there are too many.
  mutating func set(_ setting: NamedSetting, ofMethod isOfMethod: Bool) -> Bool {
    let (table, count) = isOfMethod ? (methodKeys, methodKeyCount) : (problemKeys, problemKeyCount)
    guard count < table.count else { return false }
    table[count] = setting
    if isOfMethod { methodKeyCount += 1 } else { problemKeyCount += 1 }
    return true
  }

  /// The fleet. One of which somebody leaves has speeds: 1 until then, and 0 for ever.
  func fleet(_ arena: inout Arena) throws(SetupError) -> Fleet {
    var leavers = 0
    for index in leaving.indices where leaving[index] < .infinity { leavers += 1 }
    guard leavers > 0 else { return Fleet(workers) }
    let whole = try arena.table(of: SpeedPiece.self, count: 1)
    whole[0] = SpeedPiece(start: 0, factor: 1)
    let speeds = try arena.table(of: Speed.self, count: workers.count)
    let fleet = try arena.table(of: Worker.self, count: workers.count)
    for index in workers.indices {
      let worker = workers[index]
      fleet[index] = worker
      let leaves = leaving[index] < .infinity
      var pieces = whole
      if leaves {
        pieces = try arena.table(of: SpeedPiece.self, count: 2)
        pieces[0] = SpeedPiece(start: 0, factor: 1)
        pieces[1] = SpeedPiece(start: leaving[index], factor: 0)
      }
      var parts = Speed.Parts(tau: worker.tau, delay: worker.delay, prefix: pieces.count)
      parts.isNominal = !leaves
      let speed = try Speed(pieces, parts, arena: &arena)
      speeds[index] = speed
      guard leaves else { continue }
      if let law = worker.delay.atSpeed(speed.mean) {
        fleet[index].tau = worker.tau / speed.mean
        fleet[index].delay = law
      } else {
        fleet[index].tau = worker.tau / speed.mean
        fleet[index].delay = .constant(worker.delay.mean / speed.mean)
      }
    }
    return Fleet(fleet, speeds: speeds)
  }
}

/// A law of durations by its name.
struct LawChoice: DelayLawVisitor {
  let name: Text
  let values: SIMD4<Double>
  private(set) var delay: Delay?
  private(set) var error: DelayError?

  init(_ name: Text, _ values: SIMD4<Double>) { (self.name, self.values) = (name, values) }

  mutating func visit<Law: DelayLaw>(_ law: Law.Type) {
    guard name == Law.name else { return }
    do throws(DelayError) { delay = try Delay(Law(values)) } catch { self.error = error }
  }
}
