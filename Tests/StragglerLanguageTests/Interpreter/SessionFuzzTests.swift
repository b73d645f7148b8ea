// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerData
import StragglerLab
import Testing

@testable import StragglerLanguage

/// Sessions of random statements that also log, diverge and go on, whose files are damaged and forged between
/// two statements, and that are interrupted at any time: they are carried out, or refused with a diagnostic,
/// and never trap.
///
/// `STRAGGLER_FUZZ=300000` carries out as many statements, and `STRAGGLER_FUZZ_SEED` is the seed of the first
/// session; the statements of the session at hand then are in `straggler-fuzz.txt` in the folder of
/// temporary files.
@Suite struct SessionFuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let asked = environment["STRAGGLER_FUZZ"].flatMap { Int($0) }
  private static let firstSeed = environment["STRAGGLER_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
  private static let statementsOfSession = 60

  @Test func sessionsNeverTrap() throws {
    let wanted = Self.asked ?? 480
    var counts = (statements: 0, done: 0, failed: 0, restored: 0)
    var seed = Self.firstSeed
    while counts.statements < wanted {
      var session = try FuzzedSession(seed: seed)
      defer { session.removeFiles() }
      var told = ""
      for _ in 0..<Self.statementsOfSession {
        let statement = session.next()
        if Self.asked != nil {
          told += statement + "\n"
          try "seed \(seed)\n\(told)".write(
            toFile: NSTemporaryDirectory() + "straggler-fuzz.txt", atomically: false, encoding: .utf8)
        }
        let outcome = session.carryOut(statement)
        counts.statements += 1
        if outcome == .done { counts.done += 1 }
        if outcome == .done, statement.hasPrefix("restore") { counts.restored += 1 }
        if outcome == .failed { counts.failed += 1 }
      }
      seed += 1
    }
    // Neither is all refused nor all taken.
    #expect(counts.done > wanted / 4 && counts.failed > wanted / 20, "\(counts)")
    #expect(counts.restored > wanted / 400, "\(counts)")
    if Self.asked != nil { print("\(counts), seeds \(Self.firstSeed)..<\(seed)") }
  }
}

/// A session with its files and with what is drawn for it.
private struct FuzzedSession {
  private let folder: String
  private let session: Session
  private let patience: Patience
  private var stream: RandomStream
  private let methods = Catalogue().methods

  /// How often the interpreter may still ask whether it is to stop.
  private final class Patience: @unchecked Sendable { var left = 0 }

  init(seed: UInt64) throws {
    folder = NSTemporaryDirectory() + "straggler-fuzz-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let patience = Patience()
    self.patience = patience
    stream = RandomStream(seed: seed, purpose: .data)
    session = Session(
      "", json: seed % 2 == 0,
      world: World(interrupted: {
        patience.left -= 1
        return patience.left < 0
      }))
    session.interpreter.options.threads = 2
    for (name, text) in [
      ("data", "1 1:1 3:0.5\n-1 2:1\n1 2:0.25 4:1\n-1 1:2\n"),
      ("times", "worker,duration\n1,2\n2,3.5\n1,inf\n2,1\n"),
      ("links", "from,to,seconds\n1,2,1\n2,3,0.5\n3,1,2\n"),
    ] {
      try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }
    for statement in ["problem quadratic dim=4 noise=0.1", "workers 3 tau=i", "method asgd gamma=0.1"] {
      patience.left = 9
      _ = session.interpreter.execute(SourceText(name: "<fuzz>", statement))
    }
  }

  func removeFiles() { try? FileManager.default.removeItem(atPath: folder) }

