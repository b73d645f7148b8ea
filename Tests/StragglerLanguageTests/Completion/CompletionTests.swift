// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct CompletionTests {
  private func complete(_ line: String, cursor: Int? = nil) -> Completion {
    let completer = Completer(
      table: table, catalogue: Catalogue(),
      environment: Environment(["gap": .number(1), "gain": .number(2)]),
      files: { beginning in ["data/", "demo.straggler", "out.csv"].filter { $0.hasPrefix(beginning) } })
    return completer.completion(of: line, cursor: cursor ?? line.utf8.count)
  }

  private func candidates(_ line: String) -> [String] { complete(line).candidates }

  @Test func completesCommands() {
    #expect(candidates("wo") == ["workers"])
    #expect(candidates("st") == ["step", "stats"])
    #expect(candidates("seed 1; wo") == ["workers"])
    #expect(candidates("for k in 1..3 { se") == ["seed"])
    #expect(candidates("").contains("problem"))
    #expect(candidates("").contains("report"))
    #expect(complete("seed 1; wo").range == 8..<10)
    #expect(complete("wo 5", cursor: 2).candidates == ["workers"])
    #expect(candidates("# wo") == candidates(""))
  }

  @Test func completesKindsMethodsAndKeys() {
    #expect(candidates("method renn").contains("rennala"))
    #expect(candidates("met renn").contains("rennala"))
    #expect(candidates("problem quad") == ["quadratic"])
    #expect(candidates("method rennala ba") == ["batch="])
    #expect(candidates("method rennala batch=1 ba") == [])
    #expect(candidates("method rennala stops=") == ["auto", "true", "false"])
    #expect(candidates("method asgd-adaptive rule=d") == ["drop"])
    #expect(candidates("method mindflayer clip=q") == ["quantile("])
    #expect(candidates("workers 5 dela") == ["delay="])
    #expect(candidates("workers 5 delay=log") == ["lognormal(", "logcauchy(", "logt("])
    #expect(candidates("workers 5 delay=lognormal(0,ga") == ["gain", "gap"])
    #expect(candidates("workers 5 tau=sq") == ["sqrt("])
    #expect(complete("workers 5 tau=1+sq").range == 16..<18)
    #expect(candidates("compare ringmaster ringm") == [])
    #expect(candidates("compare rennala asgd-n") == ["asgd-naive"])
    #expect(candidates("compare rennala see") == ["seeds="])
    #expect(candidates("plot out.csv lo") == ["logx", "logy"])
    #expect(candidates("run up") == ["updates="])
    #expect(candidates("run gradn") == ["gradnorm2<"])
    #expect(candidates("run ti") == ["time="])
    #expect(candidates("run gap<gai") == ["gain"])
    #expect(candidates("show m") == ["method"])
    #expect(candidates("help renn") == candidates("method renn"))
    #expect(candidates("trace unit=t") == ["time"])
  }

  @Test func completesVariablesAndFiles() {
    #expect(candidates("expect ga") == ["gain", "gap"])
    #expect(candidates("let x = 2*fl") == ["floor("])
    #expect(candidates("echo ga") == ["gain", "gap"])
    #expect(candidates("source de") == ["demo.straggler"])
    #expect(candidates("save ") == ["data/", "demo.straggler", "out.csv", "model", "traces"])
    #expect(complete("save \"ou").range == 6..<8)
    #expect(candidates("save \"ou") == ["out.csv\""])
    #expect(candidates("save \"da") == ["data/"])
    #expect(candidates("save 'ou") == ["out.csv'"])
    #expect(candidates("workers 2 delay=mixture(0.5,trace(\"ou") == ["out.csv\""])
    #expect(candidates("let ga") == [])
  }

  @Test func hasNothingForWhatIsUnknown() {
    for line in ["nonsense x", "workers 5 foo=", "seed 1 2 3 ", "echo \"", "run )", "stats "] {
      #expect(candidates(line).isEmpty, "\(line)")
    }
    #expect(complete("wo", cursor: 99).candidates == ["workers"])
    #expect(complete("wo", cursor: -1).range == 0..<0)
  }
}
