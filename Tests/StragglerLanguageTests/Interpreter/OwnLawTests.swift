// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@testable import StragglerLanguage

/// A law that a program adds is one like the library's wherever a distribution can be said.
@Suite struct OwnLawTests {
  /// P(η ≤ t) = (t/top)², up to `top`.
  private struct Ramp: DelayLaw {
    static var name: StaticText { "ramp" }
    static var summary: StaticText { "more likely the longer, up to top" }
    static var code: LawCode { { Self.answer($0) } }
    var top = 1.0
    mutating func parameters(_ parameters: inout LawParameters) { parameters.positive("top", &top) }
    func cdf(_ t: Double) -> Double { t >= top ? 1 : t * t / (top * top) }
    func quantile(_ p: Double) -> Double { top * p.squareRoot() }
  }

  private func run(_ script: String) -> (interpreter: Interpreter, transcript: Transcript, outcome: Outcome) {
    var catalogue = Catalogue()
    catalogue.add(Ramp.self)
    let transcript = Transcript()
    let interpreter = Interpreter(output: transcript, catalogue: catalogue)
    let outcome = interpreter.execute(SourceText(name: "<command>", script))
    return (interpreter, transcript, outcome)
  }

  private func text(_ script: String) -> String {
    let (_, transcript, outcome) = run(script)
    #expect(outcome == .done, "\(script): \(transcript.diagnostics.first?.rendered ?? "")")
    return transcript.text
  }

  private func error(_ script: String) -> String { run(script).transcript.diagnostics.first?.message ?? "" }

  @Test func hasHelpAndCompletion() {
    #expect(text("help distributions").contains("  ramp(top) "))
    #expect(
      text("help ramp")
        == "delay=ramp(top)\n  more likely the longer, up to top\n\n  top  a positive number\n")
    let interpreter = run("seed 1").interpreter
    let complete = { (text: String) in interpreter.completion(of: text, files: { _ in [] }).candidates }
    #expect(complete("workers 3 delay=ra") == ["ramp("])
    #expect(complete("help ram") == ["ramp"])
  }

  /// Mean ⅔ top, found from the distribution function.
  @Test func isKnownLikeAnyOther() {
    #expect(
      text("law ramp(3) t=1.5 p=0.25; expect abs(mean - 2) < 1e-7 and cdf == 0.25 and quantile == 1.5")
        .contains("law:"))
    #expect(text("workers 4 delay=ramp(i); show").contains("delay=ramp(i)"))
    let mixed = "law mixture(0.5,ramp(3),constant(4)) t=1.5; expect cdf == 0.125"
    #expect(text(mixed).contains("law:"))
    let swept = "for law in [ramp(1), lognormal(0,1)] { workers 2 delay=law; show }"
    #expect(text(swept).contains("delay=ramp(1)"))
  }

  @Test func isDrawnInRuns() {
    let script = """
      problem quadratic dim=3 noise=0.1; workers 3 tau=i delay=ramp(i); method asgd gamma=0.1; run time=20
      let first = loss; run time=40; reset; workers 3 tau=i delay=ramp(i)
      problem quadratic dim=3 noise=0.1; method asgd gamma=0.1; run time=20; expect loss == first
      """
    #expect(text(script).contains("asgd"))
  }

  @Test(
    arguments: [
      ("workers 2 delay=ramp(0)", "top of ramp is out of range"),
      ("workers 2 delay=ramp(1-i)", "top of ramp is out of range for worker 1"),
      ("workers 2 delay=ramp(1,2)", "ramp takes 1 parameter, not 2"),
      ("workers 2 delay=ram(1)", "there is no distribution 'ram'"),
      ("for law in [ram(1)] { show }", "there is no function 'ram'"),
    ])
  func saysWhatIsWrong(_ script: String, _ message: String) { #expect(error(script) == message) }

  @Test func mayStandInATable() throws {
    try RecordTests.withFile("name,delay\na,ramp(3)\nb,exponential(2)\n") { path in
      let own = run("workers \"\(path)\"; let x=1; workers 2..2 tau=x").interpreter.workspace.configuration
      #expect(abs(own.workers[0].delay.mean - 2) < 1e-9 && own.workers[1].delay.mean == 0.5)
      let swept = text(
        "problem quadratic dim=4; workers \"\(path)\"; method asgd gamma=0.1; sweep upload in [0,1] updates=3"
      )
      #expect(!swept.isEmpty)
    }
  }
}
