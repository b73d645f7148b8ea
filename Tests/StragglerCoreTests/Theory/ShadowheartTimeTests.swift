// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// The equilibrium time against reference numbers, closed forms and a plain search over all j.
@Suite struct ShadowheartTimeTests {
  struct Case: Sendable {
    let h, tau: [Double]
    let omega, ratio, time: Double
    let workers: Int
    let balances: [Double]
    let gradients, messages: [Int]
    let weights: [Double]
    let total: Double
  }

  /// Computed with 50 digits.
  static let cases = [
    Case(
      h: [2, 2, 2], tau: [5, 5, 5], omega: 9, ratio: 10, time: 62.52550224043754, workers: 3,
      balances: [153.45903006477067, 85.94389581607987, 62.52550224043754], gradients: [31, 31, 31],
      messages: [12, 12, 12], weights: [0.002044989775051125, 0.002044989775051125, 0.002044989775051125],
      total: 2.2822085889570554),
    Case(
      h: [1, 2, 3], tau: [4, 1, 2], omega: 9, ratio: 0, time: 10.285714285714286, workers: 3,
      balances: [18, 12, 10.285714285714286], gradients: [10, 5, 3], messages: [2, 10, 5],
      weights: [0.011111111111111112, 0.022222222222222223, 0.037037037037037035],
      total: 1.8888888888888888),
    Case(
      h: [0.3, 2, 1.1, 7, 0.05], tau: [1.7, 0.2, 0.6, 0.01, 30], omega: 4, ratio: 25,
      time: 19.529969705075715, workers: 4,
      balances: [
        63.92954598580475, 24.285363620788157, 20.479472395278, 19.529969705075715, 18.43351343134341,
      ],
      gradients: [65, 9, 17, 2, 390], messages: [11, 97, 32, 1952, 0],
      weights: [
        0.0015748031496062992, 0.0003904724716907458, 0.0010330578512396695, 2.0446552711212888e-05, 0,
      ], total: 2.1086735326134805),
  ]

  private func withTime(
    h: [Double], tau: [Double], omega: Double, ratio: Double, _ body: (ShadowheartTime) throws -> Void
  ) throws {
    try withArena { arena in
      let computation = try arena.table(of: Double.self, count: h.count)
      let message = try arena.table(of: Double.self, count: h.count)
      let order = try arena.table(of: Int32.self, count: h.count)
      for index in h.indices { (computation[index], message[index]) = (h[index], tau[index]) }
      try body(
        ShadowheartTime(computation: computation, message: message, order: order, omega: omega, ratio: ratio))
    }
  }

  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    a == b || abs(a - b) <= tolerance * abs(b)
  }

  @Test(arguments: cases) func agreesWithTheReference(_ reference: Case) throws {
    try withTime(h: reference.h, tau: reference.tau, omega: reference.omega, ratio: reference.ratio) { time in
      #expect(isClose(time.seconds, reference.time))
      #expect(time.workers == reference.workers)
      #expect(isClose(time.bound(progress: 1), 32 * reference.time))
      for (index, balance) in reference.balances.enumerated() {
        #expect(isClose(time.balance(of: index + 1), balance))
      }
      var total = 0.0
      for worker in reference.h.indices {
        let share = time.share(of: worker)
        #expect(share.gradients == reference.gradients[worker])
        #expect(share.messages == reference.messages[worker])
        #expect(isClose(share.weight, reference.weights[worker]))
        total += share.contribution
      }
      #expect(isClose(total, reference.total))
      #expect(total >= 1)
    }
  }

  @Test func equalWorkersHaveAClosedForm() throws {
    for (n, h, tau, omega, ratio) in [(1, 1.0, 3.0, 7.0, 2.0), (10, 0.2, 0.1, 99, 50), (1_000, 1, 5, 3, 0.1)]
    {
      let count = Double(n)
      let a = (tau * omega + h * ratio) / count
      let balance = a + (a * a + 4 * tau * h * omega * ratio / count).squareRoot()
      try withTime(
        h: Array(repeating: h, count: n), tau: Array(repeating: tau, count: n), omega: omega, ratio: ratio
      ) { time in
        #expect(isClose(time.seconds, max(h, tau, balance), 1e-11))
      }
    }
  }

  @Test func isTheLeastOverAllNumbersOfWorkers() throws {
    var stream = RandomStream(seed: 3, purpose: .data)
    for _ in 0..<200 {
      let n = 1 + stream.integer(below: 12)
      func draw() -> Double { Elementary.exp(6 * stream.uniform() - 3) }
      let (h, tau) = ((0..<n).map { _ in draw() }, (0..<n).map { _ in draw() })
      let (omega, ratio) = (10 * draw(), stream.uniform() < 0.2 ? 0 : 10 * draw())
      try withTime(h: h, tau: tau, omega: omega, ratio: ratio) { time in
        let slowest = zip(h, tau).map { max($0, $1) }.sorted()
        let least = (1...n).map { max(slowest[$0 - 1], time.balance(of: $0)) }.min()
        #expect(time.seconds == least)
      }
    }
  }

  @Test func orderOfWorkersDoesNotMatterAndInfiniteOnesAreIgnored() throws {
    let (h, tau) = ([0.3, 2, 1.1, 7, 0.05], [1.7, 0.2, 0.6, 0.01, 30])
    var seconds: [Double] = []
    for (h, tau) in [(h, tau), (h.reversed(), tau.reversed()), (h + [1], tau + [.infinity])] {
      try withTime(h: h, tau: tau, omega: 4, ratio: 25) { seconds.append($0.seconds) }
    }
    #expect(isClose(seconds[1], seconds[0]))
    #expect(seconds[2] == seconds[0])
  }

  /// t* is a multiple of hᵢ and τᵢ, and rounding must not take the last gradient or message away.
  @Test func workThatJustFitsIsDone() throws {
    // s² − s − 0.24 = 0, so that t* = 1.2, which is 5.999… times 0.2 in binary.
    try withTime(h: [1], tau: [0.2], omega: 1, ratio: 0.3) { time in
      #expect(isClose(time.seconds, 1.2))
      #expect(time.share(of: 0).messages == 6)
    }
    for n in 1...40 {
      // Without compression t* = (2σ²/ε)/(Σ 1/hᵢ).
      for h in [0.1, 0.3, 0.7, 1.1] {
        let ratio = 5 * Double(n)
        try withTime(
          h: Array(repeating: h, count: n), tau: Array(repeating: h / 10, count: n), omega: 0, ratio: ratio
        ) { time in
          #expect(isClose(time.seconds, 10 * h))
          #expect(time.share(of: n - 1).gradients == 10)
          #expect(time.share(of: n - 1).messages == 100)
        }
      }
    }
  }

  @Test func workOfNoTimeIsBounded() throws {
    try withTime(h: [2, 3], tau: [0, 0], omega: 4, ratio: 25) { time in
      #expect(time.share(of: 0).messages == 5)
      #expect(time.seconds > 0)
    }
    try withTime(h: [0, 3], tau: [0, 1], omega: 4, ratio: 2.5) { time in
      #expect(time.seconds == 0)
      #expect(time.share(of: 0).gradients == 4)
      #expect(time.share(of: 1).weight == 0)
    }
    try withTime(h: [.infinity], tau: [1], omega: 4, ratio: 2.5) { time in
      #expect(time.seconds == .infinity)
      #expect(time.share(of: 0).weight == 0)
    }
  }
}
