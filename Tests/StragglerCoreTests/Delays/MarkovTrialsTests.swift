// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct MarkovTrialsTests {
  struct Case: Sendable {
    let up, down, work, allotted, upload: Double
    init(_ up: Double, _ down: Double, work: Double, allotted: Double, upload: Double = 0) {
      (self.up, self.down, self.work, self.allotted, self.upload) = (up, down, work, allotted, upload)
    }
  }

  private static let cases = [
    Case(10, 200, work: 1, allotted: 0), Case(10, 200, work: 1, allotted: 20),
    Case(10, 200, work: 1, allotted: 300), Case(1, 1, work: 1, allotted: 0.5),
    Case(5, 0.5, work: 3, allotted: 0.2, upload: 2), Case(0.2, 3, work: 1, allotted: 20),
    Case(0.2, 0.03, work: 5, allotted: 0.8), Case(40, 70, work: 100, allotted: 100, upload: 30),
  ]

  /// The shares of trials that succeed, from a start in equilibrium, by following outages.
  @Test(arguments: cases) func sharesAreThoseOfOutages(_ law: Case) {
    let trials = MarkovTrials(
      up: law.up, down: law.down, work: law.work, allotted: law.allotted, upload: law.upload)
    for count in [1, 5, 40] {
      let rows = 12_000 / count
      var shares = [Double]()
      for row in 0..<rows {
        let stream = RandomStream(seed: 5, purpose: .delay, worker: row, job: 1)
        var (time, succeeded) = (50 * (law.up + law.down), 0)
        for _ in 0..<count {
          let pause = Outages(up: law.up, down: law.down).pause(of: law.work, from: time, worker: stream)
          if pause > law.allotted {
            time += law.work + law.allotted
          } else {
            succeeded += 1
            time += law.work + pause + law.upload
          }
        }
        shares.append(Double(succeeded) / Double(count))
      }
      let mean = shares.reduce(0, +) / Double(rows)
      let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows - 1)
      let predicted = trials.successShare(of: Double(count))
      // z = 4.5, the quadrature's five digits, and a share that no sample had.
      let band = 4.5 * (variance / Double(rows)).squareRoot() + 1e-5 + 5 / Double(rows * count)
      #expect(abs(mean - predicted) < band, "\(count): \(mean) \(predicted)")
    }
  }

  @Test func limits() {
    // A trial that is given up at once succeeds where its worker stays on.
    let quick = Delay.markov(up: 10, down: 200).during(1)
    let expected = Elementary.exp(-0.1) * 10 / 210
    #expect(abs(quick.successShare(within: 0, upload: 0, of: 1) - expected) < 1e-12)
    #expect(abs(quick.successShare(within: 0, upload: 0, of: .infinity) - expected) < 1e-4)
    #expect(quick.successShare(within: .infinity, upload: 0, of: 1) == 1)
    #expect(Delay.exponential(rate: 1).successShare(within: 1, upload: 0, of: 3) == 1 - Elementary.exp(-1))
    #expect(Delay.exponential(rate: 1).isIndependent && !quick.isIndependent)
  }
}
