// SPDX-License-Identifier: Apache-2.0

@testable import StragglerLanguage
import Testing

@testable import StragglerShell

@Suite struct LineCompletionTests {
  private func complete(_ text: String, _ candidates: [String], from start: Int = 0) -> LineCompletion? {
    LineCompletion(Completion(range: start..<text.utf8.count, candidates: candidates), of: text)
  }

  @Test func nothingFits() { #expect(complete("xyz", []) == nil) }

  @Test func theOnlyCandidateIsWrittenWithABlank() {
    let found = complete("run; ech", ["echo"], from: 5)
    #expect(found?.removed == 3)
    #expect(found?.inserted == "echo ")
    #expect(found?.shown == [])
  }

  @Test(arguments: ["gamma=", "lognormal(", "data/"])
  func whatGoesOnHasNoBlank(_ candidate: String) {
    #expect(complete("", [candidate])?.inserted == candidate)
  }

  @Test func severalCandidatesAreWrittenAsFarAsTheyAgree() {
    let found = complete("s", ["stats", "step"])
    #expect(found?.inserted == "st")
    #expect(found?.shown == [])
    // Nothing more is certain: now the choice is shown.
    #expect(complete("st", ["stats", "step"])?.inserted == "")
    #expect(complete("st", ["stats", "step"])?.shown == ["stats", "step"])
  }

  @Test func characterAreCountedAsTerminalsDo() {
    // One letter in two bytes, and one of two scalars.
    #expect(complete("é", ["été"])?.removed == 1)
    #expect(complete("e\u{301}", ["e\u{301}te"])?.removed == 2)
  }

  @Test func theTableIsReadDownwards() {
    let names = ["aa", "b", "c", "d", "e"]
    #expect(LineCompletion.table(of: names, columns: 12) == "aa  c   e\nb   d\n")
    #expect(LineCompletion.table(of: names, columns: 1) == "aa\nb\nc\nd\ne\n")
  }
}
