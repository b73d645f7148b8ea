// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// Methods that are others where a key is at its end: what the program writes of them is the same, byte for
/// byte.
@Suite struct EqualMethodsTests {
  /// What a trace and a log have of a run of `method`, without the name of the method.
  private func files(_ method: String, workers: String) throws -> [String] {
    let folder = NSTemporaryDirectory() + "straggler-equal-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = Session(
      """
      problem quadratic dim=9 noise=0.1; workers \(workers); seed 5; method \(method)
      log "\(folder)/log.csv"; trace every=1; run updates=40; save "\(folder)/trace.csv"
      """)
    #expect(session.outcome == .done, "\(method): \(session.error)")
    return try ["trace.csv", "log.csv"].map { name in
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      // The first column of a trace is the method's name.
      guard name == "trace.csv" else { return text }
      return text.split(separator: "\n").map { $0.drop { $0 != "," } }.joined(separator: "\n")
    }
  }

  private static let random = "6 tau=sqrt(i) delay=exponential(1) upload=i/8"
  private static let equal = "6 tau=1"

  @Test(arguments: [
    ("local-sgd", "minibatch"),
    ("local-sgd local=1 server=1 aggregate=mean", "minibatch"),
    ("async-local threshold=4", "ringmaster threshold=4"),
    ("async-local local=1 threshold=inf", "ringmaster threshold=inf"),
    ("async-batch batch=1 threshold=4", "ringmaster threshold=4"),
    ("fedbuff local=1", "fedbuff"), ("asgd local=1", "asgd"), ("malenia batch=8 local=1", "malenia batch=8"),
    ("ringleader local=1", "ringleader"), ("rennala batch=3 local=1", "rennala batch=3"),
    ("aced limit=inf", "piag rule=constant"), ("aced", "piag rule=constant"),
    ("rennala-mvr batch=3 a=1 pair_cost=1", "rennala batch=3"),
    ("asgd step=heavy-ball(0)", "asgd"), ("asgd step=nesterov(0)", "asgd step=sgd"),
    ("rennala batch=3 step=nesterov(0)", "rennala batch=3"),
    ("minibatch participants=6", "minibatch"), ("local-sgd local=3 participants=6", "local-sgd local=3"),
    ("minibatch participants=6 accept=4", "msync m=4"), ("minibatch accept=4", "msync m=4"),
    ("asgd active=6", "asgd"), ("ringmaster threshold=4 active=6", "ringmaster threshold=4"),
    ("async-local local=2 threshold=4 active=6", "async-local local=2 threshold=4"),
  ])
  func writeTheSameBytes(_ one: String, _ other: String) throws {
    for workers in [Self.random, Self.equal] {
      let (a, b) = try (
        files(one + " gamma=0.05", workers: workers), files(other + " gamma=0.05", workers: workers)
      )
      #expect(a == b, "\(one) and \(other) on \(workers)")
      #expect(a[0].split(separator: "\n").count > 40)
    }
  }

  /// Equal times make no difference between the stepsizes of workers.
  @Test(arguments: ["rescaled", "rescaled times=measured"])
  func rescaledIsAsynchronousOfEqualWorkers(_ method: String) throws {
    #expect(
      try files(method + " gamma=0.05", workers: Self.equal)
        == files("asgd gamma=0.05", workers: Self.equal))
  }

  /// The same gradients in an H-th of the messages: what `compare` counts, and what a plot has for its axis.
  @Test func localStepsSaveMessages() throws {
    let script = """
      problem quadratic dim=9 noise=0.1; workers 6 tau=1 upload=1; trace every=1
      compare "local-sgd gamma=0.01 label=one" "local-sgd gamma=0.01 local=4 label=four" gradients=480

      """
    let session = Session(script, json: true)
    #expect(session.error == "")
    let (one, four) = (session.objects[0], session.objects[1])
    #expect(one["gradients"] as? Double == 480 && four["gradients"] as? Double == 480)
    #expect(one["messages"] as? Double == 480 && four["messages"] as? Double == 120)
    #expect(one["coordinates"] as? Double == 9 * 480 && four["coordinates"] as? Double == 9 * 120)
    for (quantity, last) in [("messages", [480.0, 120]), ("coordinates", [4_320, 1_080])] {
      let plot = Session(script + "plot x=\(quantity) y=gap", json: true)
      let series = try #require(plot.objects.last?["series"] as? [[String: Any]])
      #expect(try series.map { try #require(($0["points"] as? [[Double]])?.last)[0] } == last)
    }
  }
}
