// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab

@testable import StragglerLanguage

/// Collects what an interpreter says.
final class Transcript: Output {
  var text = ""
  var diagnostics: [Diagnostic] = []
  var progress: [StragglerLanguage.Progress] = []
  /// How many characters are accepted before the reader is gone.
  var room = Int.max

  func write(_ text: String) throws(OutputClosed) {
    guard self.text.count + text.count <= room else { throw OutputClosed() }
    self.text += text
  }

  func diagnose(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
  func progress(_ progress: StragglerLanguage.Progress?) { progress.map { self.progress.append($0) } }
}

/// What came of a script.
struct Session {
  let outcome: Outcome
  let transcript: Transcript
  let interpreter: Interpreter

  /// Runs `script` without a terminal.
  init(
    _ script: String, json: Bool = false, world: World = World(), commands: CommandList = .standard,
    _ adjust: (inout Options) -> Void = { _ in }
  ) {
    transcript = Transcript()
    var options = Options()
    options.isJSON = json
    adjust(&options)
    interpreter = Interpreter(output: transcript, options: options, world: world, commands: commands)
    outcome = interpreter.execute(SourceText(name: "<command>", script))
  }

  /// The reports in the output under `--json`, without the answers of commands that report nothing.
  var objects: [[String: Any]] { answers.filter { $0["ok"] == nil && $0["error"] == nil } }

  /// All objects in the output under `--json`.
  var answers: [[String: Any]] {
    transcript.text.split(separator: "\n").compactMap { line in
      (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
    }
  }

  /// The first error as it is shown.
  var error: String { transcript.diagnostics.first?.rendered ?? "" }
}

/// The folder of shared data beside the package, or where STRAGGLER_SHARED says.
enum SharedFolder {
  static let path: String? = {
    let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared").path
    let candidates = [ProcessInfo.processInfo.environment["STRAGGLER_SHARED"], beside].compactMap(\.self)
    return candidates.first { FileManager.default.fileExists(atPath: $0) }
  }()
}
