// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// Parameters and time complexities of the finite-sum methods, against numbers computed with 50 digits.
@Suite struct FreyaTimesTests {
  private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * abs(b) }

  private func withTimes(_ times: [Double], _ body: (Table<Double>) -> Void) throws {
    try withArena { arena in
      let table = try arena.table(of: Double.self, count: times.count)
      for index in times.indices { table[index] = times[index] }
      body(table)
    }
  }

  @Test func agreesOnAHundredWorkers() throws {
    try withTimes((1...100).map { Double($0).squareRoot() }) { times in
      let size = Theory.pageBatch(samples: 10_000)
      #expect(size == 100)
      let gamma = Theory.pageStepsize(smoothness: 1, hessianVariance: 0.49, batch: size, probability: 0.01)
      #expect(isClose(gamma, 0.5894519208105768))
      let freya = Theory.FreyaTimes(
        times, samples: 10_000, batch: size, probability: 0.01, gamma: gamma, progress: 100)
      #expect(freya.iterations == 340)
      #expect(isClose(freya.full, 543.3144296778618))
      #expect(Theory.batchTime(times, amount: 10_000).workers == 100)
      #expect(isClose(freya.batch, 10.75870157777944))
      #expect(isClose(freya.fullWithDuplicates, 568.0872555508282))
      #expect(isClose(freya.freya, 1619.1845874558057))
      #expect(isClose(freya.freyaBound, 44480.52289740597))
      #expect(isClose(freya.heroGD, 1_000_000))
      #expect(isClose(freya.sovietGD, 100_000))
      #expect(isClose(freya.heroPage, 20_000))
      #expect(isClose(freya.sovietPage, 2_000))
      #expect(isClose(freya.lowerBound, 1086.6288593557235))
    }
  }

  @Test func agreesOnAFewWorkers() throws {
    try withTimes([1, 1.5, 4, 9, 100]) { times in
      let gamma = Theory.pageStepsize(smoothness: 1, hessianVariance: 0.49, batch: 8, probability: 0.125)
      #expect(isClose(gamma, 0.6043062710101711))
      let freya = Theory.FreyaTimes(
        times, samples: 64, batch: 8, probability: 0.125, gamma: gamma, progress: 100)
      #expect(freya.iterations == 331)
      #expect(isClose(freya.full, 33.534246575342465))
      #expect(Theory.batchTime(times, amount: 64).workers == 4)
      #expect(isClose(freya.batch, 5.739130434782608))
      #expect(Theory.batchTime(times, amount: 8).workers == 3)
      #expect(isClose(freya.fullWithDuplicates, 37.50272361970052))
      #expect(isClose(freya.freya, 607.4472900536033))
      #expect(isClose(freya.freyaBound, 25718.917569313366))
      #expect(isClose(freya.heroGD, 6_400))
      #expect(isClose(freya.sovietGD, 128_000))
      #expect(isClose(freya.heroPage, 864))
      #expect(isClose(freya.sovietPage, 17_280))
      #expect(isClose(freya.lowerBound, 452.71232876712327))
    }
  }

  @Test func batchIsTheRootRoundedUp() {
    for (samples, size) in [(1, 1), (2, 2), (4, 2), (5, 3), (99, 10), (100, 10), (101, 11)] {
      #expect(Theory.pageBatch(samples: samples) == size)
    }
    #expect(Theory.pageStepsize(smoothness: 4, hessianVariance: .nan, batch: 3, probability: 1) == 0.25)
  }
}
