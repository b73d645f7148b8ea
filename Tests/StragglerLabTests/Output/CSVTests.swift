// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import Testing

@Suite struct CSVTests {
  @Test func writesHeaderAndRows() {
    let text = CSV.document(
      header: ["method", "seed", "time", "gap"],
      rows: [
        [.text("rennala"), .integer(1), .number(0.5), .number(.nan)],
        [.text("a,b"), .integer(-2), .number(.infinity), .missing],
      ])
    #expect(text == "method,seed,time,gap\nrennala,1,0.5,nan\n\"a,b\",-2,inf,\n")
  }

  @Test(arguments: [
    ("plain", "plain\n"), ("", "\"\"\n"), ("a\"b", "\"a\"\"b\"\n"), ("a\r\nb", "\"a\r\nb\"\n"),
    (" a", "\" a\"\n"), ("a b", "a b\n"), ("‖x‖²", "‖x‖²\n"), ("a\r", "\"a\r\"\n"),
  ])
  func quotes(field: String, line: String) {
    #expect(CSV.line([.text(field)]) == line)
  }

  /// A reader written from RFC 4180 gets back what was written.
  @Test func readsBack() {
    let alphabet: [Unicode.Scalar] = [",", "\"", "\n", "\r", "a", " ", "é"]
    var state: UInt64 = 9
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var rows: [[String]] = []
    for _ in 0..<300 {
      rows.append(
        (0...draw(4)).map { _ in
          var field = String.UnicodeScalarView()
          for _ in 0..<draw(6) { field.append(alphabet[draw(alphabet.count)]) }
          return String(field)
        })
    }
    var text = ""
    for row in rows { CSV.write(row.map(Cell.text), into: &text) }
    // What a spreadsheet could take for a formula has an apostrophe.
    let scalars = rows.map { row in
      row.map { ($0.unicodeScalars.first == "\r" ? ["'"] : []) + Array($0.unicodeScalars) }
    }
    #expect(Self.read(text) == scalars)
  }

  static func read(_ text: String) -> [[[Unicode.Scalar]]] {
    var rows: [[[Unicode.Scalar]]] = []
    var row: [[Unicode.Scalar]] = []
    var field: [Unicode.Scalar] = []
    var isQuoted = false
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if isQuoted {
        if scalar != "\"" {
          field.append(scalar)
        } else if index + 1 < scalars.count, scalars[index + 1] == "\"" {
          field.append(scalar)
          index += 1
        } else {
          isQuoted = false
        }
      } else if scalar == "\"" {
        isQuoted = true
      } else if scalar == "," || scalar == "\n" {
        row.append(field)
        field = []
        if scalar == "\n" {
          rows.append(row)
          row = []
        }
      } else {
        field.append(scalar)
      }
      index += 1
    }
    return rows
  }

  /// Spreadsheets compute what looks like a formula; numbers are none.
  @Test(arguments: [
    ("=1+1", "'=1+1\n"), ("+1", "'+1\n"), ("-1", "'-1\n"), ("@a", "'@a\n"), ("\t=1", "\"'\t=1\"\n"),
    ("\r=1", "\"'\r=1\"\n"), ("＝1", "'＝1\n"),
    ("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"\n"),
    ("a;=1", "\"a;=1\"\n"), ("a=1", "a=1\n"), ("a\t=1", "\"a\t=1\"\n"),
  ])
  func nothingIsAFormula(field: String, line: String) {
    #expect(CSV.line([.text(field)]) == line)
    #expect(CSV.line([.number(-1), .integer(-2), .number(-.infinity)]) == "-1.0,-2,-inf\n")
  }
}
