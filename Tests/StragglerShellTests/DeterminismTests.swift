// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// The same seed gives the same bytes: whatever the threads, the width of the registers, and the kind of
/// build.
@Suite struct DeterminismTests {
  /// The registers that this machine has beyond the baseline's.
  private static let wideLevels = [SIMDLevel.avx2, .avx512].filter(\.isAvailable)

  /// Every kind of arithmetic: quadratics, a regression, a network in single precision, and laws of every
  /// shape.
  private static let script = """
    seed 7
    problem quadratic dim=37 noise=0.01
    workers 9 tau=sqrt(i) delay=lognormal(0,2)
    method mindflayer gamma=0.3 trials=2
    compare minibatch rennala asgd mindflayer steps=60 seeds=3
    save quadratic.csv
    workers 1..3 delay=logcauchy(0,1)
    workers 4..5 delay=gamma(2,0.5)
    workers 6 delay=markov(3,1)
    workers 7 delay=logt(0,1,5)
    method ringmaster gamma=0.1 R=3
    run arrivals=300
    save laws.csv
    problem logistic batch=3
    method shadowheart k=4 ratio=3 gamma=0.1
    run steps=20
    save logistic.csv
    problem network hidden=5 batch=3
    method rennala gamma=0.1 batch=4
    run steps=12
    save network.csv
    problem least-squares batch=3 lambda=0.01
    method minibatch gamma=0.01
    run steps=20
    save squares.csv
    """

  /// The files and reports of the script, without what real time has to do with.
  private func bytes(_ program: String?, _ options: [String]) throws -> [String] {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = try PipedProcess(program: program, options + ["--json", "-c", Self.script], folder: folder)
    let result = try process.finish(seconds: 120)
    try #require(result.status == 0, "\(options): \(result.errors)")
    let files = try ["quadratic", "laws", "logistic", "network", "squares"].map {
      try String(contentsOfFile: "\(folder)/\($0).csv", encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
    // The columns that count real seconds.
    let timeless = files.map { rows in
      let kept = (rows.first ?? []).indices.filter { !["wall", "events_per_second"].contains(rows[0][$0]) }
      return rows.map { row in kept.map { String(row[$0]) }.joined(separator: ",") }.joined(separator: "\n")
    }
    return timeless + [result.output.replacing(/"(wall|events_per_second)":[^,}]*/, with: "")]
  }

  @Test func threadsAndRegistersChangeNothing() throws {
    let standard = try bytes(nil, ["--threads", "1", "--simd", "baseline"])
    #expect(standard.allSatisfy { $0.count > 200 })
    #expect(try bytes(nil, ["--threads", "2"]) == standard)
    for (threads, level) in zip(2..., Self.wideLevels) {
      let options = ["--threads", "\(threads)", "--simd", "\(level)"]
      #expect(try bytes(nil, options) == standard, "\(options)")
    }
  }

  /// A comparison of every method, on a finite sum and a network, so that each of them can run. In JSON,
  /// without what is measured.
  private func everyMethod(_ options: [String] = [], speed: String = "") throws -> String {
    let methods = Catalogue().methods.map(\.name)
    let keys = [
      "mindflayer": "trials=3", "vecna": "trials=2", "mindflayer-mod": "batch=4", "ata": "batch=6",
      "rennala": "batch=4", "rennala-accelerated": "batch=4", "shadowheart": "k=3 ratio=5", "qsgd": "k=3",
      "ringmaster": "R=3", "malenia": "S=6", "msync": "m=3", "fragile": "batch=4", "amelie": "batch=6",
      "fragile-accelerated": "batch=4", "amelie-accelerated": "batch=6", "asgrad": "order=shuffled",
      "local-sgd": "local=3", "async-local": "local=2 R=6", "async-batch": "batch=2 R=6", "cycle": "group=2",
      "rennala-mvr": "batch=3 a=0.3", "aced": "limit=6", "rescaled": "times=measured",
    ]
    let script = """
      problem quadratic dim=41 noise=0.1 samples=9
      workers 5 tau=sqrt(i) delay=lognormal(0,1) upload=i/10\(speed)
      topology ring link=0.3
      target sigma2=1e-4
      \(methods.map { "method \($0) gamma=0.05 \(keys[$0] ?? "")" }.joined(separator: "\n"))
      compare \(methods.joined(separator: " ")) steps=15 seeds=3
      """
    let result = try run(options + ["--json", "-c", script])
    try #require(result.status == 0, "\(result.errors)")
    let report = result.output.replacing(/"(wall|events_per_second)":[^,}]*/, with: "")
    let rows = report.split(separator: "\n").filter { !$0.hasPrefix("{\"ok\":") }
    try #require(rows.count == methods.count)
    return rows.joined(separator: "\n")
  }

  @Test func noMethodDependsOnThreadsOrRegisters() throws {
    let standard = try everyMethod(["--threads", "1", "--simd", "baseline"])
    #expect(try everyMethod(["--threads", "2"]) == standard)
    for (threads, level) in zip(3..., Self.wideLevels) {
      #expect(try everyMethod(["--threads", "\(threads)", "--simd", "\(level)"]) == standard)
    }
  }

  @Test(arguments: ["1", "profile(3,1,1,1)", "1 offline=restart", "profile(5,1,1) phase=i/7"])
  func speedOneChangesNothing(_ speed: String) throws {
    #expect(try everyMethod(speed: " speed=\(speed)") == everyMethod())
  }

  @Test(.enabled(if: Program.release != nil, "there is no release build of these sources"))
  func buildsAgree() throws {
    let standard = try bytes(Program.release, [])
    #expect(try bytes(nil, []) == standard)
    if let unoptimized = Program.unoptimized { #expect(try bytes(unoptimized, []) == standard) }
  }
}
