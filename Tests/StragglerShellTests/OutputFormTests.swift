// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// How wide and exact what is written is, and in which forms.
@Suite struct OutputFormTests {
  private static let comparison =
    "workers 4 tau=i; problem quadratic dim=10 noise=0.1; compare ringmaster rennala asgd updates=50"

  /// Without a terminal all columns are there, and numbers read back exactly.
  @Test func pipesHaveEverything() throws {
    let text = try run(["-c", Self.comparison]).output
    let json = try run(["--json", "-c", Self.comparison]).output.split(separator: "\n")
      .filter { !$0.hasPrefix("{\"ok\"") }
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines[0].last == "busy" && lines.count == json.count + 2)
    for (line, object) in zip(lines.dropFirst(2), json) {
      for name in ["gamma", "time", "gap", "gradnorm2", "busy"] {
        let column = try #require(lines[0].firstIndex(of: name))
        // Foundation's reader of JSON rounds numbers: they are taken from the text.
        let written = object.firstMatch(of: try Regex("\"\(name)\":([^,}]+)"))?.output[1].substring
        #expect(Double(line[column]) == Double(try #require(written)), "\(name)")
      }
    }
  }

  @Test func widthsAreKept() throws {
    func widest(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Int {
      let result = try run(arguments + ["-c", Self.comparison], environment: environment)
      #expect(result.status == 0)
      return result.output.split(separator: "\n").map(\.count).max() ?? 0
    }
    #expect(try widest([]) > 100)
    #expect((60...80).contains(try widest([], ["COLUMNS": "80"])))
    #expect((40...50).contains(try widest(["--width", "50"], ["COLUMNS": "80"])))
    #expect((40...50).contains(try widest(["--width=50"])))
    #expect(try widest([], ["COLUMNS": "many"]) > 100)
    for width in ["5", "x", "-3", "1e2"] {
      let result = try run(["--width=\(width)", "-c", "quit"])
      #expect(result.status == 2 && result.errors.contains("--width takes a whole number from 20"))
    }
  }

  private static let hasConverter = (try? run(shell: "command -v rsvg-convert").status) == 0

  @Test(.enabled(if: hasConverter, "rsvg-convert is not installed"), arguments: ["pdf", "png"])
  func figuresInOtherForms(_ form: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func plot(_ name: String) throws -> Data {
      let path = "\(folder)/\(name).\(form)"
      let script = Self.comparison + "; plot \"\(path)\""
      let result = try run(["--quiet", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
      #expect(result.status == 0, "\(result.errors)")
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
    let first = try plot("a")
    #expect(first.starts(with: form == "pdf" ? Data("%PDF".utf8) : Data([0x89, 0x50, 0x4E, 0x47])))
    #expect(try plot("b") == first)
  }

  @Test func aMissingConverterIsNamed() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (command, form) in [("plot", "pdf"), ("gantt", "png"), ("plot", "gif")] {
      let script = "workers 2; method asgd gamma=0.1; run updates=5; \(command) \"\(folder)/a.\(form)\""
      let result = try run(["-c", script], environment: ["PATH": folder])
      #expect(result.status == 1)
      #expect(
        result.errors.contains(
          form == "gif"
            ? "the name ends in .svg, .pdf or .png"
            : "rsvg-convert, which makes .\(form) files, is not installed"))
      #expect(result.errors.contains("librsvg2-bin") == (form != "gif"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }
}
