// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// `report` through the interpreter.
@Suite struct ReportTests {
  private func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "straggler-report-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private func page(_ script: String, json: Bool = false) throws -> String {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = Session(script + "\nreport \"\(folder)/r.html\"", json: json) { $0.keepsGoing = true }
    #expect(session.transcript.diagnostics.allSatisfy { $0.message.hasPrefix("expected") })
    return try String(contentsOfFile: folder + "/r.html", encoding: .utf8)
  }

  private static let script = """
    problem quadratic dim=20 noise=0.01
    method rennala gamma=0.5 batch=2
    for s in [1, 2] {
      workers 3 tau=i delay=lognormal(0,s)
      compare rennala hero time=20*s seeds=2
      plot y=gap logy title="s is <s>"
    }
    run steps=5
    stats
    gantt
    sweep gamma in [0.1, 0.2] steps=3
    echo "done & <dusted>"
    expect iteration == 5
    expect iteration > 5
    """

  @Test func holdsAllThatWasShown() throws {
    let page = try page(Self.script)
    #expect(page.contains("2 configurations"))
    #expect(page.contains("3 tables") && page.contains("3 figures") && page.contains("1 of 2 expectations"))
    // Commands as they were written, with the values of their variables; configurations as they can be typed.
    #expect(page.contains("compare rennala hero time=20*s seeds=2  # s = 2"))
    #expect(page.contains("workers 3 tau=i delay=lognormal(0,(2))"))
    #expect(page.contains("s is &lt;s&gt;"))
    #expect(page.contains("done &amp; &lt;dusted&gt;"))
    #expect(page.contains("best: gamma="))
    #expect(page.components(separatedBy: "<svg").count == 4)
  }

  @Test func isTheSamePageEveryTime() throws {
    #expect(try page(Self.script) == page(Self.script))
    // And whether or not the output is a terminal.
    #expect(try page(Self.script, json: true) == page(Self.script))
  }

  @Test func isWrittenWholeOrNotAtAll() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let wrong = Session("report \"\(folder)/r.txt\"")
    #expect(wrong.outcome == .failed && wrong.error.contains("the name ends in .html"))
    let nowhere = Session("report \"\(folder)/no/such/r.html\"")
    #expect(nowhere.outcome == .failed)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    // A session that has shown nothing has its configuration.
    let empty = Session("seed 7; report \"\(folder)/r.html\"")
    #expect(empty.outcome == .done)
    #expect(try String(contentsOfFile: folder + "/r.html", encoding: .utf8).contains("seed 7"))
  }

  @Test func titlesStandAboveFigures() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = Session(
      """
      workers 3; method hero gamma=0.5; run steps=9
      plot "\(folder)/p.svg" title="A & B"
      gantt "\(folder)/g.svg" title=42
      gantt "\(folder)/h.svg"
      """)
    #expect(session.outcome == .done)
    #expect(
      try String(contentsOfFile: folder + "/p.svg", encoding: .utf8).contains("<title>A &amp; B</title>"))
    #expect(try String(contentsOfFile: folder + "/g.svg", encoding: .utf8).contains("<title>42</title>"))
    #expect(try String(contentsOfFile: folder + "/h.svg", encoding: .utf8).contains("<title>hero</title>"))
  }
}
