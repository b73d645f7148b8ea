// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab

/// Kernels on vectors in the first and second cache and in memory, each beside the plain loop, what the
/// machine can do, and a step of the program that needs the kernel.
func benchmarkKernels(_ benchmark: Benchmark) throws {
  guard benchmark.includes("kernels") else { return }
  for d in benchmark.options.isQuick ? [1_000] : [1_000, 30_000, 10_000_000] {
    try kernels(benchmark, Double.self, "double", d)
    try kernels(benchmark, Float.self, "float", d)
  }
  try normals(benchmark)
}

private func kernels<Scalar: StragglerCore.Scalar>(
  _ benchmark: Benchmark, _ type: Scalar.Type, _ precision: String, _ d: Int
) throws {
  let bytes = Double(d * MemoryLayout<Scalar>.stride)
  var readPeak = benchmark.machine.readBandwidth(over: Int(2 * bytes))
  var updatePeak = benchmark.machine.updateBandwidth(over: Int(2 * bytes))
  /// Reports GB/s of a loop that moves so many vectors.
  func report(
    _ kernel: String, _ column: String, _ timing: Benchmark.Timing, vectors: Double, peak: Double,
    _ complaint: String?, step: Pace? = nil
  ) {
    let rate = vectors * bytes / timing.best
    var rates = [Judgement.limit(rate, peak, "bytes/s")]
    if let step {
      // A step moves a few more vectors, and in the first cache its event takes as long as the kernel.
      rates.append(Judgement.agreement(library: 1 / timing.best, program: 1 / step.program.best, factor: 32))
    }
    benchmark.report(
      Figure(
        table: "kernels", row: "\(kernel), \(precision), d = \(d)", column: column,
        value: 1e-9 * vectors * bytes / timing.median, unit: "GB/s",
        program: step.map { 1e-9 * vectors * bytes / $0.program.median }),
      results: [complaint] + (step?.complaints ?? []), rates: rates)
  }
  func reportPeak(_ kernel: String, _ peak: Double) {
    benchmark.report(
      Figure(
        table: "kernels", row: "\(kernel), \(precision), d = \(d)", column: "the machine", value: 1e-9 * peak,
        unit: "GB/s"))
  }

  // Small whole numbers, so that sums are exact in any order and precision.
  var x = (0..<d).map { Scalar($0 / 64 % 8) }
  var y = (0..<d).map { Scalar($0 % 64 == 0 ? 1 : 0) }
  let expected = stride(from: 0, to: d, by: 64).reduce(0.0) { $0 + Double($1 / 64 % 8) }
  var (kernelSum, plainSum) = (0.0, 0.0)
  let dot = benchmark.secondsPerCall { times in
    for _ in 0..<times {
      use(&x)
      kernelSum = Scalar.dot(x.span, y.span)
      consume(kernelSum)
    }
  }
  let plainDot = benchmark.secondsPerCall { times in
    for _ in 0..<times {
      use(&x)
      var plain: Scalar = 0
      for index in 0..<d { plain += x[index] * y[index] }
      plainSum = Double(plain)
      consume(plainSum)
    }
  }
  // Measured again after the kernels: what neighbours leave of a shared cache changes from second to second.
  readPeak = max(readPeak, benchmark.machine.readBandwidth(over: Int(2 * bytes)))
  let evaluation = try step(benchmark, precision, d, evaluates: true)
  report(
    "dot", "this library", dot, vectors: 2, peak: readPeak, Judgement.result(kernelSum, expected),
    step: evaluation)
  report("dot", "the plain loop", plainDot, vectors: 2, peak: readPeak, Judgement.result(plainSum, expected))
  reportPeak("dot", readPeak)

  // There and back: after an odd number of calls y is one step away from where it was.
  let begin = y
  var calls = 0
  func axpy(_ times: Int) {
    for _ in 0..<times {
      var span = y.mutableSpan
      Scalar.add(calls & 1 == 0 ? 0x1p-10 : -0x1p-10, x.span, to: &span)
      calls += 1
      use(&y)
    }
  }
  func plainAxpy(_ times: Int) {
    for _ in 0..<times {
      let a: Scalar = calls & 1 == 0 ? 0x1p-10 : -0x1p-10
      for index in 0..<d { y[index] += a * x[index] }
      calls += 1
      use(&y)
    }
  }
  func check(_ loop: (Int) -> Void) -> String? {
    loop(1 + calls & 1)
    guard let wrong = y.indices.first(where: { y[$0] != begin[$0] + 0x1p-10 * x[$0] }) else { return nil }
    return "coordinate \(wrong) is \(y[wrong]), and \(begin[wrong] + 0x1p-10 * x[wrong]) is right"
  }
  let added = benchmark.secondsPerCall(axpy)
  let complaint = check(axpy)
  let plainAdded = benchmark.secondsPerCall(plainAxpy)
  updatePeak = max(updatePeak, benchmark.machine.updateBandwidth(over: Int(2 * bytes)))
  report(
    "axpy", "this library", added, vectors: 3, peak: updatePeak, complaint,
    step: try step(benchmark, precision, d, evaluates: false))
  report("axpy", "the plain loop", plainAdded, vectors: 3, peak: updatePeak, check(plainAxpy))
  reportPeak("axpy", updatePeak)
}

/// A step of gradient descent in the program, with or without an evaluation of f after it.
private func step(
  _ benchmark: Benchmark, _ precision: String, _ d: Int, evaluates: Bool, noise: Double = 0
) throws -> Pace {
  var work = SimulatedWork(
    problemSettings: ["dim": .number(Double(d)), "noise": .number(noise), "precision": .word(precision)],
    workers: 1,
    method: MethodEntry(Hero.self), settings: ["gamma": 1e-6])
  work.unit = .updates
  work.evaluatesEveryStep = evaluates
  return try benchmark.pace(work, DataLibrary())
}

private func normals(_ benchmark: Benchmark) throws {
  let d = 1_024
  var y = [Double](repeating: 0, count: d)
  var job = 0
  func draw(_ times: Int) {
    for _ in 0..<times {
      job &+= 1
      var span = y.mutableSpan
      Double.addNormals(scale: 1, stream: RandomStream(seed: 1, purpose: .sample, job: job), to: &span)
      use(&y)
    }
  }
  let timing = benchmark.secondsPerCall(draw)
  // Another level of kernels draws the same bits, by other instructions.
  func sample() -> [Double] {
    y = [Double](repeating: 0, count: d)
    draw(1)
    job -= 1
    return y
  }
  let fast = sample()
  let level = SIMDLevel.current
  SIMDLevel.select(.baseline)
  let slow = sample()
  SIMDLevel.select(level)
  let squares = fast.reduce(0) { $0 + $1 * $1 }
  let step = try step(benchmark, "double", d, evaluates: false, noise: 1)
  let best = Double(d) / timing.best
  benchmark.report(
    Figure(
      table: "kernels", row: "normals, double, d = \(d)", column: "this library",
      value: 1e-6 * Double(d) / timing.median, unit: "million/s",
      program: 1e-6 * Double(d) / step.program.median),
    results: step.complaints + [
      fast == slow ? nil : "levels of kernels draw different numbers",
      Judgement.result(squares / Double(d), 1, tolerance: 0.3),
    ],
    rates: [
      // Ten operations at least: a logarithm or a cosine has a longer polynomial.
      Judgement.limit(best, benchmark.machine.doubleOperations / 10, "numbers/s"),
      Judgement.agreement(library: 1 / timing.best, program: 1 / step.program.best, factor: 4),
    ])
}
