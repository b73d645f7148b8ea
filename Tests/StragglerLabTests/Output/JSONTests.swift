// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@Suite struct JSONTests {
  func parsed(_ value: JSONValue) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(value.line.utf8), options: .fragmentsAllowed)
  }

  @Test func writesOneLine() {
    let value: JSONValue = [
      "method": "rennala", "time": 60.0, "iteration": 12, "reached": true, "gap": nil, "tau": [1, 2.5],
    ]
    #expect(
      value.line
        == #"{"method":"rennala","time":60.0,"iteration":12,"reached":true,"gap":null,"tau":[1,2.5]}"#)
  }

  @Test func specialNumbers() {
    #expect(JSONValue.number(.nan).line == "null")
    #expect(JSONValue.number(.infinity).line == #""inf""#)
    #expect(JSONValue.number(-.infinity).line == #""-inf""#)
    #expect(JSONValue.integer(.min).line == "-9223372036854775808")
  }

  @Test func numbersReadBack() throws {
    let numbers = OutputNumbers.drawn
    let value = JSONValue.array(numbers.map(JSONValue.number))
    // Foundation accepts the list but does not read every number to the last bit: the text is read here.
    #expect((try parsed(value) as? [NSNumber])?.count == numbers.count)
    let texts = value.line.dropFirst().dropLast().split(separator: ",")
    #expect(texts.map { Double($0) } == numbers)
  }

  @Test func everyStringReadsBack() throws {
    var strings = [
      "", "plain", "quote \" and \\", "line\r\nbreak\tand \u{0}\u{1}\u{1F}\u{7F}", "‖∇f(x)‖² 👩‍🔬 \u{2028}",
    ]
    strings += (0..<0x100).compactMap { Unicode.Scalar($0) }.map { String(Character($0)) }
    for string in strings {
      let line = JSONValue.string(string).line
      #expect(line.utf8.allSatisfy { $0 >= 0x20 })
      let read = try #require(try parsed(.string(string)) as? String)
      #expect(Array(read.unicodeScalars) == Array(string.unicodeScalars))
      let object = try #require(try parsed(.object([.init(string, .null)])) as? [String: Any])
      #expect(object.count == 1)
    }
  }

  @Test func emptyAndNested() {
    #expect(JSONValue.array([]).line == "[]")
    #expect(JSONValue.object([]).line == "{}")
    #expect(JSONValue.array([.object([.init("a", [nil])]), []]).line == #"[{"a":[null]},[]]"#)
  }

  @Test func whatTerminalsObeyIsEscaped() {
    #expect(
      JSONValue.string("\u{1B}\u{7F}\u{9B}\u{2028}é").line == "\"\\u001b\\u007f\\u009b\\u2028é\"")
  }
}

enum OutputNumbers {
  /// What a JSON reader must give back exactly.
  static let drawn: [Double] = {
    var state: UInt64 = 5
    var numbers = [0, 0.1, 1e-300, 1e300, 123456789.125, 1e16]
    while numbers.count < 500 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      numbers.append(Double(state >> 11) * 0x1p-60)
    }
    return numbers
  }()
}