  mutating func carryOut(_ statement: String) -> Outcome {
    if stream.integer(below: 5) == 0 { damage() }
    let isRestoring = statement.hasPrefix("restore")
    let before = isRestoring ? files() : []
    patience.left = stream.integer(below: 4) == 0 ? stream.integer(below: 9) : 12
    session.transcript.text = ""
    session.transcript.diagnostics = []
    let outcome = session.interpreter.execute(SourceText(name: "<fuzz>", statement))
    if outcome == .failed { #expect(!session.transcript.diagnostics.isEmpty, "\(statement)") }
    if isRestoring { #expect(files() == before, "\(statement)") }
    return outcome
  }

  private func files() -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
  }

  // MARK: Statements

  private mutating func one(of words: [String]) -> String { words[stream.integer(below: words.count)] }

  private mutating func number() -> String {
    one(of: [
      "0", "1", "2", "3", "0.1", "0.5", "1e-3", "1/3", "1e99", "1e300", "-1e300", "1e-300", "inf", "-inf",
      "0/0", "-1",
      "9e15", "1e18", "9.3e18", "2^53", "i", "a", "auto", "true", "[1,2]", "1..3", "\"x\"", "quantile(0.5)",
      "5e-324",
    ])
  }

  private mutating func small() -> String {
    one(of: ["1", "2", "3", "5", "7", "0", "-1", "1.5", "inf", "1e18", "a", "0/0"])
  }

  private mutating func expression() -> String {
    stream.integer(below: 4) == 0
      ? number()
      : one(of: ["i", "sqrt(i)", "1", "n-i", "1/i", "i==2", "1e300*i", "0", "i*1e-300", "2^(i*400)"])
  }

  private mutating func law(_ depth: Int = 0) -> String {
    if stream.integer(below: 6) == 0, depth < 3 {
      return "mixture(\(number()),\(law(depth + 1)),\(law(depth + 1)))"
    }
    if stream.integer(below: 5) == 0 {
      return "trace(\"\(folder)/times\",\(one(of: ["replay", "bootstrap"])))"
    }
    let law = LawEntry.library[stream.integer(below: LawEntry.library.count)]
    var values: [String] = []
    for _ in law.parameters {
      values.append(stream.integer(below: 3) == 0 ? number() : one(of: ["1", "2", "0.5", "i"]))
    }
    return "\(law.name)(\(values.joined(separator: ",")))"
  }

  /// Some of `keys`, each with a value, in any order.
  private mutating func some(_ keys: [String]) -> String {
    var text = ""
    for key in keys where stream.integer(below: 2) == 0 { text += " " + key }
    return text
  }

  private mutating func method() -> String { methods[stream.integer(below: methods.count)].name }

  private mutating func methodWithKeys() -> String {
    let entry = methods[stream.integer(below: methods.count)]
    var text =
      "method \(entry.name)"
      + (stream.integer(below: 4) > 0 ? " gamma=\(one(of: ["0.1", "1e99", number()]))" : "")
    for key in entry.keys where key.name != "gamma" && stream.integer(below: 3) == 0 {
      let word = key.words.isEmpty ? number() : one(of: key.words + [number()])
      text += " \(key.name)=\(stream.integer(below: 2) == 0 ? small() : word)"
    }
    return text
  }

  private mutating func configuring() -> String {
    switch stream.integer(below: 9) {
    case 0, 1:
      return "problem quadratic"
        + some([
          "dim=\(small())", "noise=\(number())", "heterogeneity=\(number())", "samples=\(small())",
          "noise_kind=\(one(of: ["iid", "shared", "zero_last", "x"]))",
          "x0=\(one(of: ["first", "zeros", "ones", "random", "1"]))",
        ])
    case 2:
      return "problem logistic data=\(one(of: ["synthetic", "\"\(folder)/data\""]))"
        + some([
          "batch=\(one(of: ["1", "full", number()]))", "lambda=\(number())",
          "regularizer=\(one(of: ["l2", "none", "nonconvex"]))",
          "split=\(one(of: ["shared", "contiguous", "shuffled", "dirichlet(\(number()))"]))",
        ])
    case 3, 4:
      return "workers \(one(of: ["3", "3", "5", small()]))"
        + some([
          "tau=\(expression())", "delay=\(law())", "upload=\(expression())", "power=\(expression())",
          "upload_per_coordinate=\(expression())",
        ])
    case 5: return "workers \(small())..\(small())" + some(["tau=\(expression())", "delay=\(law())"])
    case 6:
      let shape = one(of: [
        "star", "line", "ring", "grid", "torus", "complete", "tree", "random(2)", "random(\(small()))",
      ])
      return stream.integer(below: 5) == 0
        ? "topology file \"\(folder)/links\""
        : "topology \(shape)" + some(["link=\(expression())", "rows=\(small())"])
    case 7:
      return one(of: [
        "seed \(small())", "trace every=\(number())", "trace every=\(number()) unit=time", "trace every=1",
        "target epsilon=\(number()) L=\(number()) sigma2=\(number()) Delta=\(number()) R=\(number())",
      ])
    default: return methodWithKeys()
    }
  }

  private mutating func stop() -> String {
    one(of: [
      "steps=\(small())", "steps=20", "time=\(number())", "arrivals=\(small())", "gap<\(number())",
      "steps=9 loss>=\(number())",
    ])
  }

  mutating func next() -> String {
    let number = number()
    let one1 = one(of: ["1", "2"])
    switch stream.integer(below: 24) {
    case 0...5: return configuring()
    case 6...10: return "run \(stop())"
    case 11: return "log \"\(folder)/\(one(of: ["l.csv", "m.csv", "none/l.csv"]))\""
    case 12, 13: return "checkpoint \"\(folder)/c\(one1)\""
    case 14...16: return "restore \"\(folder)/c\(one1)\""
    case 17:
      return
        "sweep gamma in [0.1,\(number)] \(stop()) steps=9 seeds=2 resume=\"\(folder)/j\(one1)\""
    case 18:
      return "compare \(method()) \(method()) \(stop()) steps=9"
        + some(["seeds=\(small())", "tune=[0.1,\(number)]"])
    case 19:
      return one(of: [
        "save \"\(folder)/s.csv\"", "save \"\(folder)/s.json\"", "save \"\(folder)/s.md\"",
        "report \"\(folder)/r.html\"",
        "plot", "plot \"\(folder)/p.svg\" logx logy", "plot x=iteration y=loss logy", "plot topology",
      ])
    case 20: return "gantt" + some(["from=\(number)", "to=\(self.number())", "\"\(folder)/g.svg\""])
    case 21:
      return one(of: ["stats", "show", "reset", "table t; row x=\(number) y=a", "let a = \(number)", "table"])
    case 22: return "law \(law()) t=\(number) p=\(self.number())"
    default: return "step \(small())"
    }
  }

  // MARK: Files

  /// Damages a file, or forges it: with a check sum that is right.
  private mutating func damage() {
    let name = one(of: ["c1", "c2", "c1", "c2", "j1", "j2", "data", "times", "links"])
    guard var bytes = FileManager.default.contents(atPath: "\(folder)/\(name)").map({ [UInt8]($0) }),
      !bytes.isEmpty
    else { return }
    for _ in 0...stream.integer(below: 2) { change(&bytes) }
    if name.hasPrefix("c") {
      if stream.integer(below: 3) == 0 { bytes = withAnotherStatement(bytes) }
      if stream.integer(below: 4) > 0 { bytes = Self.resummed(checkpoint: bytes) }
    }
    if name.hasPrefix("j"), stream.integer(below: 4) > 0 { bytes = Self.resummed(journal: bytes) }
    try? Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = stream.integer(below: bytes.count)
    switch stream.integer(below: 6) {
    case 0: bytes[place] ^= 1 << UInt8(stream.integer(below: 8))
    case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + stream.integer(below: 5)))
    case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
    case 3: bytes.removeLast(bytes.count - place)
    default:
      // Another number.
      let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
      guard let start = bytes[place...].firstIndex(where: { digits.contains($0) }) else { return }
      let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
      let other = one(of: [
        "0", "1", "-1", "7", "9223372036854775807", "-9223372036854775808", "1e308", "nan", "inf", "",
        "1152921504606846976",
      ])
      bytes.replaceSubrange(start..<end, with: other.utf8)
    }
  }

  /// A line of the configuration becomes another statement.
  private mutating func withAnotherStatement(_ bytes: [UInt8]) -> [UInt8] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let places = lines.indices.filter { lines[$0].starts(with: "configure ".utf8) }
    guard !places.isEmpty else { return bytes }
    let other =
      stream.integer(below: 2) == 0
      ? configuring() : one(of: ["save \"\(folder)/x.csv\"", "seed 1; quit", next()])
    lines[places[stream.integer(below: places.count)]] = ArraySlice("configure \(other)".utf8)
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  private static func resummed(checkpoint bytes: [UInt8]) -> [UInt8] {
    let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return bytes }
    let content = Array(parts[2])
    return Array(parts[0]) + Array("\nsum \(CRC32.checksum(content))\n".utf8) + content
  }

  private static func resummed(journal bytes: [UInt8]) -> [UInt8] {
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { line -> [UInt8] in
      let text = String(decoding: line, as: UTF8.self)
      guard let place = text.firstRange(of: "\"entry\":"), text.hasSuffix("}") else { return Array(line) }
      let content = text[place.upperBound...].dropLast()
      return Array("{\"journal\":2,\"sum\":\(CRC32.checksum(Array(content.utf8))),\"entry\":\(content)}".utf8)
    }
    return Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
  }
}
