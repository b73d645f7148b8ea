// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// What is saved says what it comes from, and the commands there make the same again.
@Suite struct ProvenanceTests {
  private static let configuration =
    "let s = 3; problem quadratic dim=9; workers s tau=i delay=exponential(1); seed 5; method rennala "
    + "batch=s gamma=0.1; "

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// The commands that a figure holds.
  private func commands(ofFigure svg: String) throws -> String {
    let lines = try #require(svg.firstMatch(of: /<metadata>\n(.*?)\n<\/metadata>/.dotMatchesNewlines()))
      .output.1
    #expect(lines.hasPrefix("straggler \(Provenance.version)\n"))
    return lines.split(separator: "\n").dropFirst().joined(separator: "\n").replacing("&quot;", with: "\"")
      .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
  }

  @Test(arguments: [
    "run steps=7", "run steps=3; step 4", "run gap<1e-1 steps=50", "compare rennala hero steps=5 seeds=2",
    "sweep gamma in [0.1,0.2] steps=5", "run steps=s; save \"x.csv\"",
  ])
  func figuresAreMadeAgain(_ work: String) throws {
    try inFolder { path in
      let work = work.replacing("x.csv", with: "\(path)/x.csv")
      let first = Session("\(Self.configuration) \(work); plot \"\(path)/a.svg\"")
      #expect(first.outcome == .done, "\(first.error)")
      let again = try commands(ofFigure: text("\(path)/a.svg"))
      let second = Session("let s = 3\n\(again)\nplot \"\(path)/b.svg\"")
      #expect(second.outcome == .done, "\(second.error)")
      let style = /<metadata>.*?<\/metadata>/.dotMatchesNewlines()
      #expect(
        try text("\(path)/a.svg").replacing(style, with: "")
          == text("\(path)/b.svg").replacing(style, with: ""))
      #expect(again.contains("seed 5") && again.contains("workers 3"))
    }
  }

  @Test func numbersAreMadeAgain() throws {
    try inFolder { path in
      _ = Session("\(Self.configuration) run steps=6; save \"\(path)/a.json\"; gantt \"\(path)/g.svg\"")
      let data = Data(try text("\(path)/a.json").utf8)
      let trace = try #require((try JSONSerialization.jsonObject(with: data) as? [[String: Any]])?.first)
      #expect(trace["version"] as? String == Provenance.version)
      let commands = try #require(trace["commands"] as? [String])
      _ = Session(commands.joined(separator: "\n") + "\nsave \"\(path)/b.json\"")
      #expect(try text("\(path)/a.json") == text("\(path)/b.json"))
      #expect(try self.commands(ofFigure: text("\(path)/g.svg")) == commands.joined(separator: "\n"))
      _ = Session(
        "\(Self.configuration) compare hero steps=6; save \"\(path)/c.json\"; save \"\(path)/c.csv\" traces")
      #expect(try text("\(path)/c.json").contains("\"compare hero steps=6\"]"))
      #expect(
        try text("\(path)/c.csv").hasPrefix(
          "method,seed,time,iteration,arrivals,used,loss,gap,gradnorm2,accuracy,available,discarded,"
            + "cancelled,gradients,messages,coordinates,energy,busy,delay_mean,consensus\n"))
    }
  }

  @Test func thePageNamesItsMaker() throws {
    try inFolder { path in
      _ = Session("\(Self.configuration) run steps=6; report \"\(path)/r.html\"")
      let page = try text("\(path)/r.html")
      #expect(page.contains("content=\"straggler \(Provenance.version)\""))
    }
  }
}
