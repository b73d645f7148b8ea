import Foundation

/// A script of the repository or a block of commands of its documentation, which the tests carry out.
///
/// In a document a block is one that has the word `straggler` behind its backticks, or whose lines begin with the
/// prompt. A block with `csv NAME` there is a file that the examples below it read.
struct Example: CustomTestStringConvertible, Sendable {
  /// `demo`, `README`, `Networks-2`: the name of its transcript.
  let name: String
  let script: String
  var files: [String: String] = [:]

  var testDescription: String { name }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let all: [Example] = {
    let documents = [root.appendingPathComponent("README.md")] + files(in: "Docs", ending: "md")
    return files(in: "scripts", ending: "straggler").map { Example(name: stem($0), script: text($0)) }
      + documents.flatMap { blocks(of: text($0), name: stem($0)) }
  }()

  private static func files(in folder: String, ending: String) -> [URL] {
    let found = try? FileManager.default.contentsOfDirectory(
      at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
    return (found ?? []).filter { $0.pathExtension == ending }.sorted { $0.path < $1.path }
  }

  private static func stem(_ file: URL) -> String { file.deletingPathExtension().lastPathComponent }
  private static func text(_ file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

  private static func blocks(of document: String, name: String) -> [Example] {
    var examples: [Example] = []
    var files: [String: String] = [:]
    for (index, part) in document.components(separatedBy: "\n```").enumerated() where index % 2 == 1 {
      var lines = part.components(separatedBy: "\n")
      let kind = lines.removeFirst().split(separator: " ")
      let typed = lines.filter { $0.hasPrefix(prompt) }.map { String($0.dropFirst(prompt.count)) }
      if kind.first == "csv", kind.count == 2 {
        files[String(kind[1])] = lines.joined(separator: "\n") + "\n"
      } else if kind.first == "straggler" || !typed.isEmpty {
        let number = examples.isEmpty ? "" : "-\(examples.count + 1)"
        let commands = typed.isEmpty ? lines.filter { !$0.isEmpty } : typed
        examples.append(Example(name: name + number, script: shown(commands), files: files))
      }
    }
    return examples
  }

  private static let prompt = "straggler> "

  /// The commands, each of which is shown as at the prompt before it is carried out.
  private static func shown(_ commands: [String]) -> String {
    commands.map { command in
      let quoted = command.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return "echo \"\(prompt)\(quoted)\"\n\(command)\n"
    }.joined()
  }

  /// What the program prints and the files that it writes, without what real time has to do with.
  func run(_ program: String? = nil, _ options: [String] = []) throws -> (output: String, files: [String: Data]) {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
    let path = "\(folder)/\(name).straggler"
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    let process = try PipedProcess(program: program, options + [path], folder: folder)
    let result = try process.finish(seconds: 300)
    var output = result.output.replacing(/(?m)^(wall|events_per_second)( +)\S+$/) { "\($0.1)\($0.2)…" }
    if !result.errors.isEmpty { output += "standard error:\n" + result.errors }
    if result.status != 0 { output += "exit status \(result.status)\n" }
    var written: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where files[name] == nil {
      written[name] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    return (output, written)
  }
}
