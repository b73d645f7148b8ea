// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// What `theory` says of durations with messages, of small goals and of laws beyond its theorems.
@Suite struct TheoryClaimTests {
  private func rows(_ script: String) throws -> [String: [String: Any]] {
    let session = Session(script, json: true)
    try #require(session.outcome == .done, "\(session.error)")
    var rows: [String: [String: Any]] = [:]
    for object in session.objects where object["command"] as? String == "theory" {
      rows[object["method"] as? String ?? ""] = object
    }
    return rows
  }

  /// A hero sends nothing; a worker of the others one message a step.
  @Test func tablesOfFiniteSumsCountMessagesAsTheyAreSent() throws {
    let rows = try rows(
      "problem quadratic dim=5 samples=100; workers 4 tau=i upload=7; target epsilon=1 Delta=10; "
        + "theory hero-gd hero-page soviet-gd soviet-page")
    let tables: [String: Double] = [
      "hero-gd": 1_000, "hero-page": 200, "soviet-gd": 1_070, "soviet-page": 277,
    ]
    for (method, table) in tables { #expect(rows[method]?["table"] as? Double == table, "\(method)") }
  }

  /// Who sends nothing is not bound by what messages take.
  @Test func lowerBoundsAreBelowTheHerosTime() throws {
    for script in ["problem quadratic dim=5 samples=100", "problem quadratic dim=5 noise=0.1"] {
      let rows = try rows(
        script + "; workers 4 tau=i upload=1000; target epsilon=1e-3; theory")
      // Convex problems have a goal of their own.
      for (method, row) in rows where row["guarantee"] as? String != "gap" {
        guard let bound = row["lower_bound"] as? Double, let hero = rows["hero"]?["table"] as? Double else {
          continue
        }
        #expect(bound <= hero, "\(method)")
      }
    }
  }

  @Test func timesAreAtLeastThoseOfAnUpdate() throws {
    let rows = try rows(
      "problem quadratic dim=5 noise=0.1; workers 3 tau=10*i; target epsilon=1e6 Delta=1e-9; theory")
    #expect(rows.count > 10)
    for (method, row) in rows {
      guard let time = row["time"] as? Double else { continue }
      #expect(row["iterations"] as? Double ?? 1 >= 1, "\(method)")
      #expect(time >= 10, "\(method): \(time)")
    }
  }

  @Test func ataHasABoundOnlyForLawsOfItsTheorem() throws {
    for (law, isCovered) in [
      ("exponential(1)", true), ("uniform(0,1)", true), ("gamma(2,1)", true), ("lognormal(0,1)", false),
      ("pareto(1,1)", false), ("logcauchy(0,1)", false), ("infbernoulli(0.1)", false),
      ("gamma(0.2,1)", false),
    ] {
      let rows = try rows("problem quadratic dim=5 noise=0.1; workers 3 tau=i delay=\(law); theory ata")
      #expect((rows["ata"]?["time"] as? Double != nil) == isCovered, "\(law)")
      let notes = rows["ata"]?["notes"] as? [String] ?? []
      #expect(notes.contains { $0.contains("sub-exponential norm") } == !isCovered, "\(law)")
    }
  }

  @Test func mindFlayerModWarnsWherePCannotBeAttained() {
    let session = Session(
      "problem quadratic dim=5; workers 3 delay=infbernoulli(0.7); method mindflayer-mod gamma=0.1 "
        + "batch=3; run steps=2"
    )
    #expect(session.outcome == .done)
    #expect(session.error.contains("warning: mindflayer-mod: p cannot be attained"))
  }
}
