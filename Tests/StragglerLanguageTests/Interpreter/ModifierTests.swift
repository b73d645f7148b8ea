// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// `gamma=` as an expression, and `compress=`.
@Suite struct ModifierTests {
  private static let fleet = "problem quadratic dim=20 noise=0.01; workers 4 tau=i; trace every=1; "

  @Test func expressionsAreShownWithTheirVariables() {
    let session = Session(
      Self.fleet + "let c = 0.5; method asgd gamma=c/sqrt(1+k) compress=topk(3) feedback=true; show method")
    #expect(session.transcript.text == "method asgd gamma=(0.5)/sqrt(1+k) compress=topk(3) feedback=1\n")
  }

  @Test func theyAreWhatTheySay() throws {
    func model(_ gamma: String) throws -> [Double] {
      let session = Session(Self.fleet + "method asgd gamma=\(gamma); run steps=60")
      try #require(session.error == "", "\(session.error)")
      return try #require(session.interpreter.workspace.current.run).model
    }
    let constant = try model("0.1")
    for same in ["0.1*(1+0*k)", "0.1+0*delay", "0.1*min(1,2+k)*max(1,-t)", "0.1*(not k<0)", "0.2*(k>=0)/2"] {
      #expect(try model(same) == constant, "\(same)")
    }
    let falling = try model("0.1/sqrt(1+k)")
    #expect(falling != constant)
    #expect(try model("0.1/(1+k)^0.5") == model("0.1/(k+1)^0.5"))
    // Every operator and function, against the language's own.
    for expression in [
      "0.1+abs(log(1+k))/99", "exp(-k/50)", "floor(k/7)/90", "ceil(k/7)/90", "log2(2+k)/90", "log10(2+k)/9",
      "round(k/3)/90", "(k==3)/9", "(k!=3 and k<=9 or delay>1)/9",
    ] {
      let session = Session(
        "let x = 0; for j in 0..20 { let k = j; let delay = 1; let x = x + (\(expression)) }")
      let schedule = try #require(
        try StepsizeExpression(
          ExpressionParser.expression(SourceText(name: "t", expression).all), in: Environment()))
      let sum = (0...20).reduce(0.0) { $0 + schedule.schedule.value(updates: $1, delay: 1, time: 0) }
      #expect(session.interpreter.environment["x"] == .number(sum), "\(expression)")
    }
  }

  @Test(arguments: [
    ("let k = 3; method asgd gamma=0.1/k", "in gamma= k is the variable, and not the number of updates"),
    ("for t in [1,2] { method asgd gamma=t }", "in gamma= t is the variable, and not the time"),
    ("let delay = 1; method asgd gamma=delay/(1+k)", "delay is the variable, and not the delay"),
  ])
  func variablesComeFirst(_ script: String, _ note: String) {
    let session = Session("problem quadratic dim=5; workers 2 tau=1; \(script); run updates=3")
    #expect(session.outcome == .done, "\(session.error)")
    #expect(session.error.contains(note), "\(session.error)")
  }

  @Test func errorsAreSentences() {
    for (script, words) in [
      ("method asgd gamma=0.1/z", "there is no variable 'z'"),
      ("method asgd gamma=\"a\"+k", "a number is needed here"),
      ("method asgd gamma=0.1-0.01*k; run steps=99", "gamma= is negative, infinite or no number"),
      ("method asgd gamma=\((1...40).map { _ in "k" }.joined(separator: "+"))", "is too long"),
      ("method asgd gamma=\((1...20).map { "k*\($0)" }.joined(separator: "+"))", "is too long"),
      ("method asgd-adaptive gamma=0.1/(1+k)", "has a rule of its own"),
      ("method asgd gamma=0.1/(1+k); compare asgd tune steps=9", "tune looks for a constant"),
      ("method hero compress=sign", "hero takes no compress=: its workers do not send whole gradients"),
      ("method qsgd feedback=true", "qsgd takes no feedback="),
      ("method asgd compress=randk", "did you mean randk(k)?"),
      ("method asgd compress=randk(0)", "compress= takes randk(k) topk(k) natural qsgd(levels) sign"),
      ("method asgd gamma=1 compress=topk(21); step", "from 1 to d coordinates"),
      ("method asgd feedback=true", "true only beside compress="),
    ] {
      let session = Session(Self.fleet + script)
      #expect(session.outcome == .failed && session.error.contains(words), "\(script): \(session.error)")
    }
  }

  @Test func sweepsNameTheExpression() throws {
    let session = Session(
      Self.fleet + "method asgd; sweep gamma in [0.1, 0.1/sqrt(1+k)] steps=50", json: true)
    #expect(session.objects.map { $0["schedule"] as? String } == [nil, "0.1/sqrt(1+k)"])
    #expect(session.objects.map { $0["gamma"] as? Double } == [0.1, nil])
    let swept = Session(
      Self.fleet + "let c = 1; method asgd gamma=c/sqrt(1+k); sweep c in [0.1,0.2] steps=50", json: true)
    #expect(swept.objects.map { $0["c"] as? Double } == [0.1, 0.2])
    #expect(
      swept.objects.first?["gap"] as? Double == session.objects.last?["gap"] as? Double)
    let compressed = Session(
      Self.fleet + "method asgd gamma=0.1; sweep compress in [natural,topk(3),sign] steps=20", json: true)
    #expect(compressed.objects.map { $0["compress"] as? String } == ["natural", "topk(3)", "sign"])
  }

  /// A journal holds the points whose stepsize changes, too.
  @Test func journalsResume() throws {
    let path = NSTemporaryDirectory() + "straggler-schedule-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let script =
      Self.fleet + "method asgd gamma=0.1/sqrt(1+k) compress=natural; "
      + "sweep compress in [natural,sign] steps=50 resume=\"\(path)\""
    let first = Session(script, json: true)
    let written = try String(contentsOfFile: path, encoding: .utf8)
    let again = Session(script, json: true)
    #expect(first.error == "" && again.objects.count == 2)
    #expect(first.objects.map { $0["gap"] as? Double } == again.objects.map { $0["gap"] as? Double })
    #expect(try String(contentsOfFile: path, encoding: .utf8) == written)
    let other = Session(script.replacing("0.1/sqrt", with: "0.2/sqrt"), json: true)
    #expect(other.error.contains("another configuration"))
  }

  @Test func theorySaysWhatItIsNotAbout() {
    let session = Session(
      Self.fleet + "method asgd gamma=0.1/(1+k); theory \"asgd compress=sign\" asgd")
    #expect(session.transcript.text.contains("for a constant gamma"))
    #expect(session.transcript.text.contains("these are compressed: it promises nothing"))
  }

  @Test func threadsChangeNothing() {
    let script =
      Self.fleet + """
        compare "asgd gamma=0.1/(1+k) compress=qsgd(3)" "rennala batch=3 gamma=0.1 compress=randk(4) \
        feedback=true" "minibatch gamma=0.1 compress=natural" steps=50 seeds=4
        """
    let one = Session(script, json: true) { $0.threads = 1 }
    let many = Session(script, json: true) { $0.threads = 4 }
    func gaps(_ session: Session) -> [Double?] { session.objects.map { $0["gap"] as? Double } }
    #expect(one.error == "" && gaps(one).count == 3 && gaps(one) == gaps(many))
  }
}
