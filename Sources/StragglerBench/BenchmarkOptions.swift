// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// What the command line asks for.
struct BenchmarkOptions {
  static let groups = ["kernels", "events", "network", "methods", "topologies", "threads", "program"]
  static let usage =
    "usage: straggler-bench [--json] [--quick] [--seconds S] [--runs N] [--simd baseline|avx2|avx512] "
    + "[--numpy PYTHON SCRIPT] [--write PAGE] "
    + "[\(groups.joined(separator: "|")) …]"

  var isJSON = false
  /// Small sizes and few measurements: whether everything works, not how fast.
  var isQuick = false
  /// The least number of seconds of a measurement.
  var seconds = 0.05
  /// Measurements of a figure, whose median it is.
  var runs = 5
  var simdLevel: SIMDLevel?
  /// A Python with NumPy and the script that does the network's work with it; nil for no comparison.
  var numpy: (python: String, script: String)?
  /// The page whose tables are written.
  var page: String?
  /// Those that are run; all where there are none.
  var groups: [String] = []
  var showsHelp = false

  init() {}

  /// Throws a sentence about the first word that has no meaning.
  init(_ words: some Sequence<String>) throws(BenchmarkError) {
    var words = words.makeIterator()
    while let word = words.next() {
      switch word {
      case "--json": isJSON = true
      case "--help", "-h": showsHelp = true
      case "--quick":
        isQuick = true
        (seconds, runs) = (0.002, 3)
      case "--seconds":
        guard let value = words.next().flatMap({ Double($0) }), (0.001...60).contains(value) else {
          throw BenchmarkError("--seconds takes a number from 0.001 to 60")
        }
        seconds = value
      case "--runs":
        guard let value = words.next().flatMap({ Int($0) }), (1...1_000).contains(value) else {
          throw BenchmarkError("--runs takes a whole number from 1 to 1000")
        }
        runs = value
      case "--simd":
        let name = words.next()
        simdLevel = [SIMDLevel.baseline, .avx2, .avx512].first { "\($0.name)" == name }
        guard simdLevel != nil else { throw BenchmarkError("--simd takes baseline, avx2 or avx512") }
      case "--numpy":
        guard let python = words.next(), let script = words.next() else {
          throw BenchmarkError("--numpy takes a Python with NumPy, and the script for it")
        }
        numpy = (python, script)
      case "--write":
        page = words.next()
        guard page != nil else { throw BenchmarkError("--write takes a page with the marks of tables") }
      case _ where Self.groups.contains(word): groups.append(word)
      default: throw BenchmarkError("\(word) has no meaning here; \(Self.usage)")
      }
    }
    if page != nil, isQuick || runs < 5 || !groups.isEmpty {
      throw BenchmarkError("a page takes all figures, of full size, medians of at least five")
    }
  }
}
