// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// Workers that wait for the model: `download=` and `download_per_coordinate=`.
@Suite struct DownloadCommandTests {
  private static let start = "problem quadratic dim=10 noise=0.01; "

  private func expectDone(_ script: String) {
    let session = Session(Self.start + script)
    #expect(session.outcome == .done, "\(script): \(session.error)")
  }

  /// Times by hand.
  @Test(arguments: [
    // A new point in every round.
    ("workers 3 tau=i download=2", "minibatch gamma=0.1", 4, "time==20 and busy==(3+4+5)/15"),
    // A point is downloaded once, for all of a batch.
    ("workers 1 tau=1 download=4", "rennala gamma=0.1 batch=6", 2, "time==20 and messages==12"),
    ("workers 1 tau=1 download=4 upload=2", "asgd gamma=0.1", 3, "time==21"),
    ("workers 1 tau=1 download_per_coordinate=0.25", "asgd gamma=0.1", 4, "time==14"),
    ("workers 1 tau=1 download=1 download_per_coordinate=0.25", "asgd gamma=0.1", 4, "time==18"),
    // The hero has what it makes.
    ("workers 2 tau=i download=7", "hero gamma=0.1", 5, "time==5"),
    // On for 5 s, off for 5 s: work from 3 to 5; the point comes at 8, and work goes from 10 to 12.
    ("workers 1 tau=2 download=3 speed=profile(10,1,0)", "asgd gamma=0.1", 2, "time==12"),
    // A point that never comes.
    ("workers 2 tau=1; workers 2..2 download=inf", "asgd gamma=0.1", 5, "time==5"),
    // A worker whom the model reaches in no reasonable time takes no part.
    ("workers 2 tau=1 upload=1 download=(i-1)*1e9", "shadowheart gamma=0.1 ratio=1", 5, "time<1e3"),
  ]) func takesTheTimeOf(_ fleet: String, _ method: String, _ updates: Int, _ expected: String) {
    expectDone("\(fleet); method \(method); run updates=\(updates); expect \(expected)")
  }

  @Test func nothingChangesWithoutThem() {
    for method in ["rennala batch=3", "asgd", "mindflayer clip=1 trials=2", "shadowheart ratio=2", "fragile"]
    {
      let run = "topology ring link=0.1; method \(method) gamma=0.1; run updates=50"
      expectDone(
        "workers 4 tau=i delay=exponential(1); \(run); let a=loss; let b=time; "
          + "workers 4 tau=i delay=exponential(1) download=0 download_per_coordinate=0; \(run); "
          + "expect loss==a and time==b")
    }
    // Between the nodes of a network the model comes by messages.
    expectDone(
      "workers 4 tau=i; topology ring link=1; method fragile gamma=0.1 batch=3; run updates=9; let a=time; "
        + "workers 4 tau=i download=5; run updates=9; expect time==a")
  }

  @Test func goesOnAfterARestore() {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).checkpoint")
    defer { try? FileManager.default.removeItem(at: file) }
    expectDone(
      "workers 5 tau=i delay=exponential(1) download=n-i download_per_coordinate=0.01; "
        + "method ringmaster gamma=0.1 threshold=3 stops=true; run time=60; checkpoint \"\(file.path)\"; "
        + "run time=140; let a=loss; let b=cancelled; restore \"\(file.path)\"; run time=140; "
        + "expect loss==a and cancelled==b and b>0")
  }

  @Test func aTableHasColumnsForThem() throws {
    try RecordTests.withFile("name,tau,Download (ms),download per coordinate\nb,1,2000,0.1\na,2,500,0\n") {
      path in
      let session = Session(Self.start + "workers \"\(path)\"; show workers")
      #expect(session.outcome == .done, "\(session.error)")
      let configuration = session.interpreter.workspace.configuration
      #expect(configuration.workers.map(\.download) == [0.5, 2])
      #expect(configuration.downloadPerCoordinate == [0, 0.1])
      #expect(session.transcript.text.contains("download (by \"Download (ms)\", milliseconds)"))
    }
  }

  @Test func theorySaysWhereTheyDoNotCount() {
    let fleet = Self.start + "workers 4 tau=i upload=0.1"
    let note = "download= does not count"
    for method in ["minibatch", "rennala", "asgd"] {
      #expect(Session("\(fleet) download=3; theory \(method)").transcript.text.contains(note), "\(method)")
      #expect(!Session("\(fleet); theory \(method)").transcript.text.contains(note), "\(method)")
    }
    for method in ["hero", "shadowheart"] {
      #expect(!Session("\(fleet) download=3; theory \(method)").transcript.text.contains(note), "\(method)")
    }
    // (32t* + 16D)LΔ/ε with t* = D = 3 for the only worker, against 32t*LΔ/ε.
    expectDone(
      "workers 1 tau=3 upload=3; theory shadowheart; let a=theory_shadowheart_time; "
        + "workers 1 tau=3 upload=3 download=3; theory shadowheart; "
        + "expect theory_shadowheart_time>a and theory_shadowheart_time<=1.5*a*(1+1e-12)")
  }

  @Test func readsOfAChangingModelAreRefused() {
    let session = Session(
      Self.start + "workers 3 download=1; method hogwild gamma=0.1 reads=inconsistent; run updates=3")
    #expect(session.error.contains("read while it changes") && session.error.contains("download="))
  }

  @Test func wrongValuesAreRefused() {
    for keys in ["download=-1", "download_per_coordinate=inf", "download=nan"] {
      #expect(Session("workers 2 \(keys)").outcome == .failed, "\(keys)")
    }
  }
}
