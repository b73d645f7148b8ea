// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerData
import StragglerLab
import Testing

@testable import StragglerLanguage

/// A run that is kept in a file and goes on elsewhere ends in the same bytes as one that never stopped.
@Suite struct CheckpointTests {
  let folder = NSTemporaryDirectory() + "straggler-checkpoint-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// The reports of a script, without what real time has to do with.
  private func reports(_ script: String) throws -> [String] {
    let session = Session(script, json: true)
    try #require(session.error == "", "\(session.error)")
    return session.transcript.text.split(separator: "\n").map {
      String($0.replacing(/"(wall|events_per_second)":[^,}]*/, with: ""))
    }
  }

  private func check(_ configuration: String, first: Int = 60, then: Int = 140) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/run"
    let (trace, other) = (folder + "/a.csv", folder + "/b.csv")
    let whole = try reports(
      "\(configuration); run arrivals=\(first); checkpoint \"\(file)\"; run arrivals=\(then); stats; save "
        + "\"\(trace)\""
    )
    // What this session had configured before is of no account.
    let resumed = try reports(
      "workers 2; method hero; run steps=3; restore \"\(file)\"; run arrivals=\(then); stats; save "
        + "\"\(other)\""
    )
    #expect(resumed.suffix(2) == whole.suffix(2))
    #expect(
      try String(contentsOfFile: trace, encoding: .utf8) == String(contentsOfFile: other, encoding: .utf8))
  }

  static let methods = Catalogue().methods.map(\.name)

  @Test(arguments: methods) func everyMethodGoesOn(_ method: String) throws {
    let keys: [String: String] = [
      "mindflayer": "trials=3", "vecna": "trials=2", "mindflayer-mod": "batch=4", "ata": "batch=6",
      "rennala": "batch=4", "shadowheart": "k=3 ratio=5", "qsgd": "k=3", "ringmaster": "R=3 stops=true",
      "local-sgd": "budget=8", "async-local": "local=2 R=6", "async-batch": "batch=2 R=6", "cycle": "group=2",
      "rennala-mvr": "batch=3 a=0.3", "aced": "limit=6", "fedasync": "staleness=hinge(1,2)",
      "rescaled": "times=measured",
    ]
    let isFinite = [
      "freya-page", "freya-sgd", "hero-gd", "soviet-gd", "hero-page", "soviet-page", "synthesis",
    ]
    .contains(method)
    try check(
      """
      problem quadratic dim=12 noise=0.1 \(isFinite ? "samples=9" : ""); seed 5
      workers 5 tau=sqrt(i) delay=lognormal(0,1) upload=i/10; trace every=2; topology ring link=i/10
      method \(method) gamma=0.05 \(keys[method] ?? "")
      """)
  }

  @Test(arguments: ["natural", "topk(3) feedback=true", "qsgd(4) feedback=true"])
  func modifiersGoOn(_ compression: String) throws {
    try check(
      """
      problem quadratic dim=12 noise=0.1; seed 5; let c = 0.1
      workers 5 tau=sqrt(i) delay=lognormal(0,1) upload_per_coordinate=i/10; trace every=2
      method rennala batch=4 gamma=c/sqrt(1+k+delay+t) compress=\(compression)
      """)
  }

  @Test(arguments: ["adam", "delayed-nesterov(0.5,7)", "muon", "nesterov"])
  func rulesOfTheStepGoOn(_ rule: String) throws {
    try check(
      """
      problem quadratic dim=12 noise=0.1; seed 5
      workers 5 tau=sqrt(i) delay=lognormal(0,1); trace every=2
      method msync m=3 gamma=0.01/sqrt(1+k) compress=topk(3) feedback=true step=\(rule) max_norm=1
      """)
  }

  @Test func problemsAndTracesGoOn() throws {
    try check("problem logistic batch=2; workers 4 tau=i delay=markov(5,2); method asgd gamma=0.1")
    try check(
      "problem network hidden=4 batch=2; workers 3 tau=i; trace every=3 unit=time; method rennala "
        + "gamma=0.1 batch=3",
      first: 9, then: 20)
  }

  @Test func variablesAndOtherMethodsAreKept() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let configuration =
      "let a = 3; problem quadratic dim=2*a; workers a tau=a*i; method hero gamma=0.5; method asgd gamma=a/10"
    let shown = Session("\(configuration); run steps=3; checkpoint \"\(folder)/run\"; show").transcript.text
    let restored = Session("restore \"\(folder)/run\"; show").transcript.text
    #expect(shown.hasSuffix(restored) && restored.contains("tau=(3)*i"))
    let compared = Session("restore \"\(folder)/run\"; compare hero steps=2", json: true)
    #expect(compared.objects.last?["gamma"] as? Double == 0.5)
  }

  @Test func whatCannotBeRestoredChangesNothing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/run"
    _ = Session(
      """
      problem quadratic dim=8; workers 3 tau=i; method asgd gamma=0.1; run steps=50
      checkpoint "\(file)"
      """)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    func tried(_ bytes: [UInt8]) throws -> Session {
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      return Session("workers 2; method hero gamma=0.5; run steps=7; restore \"\(file)\"; stats", json: true)
    }
    func changed(_ from: String, _ to: String) throws -> [UInt8] {
      let text = Data(bytes), range = try #require(text.range(of: Data(from.utf8)))
      let changed = [UInt8](text[..<range.lowerBound]) + Array(to.utf8) + [UInt8](text[range.upperBound...])
      // With the right checksum, as in a file made to do harm.
      let parts = changed.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
      let sum = "sum \(CRC32.checksum([UInt8](parts[2])))"
      return [UInt8](parts[0]) + Array("\n\(sum)\n".utf8) + [UInt8](parts[2])
    }
    for (bytes, words) in [
      ([UInt8](), "not a checkpoint"), (Array("hello".utf8), "not a checkpoint"),
      (Array(bytes.dropLast()), "cut off"), (Array(bytes.prefix(40)), "cut off"),
      (try changed("dim=8", "dim=9"), "another configuration"),
      (try changed("tau=i", "tau=9"), "another configuration"),
      (try changed("seed 1", "quit 1"), "is not one command that configures"),
      (try changed("seed 1", "seed 1; save \"\(file)x.csv\""), "is not one command that configures"),
      (try changed("seed 1", "seed 1 # 2"), "is not one command that configures"),
      (try changed("seed 1", "seed 1 \\"), "is not one command that configures"),
      (try changed("seed 1", "for k in 1..1 { seed 1 }"), "is not one command that configures"),
      (try changed("seed 1", "let seed = 1"), "is not one command that configures"),
      (try changed("seed 1", "se 1"), "is not one command that configures"),
      (try changed("seed 1", " seed 1"), "is not one command that configures"),
      (try changed("stopped steps", "stopped never"), "is invalid"),
      (try changed("trace 1 ", "trace 9223372036854775807 "), "is invalid"),
      (try changed("wall 0.0", "wall x"), "is invalid"),
      (try changed("seed 1", "seed x"), "no variable 'x'"),
      (try changed("events ", "events -"), "is invalid"),
    ] {
      let session = try tried(bytes)
      #expect(session.error.contains(words), "\(words): \(session.error)")
    }
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1
      try #require(throws: LabError.self, "byte \(index)") { try Checkpoint(damaged) }
    }
    let session = Session(
      "workers 2; method hero gamma=0.5; run steps=7; restore /nowhere/at/all; stats", json: true
    ) { $0.keepsGoing = true }
    #expect(session.objects.last?["iteration"] as? Int == 7)
  }

  /// Whatever a file is called: what `show` and `checkpoint` say of it reads back.
  @Test func hostileNamesAreKept() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = [
      "a\nseed 9", "a\"b", "a\\", "a\\\"; seed 7 #", "\t\\n", "a\rb", "a'b", "\\\\x\n", "{;}#", "ü\u{1B}[31m",
    ]
    for name in names {
      try "1.5\n2\n".write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
      try "1 1:1 2:3\n-1 2:1\n".write(toFile: folder + "/d" + name, atomically: true, encoding: .utf8)
      let (durations, data) = (
        (folder + "/" + name).quoted, (folder + "/d" + name).quoted
      )
      let session = Session(
        """
        problem logistic data=\(data); workers 2 tau=(1+ \\
          i) delay=mixture(0.5,trace(\(durations)),1); method asgd gamma=0.1
        run steps=3; checkpoint "\(folder)/run"
        """)
      try #require(session.outcome == .done, "\(session.error)")
      let commands = session.interpreter.workspace.configuration.commands(of: .all)
      #expect(commands.allSatisfy { !$0.contains("\n") } && commands[0].contains("data=\"/"))
      let again = Session(commands.joined(separator: "\n"))
      #expect(
        again.outcome == .done && again.interpreter.workspace.configuration.commands(of: .all) == commands,
        "\(again.error)")
      let restored = Session("restore \"\(folder)/run\"")
      #expect(
        restored.outcome == .done
          && restored.interpreter.workspace.configuration.commands(of: .all) == commands, "\(restored.error)"
      )
      #expect(restored.interpreter.workspace.configuration.seed == 1)
      // Nor do they become commands where a figure says what it comes from.
      let told = Session("let m = \(name.quoted); workers 1; method hero gamma=1; step; echo m")
      let origin = try #require(told.interpreter.workspace.results.shown.commands.last)
      #expect(!origin.contains("\n") && origin.hasPrefix("echo m  # m = \""), "\(origin)")
    }
  }

  @Test func backslashesAreLiteralButBeforeAFew() {
    for (written, text) in [
      ("\"C:\\dir\\x\"", "C:\\dir\\x"), ("\"a\\n\\t\\\"\\\\b\"", "a\n\t\"\\b"), ("'it\\'s'", "it's"),
      ("\"\\'\"", "\\'"), ("\"\\q\"", "\\q"),
    ] {
      #expect(Session("let x = \(written)").interpreter.environment["x"] == .text(text), "\(written)")
    }
  }
}
