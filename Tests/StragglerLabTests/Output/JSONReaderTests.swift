// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

@testable import StragglerLab

@Suite struct JSONReaderTests {
  private func read(_ text: String) -> JSONValue? { JSONValue(parsing: text.utf8) }

  @Test func readsWhatTheStandardAllows() {
    #expect(
      read(" {\"a\" : [1, -2.5e3, true,false ,null, \"x\\n\\u00e9\\ud83d\\ude00\\/\"] , \"\":{}}\r\n\t")
        == .object([
          .init("a", [1, -2500.0, true, false, nil, "x\né😀/"]), .init("", .object([])),
        ]))
    #expect(read("[]") == .array([]) && read("0") == 0 && read("\"\"") == "")
    #expect(read("1e2") == .number(100) && read("9007199254740993") == .integer(9_007_199_254_740_993))
  }

  @Test(
    arguments: [
      "", " ", "{", "[1", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{a:1}", "\"a", "tru", "nul", "1 2", "--1",
      "1e999",
      "inf", "nan", "0x1", ".5", "\"\u{1}\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "{\"a\":1,}", "+1",
    ])
  func refusesTheRest(text: String) {
    #expect(read(text) == nil)
  }

  @Test func deepNestingIsRefusedAndNotCrashed() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(read(deep) == nil)
    #expect(read(String(repeating: "[", count: 63) + String(repeating: "]", count: 63)) != nil)
  }

  @Test func numbersReadBackExactly() {
    var stream = RandomStream(seed: 3, purpose: .data)
    for _ in 0..<2_000 {
      let bits = UInt64(stream.integer(below: 1 << 32)) << 32 | UInt64(stream.integer(below: 1 << 32))
      let number = Double(bitPattern: bits)
      let back = read(JSONValue.number(number).line)?.number
      #expect(number.isNaN ? back?.isNaN == true : back?.bitPattern == bits)
    }
    for number in [0.0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
      #expect(read(JSONValue.number(number).line)?.number?.bitPattern == number.bitPattern)
    }
  }
}
