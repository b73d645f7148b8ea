// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// Several settings of one method side by side.
@Suite struct MethodSettingTests {
  private static let fleet = "problem quadratic dim=8 noise=0.01; workers 4 tau=i; trace every=1; "

  @Test func settingsOfOneMethodStandSideBySide() throws {
    let session = Session(
      Self.fleet + """
        method rennala gamma=0.3 batch=7
        compare "rennala batch=2" "rennala batch=5 label='large ones'" rennala asgd gap<0.1 steps=400
        expect rennala_batch_2_time > 0 and large_ones_time > 0 and rennala_time > 0 and asgd_time > 0
        """, json: true)
    #expect(session.outcome == .done, "\(session.error)")
    #expect(
      session.objects.map { $0["label"] as? String } == ["rennala batch=2", "large ones", "rennala", "asgd"])
    #expect(session.objects.map { $0["method"] as? String } == ["rennala", "rennala", "rennala", "asgd"])
    // Keys of `method` that a setting does not name count too.
    for (index, batch) in [2, 5, 7].enumerated() {
      let alone = Session(
        Self.fleet + "method rennala gamma=0.3 batch=\(batch); compare rennala gap<0.1 steps=400", json: true)
      for key in ["time", "gap", "gamma", "iteration", "discarded"] {
        #expect(
          session.objects[index][key] as? Double == alone.objects.last?[key] as? Double, "\(batch) \(key)")
      }
    }
    // The configuration is what it was.
    let shown = Session(
      Self.fleet + "method rennala batch=7; compare \"rennala batch=2\" steps=3; show method")
    #expect(shown.transcript.text.hasSuffix("method rennala batch=7\n"))
  }

  @Test func labelsStandInTablesCurvesAndFiles() throws {
    let path = NSTemporaryDirectory() + "straggler-labels-\(ProcessInfo.processInfo.processIdentifier).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let script = Self.fleet + "compare \"rennala batch=2 label=two\" \"rennala batch=5\" steps=20 seeds=2; "
    let table = Session(script).transcript.text.split(separator: "\n")
    #expect(table[2].hasPrefix("two ") && table[3].hasPrefix("rennala batch=5 "))
    let plot = try #require(Session(script + "plot y=gap", json: true).objects.last)
    let series = try #require(plot["series"] as? [[String: Any]])
    #expect(series.map { $0["name"] as? String } == ["two", "rennala batch=5"])
    #expect(Session(script + "save \"\(path)\"").outcome == .done)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines[0].hasSuffix(",gamma,reached,label,time_resolution,end"))
    #expect(lines[1].split(separator: ",").dropLast(2).last == "two")
    #expect(Session(script + "save \"\(path)\" traces").outcome == .done)
    let points = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(
      points[0] == "method,seed,time,iteration,arrivals,used,loss,gap,gradnorm2,accuracy,available,discarded,"
        + "cancelled,gradients,messages,coordinates,energy,busy,delay_mean,consensus,label")
    #expect(points[1].hasPrefix("rennala,") && points[1].hasSuffix(",two"))
  }

  @Test func settingsAreTunedAndPredicted() {
    let tuned = Session(
      Self.fleet
        + "compare \"rennala batch=2 label=two\" \"rennala batch=5\" gap<0.2 steps=200 "
        + "tune=[0.1,0.2,0.4,0.8] fixed-grid",
      json: true)
    #expect(tuned.objects.map { $0["label"] as? String } == ["two", "rennala batch=5"])
    let theory = Session(
      Self.fleet
        + "theory \"rennala batch=2 label=two\" \"rennala batch=5\"; expect theory_two_batch == 2 and "
        + "theory_rennala_batch_5_batch == 5",
      json: true)
    #expect(theory.outcome == .done, "\(theory.error)")
    #expect(Set(theory.objects.compactMap { $0["label"] as? String }) == ["two", "rennala batch=5"])
    let variable = Session(
      Self.fleet + "let m = \"rennala batch=2\"; compare m steps=3; expect rennala_batch_2_iteration == 3")
    #expect(variable.outcome == .done, "\(variable.error)")
  }

  @Test(arguments: [
    ("rennala rennala", "two methods go by rennala"),
    ("\"rennala label=r\" \"asgd label=r\"", "two methods go by r"),
    ("\"rennala label=a-b\" \"asgd label=a_b\"", "the variables of 'a-b' and 'a_b' have the same names"),
    ("\"rennala batch=1.5\"", "the value of batch= is out of range"),
    ("\"rennala foo=1\"", "rennala has no key 'foo'"),
    ("\"\"", "the text names no method"), ("\"foo batch=1\"", "there is no method 'foo'"),
    ("\"rennala label=\"", "label= has no value"), ("\"rennala label=a label=b\"", "label= is given twice"),
    ("\"rennala; quit\"", "a method's setting ends before this"),
    ("\"rennala 5\"", "method does not take '5'"),
  ]) func settingsThatMakeNoSenseAreRefused(_ words: String, _ message: String) {
    let session = Session(Self.fleet + "compare \(words) steps=3")
    #expect(session.outcome == .failed && session.error.contains(message), "\(words): \(session.error)")
  }
}
