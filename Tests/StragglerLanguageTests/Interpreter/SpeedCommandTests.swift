// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

@Suite struct SpeedCommandTests {
  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  private let start = "problem quadratic dim=10; method asgd gamma=0.1; "

  @Test(arguments: [
    ("tau=i speed=profile(10,1,1)", "tau=i"), ("tau=i speed=1", "tau=i"),
    ("tau=i speed=profile(7,2,2)", "tau=i/2"),
    ("tau=i speed=4", "tau=i/4"), ("tau=i available=markov(5,2)", "tau=i delay=markov(5,2)"),
  ]) func isTheSameAs(_ speed: String, _ plain: String) {
    let session = Session(
      start + "workers 3 \(speed); run time=50; let a=loss; "
        + "workers 3 \(plain); run time=50; expect loss==a and a<3")
    #expect(session.outcome == .done, "\(session.error)")
  }

  @Test func untilIsAFileWithOneChange() throws {
    try withFile("1,0,on\n1,7.5,off\n") { path in
      let fleet = "workers 3 tau=i delay=exponential(1); workers 1..1 available="
      let session = Session(
        start + fleet + "until(7.5); run time=50; let a=loss; let k=arrivals; "
          + fleet + "trace(\"\(path)\"); run time=50; expect loss==a and arrivals==k")
      #expect(session.outcome == .done, "\(session.error)")
    }
    let never = Session(start + "workers 3 available=until(0)")
    #expect(never.error.contains("out of order"), "\(never.error)")
  }

  @Test func showsWhatItTakesToRecreate() throws {
    try withFile("1,0,1\n2,5,0.5\n") { path in
      let commands = [
        "workers 3 tau=2 speed=profile(24,1,i,n) phase=i/n offline=restart",
        "workers 2..3 speed=sine(10,0.5)",
        "workers 1..2 available=markov(5,i) offline=lose", "workers 3..3 available=until(20*i)",
        "workers 2..2 speed=trace(\"\(path)\")",
        "workers 3..3 speed=sqrt(i)",
      ]
      let session = Session(
        start + commands.joined(separator: "; ") + "; run time=30; let a=loss; show workers")
      #expect(session.outcome == .done, "\(session.error)")
      let shown = session.transcript.text.split(separator: "\n").filter { $0.hasPrefix("workers") }.map(
        String.init)
      #expect(shown == commands)
      let again = Session(start + shown.joined(separator: "; ") + "; run time=30; echo loss")
      let first = Session(start + commands.joined(separator: "; ") + "; run time=30; echo loss")
      #expect(again.transcript.text == first.transcript.text && again.outcome == .done)
    }
  }

