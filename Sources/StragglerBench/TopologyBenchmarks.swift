// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// Updates a second of every decentralised method on a grid, and what 10,000 nodes cost.
func benchmarkTopologies(_ benchmark: Benchmark) throws {
  guard benchmark.includes("topologies") else { return }
  let data = DataLibrary()
  let isQuick = benchmark.options.isQuick
  for method in Catalogue().methods where method.needsNetwork {
    var work = SimulatedWork(
      problemSettings: ["dim": 1_000], workers: isQuick ? 9 : 100, isUniform: true, method: method,
      settings: SimulatedWork.settings(of: method), topology: (false, 1))
    work.unit = .updates
    for link in isQuick ? [1.0] : [0.1, 1, 10] {
      work.topology = (false, link)
      // An update adds a gradient to the model.
      benchmark.report(
        try benchmark.pace(work, data), "topologies", method.name, "links \(NumberText.brief(link)) s",
        "updates/s",
        operations: 2_000)
    }
  }
  for method in Catalogue().methods where method.needsNetwork {
    var work = SimulatedWork(
      problemSettings: ["dim": 1_000], workers: isQuick ? 100 : 10_000, isUniform: true, method: method,
      settings: SimulatedWork.settings(of: method), topology: (true, 1))
    work.unit = .updates
    try reportSetUp(benchmark, work, data)
  }
}

/// The seconds until the first order is given, and the memory of the run.
private func reportSetUp(_ benchmark: Benchmark, _ work: SimulatedWork, _ data: DataLibrary) throws {
  let experiment = try work.experiment(data)
  var samples: [Double] = []
  var memory = 0
  for _ in 0..<benchmark.options.runs {
    let start = ProcessorClock.seconds
    memory = try experiment.start().statistics.memory
    samples.append(ProcessorClock.seconds - start)
  }
  let timing = Benchmark.Timing(samples)
  // Every node is looked at, and its four links.
  let limit = benchmark.machine.doubleOperations / Double(4 * work.workers)
  var programs: [Double] = []
  var other = Double.nan
  // The first one may be the first to touch much of the machine's memory.
  for _ in 0..<min(3, benchmark.options.runs) {
    let child = try Child(["--json", "--threads", "1"])
    programs.append(try child.seconds(answering: work.script + "; run updates=0").seconds)
    child.send("stats")
    other = JSONValue(parsing: try child.line())?["memory"]?.number ?? .nan
  }
  let program = Benchmark.Timing(programs)
  // Short ones are lost in reading the commands.
  let isComparable = timing.best > 0.05
  benchmark.report(
    Figure(
      table: "nodes", row: work.method.name, column: "set-up", value: timing.median, unit: "s",
      program: program.median),
    rates: [
      Judgement.limit(1 / timing.best, limit, "set-ups a second"),
      isComparable
        ? Judgement.agreement(library: 1 / timing.best, program: 1 / program.best, factor: 3) : nil,
    ])
  benchmark.report(
    Figure(
      table: "nodes", row: work.method.name, column: "memory", value: Double(memory) / 0x1p20, unit: "MiB",
      program: other / 0x1p20),
    results: [Judgement.result(Double(memory), other)])
}
