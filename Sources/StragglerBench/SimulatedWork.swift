// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// A simulation that the library and the program `straggler` both run, configured once.
struct SimulatedWork {
  /// What is counted.
  enum Unit: String {
    case arrivals, updates
  }

  var problem = "quadratic"
  var problemSettings: Settings = [:]
  /// n; worker i takes √i seconds, or each one where `isUniform`.
  var workers: Int
  var isUniform = false
  /// Whether durations are lognormal(0, 1) on top.
  var isRandom = false
  var method: MethodEntry
  var settings: Settings
  /// Square graphs, whose links take so many seconds.
  var topology: (isTorus: Bool, link: Double)?
  var unit = Unit.arrivals
  /// Whether f and ∇f are evaluated after every update.
  var evaluatesEveryStep = false

  /// Small stepsizes, so that nothing diverges, and batches that are many updates' worth of workers; what
  /// else a method has comes from its theorem.
  static func settings(of method: MethodEntry, batch: Int = 100) -> Settings {
    settings(batch: batch).filter { key, _ in method.keys.contains { $0.name == key } }
  }

  /// The settings of all methods, by key.
  static func settings(batch: Int = 100) -> Settings {
    [
      "gamma": 1e-6, "batch": .number(Double(batch)), "threshold": 100, "m": 100, "trials": 4, "K": 10,
      "ratio": 100, "group": 10, "local": 1, "a": 0.1,
    ]
  }

  private var traceInterval: Int { evaluatesEveryStep ? 1 : 1_000_000_000 }

  /// The rows and columns of the graph.
  private var side: Int { Int(Double(workers).squareRoot()) }

  func experiment(_ library: DataLibrary) throws(LabError) -> Experiment {
    guard let entry = Catalogue().problem(problem) else { throw LabError("there is no problem \(problem)") }
    var experiment = Experiment(
      problem: try entry.choose(problemSettings, library: library),
      workers: (1...workers).map { index in
        Worker(
          tau: isUniform ? 1 : Double(index).squareRoot(),
          delay: isRandom ? .lognormal(mu: 0, sigma: 1) : .none)
      }, method: try method.choose(settings), epsilon: 1,
      interval: .updates(traceInterval))
    if let topology {
      experiment.topology = try Topology(
        topology.isTorus ? .torus(rows: side) : .grid(rows: side), nodes: workers
      ) { _, _ in LinkTime(seconds: topology.link) }
    }
    return experiment
  }

  /// The commands that configure the same in the program.
  var script: String {
    var lines = ["problem \(problem)\(Self.text(problemSettings))"]
    lines.append(
      "workers \(workers) tau=\(isUniform ? "1" : "sqrt(i)")\(isRandom ? " delay=lognormal(0,1)" : "")")
    if let topology {
      lines.append("topology \(topology.isTorus ? "torus" : "grid") rows=\(side) link=\(topology.link)")
    }
    lines.append("trace every=\(traceInterval)")
    lines.append("target epsilon=1")
    lines.append("method \(method.name)\(Self.text(settings))")
    return lines.joined(separator: "; ")
  }

  private static func text(_ settings: Settings) -> String {
    settings.sorted { $0.key < $1.key }.map { key, value in
      switch value {
      case .number(let number): " \(key)=\(NumberText.exact(number))"
      case .schedule(let program): " \(key)=\(program.text)"
      case .perWorker(let numbers), .list(let numbers): " \(key)=\(numbers)"
      case .word(let word): " \(key)=\(word)"
      case .call(let name, let arguments):
        " \(key)=\(name)(\(arguments.map(NumberText.exact).joined(separator: ",")))"
      }
    }.joined()
  }

  /// What the run stops at, and the same in the program's words.
  func stop(_ goal: Int) -> Stop { unit == .updates ? Stop(updates: goal) : Stop(arrivals: goal) }
  func command(_ goal: Int) -> String { "run \(unit.rawValue)=\(goal)" }

  /// At the time of `statistics` no more gradients can have come than the workers had time for.
  func mostArrivals(by time: Double) -> Double {
    if isRandom { return .infinity }
    return (1...workers).reduce(0) {
      $0 + (time / (isUniform ? 1 : Double($1).squareRoot()) * (1 + 1e-9)).rounded(.down)
    }
  }
}

