// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

/// An accuracy rises with noise: its time is still that which a look at every update finds. The digits are
/// drawn by the program.
@Suite struct TimesOfAccuracyTests {
  @Test(arguments: ["asgd gamma=0.02", "rennala batch=10 gamma=0.1", "minibatch gamma=0.1"])
  func agreesWithEveryUpdate(method: String) throws {
    let run = "method \(method); run accuracy>0.7 time=1000"
    let session = Session(
      "problem network evaluate=200; workers 10 tau=sqrt(i); \(run); trace every=1; \(run)", json: true)
    let rows = session.objects
    try #require(rows.count == 2, "\(session.error)")
    let (time, exact) = (rows[0]["time"] as? Double ?? .nan, rows[1]["time"] as? Double ?? .nan)
    #expect(rows[1]["stopped"] as? String == "condition")
    #expect(time >= exact && time <= 1.05 * exact, "\(time) instead of \(exact)")
  }
}
