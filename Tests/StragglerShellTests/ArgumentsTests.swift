// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerShell

@Suite struct ArgumentsTests {
  @Test func nothingMeansThePromptOrStandardInput() throws {
    let arguments = try Arguments([])
    #expect(arguments.source == .unspecified)
    #expect(arguments.threads == nil)
    #expect(arguments.allowsColor)
  }

  @Test func aFileTakesArguments() throws {
    let arguments = try Arguments(["run.straggler", "12", "-3.5", "-.5", "name", "-"])
    #expect(arguments.source == .file("run.straggler"))
    #expect(arguments.scriptArguments == ["12", "-3.5", "-.5", "name", "-"])
    #expect(try Arguments(["-"]).source == .standardInput)
  }

  @Test func optionsStandAnywhereBeforeTwoHyphens() throws {
    let arguments = try Arguments(["--json", "run.straggler", "--quiet", "1", "--", "--json", "--"])
    #expect(arguments.isJSON && arguments.isQuiet)
    #expect(arguments.scriptArguments == ["1", "--json", "--"])
    #expect(try Arguments(["--", "--odd-name"]).source == .file("--odd-name"))
  }

  @Test(arguments: [["--threads", "4"], ["--threads=4"]])
  func valuesStandBehindABlankOrAnEqualsSign(_ words: [String]) throws {
    #expect(try Arguments(words).threads == 4)
  }

  @Test func everyOptionIsRead() throws {
    let words = ["--keep-going", "--no-color", "--simd", "baseline", "--version", "--help", "-c", "echo a=b"]
    let arguments = try Arguments(words)
    #expect(arguments.keepsGoing && !arguments.allowsColor && arguments.printed == .help)
    #expect(arguments.simdLevel == .baseline)
    #expect(arguments.source == .commands("echo a=b"))
  }

  @Test func shardsCountFromOne() throws {
    let shard = try Arguments(["--shard", "2/8"]).shard
    #expect(shard.index == 1 && shard.count == 8)
    #expect(try Arguments([]).shard == .all)
  }

  @Test func ranksCarryOutAScript() throws {
    #expect(try Arguments(["--mpi", "a.straggler"]).isOverRanks)
    #expect(throws: Arguments.Misuse.self) { try Arguments(["--mpi", "--serve"]) }
  }

  static let misuses: [(words: [String], sentence: String)] = [
    (["--threads", "0"], "--threads takes a whole number from 1 to 4096, not '0'"),
    (["--threads", "99999999999999999999"], "not '99999999999999999999'"),
    (["--threads", "two"], "not 'two'"),
    (["--threads"], "--threads needs a value"),
    (["-c"], "-c needs a value"),
    (["-c", "echo", "hi"], "'hi' follows the commands of -c"),
    (["-c", "echo", "-c", "echo"], "-c is given beside other commands"),
    (["file", "-c", "echo"], "-c is given beside other commands"),
    (["--json=1"], "--json takes no value"),
    (["--bogus"], "there is no option '--bogus'"),
    (["-x"], "there is no option '-x'"),
    (["--shard", "9/8"], "--shard takes which part of how many, not '9/8'"),
    (["--shard", "0/2"], "not '0/2'"),
    (["--shard=1"], "not '1'"), (["--shard", "1/2/3"], "not '1/2/3'"), (["--shard", "a/b"], "not 'a/b'"),
    (["--simd", "mmx"], "there is no SIMD level 'mmx'"),
  ]

  @Test(arguments: misuses)
  func wrongUsageIsToldInASentence(_ words: [String], _ sentence: String) {
    let misuse = #expect(throws: Arguments.Misuse.self) { try Arguments(words) }
    #expect(misuse?.message.contains(sentence) == true)
    #expect(misuse?.remedy.isEmpty == false)
  }

  @Test func aMisspeltOptionIsRecognised() {
    let misuse = #expect(throws: Arguments.Misuse.self) { try Arguments(["--kep-going"]) }
    #expect(misuse?.remedy == "did you mean --keep-going?")
  }
}
