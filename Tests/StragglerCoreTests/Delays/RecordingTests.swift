// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct RecordingTests {
  private func withRecording(_ values: [Double], _ order: Recording.Order, _ body: (Delay) throws -> Void)
    throws
  {
    var memory = values + [Double](repeating: 0, count: Recording.memory(for: values.count) - values.count)
    try memory.withUnsafeMutableBufferPointer { buffer in
      let table = Table(base: buffer.baseAddress, count: buffer.count)
      try body(.trace(Recording(table, order: order)))
    }
  }

  private let values = [3, 1, 4, 1, 5, .infinity, 2, 6]

  @Test func replay() throws {
    try withRecording(values, .replay) { delay in
      for job in 1...20 {
        var stream = RandomStream(seed: 1, purpose: .delay, job: job)
        #expect(delay.sample(&stream, job: job) == values[(job - 1) % values.count])
      }
      var stream = RandomStream(seed: 1, purpose: .delay)
      #expect(
        values.contains(delay.sample(&stream, job: .min)) && values.contains(delay.sample(&stream, job: 0)))
    }
  }

  @Test func bootstrap() throws {
    try withRecording(values, .bootstrap) { delay in
      let n = 16_000
      var counts: [Double: Int] = [:]
      for job in 1...n {
        var stream = RandomStream(seed: 5, purpose: .delay, job: job)
        counts[delay.sample(&stream, job: job), default: 0] += 1
      }
      for value in Set(values) {
        let p = Double(values.count { $0 == value }) / 8
        let z = (Double(counts[value] ?? 0) - Double(n) * p) / (Double(n) * p * (1 - p)).squareRoot()
        #expect(z.magnitude < 4)
      }
    }
  }

  @Test func distribution() throws {
    try withRecording(values, .replay) { delay in
      for (t, p) in [(0, 0), (0.9, 0), (1, 0.25), (1.5, 0.25), (3, 0.5), (6, 0.875), (1e300, 0.875)] {
        #expect(delay.cdf(t) == p)
      }
      #expect(delay.cdf(.infinity) == 1 && delay.mean == .infinity)
      #expect(delay.quantile(0) == 1 && delay.quantile(0.25) == 1 && delay.quantile(0.26) == 2)
      #expect(delay.median == 3 && delay.quantile(0.875) == 6 && delay.quantile(0.9) == .infinity)
      #expect(delay.partialMean(4) == 11.0 / 8 && delay.partialMean(0.5) == 0)
    }
    // quantile is the smallest recorded value with enough probability, whatever the rounding of p·n.
    try withRecording((1...49).map(Double.init), .replay) { delay in
      for rank in 1...49 {
        #expect(delay.quantile(delay.cdf(Double(rank))) == Double(rank))
        #expect(
          delay.quantile(delay.cdf(Double(rank)).nextUp) == (rank == 49 ? .nan : Double(rank + 1))
            || rank == 49)
      }
      #expect(delay.mean == 25)
    }
  }

  @Test func refusals() {
    for values in [[], [1, -1], [1, .nan]] {
      #expect(throws: DelayError.self) { try withRecording(values, .replay) { _ in } }
    }
  }

  /// The best allotted time of a recording, against trying all of them.
  @Test func clipping() throws {
    try withRecording(values, .replay) { delay in
      for tau in [0.01, 1, 10, 1_000] {
        let best = ClippingTimes.single(tau: tau, delay: delay)
        let slow = Set(values).filter(\.isFinite).map { (tau + $0) / delay.cdf($0) }.min()
        #expect(best.cost == slow)
      }
    }
    try withRecording([.infinity, .infinity], .bootstrap) { delay in
      let best = ClippingTimes.single(tau: 1, delay: delay)
      #expect(best.probability == 0 && best.cost == .infinity)
    }
  }
}
