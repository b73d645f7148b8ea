// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerBench

struct BenchmarkOptionsTests {
  @Test func wordsAreUnderstood() throws {
    let options = try BenchmarkOptions([
      "--json", "--seconds", "0.5", "--runs", "7", "events", "methods", "--simd", "avx2",
    ])
    #expect(options.isJSON && !options.isQuick)
    #expect(options.seconds == 0.5)
    #expect(options.runs == 7)
    #expect(options.groups == ["events", "methods"])
    #expect(options.simdLevel == .avx2)
    #expect(try BenchmarkOptions(["--quick"]).isQuick)
    #expect(try BenchmarkOptions(["--write", "page.md"]).page == "page.md")
    #expect(try #require(BenchmarkOptions(["--numpy", "python3", "a.py"]).numpy) == ("python3", "a.py"))
  }

  /// A page takes no figures that were measured in haste or in part.
  @Test(arguments: [
    ["--seconds"], ["--seconds", "x"], ["--runs", "0"], ["--simd", "mmx"], ["--write"],
    ["--numpy", "python3"], ["event"], ["--fast"],
    ["--write", "page.md", "--quick"], ["--write", "page.md", "--runs", "3"],
    ["--write", "page.md", "events"],
  ])
  func othersAreRefused(_ words: [String]) {
    #expect(throws: BenchmarkError.self) { try BenchmarkOptions(words) }
  }
}
