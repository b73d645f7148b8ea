// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// Methods beside the rules that they ought to follow, with what is put on them.
enum ModifierCases {
  private static let gamma = SlowSchedule.gamma

  /// `asgd`, `ringmaster`, `rennala`, `minibatch` and `msync`, all with `modifiers`.
  static func of(
    _ modifiers: Modifiers, _ workers: [Worker], _ draw: inout RandomStream,
    _ change: (inout SlowCase) -> Void
  ) -> [SlowCase] {
    let n = workers.count
    let (R, S, m) = (
      1 + draw.integer(below: 3 * n), 1 + draw.integer(below: 2 * n), 1 + draw.integer(below: n)
    )
    let asgd = configured(Asynchronous.self) { $0.gamma.given = gamma }
    let ringmaster = configured(Ringmaster.self) { ($0.gamma.given, $0.threshold.given) = (gamma, R) }
    let rennala = configured(Rennala.self) { ($0.gamma.given, $0.batch.given) = (gamma, S) }
    let minibatch = configured(Minibatch.self) { $0.gamma.given = gamma }
    let msync = configured(MSynchronous.self) { ($0.gamma.given, $0.m.given) = (gamma, m) }
    func choice(_ method: some Method) -> MethodChoice { MethodChoice(method, modifiers: modifiers) }
    var cases = [
      SlowCase("asgd", choice(asgd), .each(gamma: { _ in gamma }, limit: .max)),
      SlowCase("ringmaster R=\(R)", choice(ringmaster), .each(gamma: { $0 < R ? gamma : nil }, limit: .max)),
      SlowCase(
        "rennala S=\(S)", choice(rennala),
        .batch(enough: { $0.reduce(0, +) == S }, ofMeans: false, isOnce: false, stops: false)),
      SlowCase(
        "minibatch", choice(minibatch),
        .batch(enough: { $0.reduce(0, +) == n }, ofMeans: false, isOnce: true, stops: true)),
      SlowCase(
        "msync m=\(m)", choice(msync),
        .batch(enough: { $0.reduce(0, +) == m }, ofMeans: false, isOnce: true, stops: true)),
    ]
    for index in cases.indices { change(&cases[index]) }
    return cases
  }
}
