// SPDX-License-Identifier: Apache-2.0

import StragglerLab

/// What only the program does: its start, and a sweep on one thread and on two.
func benchmarkProgram(_ benchmark: Benchmark) throws {
  guard benchmark.includes("program") else { return }
  let starts = benchmark.options.isQuick ? 3 : 60
  var samples: [Double] = []
  var complaint: String?
  for _ in 0..<starts {
    let (elapsed, output) = try time(["-c", "quit"])
    samples.append(elapsed)
    if !output.isEmpty { complaint = "quit prints \(String(decoding: output, as: UTF8.self))" }
  }
  benchmark.report(
    Figure(
      table: "program", row: "straggler -c quit", column: "seconds", value: Benchmark.Timing(samples).median,
      unit: "s"),
    results: [complaint])

  let steps = benchmark.options.isQuick ? 200 : 20_000
  let script = """
    problem quadratic dim=1000 noise=0.0003
    workers 100 tau=sqrt(i) delay=lognormal(0,2)
    method rennala
    sweep gamma in [0.125,0.25,0.5,1] batch in [10,20,40,80] gradnorm2<1e-4 updates=\(steps) seeds=4
    """
  var (one, two): ([Double], [Double]) = ([], [])
  var outputs: Set<[UInt8]> = []
  for _ in 0..<benchmark.options.runs {
    let single = try time(["--threads", "1", "--quiet", "-c", script])
    let double = try time(["--threads", "2", "--quiet", "-c", script])
    one.append(single.seconds)
    two.append(double.seconds)
    outputs.formUnion([single.output, double.output])
  }
  complaint =
    outputs.count == 1 && outputs.first?.isEmpty == false
    ? nil : "sweeps of the same points print different tables"
  for (column, times) in [("1 thread", one), ("2 threads", two)] {
    benchmark.report(
      Figure(
        table: "sweeps", row: "4 × 4 points, 4 seeds each", column: column,
        value: Benchmark.Timing(times).median,
        unit: "s"), results: [complaint])
  }
}

/// The seconds from the start of the program to its end, and what it printed.
private func time(_ arguments: [String]) throws(BenchmarkError) -> (seconds: Double, output: [UInt8]) {
  var output: [UInt8] = []
  var status: Int32 = 0
  let elapsed = try measure { () throws(BenchmarkError) in
    let child = try Child(arguments)
    output = child.rest()
    status = child.end()
  }
  guard status == 0 else {
    throw BenchmarkError("straggler \(arguments.joined(separator: " ")) ended with status \(status)")
  }
  return (elapsed, output)
}
