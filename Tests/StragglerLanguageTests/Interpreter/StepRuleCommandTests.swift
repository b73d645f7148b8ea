// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// `step=` and `max_norm=` in scripts.
@Suite struct StepRuleCommandTests {
  private static let fleet = "problem quadratic dim=20 noise=0.01; workers 4 tau=i; trace every=1; "

  @Test func isShownAsItWasGiven() {
    let session = Session(
      Self.fleet + "let b = 0.5; method asgd gamma=0.1 step=adam(b,0.99,1/1000) max_norm=2*b; show method")
    #expect(session.transcript.text == "method asgd gamma=0.1 step=adam(0.5,0.99,0.001) max_norm=1\n")
  }

  @Test func standardValuesMayBeLeftOut() throws {
    func model(_ step: String) throws -> [Double] {
      let session = Session(Self.fleet + "method ringmaster R=3 gamma=0.05 step=\(step); run steps=60")
      try #require(session.error == "", "\(session.error)")
      return try #require(session.interpreter.workspace.current.run).model
    }
    for (short, long) in [
      ("sgd", "heavy-ball(0)"), ("heavy-ball", "heavy-ball(0.9)"), ("nesterov", "nesterov(0.9)"),
      ("adam", "adam(0.9,0.999,1e-8)"), ("normalized", "normalized(0.1)"), ("sign", "sign(0.1)"),
      ("muon", "muon(0.1)"), ("muon", "sign(0.1)"), ("delayed-nesterov", "delayed-nesterov(0.9,10)"),
      ("\"adam\"", "adam"),
    ] {
      #expect(try model(short) == model(long), "\(short)")
    }
    #expect(try model("adam") != model("nesterov"))
  }

  @Test func errorsAreSentences() {
    for (script, words) in [
      ("method asgd step=adam; step", "without gamma=: theorems are about sgd"),
      ("method asgd step=adam(0.9) gamma=1", "adam takes 3 arguments, not 1"),
      ("method asgd step=heavy-ball(1) gamma=1", "with beta from 0 to below 1"),
      ("method asgd step=heavy-ball() gamma=1", "heavy-ball takes one argument, not 0"),
      ("method asgd step=sgd(1) gamma=1", "step="),
      ("method asgd step=adamw gamma=1", "step= does not take 'adamw'"),
      ("method asgd step=delayed-nesterov(0.9,1.5) gamma=1", "N a whole number"),
      ("method asgd max_norm=0", "max_norm= takes a positive number"),
      ("method freya-page step=adam", "freya-page takes no step=: its updates are not steps along a vector"),
      ("method relaysgd max_norm=1", "relaysgd takes no max_norm="),
      ("method piag rule=adaptive1 gamma=1 step=adam; step", "constant beside step="),
    ] {
      let session = Session(Self.fleet + script)
      #expect(session.outcome == .failed && session.error.contains(words), "\(script): \(session.error)")
    }
  }

  @Test func sweepsAndTuningNameTheRule() throws {
    let swept = Session(
      Self.fleet + "method rennala batch=3 gamma=0.05; sweep step in [sgd,adam,muon(0.3)] steps=20",
      json: true)
    #expect(swept.error == "" && swept.objects.map { $0["step"] as? String } == ["sgd", "adam", "muon(0.3)"])
    let tuned = Session(
      Self.fleet + """
        compare "ringmaster R=3 step=nesterov(0.5)" "ringmaster R=3 step=adam" tune=[0.01,0.1] steps=50 \
        seeds=2
        """, json: true)
    #expect(tuned.error == "" && tuned.objects.count == 2)
    #expect(tuned.objects.allSatisfy { $0["gamma"] as? Double != nil })
  }

  @Test func theorySaysWhatItIsNotAbout() {
    let session = Session(Self.fleet + "theory \"asgd step=adam\" \"rennala max_norm=1\"")
    #expect(session.transcript.text.contains("the theorem is for step=sgd"))
    #expect(session.transcript.text.contains("max_norm= cuts them"))
  }

  @Test func completionKnowsTheRules() {
    let session = Session("workers 2")
    let candidates = session.interpreter.completion(
      of: "method asgd step=n", files: { _ in [] }
    ).candidates
    #expect(candidates == ["nesterov(", "normalized("])
  }
}
