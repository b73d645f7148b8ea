// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A script of the repository, or all commands of a document as one session, which the tests carry out.
///
/// In a document these are the blocks that have the word `straggler` behind their backticks, and lines of
/// others that begin with the prompt. A block with `csv NAME` there is a file for the commands.
struct Example: CustomTestStringConvertible, Sendable {
  /// `demo`, `README`: the name of its transcript.
  let name: String
  var script: String
  var files: [String: String] = [:]

  var testDescription: String { name }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let all: [Example] = {
    let folders = ["", "Docs", "Docs/Methods"]
    return files(in: "scripts", ending: "straggler").map { Example(name: stem($0), script: text($0)) }
      + folders.flatMap { files(in: $0, ending: "md") }.compactMap { session(of: text($0), name: stem($0)) }
  }()

  private static func files(in folder: String, ending: String) -> [URL] {
    let found = try? FileManager.default.contentsOfDirectory(
      at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
    return (found ?? []).filter { $0.pathExtension == ending }.sorted { $0.path < $1.path }
  }

  private static func stem(_ file: URL) -> String { file.deletingPathExtension().lastPathComponent }
  private static func text(_ file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

  /// The commands of a document; nil where it has none.
  private static func session(of document: String, name: String) -> Example? {
    var example = Example(name: name, script: "")
    for (index, part) in document.components(separatedBy: "\n```").enumerated() where index % 2 == 1 {
      var lines = part.components(separatedBy: "\n")
      let kind = lines.removeFirst().split(separator: " ")
      if kind.first == "csv", kind.count == 2 {
        example.files[String(kind[1])] = lines.joined(separator: "\n") + "\n"
      } else if kind.first == "straggler" {
        example.add(lines)
      } else {
        example.add(lines.filter { $0.hasPrefix(prompt) }.map { String($0.dropFirst(prompt.count)) })
      }
    }
    return example.script.isEmpty ? nil : example
  }

  private static let prompt = "straggler> "

  /// Adds commands, each of which is shown as at the prompt before it is carried out.
  private mutating func add(_ lines: [String]) {
    var (command, shown, depth) = ("", "", 0)
    for line in lines where !line.isEmpty {
      let quoted = line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      shown += "echo \"\(command.isEmpty ? Self.prompt : "      ...> ")\(quoted)\"\n"
      command += line + "\n"
      depth += line.count { $0 == "{" } - line.count { $0 == "}" }
      guard depth == 0 else { continue }
      script += shown + command
      (command, shown) = ("", "")
    }
  }

  /// What the program prints and the files that it writes, without what real time has to do with.
  func run(_ program: String? = nil, _ options: [String] = []) throws -> (
    output: String, files: [String: Data]
  ) {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    let path = "\(folder)/\(name).straggler"
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    // The tables of the documentation are those of a terminal.
    let process = try PipedProcess(
      program: program, options + [path], environment: ["COLUMNS": "80"], folder: folder)
    let result = try process.finish(seconds: 300)
    var output = result.output.replacing(/(?m)^(wall|events_per_second)( +)\S+$/) { "\($0.1)\($0.2)…" }
    if !result.errors.isEmpty {
      output += "standard error:\n" + result.errors.replacing(folder + "/", with: "")
    }
    if result.status != 0 { output += "exit status \(result.status)\n" }
    var written: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where files[name] == nil {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
      // A sweep's points are there in the order in which they were finished.
      let lines = bytes.split(separator: UInt8(ascii: "\n")).sorted { $0.lexicographicallyPrecedes($1) }
      written[name] = name.hasSuffix(".jsonl") ? Data(lines.joined()) : bytes
    }
    return (output, written)
  }
}
