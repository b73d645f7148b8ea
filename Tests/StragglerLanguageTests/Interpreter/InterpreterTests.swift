// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif
import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct InterpreterTests {
  static let small = "problem quadratic dim=20 noise=0; workers 4 tau=sqrt(i); "

  @Test func commandsComeInAnyOrder() {
    let one = Session(
      "workers 4 tau=sqrt(i); method mindflayer gamma=0.3 trials=i; problem quadratic dim=9; run steps=5; "
        + "stats"
    )
    let two = Session(
      "problem quadratic dim=9; method mindflayer gamma=0.3 trials=i; workers 4 tau=sqrt(i); run steps=5; "
        + "stats"
    )
    #expect(one.outcome == .done, "\(one.error)")
    #expect(one.transcript.text == two.transcript.text)
  }

  @Test func runningInPiecesIsRunningInOneGo() {
    let whole = Session(Self.small + "method asgd gamma=0.05; run steps=40; run steps=90; stats", json: true)
    let pieces = Session(
      Self.small + "method asgd gamma=0.05; step; step 3; run arrivals=11; run time=20; run steps=90; stats",
      json: true)
    for key in ["time", "loss", "assigned", "arrivals", "delay_mean", "busy", "energy"] {
      #expect(whole.objects.last?[key] as? Double == pieces.objects.last?[key] as? Double, "\(key)")
    }
    let again = Session(
      Self.small + "method asgd gamma=0.05; run steps=90; reset; run steps=90; stats", json: true)
    #expect(whole.objects.last?["loss"] as? Double == again.objects.last?["loss"] as? Double)
  }

  @Test func reconfiguringStartsAfresh() {
    let session = Session(Self.small + "method hero gamma=0.5; run steps=7; seed 2; stats", json: true)
    #expect(session.objects.last?["iteration"] as? Int == 0)
  }

  @Test func showRecreatesTheConfiguration() throws {
    let script = """
      let a = 2; problem quadratic dim=12 noise=0.01 x0=ones
      workers 5 tau=a*i delay=lognormal(a-2,1/a); workers 2..3 tau=a power=i
      target epsilon=1e-3; seed 9; trace every=3
      method rennala gamma=0.25 batch=a+1 stops=true
      """
    let first = Session(script + "\nshow", json: true)
    let commands = try #require(first.objects.last?["commands"] as? [String])
    #expect(commands.allSatisfy { !$0.contains("a*") })
    let copy = Session(commands.joined(separator: "\n") + "\nrun steps=30; stats", json: true)
    let original = Session(script + "\nrun steps=30; stats", json: true)
    #expect(copy.outcome == .done, "\(copy.error)")
    #expect(copy.objects.last?["loss"] as? Double == original.objects.last?["loss"] as? Double)
    #expect(copy.objects.last?["energy"] as? Double == original.objects.last?["energy"] as? Double)
  }

  @Test func resultsAreVariables() {
    let session = Session(
      Self.small
        + "method hero gamma=0.5; run steps=7; expect iteration == 7 and time == 7 and gap < 10; echo "
        + "iteration/2"
    )
    #expect(session.outcome == .done, "\(session.error)")
    #expect(session.transcript.text.hasSuffix("3.5\n"))
  }

  @Test func sharesAreAtMostOne() {
    let session = Session(
      """
      workers 100 tau=sqrt(i) delay=lognormal(0,2); method rennala gamma=0.5; run steps=103
      expect busy == 1 and useful <= 1
      """)
    #expect(session.outcome == .done, "\(session.error)")
  }

  @Test func anExpectationThatFailsSaysWhatIs() {
    let session = Session("let x = 3\nexpect x < 2")
    #expect(session.outcome == .expectationFailed && session.outcome.status == 3)
    #expect(session.error.hasPrefix("<command>:2:8: error: expected x < 2"))
    #expect(session.error.contains("x is 3"))
  }

  @Test func loopsRunTheirBlocks() {
    let session = Session("for k in 1..3 { let s = k^2; echo s }\nfor m in [\"a\", 7] { echo m }")
    #expect(session.transcript.text == "1\n4\n9\na\n7\n")
  }

  @Test func aScriptStopsAtItsFirstFailureUnlessItIsToGoOn() {
    let stopped = Session("echo 1; bogus; echo 2")
    #expect(stopped.transcript.text == "1\n" && stopped.outcome.status == 1)
    let going = Session("echo 1; bogus; echo 2") { $0.keepsGoing = true }
    #expect(going.transcript.text == "1\n2\n" && going.outcome.status == 1)
  }

  @Test func stuckWorkersStarveMethodsThatWaitForThem() {
    let fleet = "problem quadratic dim=20; workers 5 tau=1 delay=infbernoulli(0.6); "
    for method in ["rennala gamma=0.1 batch=50", "asgd gamma=0.01", "minibatch gamma=0.1"] {
      let session = Session(fleet + "method \(method); run steps=100000", json: true)
      #expect(session.objects.last?["stopped"] as? String == "starved", "\(method)")
    }
    let mindflayer = Session(fleet + "method mindflayer gamma=0.1; run steps=300", json: true)
    #expect(mindflayer.objects.last?["stopped"] as? String == "steps")
  }

  @Test func divergenceStopsTheRun() throws {
    let session = Session(Self.small + "method hero gamma=50; run steps=100000", json: true)
    #expect(session.objects.last?["stopped"] as? String == "diverged")
    let iteration = try #require(session.objects.last?["iteration"] as? Int)
    // A step multiplies the gap by about 50², and at 10⁶ times the first one the run has diverged.
    #expect(iteration > 1 && iteration < 100)
  }

  @Test func conditionsAndTimeStopTheRun() throws {
    let condition = Session(Self.small + "method hero gamma=1; run gradnorm2<1e-3 steps=100000", json: true)
    #expect(condition.objects.last?["stopped"] as? String == "condition")
    #expect(try #require(condition.objects.last?["gradnorm2"] as? Double) < 1e-3)
    let time = Session(Self.small + "method hero gamma=1; run time=10.5", json: true)
    #expect(time.objects.last?["time"] as? Double == 10)
  }

  @Test func aConditionThatHoldsStopsAtOnce() {
    let script =
      Self.small + "method hero gamma=1; run steps=20; run gap<1e9; run gap<1e9 steps=30; run steps=25"
    let runs = Session(script, json: true).objects
    #expect(runs.compactMap { $0["iteration"] as? Int } == [20, 20, 20, 25])
    #expect(runs.compactMap { $0["stopped"] as? String } == ["steps", "condition", "condition", "steps"])
  }

  @Test func anInterruptedRunCanGoOn() {
    // More often than there are statements, between which it is asked as well.
    nonisolated(unsafe) var patience = 20
    let world = World(interrupted: {
      patience -= 1
      return patience == 0
    })
    let session = Session(Self.small + "method hero gamma=0.01; run steps=1000000", json: true, world: world)
    #expect(session.outcome == .interrupted && session.outcome.status == 130)
    let reached = session.objects.last?["iteration"] as? Int ?? 0
    #expect(reached > 0 && reached < 1_000_000)
    #expect(
      session.interpreter.execute(
        SourceText(name: "<prompt>", "run steps=\(reached + 5); expect iteration == \(reached + 5)")) == .done
    )
  }

  @Test func comparisonsAreTheSameForAnyNumberOfThreads() {
    let script = """
      problem quadratic dim=30 noise=0.01; workers 6 tau=i delay=exponential(1)
      method rennala gamma=0.3 batch=4; method asgd gamma=0.02; method mindflayer gamma=0.3 trials=2
      compare rennala asgd mindflayer time=60 seeds=3
      """
    let results = [1, 2, 5].map { threads in
      Session(script, json: true) { $0.threads = threads }.objects.map { object in
        object.filter { !["wall", "events_per_second"].contains($0.key) }.mapValues { "\($0)" }
      }
    }
    #expect(results[0].count == 3)
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test func filesAreWrittenWholeAndReadBack() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "straggler-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path
    let session = Session(
      Self.small + """
        method rennala gamma=0.5 batch=2 stops=true; log "\(path)/log.csv"; trace every=1; run steps=6
        save "\(path)/t.csv"; save "\(path)/t.json"; plot "\(path)/p.svg" logy; gantt "\(path)/g.svg"
        """)
    #expect(session.outcome == .done, "\(session.error)")
    let rows = try String(contentsOfFile: path + "/t.csv", encoding: .utf8).split(separator: "\n")
    #expect(
      rows[0] == "method,seed,time,iteration,arrivals,used,loss,gap,gradnorm2,accuracy,available,discarded,"
        + "cancelled,gradients,messages,coordinates,energy,busy,delay_mean,consensus")
    #expect(rows.count == 8 && rows[7].hasPrefix("rennala,1,"))
    let log = try String(contentsOfFile: path + "/log.csv", encoding: .utf8).split(separator: "\n")
    #expect(log[0] == "time,event,worker,job,version,delay,iteration,name")
    #expect(log.filter { $0.contains(",update,") }.count == 6)
    #expect(log.filter { $0.contains(",use,") }.count == 12)
    #expect(log.filter { $0.contains(",assign,") }.count >= 4 * 6)
    for name in ["p.svg", "g.svg"] {
      #expect(XMLParser(data: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))).parse())
    }
    let bad = Session(Self.small + "method hero gamma=0.1; run steps=2; save \"\(path)/no/t.csv\"")
    #expect(bad.outcome == .failed && bad.error.contains("/no/t.csv"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
        "g.svg", "log.csv", "p.svg", "t.csv", "t.json",
      ])
  }

  @Test func aLogThatBeginsLateContinuesTheSameRun() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "straggler-\(UUID().uuidString).csv"
    ).path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let plain = Session(Self.small + "method asgd gamma=0.05; run steps=20; run steps=30; stats", json: true)
    let logged = Session(
      Self.small + "method asgd gamma=0.05; run steps=20; log \"\(file)\"; run steps=30; stats", json: true)
    #expect(logged.outcome == .done, "\(logged.error)")
    #expect(plain.objects.last?["loss"] as? Double == logged.objects.last?["loss"] as? Double)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.filter { $0.contains(",update,") }.count == 10)
  }

  @Test func aFileThatSourcesItselfIsRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "straggler-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try "echo 'a'; source b.straggler".write(
      to: folder.appendingPathComponent("a.straggler"), atomically: true, encoding: .utf8)
    try "echo 'b'; source a.straggler".write(
      to: folder.appendingPathComponent("b.straggler"), atomically: true, encoding: .utf8)
    let session = Session("source \"\(folder.path)/a.straggler\"")
    #expect(session.outcome == .failed)
    #expect(session.transcript.text == "a\nb\n")
    #expect(session.error.contains("b.straggler:1:18: error: ") && session.error.contains("would run itself"))
  }

  @Test func aClosedOutputIsAnError() {
    let transcript = Transcript()
    transcript.room = 10
    let interpreter = Interpreter(output: transcript)
    #expect(interpreter.execute(SourceText(name: "<command>", "echo 1; help; echo 2")) == .failed)
  }
}
