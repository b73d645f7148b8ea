// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLanguage

/// Mutated scripts are carried out, or refused with a diagnostic, and never trap.
@Suite struct InterpreterFuzzTests {
  static let seeds = [
    "problem quadratic dim=5 noise=0.1 noise_kind=shared; workers 3 tau=sqrt(i) delay=lognormal(0,1); "
      + "method rennala gamma=0.5 batch=2 stops=true; run steps=3; stats",
    "workers 4 tau=i delay=gamma(2,1) upload=0.1; workers 2..3 tau=2 power=i; method mindflayer gamma=0.1 "
      + "clip=quantile(0.5) trials=1+i; run time=9 gap<0.1; show",
    "problem quadratic dim=4; workers 2 tau=1 delay=infbernoulli(0.5); method ringmaster R=2 gamma=auto; "
      + "target epsilon=0.1; step 2; plot y=gap logy; gantt from=0 to=3",
    "for g in [0.1,0.2] { method asgd-adaptive gamma=g rule=drop; workers 3; problem quadratic dim=3; "
      + "compare asgd-adaptive hero steps=3 seeds=2 }",
    "let a=1/8; workers 3 tau=a*i delay=pareto(1,2); problem quadratic dim=3 x0=random; method freya-page "
      + "batch=2; run arrivals=5; expect arrivals>=1; echo arrivals a",
    "problem quadratic dim=3; workers 2 tau=i; let a=2; method asgd gamma=a/9; sweep gamma in [0.1,auto] a "
      + "in 1..3 by 2 noise in [0] steps=4 seeds=2 prune=2 gap<1",
    "problem quadratic dim=3; workers 3; method rennala batch=1; compare rennala asgd tune=[0.1,1] steps=4 "
      + "gap<1; sweep method in [asgd,rennala] workers in [1,2] delay in [exponential(i),1] time=3; echo "
      + "best_workers",
    "problem quadratic dim=3 samples=4; workers 2 tau=1; method vecna gamma=0.1 clip=1 trials=2 K=5; run "
      + "steps=2; trace every=1; help vecna; seed 3",
    "default a = 2; if a > 1 { table t; row x=a y=a/3 name=\"b\"; table }; plot x=x y=y by=name; law "
      + "gamma(2,1) t=3 p=0.5; echo cdf quantile mean; row x=median",
  ]

  /// Numbers that make a run take minutes or gigabytes are no news.
  private func isModest(_ script: String) -> Bool {
    var digits = 0
    for byte in script.utf8 {
      digits = (byte >= 48 && byte <= 57) || byte == 46 ? digits + 1 : 0
      if digits > 4 || byte == UInt8(ascii: "^") || byte == UInt8(ascii: "e") && digits > 0 { return false }
    }
    return !script.contains("exp(") && !script.contains("e+")
  }

  @Test(arguments: 0..<8)
  func mutatedScriptsNeverTrap(seed: Int) {
    let pieces = Self.seeds.flatMap { $0.split(separator: " ").map(String.init) }
    var stream = RandomStream(seed: UInt64(seed), purpose: .data)
    var carriedOut = 0
    nonisolated(unsafe) var patience = 0
    // One session for all: what a script leaves behind is there for the next.
    let session = Session(
      "", json: seed % 2 == 0,
      world: World(interrupted: {
        patience -= 1
        return patience < 0
      }))
    for _ in 0..<1_900 {
      var words = Self.seeds[seed].split(separator: " ").map(String.init)
      for _ in 0...stream.integer(below: 3) {
        let at = stream.integer(below: words.count)
        switch stream.integer(below: 5) {
        case 0: words[at] = pieces[stream.integer(below: pieces.count)]
        case 1: words.insert(pieces[stream.integer(below: pieces.count)], at: at)
        case 2: if words.count > 1 { words.remove(at: at) }
        case 3: words.swapAt(at, stream.integer(below: words.count))
        default:
          var bytes = Array(words[at].utf8)
          if !bytes.isEmpty {
            bytes[stream.integer(below: bytes.count)] = UInt8(32 + stream.integer(below: 95))
          }
          words[at] = String(decoding: bytes, as: UTF8.self)
        }
      }
      let script = words.joined(separator: " ")
      // Nothing is written: a mutated `save` or `log` would litter.
      guard isModest(script), !script.contains("log "), !script.contains("resume"),
        !script.contains("logistic"),
        !script.contains("network")
      else { continue }
      patience = 8
      session.transcript.text = ""
      session.transcript.diagnostics = []
      let outcome = session.interpreter.execute(SourceText(name: "<command>", script))
      carriedOut += 1
      if outcome == .failed { #expect(!session.transcript.diagnostics.isEmpty, "\(script)") }
    }
    #expect(carriedOut > 1_000)
  }
}
