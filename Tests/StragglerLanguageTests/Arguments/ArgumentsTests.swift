// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@testable import StragglerLanguage

/// One argument of each kind.
private struct Everything: ArgumentSet {
  enum Shade: String, CaseIterable, Sendable { case dark, light }

  var required = Given(0)
  var optional: Given<String>?
  var rest: [Given<String>] = []
  var number: Given<Double>?
  var numberOrWord: Given<Double?>?
  var truth: Given<Bool>?
  var shade: Given<Shade>?
  var word: Given<Word>?
  var perWorker: Given<WorkerExpression>?
  var distribution: Given<BoundDistribution>?
  var list: Given<ListValues>?
  var isThere = false
  var flagLists: [VariedName] = []
  var conditions: [Given<Stop.Condition>] = []
  var lists: [VariedName] = []

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("REQUIRED", &required, .integer(1...5), "a number")
    arguments.parameter("OPTIONAL", &optional, .path, "a file")
    arguments.parameters("REST", &rest, .name, "names", isRequired: false)
    arguments.key("number", &number, .nonnegative, "a number", standard: "1")
    arguments.key("choice", &numberOrWord, .positive(or: ["auto"]), "a number or a word")
    arguments.key("truth", &truth, .truth, "true or not")
    arguments.key("shade", &shade, .choice, "a shade")
    arguments.key("word", &word, .word(["plain", "curved(r)"]), "a word")
    arguments.key("worker", &perWorker, .perWorker, "for every worker")
    arguments.key("law", &distribution, .distribution, "a law")
    arguments.key("list", &list, .list, "a list")
    arguments.flag("flag", &isThere, lists: &flagLists, "a flag with lists")
    arguments.conditions(&conditions)
    arguments.lists(&lists)
  }
}

@Suite struct ArgumentsTests {
  private static let description = CommandDescription(
    name: "all", aliases: [], usage: "all …", summary: "everything", details: "",
    arguments: Arguments(describing: Everything.self))

  private func bound(_ text: String) throws -> Everything {
    let table = CommandTable([Self.description])
    var parser = table.parser(of: SourceText(name: "<test>", text))
    let statement = try #require(try parser.next())
    let binder = ArgumentBinder(table: table, catalogue: Catalogue(), environment: Environment())
    return Arguments.bound(
      Everything.self, to: try binder.bind(statement, to: try binder.command(of: statement)))
  }

  @Test func describesInTheOrderOfDeclaration() {
    let arguments = Self.description.arguments
    #expect(arguments.parameters.map(\.name) == ["REQUIRED", "OPTIONAL", "REST"])
    #expect(
      arguments.keys.map(\.name) == ["number", "choice", "truth", "shade", "word", "worker", "law", "list"])
    #expect(arguments.keys[0].standard == "1" && arguments.keys[1].words == ["auto"])
    #expect(arguments.flags.map(\.name) == ["flag"] && arguments.flags[0].takesLists)
    #expect(arguments.takesConditions && arguments.takesLists && arguments.form == .arguments)
  }

  @Test func bindsValuesWithTheirPlaces() throws {
    let all = try bound(
      "all 3 a.csv x y number=0.5 choice=2 truth=true shade=light word=curved(1.5) worker=2*i law=0.25 "
        + "list=[1,2] flag(batch in [1,2]) gap<1 gamma in 1..3")
    #expect(all.required.value == 3 && all.required.place.text == "3")
    #expect(all.optional?.value == "a.csv" && all.rest.map(\.value) == ["x", "y"])
    #expect(all.number?.value == 0.5 && all.number?.place.text == "0.5")
    #expect(all.numberOrWord?.value == 2 && all.truth?.value == true && all.shade?.value == .light)
    #expect(all.word?.value.name == "curved" && all.word?.value.argument == 1.5)
    #expect(all.perWorker?.value.evaluate(3, 4) == 6)
    guard case .law(let law, _)? = all.distribution?.value else { throw NoNumber() }
    #expect(law.name == "constant" && all.list?.value.count == 2)
    #expect(all.isThere && all.conditions.map(\.value) == [Stop.Condition(.gap, .below, 1)])
    // Lists in brackets are among the others.
    #expect(all.lists.map(\.name.text).sorted() == ["batch", "gamma"])
  }

  @Test func wordsStandForNoNumber() throws {
    let all = try bound("all 1 choice=auto word=plain truth=false")
    #expect(all.numberOrWord != nil && all.numberOrWord?.value == nil)
    #expect(all.word?.value.name == "plain" && all.word?.value.argument == nil)
    #expect(all.truth?.value == false)
  }

  @Test func whatIsLeftOutKeepsItsValue() throws {
    let all = try bound("all 1")
    #expect(all.optional == nil && all.rest.isEmpty && all.number == nil && all.numberOrWord == nil)
    #expect(!all.isThere && all.lists.isEmpty && all.conditions.isEmpty)
    #expect(throws: Diagnostic.self) { try bound("all") }
    #expect(throws: Diagnostic.self) { try bound("all 6") }
  }
}
