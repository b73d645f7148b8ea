// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

/// Times to a target on w7a are those that a look at every update finds.
@Suite(.enabled(if: SharedFolder.path != nil, "the shared folder is not here"))
struct TimesOnRealDataTests {
  private static let methods = """
    method rennala batch=5 gamma=0.3; method ringmaster R=5 gamma=0.1
    method asgd gamma=0.02; method minibatch gamma=0.5
    """

  private func problem() throws -> String {
    let file = try #require(SharedFolder.path) + "/data/libsvm/w7a"
    return "problem logistic data=\"\(file)\" regularizer=l2 lambda=0.01 batch=8; workers 20 tau=sqrt(i)\n"
  }

  @Test func compare() throws {
    let session = Session(
      try problem() + Self.methods
        + "\ncompare rennala ringmaster asgd minibatch gap<0.05 time=20000 seeds=3", json: true)
    let rows = session.objects
    let right = ["rennala": 79.2, "ringmaster": 33.9, "asgd": 53.8, "minibatch": 76.0]
    try #require(rows.count == right.count, "\(session.error)")
    for row in rows {
      let name = row["method"] as? String ?? ""
      let (time, expected) = (row["time"] as? Double ?? .nan, right[name] ?? .nan)
      #expect(abs(time - expected) <= 0.05 * expected, "\(name): \(time)")
    }
  }

  @Test func tune() throws {
    let tuning = "compare ringmaster gap<0.05 time=20000 tune=[0.01, 0.03, 0.1, 0.3, 1]"
    let rows = ["", "trace every=1; "].map {
      Session("\((try? problem()) ?? "")\($0)\(tuning)", json: true).objects.last ?? [:]
    }
    let (time, exact) = (rows[0]["time"] as? Double ?? .nan, rows[1]["time"] as? Double ?? .nan)
    #expect(abs(time - exact) <= 0.05 * exact, "\(time) instead of \(exact)")
    #expect(rows[0]["gamma"] as? Double == rows[1]["gamma"] as? Double)
    #expect(time < 10)
  }

  /// An accuracy that rises with noise, of part of MNIST so that every update can be looked at.
  @Test func accuracy() throws {
    let folder = try #require(SharedFolder.path) + "/data/mnist"
    let methods = ["asgd gamma=0.004", "rennala batch=20 gamma=0.1", "minibatch gamma=0.1"]
    // One session: the data are read once.
    let runs = methods.map { "method \($0); run accuracy>0.8 time=1000" }.joined(separator: "; ")
    let session = Session(
      "problem logistic data=mnist folder=\"\(folder)\" evaluate=100; workers 20 tau=sqrt(i); \(runs); "
        + "trace every=1; \(runs)", json: true)
    let rows = session.objects
    try #require(rows.count == 2 * methods.count, "\(session.error)")
    for (index, method) in methods.enumerated() {
      let (found, first) = (rows[index], rows[index + methods.count])
      let (time, exact) = (found["time"] as? Double ?? .nan, first["time"] as? Double ?? .nan)
      #expect(first["stopped"] as? String == "condition")
      #expect(time >= exact && time <= 1.05 * exact, "\(method): \(time) instead of \(exact)")
    }
  }

  @Test func sweepClaimsNothingThatWasNotReached() throws {
    let session = Session(
      try problem() + "method asgd gamma=0.02; sweep gamma in [0.001,0.002] gap<1e-6 steps=50")
    let text = session.transcript.text
    #expect(text.contains("best: no point met the condition"), "\(text)")
  }
}
