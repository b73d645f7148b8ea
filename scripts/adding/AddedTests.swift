// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// What Docs/AddingAMethod.md adds is known everywhere. scripts/try-adding puts this into its copy.
@Suite struct AddedTests {
  private func output(_ script: String) -> String {
    let session = Session(script)
    #expect(session.outcome == .done, "\(script): \(session.error)")
    return session.transcript.text
  }

  @Test(arguments: ["solo", "valley", "burr", "twice"]) func hasHelp(_ name: String) {
    #expect(output("help \(name)").contains(name))
    #expect(output("help; help method; help problem; help distributions").contains(name))
  }

  @Test(
    arguments: [
      ("method sol", "solo"), ("problem va", "valley"), ("workers 3 delay=bu", "burr("), ("twi", "twice"),
      ("method solo ba", "batch="), ("problem valley b", "b="), ("compare sol", "solo"), ("help bu", "burr"),
    ])
  func isCompleted(_ text: String, _ expected: String) {
    let completion = Session("seed 1").interpreter.completion(of: text, files: { _ in [] })
    #expect(completion.candidates == [expected], "\(text): \(completion.candidates)")
  }

  private let configuration = """
    problem quadratic dim=5 noise=0.1; workers 3 tau=i delay=burr(3,1,0.1); target epsilon=0.01

    """

  @Test func hasTheoryAdviceTuningAndSweeps() {
    #expect(output(configuration + "theory").contains("solo"))
    #expect(output(configuration + "theory solo").contains("solo"))
    #expect(output(configuration + "advise").contains("solo"))
    #expect(output(configuration + "compare hero solo time=50 tune=[0.05, 0.1]").contains("solo"))
    #expect(
      output(configuration + "method solo; sweep batch in [1, 2] gamma in [0.05] time=20").contains("batch"))
  }

  @Test func runs() {
    let script = "problem valley dim=3; method solo gamma=1e-4 batch=2; run time=50"
    #expect(output(configuration + script).contains("solo"))
    #expect(
      output("workers 2 delay=mixture(0.5,burr(2,1,3),constant(1)); law burr(2,1,3) t=3").contains("cdf 0.5"))
    #expect(Session("workers 2 delay=burr(2,1)").error.contains("burr takes 3 parameters, not 2"))
    #expect(Session("workers 2 delay=burr(2,-1,1)").error.contains("k of burr is out of range"))
  }

  @Test func isSaved() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("added-\(UUID()).tsv").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = output(configuration + "compare hero solo time=20 tune=[0.05]; save \"\(path)\"")
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("method\t"))
    #expect(Session(configuration + "save x.nonsense").error.contains(".tsv"))
  }
}