/// How fast the library and the program are at the same simulation.
struct Pace {
  /// The processor's seconds for one unit, without what a call of `run` takes by itself: evaluating f at its
  /// end, above all.
  let library: Benchmark.Timing
  let program: Benchmark.Timing
  /// Where both ended.
  let statistics: Statistics
  /// What is wrong with it.
  let complaints: [String?]
}

extension Benchmark {
  /// Runs the work in the library and in the program, piece by piece in turn, and compares where they end: to
  /// the last bit, since it is the same work.
  func pace(_ work: SimulatedWork, _ data: DataLibrary) throws -> Pace {
    let run = try work.experiment(data).start()
    let child = try Child(["--json", "--threads", "1"])
    child.send(work.script)
    var answer: [UInt8] = []
    func library(_ goal: Int) -> Double { processorTime { _ = run.run(until: work.stop(goal)) } }
    func program(_ goal: Int) throws -> Double {
      let elapsed: Double
      (elapsed, answer) = try child.seconds(answering: work.command(goal))
      return elapsed
    }

    // Beyond the first round of all workers, whose events come in the order of the workers.
    var goal = work.unit == .arrivals ? 2 * work.workers : 1
    _ = (library(goal), try program(goal))
    var (calls, childCalls): ([Double], [Double]) = ([], [])
    for _ in 0..<3 {
      goal += 1
      calls.append(library(goal))
      childCalls.append(try program(goal))
    }
    let (call, childCall) = (Timing(calls).best, Timing(childCalls).best)

    // The shorter of two runs: on a shared machine an interruption can pass for work.
    func shorter(_ piece: Int) throws -> Double {
      var elapsed = Double.infinity
      for _ in 0..<2 {
        goal += piece
        elapsed = min(elapsed, library(goal), try program(goal))
      }
      return elapsed
    }
    // So long that what a call costs, which is taken off, does not matter.
    let least = max(options.seconds, 10 * call, 10 * childCall)
    var piece = 1
    while try shorter(piece) < least, piece < 1 << 40 { piece *= 2 }
    var (samples, childSamples): ([Double], [Double]) = ([], [])
    for _ in 0..<options.runs {
      goal += piece
      samples.append(max(0, library(goal) - call) / Double(piece))
      childSamples.append(max(0, try program(goal) - childCall) / Double(piece))
    }
    child.send("quit")
    let status = child.end()

    let statistics = run.statistics
    let complaints = [
      status == 0 ? nil : "straggler ended with status \(status)",
      difference(statistics, answer), impossibility(statistics, work),
    ]
    return Pace(
      library: Timing(samples), program: Timing(childSamples), statistics: statistics, complaints: complaints)
  }

  /// Where the program's numbers are not the library's.
  private func difference(_ statistics: Statistics, _ answer: [UInt8]) -> String? {
    guard let object = JSONValue(parsing: answer) else {
      return "the program does not answer in JSON: \(String(decoding: answer, as: UTF8.self))"
    }
    for (name, value) in statistics.numbers where !["wall", "events_per_second"].contains(name) {
      let other = object[name]?.number ?? .nan
      if value.isNaN ? !other.isNaN : value != other {
        return "\(name) is \(value) here and \(other) in straggler"
      }
    }
    return nil
  }

  /// What cannot be after so much simulated time.
  private func impossibility(_ statistics: Statistics, _ work: SimulatedWork) -> String? {
    let point = statistics.point
    guard point.loss.isFinite else { return "the run diverged" }
    let most = work.mostArrivals(by: point.time)
    if Double(point.arrivals) > most {
      return "\(point.arrivals) gradients came, and there was time for \(most)"
    }
    return nil
  }

  /// Reports the units a second, in `scale` of them, where one takes at least so many operations in double
  /// precision.
  func report(
    _ pace: Pace, _ table: String, _ row: String, _ column: String, scale: Double = 1, _ unit: String,
    operations: Double, isFloat: Bool = false
  ) {
    let peak = isFloat ? machine.floatOperations : machine.doubleOperations
    let (best, program) = (1 / pace.library.best, 1 / pace.program.best)
    report(
      Figure(
        table: table, row: row, column: column, value: scale / pace.library.median, unit: unit,
        program: scale / pace.program.median),
      results: pace.complaints,
      rates: [
        Judgement.limit(best, peak / operations, "a second"),
        Judgement.limit(program, peak / operations, "a second"),
        Judgement.agreement(library: best, program: program, factor: 2),
      ])
  }
}
