// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct ArgumentBinderTests {
  @Test func readsKeysAsTheirTableSays() throws {
    let bound = try bind("method mindflayer gamma=2^-3 clip=quantile(0.9) trials=1+i")[0]
    #expect(bound["NAME"]?.word == "mindflayer")
    #expect(bound["gamma"]?.number == 0.125)
    #expect(try bound["clip"]?.setting("clip", fleet: FleetFacts(count: 3)) == .call("quantile", [0.9]))
    #expect(try bound["trials"]?.setting("trials", fleet: FleetFacts(count: 3)) == .perWorker([2, 3, 4]))
    let other = try bind("method gamma=auto mindflayer clip=optimal trials=n")[0]
    #expect(try other["gamma"]?.setting("gamma", fleet: FleetFacts(count: 3)) == .word("auto"))
    #expect(try other["clip"]?.setting("clip", fleet: FleetFacts(count: 3)) == .word("optimal"))
    #expect(try other["trials"]?.setting("trials", fleet: FleetFacts(count: 3)) == .number(3))
    #expect(try bind("method mindflayer clip=0.25+0.75*(i-2*floor(i/2))").count == 1)
  }

  @Test func readsFlagsAndWords() throws {
    #expect(try bind("method rennala stops=true")[0]["stops"]?.number == 1)
    #expect(try bind("method rennala stops=0")[0]["stops"]?.number == 0)
    #expect(try bind("method asgd-adaptive rule=drop")[0]["rule"]?.word == "drop")
    #expect(try bind("plot logx a.svg logy x=time")[0].flags == ["logx", "logy"])
    #expect(try bind("compare rennala asgd steps=10 tune").first?.positional.map(\.name) == ["NAME", "NAME"])
  }

  @Test func putsInVariables() throws {
    let variables: [String: Value] = ["m": .text("rennala"), "g": .number(0.5), "d": .text("uniform(0, g)")]
    #expect(try bind("method m gamma=g", variables: variables)[0]["NAME"]?.word == "rennala")
    #expect(try bind("method m gamma=g", variables: variables)[0]["gamma"]?.number == 0.5)
    #expect(try bind("save m", variables: variables)[0]["FILE"]?.word == "rennala")
    #expect(try bind("save (m + g + \".csv\")", variables: variables)[0]["FILE"]?.word == "rennala0.5.csv")
    guard
      case .distribution(.law(let law, let parameters))? =
        try bind("workers 3 delay=d", variables: variables)[0]["delay"]?.value
    else { throw NoNumber() }
    #expect(law.name == "uniform")
    #expect(parameters.map { $0.evaluate(1, 3) } == [0, 0.5])
  }

  @Test func readsPathsAsTheyStand() throws {
    for (text, path) in [
      ("../data/mnist", "../data/mnist"), ("\"my file.csv\"", "my file.csv"), ("/a-b/c.d", "/a-b/c.d"),
      ("C:\\x.csv", "C:\\x.csv"), ("'a b'", "a b"), ("2..5", "2..5"),
    ] {
      #expect(try bind("save \(text)")[0]["FILE"]?.word == path)
    }
  }

  @Test func readsWorkers() throws {
    guard case .number(7)? = try bind("workers 3+4 tau=1")[0]["N"]?.value else { throw NoNumber() }
    guard
      case .workers(2...5)? = try bind("workers 2..m+1 tau=1", variables: ["m": .number(4)])[0]["N"]?.value
    else {
      throw NoNumber()
    }
  }

  @Test func readsDistributions() throws {
    let texts = [
      "constant(0.5)", "lognormal(0,i)", "0.5", "i/2", "trace(\"a b.csv\")", "trace('x',bootstrap)",
      "mixture(1/i,2,mixture(0.5,exponential(i),trace('x',bootstrap)))",
    ]
    for text in texts {
      guard case .distribution(let distribution)? = try bind("workers 3 delay=\(text)")[0]["delay"]?.value
      else {
        throw NoNumber()
      }
      switch distribution {
      case .law(let law, let parameters): #expect(law.parameters.count == parameters.count)
      case .trace(let trace): #expect(trace.replays ? trace.file == "a b.csv" : trace.file == "x")
      case .mixture(_, .law(let law, _), .mixture(_, .law, .trace)): #expect(law.name == "constant")
      case .mixture: Issue.record("\(distribution)")
      }
    }
  }

  @Test func readsConditions() throws {
    let bound = try bind(
      "run steps=100 gradnorm2<1e-4 accuracy>=a gap<=-1 time=3", variables: ["a": .number(0.9)])[0]
    #expect(
      bound.conditions.map(\.value) == [
        Stop.Condition(.gradnorm2, .below, 1e-4), Stop.Condition(.accuracy, .atLeast, 0.9),
        Stop.Condition(.gap, .atMost, -1),
      ])
    #expect(bound["updates"]?.value.integer == 100)
  }

  @Test func printsWhatEchoIsGiven() throws {
    let bound = try bind("echo \"gap:\" gap a=b 1+1 'hello' --- x<y", variables: ["gap": .number(2)])[0]
    #expect(bound.positional.compactMap(\.value.word) == ["gap:", "2", "a=b", "2", "hello", "---", "x<y"])
  }

  @Test func abbreviatesAtThePromptOnly() throws {
    #expect(try bind("wor 5; exp 1", abbreviated: true).map(\.command) == ["workers"])
    #expect(diagnostic("wor 5")?.remedy == "did you mean workers?")
    #expect(diagnostic("st", abbreviated: true)?.remedy == "did you mean step or stats?")
    #expect(try bind("exit")[0].command == "quit")
  }

  private static let usage =
    "write workers N key=value… | workers A..B key=value… | workers [N] \"FILE\" key=value…"

  @Test(
    arguments: [
      ("sead 1", 1, "there is no command 'sead'", "did you mean seed?"),
      ("x = 5", 1, "there is no command 'x'", "did you mean let x = …?"),
      ("x=5", 1, "there is no command 'x'", "did you mean let x = …?"),
      ("workers 5 tua=2", 11, "workers has no key 'tua'", "did you mean tau=?"),
      ("workers 5 tau=2 tau=3", 17, "tau= is given twice", nil),
      ("workers 5 tau=", 11, "tau= has no value", "write tau=VALUE without spaces around ="),
      ("workers 5 tau = 2", 11, "workers does not take 'tau'", "did you mean tau=…?"),
      ("workers 5 tau= 2", 11, "tau= has no value", "write tau=VALUE without spaces around ="),
      (
        "workers 5 2", 11, "workers does not take '2'", Self.usage
      ),
      ("workers 5 tau=i / 2", 17, "workers does not take '/'", "an argument has no spaces outside brackets"),
      (
        "workers", 1,
        "workers needs N: how many workers, or which of them: A..B; or a table with a row for each",
        Self.usage
      ),
      (
        "workers 0", 9, "'0' is no number of workers",
        "write N, or A..B for some of them: integers from 1 on, A at most B"
      ),
      (
        "workers 5..2", 9, "'5..2' is no number of workers",
        "write N, or A..B for some of them: integers from 1 on, A at most B"
      ),
      (
        "workers 1e300", 9, "'1e300' is no number of workers",
        "write N, or A..B for some of them: integers from 1 on, A at most B"
      ),
      ("workers 1..1e9", 9, "'1..1e9' are too many workers", "a fleet has at most 10000000"),
      ("method renala", 8, "there is no method 'renala'", "did you mean rennala?"),
      ("problem quadratc", 9, "there is no problem 'quadratc'", "did you mean quadratic?"),
      ("method rennala gama=1", 16, "rennala has no key 'gama'", "did you mean gamma=?"),
      ("method rennala stops=yes", 22, "stops= does not take 'yes'", "it takes true or false"),
      ("method asgd-adaptive rule=drp", 27, "rule= does not take 'drp'", "did you mean drop?"),
      ("method mindflayer clip=medain", 24, "clip= does not take 'medain'", "did you mean median?"),
      ("method rennala gamma=0/0", 22, "gamma= takes a number, not nan", nil),
      ("seed 1.5", 6, "N takes an integer from 0 to 18446744073709551615, not 1.5", nil),
      ("seed 1e300", 6, "N takes an integer from 0 to 18446744073709551615, not 1e+300", nil),
      ("seed 1 2", 8, "seed does not take '2'", "write seed N"),
      ("step 0", 6, "N takes an integer of at least 1, not 0", nil),
      ("run steps=-1", 11, "steps= takes an integer of at least 0, not -1", nil),
      ("run gap=1e-6", 5, "'gap' is no key but a quantity", "did you mean gap<1e-6?"),
      ("run gap < 1e-6", 9, "a condition has no spaces", "write gradnorm2<1e-4, not gradnorm2 < 1e-4"),
      ("run gap", 5, "run does not take 'gap'", "did you mean gap<1e-4?"),
      ("run gap< 1e-6", 5, "a condition has no spaces", nil),
      ("run gpa<1e-6", 5, "there is no quantity 'gpa'", "did you mean gap?"),
      (
        "run 1e-6>gap", 5, "a condition is QUANTITY<NUMBER, with <, <=, > or >=, not '1e-6>gap'",
        "the quantities are time, iteration, arrivals, used, loss, gap, gradnorm2, accuracy, available, "
          + "discarded, cancelled, gradients, messages, coordinates, energy, busy, delay_mean or consensus"
      ),
      ("run gap==0", 5, "a condition is QUANTITY<NUMBER, with <, <=, > or >=, not 'gap==0'", nil),
      ("target epsilon=0", 16, "epsilon= takes a number above 0, not 0", nil),
      (
        "workers 5 delay=lognormal(1)", 17, "lognormal takes 2 parameters, not 1", "write lognormal(mu,sigma)"
      ),
      ("workers 5 delay=lognorml(0,1)", 17, "there is no distribution 'lognorml'", "did you mean lognormal?"),
      ("workers 5 delay=lognormal(0,1)+2", 31, "nothing can follow here, but '+2' does", nil),
      (
        "workers 5 delay=trace()", 17, "trace takes the name of a file, then replay or bootstrap, then keys",
        "write trace(\"FILE\"), trace(\"FILE\",bootstrap) or trace(\"FILE\",worker=rank,unit=ms)"
      ),
      ("workers 5 tau=j", 15, "there is no variable 'j'", nil),
      ("show metod", 6, "show does not take 'metod'", "did you mean method?"),
      ("stats now", 7, "stats does not take 'now'", "write stats"),
    ] as [(String, Int, String, String?)])
  func saysWhatIsWrongAndWhere(_ text: String, _ column: Int, _ message: String, _ remedy: String?) throws {
    let error = try #require(diagnostic(text))
    #expect(error.message == message)
    if let remedy { #expect(error.remedy == remedy) }
    #expect(error.position == (1, column))
  }
}
