// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerBench

/// A benchmark that is wrong is found out.
struct JudgementTests {
  @Test func moreThanTheMachineCanDoIsWrong() throws {
    #expect(Judgement.limit(1e11, 1e11, "bytes/s") == nil)
    // Both are measured: a little more is not impossible.
    #expect(Judgement.limit(1.2e11, 1e11, "bytes/s") == nil)
    let complaint = try #require(Judgement.limit(1e23, 1e11, "bytes/s"))
    #expect(complaint.contains("more than"))
  }

  @Test(arguments: [Double.infinity, .nan, 0, -1]) func noRateIsWrong(_ rate: Double) {
    #expect(Judgement.limit(rate, 1e11, "bytes/s") != nil)
  }

  @Test func libraryAndProgramAgreeWithinTheFactor() {
    #expect(Judgement.agreement(library: 60_000, program: 55_000, factor: 2) == nil)
    // The network's figure as it once was: each call paid an evaluation.
    #expect(Judgement.agreement(library: 68, program: 60_000, factor: 2) != nil)
    #expect(Judgement.agreement(library: 60_000, program: 68, factor: 2) != nil)
    #expect(Judgement.agreement(library: 1, program: .nan, factor: 2) != nil)
    #expect(Judgement.agreement(library: .infinity, program: 1, factor: 2) != nil)
  }

  @Test func resultsAreCompared() {
    #expect(Judgement.result(6, 6) == nil)
    #expect(Judgement.result(6.5, 6) != nil)
    #expect(Judgement.result(6.5, 6, tolerance: 0.1) == nil)
    #expect(Judgement.result(.nan, 6, tolerance: 0.1) != nil)
    #expect(Judgement.result(6, .nan) != nil)
  }

  /// A loop that is optimised away is a loop that does nothing.
  @Test func workThatIsNotDoneIsFoundOut() throws {
    var options = BenchmarkOptions()
    (options.seconds, options.runs) = (1e-4, 3)
    let benchmark = Benchmark(options, Machine(doubleOperations: 1e11, floatOperations: 2e11))
    let timing = benchmark.secondsPerCall { _ in }
    #expect(Judgement.limit(1_000 / timing.best, 1e11, "bytes/s") != nil)
    let honest = benchmark.secondsPerCall { times in
      var sum = 0.0
      for index in 0..<times { sum += Double(index).squareRoot() }
      consume(sum)
    }
    #expect(Judgement.limit(1 / honest.best, 1e11, "operations/s") == nil)
  }

  /// Quick measurements are judged by what they computed alone.
  @Test(arguments: [false, true]) func complaintsSayWhichFigureTheyAreAbout(isQuick: Bool) {
    var options = BenchmarkOptions()
    options.isQuick = isQuick
    let benchmark = Benchmark(options, Machine(doubleOperations: 1, floatOperations: 1))
    benchmark.report(
      Figure(table: "kernels", row: "dot", column: "this library", value: 2, unit: "GB/s"),
      results: [nil, "it is wrong"], rates: ["it is too fast", nil])
    let complaints = ["it is wrong"] + (isQuick ? [] : ["it is too fast"])
    #expect(benchmark.complaints == complaints.map { "kernels: dot, this library: \($0)" })
    #expect(benchmark.figures.map(\.row) == ["dot"])
  }

  @Test func theMachineDoesWhatItSays() {
    let machine = Machine(doubleOperations: 1, floatOperations: 1)
    for bytes in [1 << 14, 1 << 18] {
      #expect((1e6...1e14).contains(machine.readBandwidth(over: bytes)))
      #expect((1e6...1e14).contains(machine.updateBandwidth(over: bytes)))
    }
  }
}