  @Test func goesOnAfterARestore() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).checkpoint")
    defer { try? FileManager.default.removeItem(at: file) }
    let fleet = "workers 3 tau=1 speed=profile(9,1,2,0) phase=i/n available=markov(20,3) offline=restart; "
    let session = Session(
      start + fleet + "run time=40; let a=loss; run time=20; checkpoint \"\(file.path)\"; "
        + "restore \"\(file.path)\"; run time=40; expect loss==a")
    // The first run is past time 20: it goes back by itself.
    let other = Session(
      start + fleet + "run time=20; checkpoint \"\(file.path)\"; run time=40; let a=loss; "
        + "restore \"\(file.path)\"; run time=40; expect loss==a")
    #expect(other.outcome == .done, "\(other.error)")
    _ = session
  }

  @Test(arguments: [
    ("speed=-1", "a speed out of range for worker 1"), ("speed=profile(0,1)", "period out of range"),
    ("speed=profile(10)", "does not take 1 argument"), ("speed=profile(10,1,-1)", "a speed of the profile"),
    ("speed=sine(10,2)", "amplitude out of range"), ("speed=sine(10)", "does not take 1 argument"),
    ("speed=cosine(10,1)", "not known here"), ("speed=markov(1,1)", "not known here"),
    ("available=1", "not known here"), ("available=markov(0,1)", "times of markov out of range"),
    ("available=profile(1,2)", "not known here"), ("offline=stop", "pause"),
    ("phase=inf", "a phase out of range"),
    ("speed=trace(\"/nowhere.csv\")", "nowhere"), ("speed=inf", "a speed out of range"),
  ]) func refuses(_ keys: String, _ reason: String) {
    let session = Session("workers 3 \(keys)")
    #expect(session.outcome == .failed && session.error.contains(reason), "\(session.error)")
  }

  @Test func saysWhatWasRead() throws {
    try withFile("worker,time,state\n1,0,on\n1,10,off\n") { path in
      let session = Session(
        start + "workers 2 available=trace(\"\(path)\"); run time=30; gantt; save \"\(path)\"")
      #expect(session.outcome == .done, "\(session.error)")
      let notes = session.transcript.diagnostics.map(\.message)
      #expect(
        notes.contains {
          $0.hasSuffix(
            "1 worker (by \"worker\"), 2 changes of state (by \"state\"), times (by \"time\", seconds)")
        })
      #expect(notes.contains { $0.contains("has no rows for worker 2: always on") })
      #expect(session.transcript.text.contains("░ off"))
      let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let column = try #require(rows[0].firstIndex(of: "available"))
      #expect(rows[1][column] == "1.0" && rows[rows.count - 1][column] == "0.5")
    }
  }

  @Test func theoryAndAdviceSayThatSpeedsChange() {
    let fleet = "workers 3 tau=i speed=profile(50,1,0.1) phase=i/n; "
    let theory = Session(
      "problem quadratic dim=10 noise=0.1; target epsilon=0.1; " + fleet + "theory", json: true)
    #expect(theory.outcome == .done, "\(theory.error)")
    let rows = theory.objects.filter { $0["method"] is String }
    let known = rows.filter { $0["time"] is Double }.compactMap { $0["method"] as? String }
    #expect(Set(known) == ["rennala", "malenia"])
    #expect(rows.allSatisfy { $0["durations"] as? String == "changing" || $0["reason"] != nil })
    let advice = Session(
      "problem quadratic dim=10 noise=0.1; target epsilon=0.1; " + fleet
        + "advise samples=3 seeds=1 gradients=2000")
    #expect(advice.outcome == .done, "\(advice.error)")
    #expect(advice.transcript.text.contains("speeds change"))
  }

  @Test func keysSayWhichColumnsCount() throws {
    try withFile("when (min),load,id_of_node,v\n0,7,1,1\n2,7,1,0.5\n1,7,2,3\n") { path in
      let keys = "speed=trace(\"\(path)\",worker=id_of_node,time=1,speed=v)"
      let session = Session(
        start + "workers 2 tau=1 \(keys); run time=600; let a=loss; show workers; "
          + "workers 1 tau=1 speed=trace(\"\(path)\",worker=id_of_node,time=1,speed=v,unit=ms)")
      #expect(session.transcript.diagnostics.last?.message.contains("beyond the 1 workers") == true)
      let shown = keys.replacing("id_of_node", with: "\"id_of_node\"").replacing("=1,", with: "=\"1\",")
        .replacing("=v", with: "=\"v\"")
      #expect(session.transcript.text.contains("workers 2 tau=1 \(shown)\n"), "\(session.transcript.text)")
      let notes = session.transcript.diagnostics.map(\.message)
      #expect(
        notes.contains {
          $0.hasSuffix(
            "2 workers (by \"id_of_node\"), 3 speeds (by \"v\"), times (by \"when (min)\", minutes), "
              + "not used: load")
        }, "\(notes)")
      let speeds = session.interpreter.workspace.configuration.speeds
      #expect(speeds.count == 2 && "\(speeds.first?.pace ?? .constant(1))".contains("120"))
      // A key of the other kind of file, one twice, and a column that is not there.
      for (keys, words) in [
        ("state=v", "state"), ("speed=v,speed=load", "speed"), ("worker=host", "there is no column"),
        ("bootstrap", "trace(\"FILE\",KEY=VALUE…)"),
      ] {
        let session = Session("workers 2 speed=trace(\"\(path)\",\(keys))")
        #expect(session.outcome == .failed && session.error.contains(words), "\(session.error)")
      }
    }
  }

  @Test func rowsAreJoinedByName() throws {
    try withFile("name,tau\nphone-10,2\nphone-2,1\ntablet,3\n") { table in
      func session(_ text: String, _ fleet: String) throws -> Session {
        var result: Session?
        try withFile(text) { path in
          result = Session("workers \(fleet) available=trace(\"\(path)\"); show workers")
        }
        return try #require(result)
      }
      let fleet = "\"\(table)\""
      // Of phone-2, phone-10 and tablet the second goes off.
      let joined = try session("device,time,state\ntablet,0,on\nphone-10,5,off\n", fleet)
      #expect(joined.outcome == .done, "\(joined.error)")
      let speeds = joined.interpreter.workspace.configuration.speeds.map { "\($0.availability)" }
      #expect(speeds[0] == "always" && speeds[1].contains("5.0") && speeds[2].contains("0.0"))
      #expect(
        joined.transcript.diagnostics.contains {
          $0.message.contains("no rows for worker phone-2: always on")
        })
      // Names and numbers that the fleet has not.
      for text in ["device,time,state\nphone-3,0,off\n", "worker,time,state\n1,0,off\n"] {
        let refused = try session(text, fleet)
        #expect(refused.outcome == .failed && refused.error.contains("the fleet has no worker"), "\(text)")
      }
      // A fleet that is drawn need not have all.
      let drawn = try session("device,time,state\nphone-3,0,off\nphone-2,0,off\n", "50 \(fleet)")
      #expect(drawn.outcome == .done, "\(drawn.error)")
      #expect(
        drawn.transcript.diagnostics.contains {
          $0.message.contains("has rows for worker phone-3, which the fleet")
        })
      let all = drawn.interpreter.workspace.configuration
      for (name, speed) in zip(all.names, all.speeds) {
        #expect((name == "phone-2") != (speed.availability == .always))
      }
      // Without names of its own, a fleet of as many takes those of the file.
      let named = try session("device,time,state\nb-10,0,on\nb-9,0,off\n", "2")
      #expect(named.outcome == .done && named.transcript.text.contains("b-9"), "\(named.transcript.text)")
      let other = try session("device,time,state\nb-10,0,on\nb-9,0,off\n", "3")
      #expect(other.error.contains("whose names are not known"), "\(other.error)")
      // Numbers with zeros in front are the same worker, which is said.
      let zeros = try session("worker,time,state\n01,0,on\n1,5,off\n", "1")
      #expect(zeros.outcome == .done, "\(zeros.error)")
      #expect(zeros.transcript.diagnostics.contains { $0.message.contains("taken for the same worker") })
    }
  }
}
