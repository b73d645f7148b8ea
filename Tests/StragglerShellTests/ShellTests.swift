import Foundation
import Testing

/// A program with a method and a problem of its own has the whole prompt. `scripts/test` builds it with the
/// examples.
@Suite struct ShellTests {
  private static let program = Example.root.appendingPathComponent("Docs/Examples/.build/debug/OwnShell").path
  private static let isBuilt = FileManager.default.isExecutableFile(atPath: program)

  @Test(.enabled(if: isBuilt, "the examples are not built: swift build --package-path Docs/Examples"))
  func ownMethodAndProblemAtThePrompt() throws {
    let terminal = try Terminal(program: Self.program)
    try terminal.expect("straggler> ")
    terminal.type("problem val")
    terminal.type(.tab)
    try terminal.expect("ley ")
    terminal.type("dim=4\n")
    try terminal.expect("straggler> ")
    terminal.type("help discounted\n")
    try terminal.expect("Asynchronous SGD with stepsizes γ / (1 + δ)")
    terminal.type("workers 3; method disc")
    terminal.type(.tab)
    try terminal.expect("ounted ")
    terminal.type("gamma=0.001\n")
    terminal.type("run gap<1; compare asgd discounted steps=100 tune=[1e-4, 1e-3]\n")
    try terminal.expect("discounted: stopped: condition")
    try terminal.expect("discounted  steps")
    terminal.type("method discounted gamma=-1\n")
    try terminal.expect("gamma")
    terminal.type("problem valley precision=float\n")
    try terminal.expect("valley has no key 'precision'")
    terminal.type("problem valley dim=1\nworkers 3\nmethod discounted\nrun steps=1\n")
    try terminal.expect("dim= takes an integer from 2 on")
    terminal.type("quit\n")
    #expect(try terminal.finish().status == 0)
  }
}
