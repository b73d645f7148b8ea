// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// Own tables, what expressions know of laws, and commands under a condition.
@Suite struct TableTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test func rowsMakeATable() throws {
    try inFolder { path in
      let session = Session(
        """
        table one; for k in 1..3 { row name="a" x=k y=k^2 }; row name="b|c" x=0.5 z=1/0
        save "\(path)/t.csv"; save "\(path)/t.json"; save "\(path)/t.md"
        table two; row u=7; save "\(path)/u.csv"; table one; row x=9; save "\(path)/v.csv"; table
        """)
      #expect(session.outcome == .done, "\(session.error)")
      func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
      }
      #expect(try text("t.csv") == "name,x,y,z\na,1,1,\na,2,4,\na,3,9,\nb|c,0.5,,inf\n")
      #expect(
        try text("t.md").split(separator: "\n") == [
          "| name | x | y | z |", "| --- | ---: | ---: | ---: |", "| a | 1 | 1 | - |", "| a | 2 | 4 | - |",
          "| a | 3 | 9 | - |", "| b\\|c | 0.5 | - | inf |",
        ])
      let rows = try #require(
        JSONSerialization.jsonObject(with: Data(try text("t.json").utf8)) as? [[String: Any]])
      #expect(rows.count == 4 && rows[2]["y"] as? Double == 9 && rows[3]["y"] is NSNull)
      #expect(try text("u.csv") == "u\n7\n")
      #expect(try text("v.csv").hasSuffix("b|c,0.5,,inf\n,9,,\n"))
      #expect(session.transcript.text.hasPrefix("name    x  y    z\n"))
    }
  }

  @Test func tablesArePlottedByTheirColumns() throws {
    let script = """
      for k in 1..3 { row curve="a" x=k y=k^2; row curve="a" x=k y=k^2+2; row curve="b" x=2*k y=1 }
      plot
      """
    let object = try #require(Session(script, json: true).objects.last)
    #expect(object["x"] as? String == "x" && object["y"] as? String == "y")
    let series = try #require(object["series"] as? [[String: Any]])
    #expect(series.map { $0["name"] as? String } == ["a", "b"])
    // Rows with the same x are one point: mean, least, greatest.
    #expect(series[0]["points"] as? [[Double]] == [[1, 2, 1, 3], [2, 5, 4, 6], [3, 10, 9, 11]])
    #expect(series[1]["points"] as? [[Double]] == [[2, 1, 1, 1], [4, 1, 1, 1], [6, 1, 1, 1]])
    let swapped = try #require(Session(script + " x=y y=x by=curve", json: true).objects.last)
    #expect(swapped["x"] as? String == "y")
  }

  @Test(
    arguments: [
      ("row", "row needs columns"), ("table", "the table has no rows yet"),
      ("row x=1; plot y=z", "no column z"),
      ("row x=u", "u"), ("row x=1; save t.txt", "the form of 't.txt' is not known"),
      ("law cauchy(1)", "cauchy"),
      ("law exponential(1) p=2", "p= takes numbers from 0 to 1"), ("table 3", "is not a name"),
      (
        "problem quadratic dim=2; workers 1; method hero gamma=0.1; run steps=2; plot y=z",
        "there is no quantity 'z'"
      ),
      (
        "problem quadratic dim=2; workers 1; method hero gamma=0.1; run steps=2; save t.md",
        "a trace is no table"
      ),
      ("if \"a\" { stats }", "a number is needed"),
    ])
  func mistakesAreTold(_ script: String, _ words: String) {
    let session = Session(script)
    #expect(session.outcome == .failed && (session.error.contains(words)), "\(script): \(session.error)")
  }

  @Test func lawsAreKnownToExpressions() {
    let session = Session(
      """
      law exponential(0.5) t=3 p=0.75
      expect mean == 2 and abs(median - 2*log(2)) < 1e-12 and abs(quantile - 4*log(2)) < 1e-12
      expect abs(cdf - (1 - exp(-1.5))) < 1e-12
      expect abs(partial_mean - (2 - exp(-1.5)*5)) < 1e-12
      law logcauchy(0,2)
      expect mean == inf and median == 1
      let shape = "uniform(0,4)"; law shape t=1
      expect cdf == 0.25 and partial_mean == 0.125
      """)
    #expect(session.outcome == .done, "\(session.error)")
    #expect(
      Session("law uniform(0,2) t=1", json: true).objects.last?["cdf"] as? Double == 0.5)
    #expect(
      Session("law uniform(0,2) t=1").transcript.text
        == "law: mean 1 · median 1 · cdf 0.5 · partial_mean 0.25\n")
    #expect(Session("law uniform(0,2)", { $0.isQuiet = true }).transcript.text.isEmpty)
  }

  @Test func conditionsAndDefaults() {
    let session = Session(
      """
      default a = 3; default a = unknown + 1; let b = 5; default b = 6
      if a == 3 and b == 5 { echo 'yes'; if 0 { echo 'no' } }
      if nan { echo no }
      if b != "" { echo 'texts' }
      for k in 1..3 { if k == 2 { echo k } }
      """)
    #expect(session.outcome == .done, "\(session.error)")
    #expect(session.transcript.text == "yes\ntexts\n2\n")
    #expect(Session("if 1 { quit }; nonsense").outcome == .quit)
    #expect(Session("if 1 { expect 1 > 2 }").outcome == .expectationFailed)
    let kept = Session("if 1 { nonsense; echo 'on' }; echo 'over'") { $0.keepsGoing = true }
    #expect(kept.outcome == .failed && kept.transcript.text == "on\nover\n")
  }

  @Test func aComparisonsNumbersAreVariables() throws {
    let session = Session(
      """
      problem quadratic dim=5 noise=0; workers 3 tau=i; method asgd-adaptive gamma=0.1; \
      method rennala batch=2 gamma=0.2
      compare rennala asgd-adaptive steps=7 seeds=2
      expect rennala_iteration == 7 and rennala_gamma == 0.2 and rennala_seeds == 2 and rennala_reached == 1
      expect asgd_adaptive_gamma == 0.1 and asgd_adaptive_time <= asgd_adaptive_time_max
      """)
    #expect(session.outcome == .done, "\(session.error)")
    try inFolder { path in
      let saved = Session(
        """
        problem quadratic dim=5; workers 3; method rennala batch=2 gamma=0.2; compare rennala steps=7
        save "\(path)/c.csv" traces; save "\(path)/c.md"
        """)
      #expect(saved.outcome == .done, "\(saved.error)")
      let traces = try String(contentsOfFile: "\(path)/c.csv", encoding: .utf8)
      #expect(traces.hasPrefix("method,seed,time,iteration,"))
      #expect(try String(contentsOfFile: "\(path)/c.md", encoding: .utf8).hasPrefix("| method | stopped |"))
    }
  }

  @Test func curvesOfRunsOutOfTimeGoOnToTheEnd() throws {
    let session = Session(
      """
      problem quadratic dim=5; workers 2 tau=1 delay=infbernoulli(0.9); method rennala batch=1 gamma=0.2
      method mindflayer clip=0 trials=1 gamma=0.2
      compare rennala mindflayer time=50; plot y=gap
      """, json: true)
    let series = try #require(session.objects.last?["series"] as? [[String: Any]])
    let ends = try series.map { try #require(($0["points"] as? [[Double]])?.last?.first) }
    #expect(ends == [50, 50])
  }
}
