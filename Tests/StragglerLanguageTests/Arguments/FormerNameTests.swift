// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import Testing

@testable import StragglerLanguage

/// Former names of keys in the command language.
@Suite struct FormerNameTests {
  private static let setting = "problem quadratic dim=10 noise=0.01; workers 4 tau=i; "

  /// What `stats` reports but for the real time.
  private static func report(_ script: String) -> String {
    let session = Session(setting + script + "; stats", json: true)
    #expect(session.outcome == .done, "\(script): \(session.error)")
    var last = session.objects.last ?? [:]
    for name in ["wall", "events_per_second"] { last[name] = nil }
    return "\(last.sorted { $0.key < $1.key })"
  }

  @Test func meanTheSame() {
    for (now, before) in [
      ("method malenia gamma=0.1 batch=6; run updates=9", "method malenia gamma=0.1 S=6; run steps=9"),
      ("method ringmaster threshold=2; run updates=9", "method ringmaster R=2; run steps=9"),
      ("method qsgd K=3 gamma=0.1; run updates=9", "method qsgd k=3 gamma=0.1; run steps=9"),
      (
        "method ata allocation=greedy gamma=0.1; run updates=9",
        "method ata rule=greedy gamma=0.1; run steps=9"
      ),
    ] { #expect(Self.report(now) == Self.report(before)) }
  }

  @Test func areNotShown() {
    let help = Session("help ringmaster; help run; help qsgd").transcript.text
    #expect(help.contains("threshold=") && help.contains("updates=") && help.contains("K="))
    #expect(!help.contains("R=") && !help.contains("steps=") && !help.contains(" k="))
    // What recreates a configuration has the names of now.
    let show = Session(Self.setting + "method ringmaster R=5; show method").transcript.text
    #expect(show.contains("threshold=5") && !show.contains("R=5"))
  }

  @Test func twoNamesOfOneKeyAreAnError() {
    for (script, sentence) in [
      ("method malenia S=3 batch=4", "batch= and S= are the same key"),
      ("method malenia S=3 S=4", "S= is given twice"),
      (Self.setting + "method hero; run updates=3 steps=4", "steps= and updates= are the same key"),
      (
        Self.setting + "method malenia gamma=1; sweep S in [3,4] batch in [5,6] updates=3",
        "batch is varied twice"
      ),
      (Self.setting + "compare malenia tune(S in [3,4], batch in [5,6]) updates=3", "batch is tuned twice"),
    ] {
      let session = Session(script)
      #expect(session.outcome == .failed && session.error.contains(sentence), "\(script): \(session.error)")
    }
  }

  @Test func errorsAreAtTheKeyThatWasWritten() {
    for (script, sentence) in [
      ("method ringmaster R=0.5; run steps=1", "R= takes"), ("method hero; run steps=x1", "x1"),
      ("method qsgd k=11 gamma=1; run steps=1", "k= takes an integer from 1 to d"),
      ("method qsgd gamma=1; run steps=-1", "steps="),
      ("method vecna; sweep K in [1, 0] steps=1", "K= takes"),
    ] {
      let error = Session(Self.setting + script).error
      #expect(error.contains(sentence), "\(script): \(error)")
      // The caret is under the value.
      #expect(error.contains("^"), "\(script): \(error)")
    }
  }

  /// A key that is varied, or given once more, takes the place of the same key under another name; columns
  /// are named as they were written.
  @Test func takeTheSamePlace() {
    let session = Session(
      Self.setting
        + "method malenia gamma=0.1 S=4; sweep batch in [4, 8] updates=5; sweep S in [4, 8] updates=5;"
        + "compare \"malenia batch=8\" \"malenia S=8 label=b\" updates=5", json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let rows = session.objects
    func times(_ name: String) -> [Double] {
      rows.filter { $0[name] != nil }.compactMap { $0["time"] as? Double }
    }
    #expect(times("batch").count == 2 && times("batch") == times("S"))
    #expect(times("batch")[0] < times("batch")[1])
    let compared = rows.filter { $0["method"] as? String != nil && $0["seeds"] != nil && $0["S"] == nil }
      .compactMap { $0["time"] as? Double }
    #expect(compared.suffix(2).allSatisfy { $0 == times("batch")[1] })
  }
}
