// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

do {
  let options = try BenchmarkOptions(CommandLine.arguments.dropFirst())
  if options.showsHelp {
    print(BenchmarkOptions.usage)
    exit(0)
  }
  if let level = options.simdLevel { SIMDLevel.select(level) }
  let page = try options.page.map { BenchmarkPage(String(decoding: try Files.read($0), as: UTF8.self)) }
  let benchmark = Benchmark(options, Machine.measured())
  try benchmarkKernels(benchmark)
  try benchmarkEvents(benchmark)
  try benchmarkNetwork(benchmark)
  try benchmarkMethods(benchmark)
  try benchmarkTopologies(benchmark)
  try benchmarkThreads(benchmark)
  try benchmarkProgram(benchmark)
  guard benchmark.complaints.isEmpty else {
    throw BenchmarkError("not to be trusted:\n" + benchmark.complaints.joined(separator: "\n"))
  }
  if let path = options.page, let page {
    var sections = BenchmarkPage.sections(benchmark.figures)
    sections["machine"] =
      "\(Machine.name), \(SIMDLevel.current.name) kernels, \(Machine.date), with `scripts/bench --write`."
    try Files.write(try page.replacing(sections), to: path)
  }
} catch {
  complain("straggler-bench: \(error)")
  exit(1)
}
