// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData
import StragglerLab

/// Stochastic gradients a second of the 784–32–10 network in Float on drawn digits; beside it the same in
/// NumPy, where there is one, with what BLAS it has, on one thread.
func benchmarkNetwork(_ benchmark: Benchmark) throws {
  guard benchmark.includes("network") else { return }
  let data = DataLibrary()
  let batches = benchmark.options.isQuick ? [32] : [1, 32, 128]
  for batch in batches {
    // Forwards and back, a multiplication and an addition for every weight.
    benchmark.report(
      try benchmark.pace(steps(batch), data), "network", "batch \(batch)", "gradients", "gradients/s",
      operations: 4 * Double(batch) * (784 * 32 + 32 * 10), isFloat: true)
  }
  if let numpy = benchmark.options.numpy { try benchmarkNumPy(benchmark, numpy, batches, data) }
}

private func steps(_ batch: Int) -> SimulatedWork {
  var work = SimulatedWork(
    problem: "network", problemSettings: ["batch": .number(Double(batch))], workers: 1,
    method: MethodEntry(Hero.self),
    settings: ["gamma": 1e-6])
  work.unit = .updates
  return work
}

/// NumPy gets our start and our images, and has to find our loss and gradient.
private func benchmarkNumPy(
  _ benchmark: Benchmark, _ numpy: (python: String, script: String), _ batches: [Int], _ data: DataLibrary
) throws {
  let child = try Child(
    program: numpy.python,
    [numpy.script, "\(benchmark.options.seconds)", "\(benchmark.options.runs)"] + batches.map { "\($0)" })
  let run = try steps(1).experiment(data).start()
  let digits = DrawnDigits.standard().training
  for weight in run.model {
    let bits = Float(weight).bitPattern
    child.send((0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
  }
  child.send(digits.images + digits.labels)
  child.closeInput()
  func answer() throws -> JSONValue {
    let line = try child.line()
    guard let object = JSONValue(parsing: line) else {
      throw BenchmarkError("NumPy does not answer in JSON: \(String(decoding: line, as: UTF8.self))")
    }
    return object
  }
  let whole = try answer()
  let statistics = run.statistics
  let complaints = statistics.numbers.filter { ["loss", "gradnorm2"].contains($0.name) }.map { name, value in
    Judgement.result(whole[name]?.number ?? .nan, value, tolerance: 1e-3).map { "\(name): \($0)" }
  }
  for batch in batches {
    let rate = try answer()["rate"]?.number ?? .nan
    benchmark.report(
      Figure(
        table: "network", row: "batch \(batch)", column: "NumPy", value: rate, unit: "gradients/s"),
      results: complaints,
      rates: [
        Judgement.limit(
          rate, benchmark.machine.floatOperations / (4 * Double(batch) * (784 * 32 + 32 * 10)), "gradients/s")
      ])
  }
  guard child.end() == 0 else { throw BenchmarkError("\(numpy.python) \(numpy.script) failed") }
}
