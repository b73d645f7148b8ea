// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A program with a method, a problem and a law of its own has the whole prompt. `scripts/test` builds it
/// with the examples.
@Suite struct ShellTests {
  private static let program = Example.root.appendingPathComponent("Docs/Examples/.build/debug/OwnShell").path
  private static let isBuilt = FileManager.default.isExecutableFile(atPath: program)

  @Test(.enabled(if: isBuilt, "the examples are not built: swift build --package-path Docs/Examples"))
  func ownMethodProblemAndLawAtThePrompt() throws {
    let terminal = try Terminal(program: Self.program)
    try terminal.expect("straggler> ")
    terminal.type("problem val")
    terminal.type(.tab)
    try terminal.expect("ley ")
    terminal.type("dim=4\n")
    try terminal.expect("straggler> ")
    terminal.type("help solo\n")
    try terminal.expect("Solo SGD: the fastest worker alone, S gradients a step")
    try terminal.expect("straggler> ")
    terminal.type("workers 3; method sol")
    terminal.type(.tab)
    try terminal.expect("o ")
    terminal.type("gamma=0.001 batch=2\n")
    try terminal.expect("straggler> ")
    terminal.type("run gap<1; compare asgd solo time=100 tune=[1e-4, 1e-3]\n")
    try terminal.expect("solo: stopped: condition")
    try terminal.expect("solo ")
    try terminal.expect("straggler> ")
    terminal.type("method solo gamma=-1\n")
    try terminal.expect("gamma")
    try terminal.expect("straggler> ")
    terminal.type("problem valley slope=3\n")
    try terminal.expect("valley has no key 'slope'")
    try terminal.expect("straggler> ")
    terminal.type("problem valley dim=1\nworkers 3\nmethod solo gamma=1 batch=1\nrun time=1\n")
    try terminal.expect("dim= takes an integer from 2 on")
    try terminal.expect("straggler> ")
    terminal.type("workers 3 delay=bur")
    terminal.type(.tab)
    try terminal.expect("r(")
    terminal.type("3,1,2)\nhelp burr\n")
    try terminal.expect("delay=burr(c,k,scale)")
    try terminal.expect("straggler> ")
    terminal.type("law burr(2,1,3) t=3\n")
    try terminal.expect("mean 4.71239")
    try terminal.expect("cdf 0.5")
    try terminal.expect("straggler> ")
    terminal.type("workers 3 delay=mixture(0.5,burr(0,1,2),constant(1))\n")
    try terminal.expect("c of burr is out of range")
    terminal.type("quit\n")
    #expect(try terminal.finish().status == 0)
  }

  /// The same method and law in theory, advice and a sweep of laws; the bits are those of any number of
  /// threads.
  @Test(.enabled(if: isBuilt, "the examples are not built: swift build --package-path Docs/Examples"))
  func ownMethodAndLawInTheoryAndSweeps() throws {
    let fleet =
      "problem quadratic dim=5 noise=0.1; workers 3 tau=i delay=burr(3,1,0.5); target epsilon=0.01; "
    func output(_ script: String, _ options: [String] = []) throws -> String {
      let process = try PipedProcess(program: Self.program, options + ["-c", fleet + script])
      let result = try process.finish(seconds: 300)
      #expect(result.status == 0, "\(result.errors)")
      return result.output
    }
    #expect(try output("theory").contains("solo"))
    #expect(try output("advise").contains("solo"))
    let sweep =
      "method solo; sweep delay in [burr(3,1,0.5), mixture(0.5,burr(2,3,1),constant(1)), lognormal(0,1)] "
      + "batch in [1, 2] time=50 seeds=2"
    let one = try output(sweep, ["--threads", "1"])
    #expect(one.contains("burr(3,1,0.5)"))
    #expect(try output(sweep, ["--threads", "4"]) == one)
  }
}
