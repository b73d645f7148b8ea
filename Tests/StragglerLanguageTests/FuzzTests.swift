// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import Testing

@testable import StragglerLanguage

/// Scripts with mistakes of every sort: whatever comes in, an answer comes out.
@Suite struct FuzzTests {
  private static let seeds = [
    "problem quadratic dim=50 noise=0; workers 7 tau=sqrt(i) delay=levy(0,1); method rennala batch=5",
    "for g in [0.1, 2^-3] {\n method asgd # c\n run steps=10 gap<1e-6\n}\nexpect gap < 1 and not time>=3",
    "let x = (1+2)*3^-2/max(1,2); echo \"a\\n\" x 'b'; save \"x.csv\"\nplot x.svg logx y=gap",
    "workers 1..5 delay=trace(\"f.csv\",bootstrap) tau=1+3*(i==4)*25 \\\n  upload=i/n\n"
      + "method mindflayer clip=quantile(0.9)",
    "for a in 0..1 by 0.25 { for b in [x, \"y\"] { seed a*4; compare rennala asgd seeds=3 tune } }; quit",
  ].map { Array($0.utf8) }

  private static let pieces =
    [
      "(", ")", "[", "]", "{", "}", "\"", "'", "\\", "\n", "\r\n", ";", "#", "=", "==", "<", ">=", "..", "by",
      ",", " ", "\t",
      "-", "^", "not ", "inf", "nan", "1e999", "1e308", "99999999999999999999", "0/0", "let ", "for ", "i",
      "\u{0}", "ä", "−",
      "=auto", "quantile(", "trace(", "lognormal(0,", "expect ", "1..", "\u{FEFF}", "é́", "0x1p", "e", ".",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xF0, 0x9F]]

  private struct Generator {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(1, bound)))
    }
  }

  @Test func alwaysReturns() {
    var random = Generator(state: 20_250_101)
    let binder = ArgumentBinder(
      table: table, catalogue: Catalogue(),
      environment: Environment(["x": .number(2), "m": .text("rennala")]))
    var errors = 0
    for _ in 0..<10_000 {
      var script = Self.seeds[random.below(Self.seeds.count)]
      for _ in 0...random.below(6) { Self.mutate(&script, &random) }
      let text = SourceText(name: "<fuzz>", bytes: script)
      var parser = table.parser(of: text, abbreviations: random.below(2) == 0)
      var count = 0
      while count <= script.count {
        count += 1
        do throws(Diagnostic) {
          guard let statement = try parser.next() else { break }
          try Self.read(statement, binder)
        } catch {
          errors += 1
          #expect(error.rendered.hasPrefix("<"))
          #expect(
            !error.message.isEmpty && error.place.range.upperBound <= error.place.source.all.range.upperBound)
        }
      }
      #expect(count <= script.count + 1, "reading goes on for ever")
    }
    #expect(errors > 5_000)
  }

  @Test func completesAnywhere() {
    var random = Generator(state: 77)
    let completer = Completer(
      table: table, catalogue: Catalogue(), environment: Environment(), files: { [$0 + "x"] })
    for _ in 0..<1_000 {
      var script = Self.seeds[random.below(Self.seeds.count)]
      Self.mutate(&script, &random)
      let line = String(decoding: script, as: UTF8.self)
      let cursor = random.below(line.utf8.count + 2)
      let completion = completer.completion(of: line, cursor: cursor)
      #expect(completion.range.upperBound <= line.utf8.count && completion.range.lowerBound >= 0)
    }
  }

  private static func mutate(_ script: inout [UInt8], _ random: inout Generator) {
    let start = random.below(script.count + 1)
    switch random.below(4) {
    case 0: script.insert(contentsOf: pieces[random.below(pieces.count)], at: start)
    case 1: script.removeSubrange(start..<min(script.count, start + random.below(4)))
    case 2:
      let length = min(script.count - start, random.below(20))
      script.insert(contentsOf: script[start..<start + length], at: random.below(script.count + 1))
    default: if start < script.count { script[start] = UInt8(truncatingIfNeeded: random.below(256)) }
    }
  }

  private static func read(_ statement: Statement, _ binder: ArgumentBinder) throws(Diagnostic) {
    switch statement.content {
    case .arguments:
      let bound = try binder.bind(statement, to: try binder.command(of: statement))
      for key in bound.keyed { _ = try key.value.setting(key.spelling, fleet: FleetFacts(count: 5)) }
    case .assignment(let assignment): _ = try assignment.value.evaluate(in: binder.environment)
    case .expression(let expression): _ = try expression.evaluate(in: binder.environment)
    case .loop(let loop):
      _ = try loop.list.values(in: binder.environment).prefix(3).map(\.printed)
      for statement in loop.body { try read(statement, binder) }
    case .branch(let branch):
      _ = try branch.condition.evaluate(in: binder.environment)
      for statement in branch.body { try read(statement, binder) }
    }
  }
}
