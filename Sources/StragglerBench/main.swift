#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import StragglerCore
import StragglerLab

/// Usage: straggler-bench [--json] [--seconds S] [--simd LEVEL] [GROUP]
var isJSON = false
var seconds = 0.2
var filter = ""
var arguments = CommandLine.arguments.dropFirst().makeIterator()
while let argument = arguments.next() {
  switch argument {
  case "--json": isJSON = true
  case "--seconds": seconds = arguments.next().flatMap { Double($0) } ?? seconds
  case "--simd":
    let name = arguments.next() ?? ""
    for level in [SIMDLevel.baseline, .avx2, .avx512] where "\(level.name)" == name {
      SIMDLevel.select(level)
    }
  case "--help", "-h":
    print(
      "usage: straggler-bench [--json] [--seconds S] [--simd baseline|avx2|avx512] [kernels|events|network|methods|topologies|threads]"
    )
    exit(0)
  default: filter = argument
  }
}
let benchmark = Benchmark(isJSON: isJSON, filter: filter, seconds: max(0.01, min(60, seconds)))
benchmarkKernels(benchmark)
try benchmarkEvents(benchmark)
try benchmarkNetwork(benchmark)
try benchmarkMethods(benchmark)
try benchmarkTopologies(benchmark)
try benchmarkThreads(benchmark)
