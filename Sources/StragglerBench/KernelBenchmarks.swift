import StragglerCore

/// Kernels at d = 1,000 in L1, each beside the plain loop.
func benchmarkKernels(_ benchmark: Benchmark) {
  guard benchmark.includes("kernels") else { return }
  kernels(benchmark, Double.self, "double")
  kernels(benchmark, Float.self, "float")
  normals(benchmark)
}

private func kernels<Scalar: StragglerCore.Scalar>(
  _ benchmark: Benchmark, _ type: Scalar.Type, _ precision: String
) {
  let d = 1_000
  let bytes = Double(d * MemoryLayout<Scalar>.stride)
  let x = [Scalar](repeating: 0.5, count: d)
  var y = [Scalar](repeating: 0.25, count: d)

  var sum = 0.0
  let dot = benchmark.secondsPerCall { times in
    for _ in 0..<times { sum += Scalar.dot(x.span, y.span) }
  }
  benchmark.report("kernels", "dot, \(precision), d = \(d)", 2e-9 * bytes / dot, "GB/s")
  let plainDot = benchmark.secondsPerCall { times in
    for _ in 0..<times {
      var plain: Scalar = 0
      for index in 0..<d { plain += x[index] * y[index] }
      sum += Double(plain)
    }
  }
  benchmark.report("kernels", "dot, \(precision), the plain loop", 2e-9 * bytes / plainDot, "GB/s")
  consume(sum)

  let axpy = benchmark.secondsPerCall { times in
    for _ in 0..<times {
      var span = y.mutableSpan
      Scalar.add(1e-9, x.span, to: &span)
    }
  }
  benchmark.report("kernels", "axpy, \(precision), d = \(d)", 3e-9 * bytes / axpy, "GB/s")
  let plainAxpy = benchmark.secondsPerCall { times in
    for _ in 0..<times { for index in 0..<d { y[index] += 1e-9 * x[index] } }
  }
  benchmark.report("kernels", "axpy, \(precision), the plain loop", 3e-9 * bytes / plainAxpy, "GB/s")
  consume(y[0])
}

private func normals(_ benchmark: Benchmark) {
  var y = [Double](repeating: 0, count: 1_024)
  var job = 0
  let seconds = benchmark.secondsPerCall { times in
    for _ in 0..<times {
      job &+= 1
      var span = y.mutableSpan
      Double.addNormals(scale: 1, stream: Stream(seed: 1, purpose: .sample, job: job), to: &span)
    }
  }
  consume(y[0])
  benchmark.report("kernels", "normals", 1e-6 * Double(y.count) / seconds, "million/s")
}
